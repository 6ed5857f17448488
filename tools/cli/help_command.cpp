#include <fmt/format.h>

#include <iostream>

#include "tools/cli/help.h"
#include "tools/cli/options.h"

namespace tools {

CommandSpec help_spec() {
  CommandSpec spec;
  spec.name = "help";
  spec.operands = "[COMMAND]";
  spec.operand = Operand::command;
  spec.purpose = "explains a command, or all of them";
  spec.description = {"Prints what vmeter COMMAND --help prints; alone, the overview."};
  spec.examples = {{"help run", "every option of run, with examples"}};
  spec.status = "0, or 2 when there is no such command.";
  return spec;
}

int help_command(const Arguments& arguments) {
  CommandOptions options(help_spec());
  if (!options.parse(arguments, 0, 1)) return all_hold;
  const std::vector<CommandSpec> specs = command_specs();
  if (options.operands().empty()) {
    std::cout << overview_text(specs);
    return all_hold;
  }
  const std::string& name = options.operands().front();
  for (const CommandSpec& spec : specs) {
    if (spec.name != name) continue;
    std::cout << help_text(spec);
    return all_hold;
  }
  throw UsageError(fmt::format("found the command {}{}; see vmeter --help", in_quotes(name),
                               command_suggestion(name)));
}

}  // namespace tools
