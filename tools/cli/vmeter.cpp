#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "tools/cli/command_spec.h"
#include "tools/cli/commands.h"
#include "tools/cli/help.h"
#include "tools/cli/version.h"
#include "tools/report/output_file.h"
#include "tools/scenario/input_error.h"

namespace tools {
namespace {

int dispatch(const Arguments& arguments, const KernelEntry& kernel) {
  if (arguments.empty()) throw UsageError("found no command, expected one; see vmeter --help");
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h") {
    std::cout << overview_text(command_specs());
    return all_hold;
  }
  if (name == "--version") {
    std::cout << version_text();
    return all_hold;
  }
  for (const Command& command : command_table()) {
    if (command.spec().name == name) {
      return command.run(Arguments(arguments.begin() + 1, arguments.end()), kernel);
    }
  }
  throw UsageError(fmt::format("found the command {}{}; see vmeter --help", in_quotes(name),
                               command_suggestion(name)));
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
