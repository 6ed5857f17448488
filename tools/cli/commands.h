// The commands of vmeter. Each has a spec, what it is to a reader and to the parser, and a function
// that prints to the standard output and returns the exit status; what is wrong with usage or input
// is thrown.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tools {

struct CommandSpec;

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

CommandSpec run_spec();
int run_command(const Arguments& arguments, const KernelEntry& kernel);
CommandSpec live_spec();
int live_command(const Arguments& arguments, const KernelEntry& kernel);
CommandSpec replay_spec();
int replay_command(const Arguments& arguments, const KernelEntry& kernel);
CommandSpec typetest_spec();
int typetest_command(const Arguments& arguments, const KernelEntry& kernel);
CommandSpec charges_spec();
int charges_command(const Arguments& arguments, const KernelEntry& kernel);
CommandSpec check_spec();
int check_command(const Arguments& arguments);
CommandSpec info_spec();
int info_command(const Arguments& arguments);
CommandSpec registers_spec();
int registers_command(const Arguments& arguments);
CommandSpec pages_spec();
int pages_command(const Arguments& arguments);
CommandSpec diff_spec();
int diff_command(const Arguments& arguments);
CommandSpec isa_test_spec();
int isa_test_command(const Arguments& arguments);
CommandSpec completion_spec();
int completion_command(const Arguments& arguments);
CommandSpec manual_spec();
int manual_command(const Arguments& arguments);
CommandSpec help_spec();
int help_command(const Arguments& arguments);

/// A row of the table of commands, which is in the order the overview has.
struct Command {
  CommandSpec (*spec)();
  int (*run)(const Arguments&, const KernelEntry&);
};
const std::vector<Command>& command_table();

/// The spec of every command, in the table's order.
std::vector<CommandSpec> command_specs();

/// ", did you mean run?" of a command that there is not, or nothing.
std::string command_suggestion(const std::string& typed);

/// The whole program: picks the command, turns what is thrown into a sentence and a status.
int vmeter(const Arguments& arguments, const KernelEntry& kernel);

}  // namespace tools
