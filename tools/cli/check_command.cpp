#include <fmt/format.h>

#include <cstdio>
#include <iostream>

#include "tools/cli/options.h"
#include "tools/engine/dry_build.h"
#include "tools/scenario/load.h"
#include "tools/scenario/reference.h"
#include "tools/scenario/schema.h"

namespace tools {

namespace po = boost::program_options;

CommandSpec check_spec() {
  po::options_description options;
  options.add_options()("set", po::value<std::vector<std::string>>(),
                        "PATH=VALUE: replace or add a value of the scenario")(
      "schema", "prints the JSON Schema of scenario files")(
      "reference", "prints the reference of the language, as scenarios/REFERENCE.md has it");
  CommandSpec spec;
  spec.name = "check";
  spec.operands = "FILE…";
  spec.operand = Operand::scenario;
  spec.purpose = "validates scenarios without running them";
  spec.description = {
      "Validates scenarios, and the recordings they play: an error gives status 2 and says file, "
      "line, column, what was found and what was expected; what can hardly be meant is warned of.",
      "On the standard output is a line for each file that is sound."};
  spec.add_options("Options", options);
  spec.examples = {{"check scenarios/*.yaml", "reads them and runs nothing"},
                   {"check --schema > scenario.schema.json", "for an editor that completes YAML"}};
  spec.status = "0 all are sound, 2 one is not.";
  return spec;
}

int check_command(const Arguments& arguments) {
  CommandOptions parsed(check_spec());
  if (!parsed.parse(arguments, 0, SIZE_MAX)) return all_hold;
  if (parsed.has("schema")) {
    std::cout << scenario_schema().dump(2) << "\n";
    return all_hold;
  }
  if (parsed.has("reference")) {
    std::cout << scenario_reference();
    return all_hold;
  }
  if (parsed.operands().empty()) throw UsageError("found no file, expected vmeter check FILE…");
  const std::vector<Override> overrides = read_overrides(parsed.texts("set"));
  int status = all_hold;
  for (const std::string& path : parsed.operands()) {
    try {
      const Scenario scenario = load_scenario(path, overrides);
      dry_build(scenario);
      for (const std::string& warning : warnings_of(scenario)) {
        std::fprintf(stderr, "vmeter: warning: %s\n", warning.c_str());
      }
      std::cout << fmt::format("{}: meters {}, events {}, expectations {}, duration {}\n", path,
                               scenario.meters.size(), scenario.timeline.size(),
                               scenario.expectations.size(), show_time(scenario.duration));
    } catch (const InputError& error) {
      std::fprintf(stderr, "vmeter: %s\n", error.what());
      status = wrong_input;
    }
  }
  return status;
}

}  // namespace tools
