#include <fmt/format.h>

#include <cstdio>
#include <iostream>

#include "tools/cli/options.h"
#include "tools/engine/dry_build.h"
#include "tools/scenario/load.h"
#include "tools/scenario/schema.h"

namespace tools {

namespace po = boost::program_options;

int check_command(const Arguments& arguments) {
  po::options_description options;
  options.add_options()("set", po::value<std::vector<std::string>>(),
                        "PATH=VALUE: replace or add a value of the scenario")(
      "schema", "print the JSON Schema of scenario files");
  CommandOptions parsed({"check FILE…",
                         "Validates scenarios: an error gives status 2 and says where; what can "
                         "hardly be meant is warned of."},
                        options);
  if (!parsed.parse(arguments, 0, SIZE_MAX)) return all_hold;
  if (parsed.has("schema")) {
    std::cout << scenario_schema().dump(2) << "\n";
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
