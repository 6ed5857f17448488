#include "tools/typetest/gnuplot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "tools/report/output_file.h"
#include "tools/scenario/plain_text.h"

namespace tools::typetest {
namespace {

constexpr int status_not_started = 127;

std::string reason(int error_number) { return std::generic_category().message(error_number); }

/// A file without a name, in memory: gone when it is closed, and no pipe that could block.
class MemoryFile {
 public:
  explicit MemoryFile(const char* name) : descriptor_(memfd_create(name, MFD_CLOEXEC)) {
    if (descriptor_ < 0) fail();
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int descriptor() const { return descriptor_; }

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0) fail();
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    rewind();
  }

  std::string read() {
    rewind();
    std::string text;
    std::array<char, 65536> buffer;
    for (;;) {
      const ssize_t count = ::read(descriptor_, buffer.data(), buffer.size());
      if (count < 0) fail();
      if (count == 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  void rewind() {
    if (lseek(descriptor_, 0, SEEK_SET) < 0) fail();
  }
  [[noreturn]] static void fail() {
    throw OutputFailed("the report's plots could not be drawn: " + reason(errno));
  }

  int descriptor_;
};

struct Outcome {
  int status;  ///< exit status, or 128 + the signal that ended it
  std::string out;
  std::string err;
};

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return status_not_started;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Outcome run(const char* option, std::string_view script) {
  MemoryFile in("gnuplot script");
  MemoryFile out("gnuplot drawing");
  MemoryFile err("gnuplot messages");
  in.write(script);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in.descriptor(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out.descriptor(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err.descriptor(), STDERR_FILENO);

  // Numbers and letters as the script has them, whatever the user's language; nothing else that
  // gnuplot would look at.
  const char* search = std::getenv("PATH");
  std::string path = fmt::format("PATH={}", search == nullptr ? "" : search);
  std::string language = "LC_ALL=C.UTF-8";
  std::array<char*, 3> environment{path.data(), language.data(), nullptr};
  std::string name = "gnuplot";
  std::string no_settings = "--default-settings";
  std::string what = option;
  std::array<char*, 4> arguments{name.data(), no_settings.data(), what.data(), nullptr};

  pid_t child = 0;
  const int error =
      posix_spawnp(&child, "gnuplot", &files, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) return {status_not_started, "", reason(error)};
  const int status = wait_for(child);
  return {status, out.read(), err.read()};
}

/// gnuplot shows the line before it says what is wrong with it: the last line that says something.
std::string complaint(const Outcome& outcome) {
  std::string_view text = outcome.err;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  if (text.empty()) return fmt::format("it ended with status {}", outcome.status);
  const std::size_t end_of_line = text.rfind('\n');
  if (end_of_line != std::string_view::npos) text.remove_prefix(end_of_line + 1);
  while (text.front() == ' ') text.remove_prefix(1);
  return made_plain(text);
}

}  // namespace

void require_gnuplot() {
  const Outcome outcome = run("--version", "");
  if (outcome.status == 0) return;
  throw OutputRefused(
      fmt::format("the report's plots are drawn by gnuplot, which cannot be run ({}): install the "
                  "package gnuplot-nox",
                  complaint(outcome)));
}

std::string run_gnuplot(std::string_view script) {
  const Outcome outcome = run("-", script);
  if (outcome.status != 0) {
    throw OutputFailed("gnuplot could not draw a plot of the report: " + complaint(outcome));
  }
  return outcome.out;
}

std::string gnuplot_text(std::string_view text) {
  // Quotes inside quotes end the string where gnuplot looks for the end of a command, backquotes
  // are commands to run: what could mean anything is written by its number, and so is a digit
  // behind it, which would count as part of that number.
  constexpr std::string_view special = "\"'`\\;@$!#{}";
  std::string out = "\"";
  bool numbered = false;
  for (const char character : made_plain(text)) {
    const bool digit = character >= '0' && character <= '9';
    numbered = special.find(character) != std::string_view::npos || (numbered && digit);
    out += numbered ? fmt::format("\\{:03o}", static_cast<unsigned>(character))
                    : std::string(1, character);
  }
  return out + "\"";
}

}  // namespace tools::typetest
