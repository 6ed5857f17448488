#include <iostream>

#include "tools/cli/manual.h"
#include "tools/cli/options.h"

namespace tools {

CommandSpec manual_spec() {
  boost::program_options::options_description options;
  options.add_options()("markdown", "prints the reference, as tools/COMMANDS.md has it");
  CommandSpec spec;
  spec.name = "manual";
  spec.purpose = "the manual page, for man";
  spec.description = {"Prints vmeter(1), which cmake --install puts where man looks for it."};
  spec.add_options("Options", options);
  spec.examples = {{"manual > vmeter.1 && man ./vmeter.1", "reads it without an installation"}};
  spec.status = "0.";
  return spec;
}

int manual_command(const Arguments& arguments) {
  CommandOptions options(manual_spec());
  if (!options.parse(arguments, 0, 0)) return all_hold;
  const std::vector<CommandSpec> specs = command_specs();
  std::cout << (options.has("markdown") ? command_reference(specs) : manual_page(specs));
  return all_hold;
}

}  // namespace tools
