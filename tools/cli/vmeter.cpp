#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "tools/cli/commands.h"
#include "tools/cli/version.h"
#include "tools/report/output_file.h"
#include "tools/scenario/input_error.h"

namespace tools {
namespace {

struct Command {
  std::string_view name;
  std::string_view usage;
  std::string_view purpose;
  int (*run)(const Arguments&, const KernelEntry&);
};

constexpr std::array commands = {
    Command{"run", "run FILE…", "run scenarios and judge them",
            [](const Arguments& a, const KernelEntry& k) { return run_command(a, k); }},
    Command{"check", "check FILE…", "validate scenarios without running them",
            [](const Arguments& a, const KernelEntry&) { return check_command(a); }},
    Command{"live", "live FILE", "run a scenario in real time, with real masters on its bus",
            [](const Arguments& a, const KernelEntry& k) { return live_command(a, k); }},
    Command{"replay", "replay F", "run a recorded live session again, bit for bit",
            [](const Arguments& a, const KernelEntry& k) { return replay_command(a, k); }},
    Command{"typetest", "typetest", "the type approval campaign of EN 50470-3 and IEC 62053",
            [](const Arguments& a, const KernelEntry& k) { return typetest_command(a, k); }},
    Command{"info", "info VARIANT", "the nameplate of a variant",
            [](const Arguments& a, const KernelEntry&) { return info_command(a); }},
    Command{"registers", "registers", "the register matrix",
            [](const Arguments& a, const KernelEntry&) { return registers_command(a); }},
    Command{"pages", "pages", "the display's pages, as text and pictures",
            [](const Arguments& a, const KernelEntry&) { return pages_command(a); }},
    Command{"diff", "diff A B", "the first difference of two event logs",
            [](const Arguments& a, const KernelEntry&) { return diff_command(a); }},
};

std::string usage() {
  std::string out = "Usage: vmeter COMMAND …\n\nThe digital twin of the PRO380 meter.\n\n";
  for (const Command& command : commands) {
    out += fmt::format("  {:<14} {}\n", command.usage, command.purpose);
  }
  return out +
         "\n  --version      the build and the CRC of the firmware's constants\n"
         "  COMMAND --help the command's options\n\n"
         "Status: 0 all expectations hold, 1 some do not, 2 wrong usage or input, 3 internal\n"
         "fault or an output that could not be written, 130 interrupted (SIGINT, SIGTERM, "
         "SIGHUP).\n";
}

int dispatch(const Arguments& arguments, const KernelEntry& kernel) {
  if (arguments.empty()) throw UsageError("found no command, expected one of vmeter --help");
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h") {
    std::cout << usage();
    return all_hold;
  }
  if (name == "--version") {
    std::cout << version_text();
    return all_hold;
  }
  for (const Command& command : commands) {
    if (command.name == name) {
      return command.run(Arguments(arguments.begin() + 1, arguments.end()), kernel);
    }
  }
  throw UsageError(
      fmt::format("found the command {}, expected one of vmeter --help", quoted(name)));
}

int complain(const std::string& sentence, ExitStatus status) {
  std::fprintf(stderr, "vmeter: %s\n", sentence.c_str());
  return status;
}

/// Takes the places of standard streams that were closed, so that no file that is opened later gets
/// one and then what is printed. Writing there fails.
void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    const int held = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (held < 0) return;
  }
}

/// What was printed may still not have reached a full disk.
int flush_output(int status) {
  errno = 0;
  std::cout.flush();
  if (std::cout.good() && std::fflush(stdout) == 0) return status;
  const std::string reason = errno != 0 ? ": " + std::generic_category().message(errno) : "";
  return complain("standard output: could not be written" + reason, internal_fault);
}

}  // namespace

int vmeter(const Arguments& arguments, const KernelEntry& kernel) {
  hold_standard_streams();
  // A file that grows beyond what is allowed is then an error in writing, as a full disk is.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return flush_output(dispatch(arguments, kernel));
  } catch (const UsageError& error) {
    return complain(error.what(), wrong_input);
  } catch (const InputError& error) {
    return complain(error.what(), wrong_input);
  } catch (const OutputRefused& error) {
    return complain(error.what(), wrong_input);
  } catch (const std::exception& error) {
    return complain(error.what(), internal_fault);
  }
}

}  // namespace tools
