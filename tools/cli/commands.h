// The commands of vmeter. Each parses its own options, prints to the standard output and returns
// the exit status; what is wrong with usage or input is thrown.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tools {

enum ExitStatus : int {
  all_hold = 0,
  some_fail = 1,
  wrong_input = 2,
  internal_fault = 3,
  interrupted = 130,
};

/// Wrong usage of the command line: one sentence, status 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Arguments = std::vector<std::string>;

/// Runs a function inside the simulation kernel's main function; only ever called in a child
/// process, because the kernel elaborates once a process.
using KernelEntry = std::function<void(const std::function<void()>&)>;

int run_command(const Arguments& arguments, const KernelEntry& kernel);
int live_command(const Arguments& arguments, const KernelEntry& kernel);
int replay_command(const Arguments& arguments, const KernelEntry& kernel);
int typetest_command(const Arguments& arguments, const KernelEntry& kernel);
int check_command(const Arguments& arguments);
int info_command(const Arguments& arguments);
int registers_command(const Arguments& arguments);
int pages_command(const Arguments& arguments);
int diff_command(const Arguments& arguments);

/// The whole program: picks the command, turns what is thrown into a sentence and a status.
int vmeter(const Arguments& arguments, const KernelEntry& kernel);

}  // namespace tools
