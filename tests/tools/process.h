// Runs programs as a user would.
#pragma once

#include <string>
#include <vector>

namespace tests {

struct ProcessResult {
  int status;  ///< exit status, or 128 + the signal that ended it
  std::string out;
  std::string err;
};

struct ProcessOptions {
  std::string folder;       ///< to start in; empty: where the test is
  std::string stdout_path;  ///< where the standard output goes instead
  int interrupt_after_ms = 0;
  int signal = 2;  ///< to interrupt with: SIGINT
};

ProcessResult run_process(const std::vector<std::string>& command,
                          const ProcessOptions& options = {});

/// The built program with these arguments.
ProcessResult vmeter(std::vector<std::string> arguments, const ProcessOptions& options = {});

}  // namespace tests
