#include <fmt/format.h>

#include "tools/cli/command_spec.h"
#include "tools/cli/commands.h"
#include "tools/cli/nearest.h"

namespace tools {
namespace {

/// A command that never enters the simulation kernel.
template <int (*run)(const Arguments&)>
int without_kernel(const Arguments& arguments, const KernelEntry&) {
  return run(arguments);
}

}  // namespace

const std::vector<Command>& command_table() {
  static const std::vector<Command> table = {
      {run_spec, run_command},
      {check_spec, without_kernel<check_command>},
      {live_spec, live_command},
      {replay_spec, replay_command},
      {typetest_spec, typetest_command},
      {charges_spec, charges_command},
      {diff_spec, without_kernel<diff_command>},
      {info_spec, without_kernel<info_command>},
      {registers_spec, without_kernel<registers_command>},
      {pages_spec, without_kernel<pages_command>},
      {isa_test_spec, without_kernel<isa_test_command>},
      {completion_spec, without_kernel<completion_command>},
      {manual_spec, without_kernel<manual_command>},
      {help_spec, without_kernel<help_command>},
  };
  return table;
}

std::vector<CommandSpec> command_specs() {
  std::vector<CommandSpec> out;
  for (const Command& command : command_table()) out.push_back(command.spec());
  return out;
}

std::string command_suggestion(const std::string& typed) {
  std::vector<std::string> names;
  for (const CommandSpec& spec : command_specs()) names.push_back(spec.name);
  const std::string meant = nearest(typed, names);
  return meant.empty() ? "" : fmt::format(", did you mean {}?", meant);
}

}  // namespace tools
