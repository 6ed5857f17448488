#include "tests/end_to_end/branches.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <thread>

namespace end_to_end {

namespace {

constexpr int exit_done = 0;
constexpr int exit_threw = 3;

void write_all(int pipe, const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t step = write(pipe, text.data() + written, text.size() - written);
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) _exit(exit_threw);
    written += static_cast<std::size_t>(step);
  }
}

std::string read_all(int pipe) {
  std::string text;
  char buffer[4096];
  while (true) {
    const ssize_t step = read(pipe, buffer, sizeof buffer);
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(step));
  }
}

}  // namespace

Branches::Branches(unsigned at_once)
    : at_once_(at_once != 0 ? at_once : std::max(1U, std::thread::hardware_concurrency())) {}

Branches::~Branches() { finish(); }

Branches::Running Branches::begin(const std::string& label,
                                  const std::function<std::string()>& future) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe to a branch");
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process < 0) throw std::runtime_error("no branch can be forked");
  if (process == 0) {
    close(ends[0]);
    int code = exit_done;
    std::string message;
    try {
      message = future();
    } catch (const std::exception& error) {
      message = error.what();
      code = exit_threw;
    }
    write_all(ends[1], message);
    _exit(code);  // nothing of the parent's is to be torn down here
  }
  close(ends[1]);
  return {process, ends[0], label};
}

bool Branches::end(const Running& running, std::string& message) {
  message = read_all(running.pipe);
  close(running.pipe);
  int status = 0;
  while (waitpid(running.process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) {
    message += " (ended by signal " + std::to_string(WTERMSIG(status)) + ")";
    return false;
  }
  return WEXITSTATUS(status) == exit_done;
}

void Branches::reap_oldest() {
  const Running oldest = running_.front();
  running_.pop_front();
  std::string message;
  const bool done = end(oldest, message);
  if (!done && message.empty()) message = "died without a word";
  if (!message.empty()) complaints_.push_back(oldest.label + ": " + message);
}

void Branches::run(const std::string& label, const std::function<std::string()>& future) {
  while (running_.size() >= at_once_) reap_oldest();
  running_.push_back(begin(label, future));
  ++count_;
}

void Branches::finish() {
  while (!running_.empty()) reap_oldest();
}

std::string Branches::complaints() const {
  constexpr std::size_t shown = 5;
  if (complaints_.empty()) return {};
  std::string text = std::to_string(complaints_.size()) + " of " + std::to_string(count_) + ":";
  for (std::size_t n = 0; n < complaints_.size() && n < shown; ++n) text += "\n  " + complaints_[n];
  return text;
}

std::string Branches::ask(const std::function<std::string()>& future) {
  std::string message;
  if (!end(begin({}, future), message)) throw std::runtime_error("in a branch: " + message);
  return message;
}

}  // namespace end_to_end
