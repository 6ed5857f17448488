#include "tools/cli/state_options.h"

#include <fmt/format.h>

#include "tools/cli/version.h"
#include "tools/scenario/reader.h"
#include "tools/state/state_file.h"

namespace tools {
namespace {

namespace po = boost::program_options;

constexpr const char* names[] = {"until", "save-state", "load-state"};

Ps read_until(const std::string& text, const Scenario& scenario) {
  TreeNode node;
  node.kind = TreeNode::Kind::scalar;
  node.text = text;
  Ps until = 0;
  try {
    until = read_duration(node, "--until");
  } catch (const InputError&) {
    throw UsageError("--until: found " + in_quotes(text) + ", expected a time such as 10 s or 2 h");
  }
  if (until > scenario.duration) {
    throw UsageError(fmt::format("--until: found {}, expected at most the scenario's end at {}",
                                 in_quotes(text), show_time(scenario.duration)));
  }
  return until;
}

}  // namespace

po::options_description state_options() {
  po::options_description options;
  options.add_options()("until", po::value<std::string>(),
                        "TIME: end there instead of at the scenario's end")(
      "save-state", po::value<std::string>(),
      "F: what meters and world are in the end, for --load-state")(
      "load-state", po::value<std::string>(),
      "F: go on from there; in the same scenario with all its world, in another one with the "
      "meters "
      "as they were");
  return options;
}

bool has_state_options(const CommandOptions& options) {
  for (const char* name : names) {
    if (options.has(name)) return true;
  }
  return false;
}

void refuse_impossible_states(const CommandOptions& options, std::size_t scenarios,
                              std::uint64_t jobs) {
  for (const char* name : names) {
    if (!options.has(name)) continue;
    if (options.text(name).empty()) {
      throw UsageError(fmt::format("--{}: found no value, expected one", name));
    }
    if (scenarios > 1) {
      throw UsageError(fmt::format("--{}: found {} scenarios, expected one", name, scenarios));
    }
    if (jobs > 1) {
      throw UsageError(fmt::format(
          "--{}: found --jobs {} beside it, expected one scenario, one job", name, jobs));
    }
  }
}

void read_state_options(const CommandOptions& options, const Scenario& scenario, RunOptions& run) {
  run.build = {build_name(), firmware_crc()};
  run.save_state_path = options.text("save-state");
  if (options.has("until")) run.until = read_until(options.text("until"), scenario);
  if (!options.has("load-state")) return;
  try {
    run.loaded = std::make_shared<const LoadedState>(
        load_state(options.text("load-state"), scenario, run.build));
  } catch (const StateRefused& error) {
    throw UsageError(fmt::format("--load-state: {}", error.what()));
  }
  if (run.loaded->use == StateUse::handover) return;
  const Ps saved = run.loaded->run.now;
  const Ps end = run.until.value_or(scenario.duration);
  if (saved >= end) {
    throw UsageError(
        fmt::format("--load-state: found a state at {} of this scenario, expected one "
                    "before the end of the run at {}",
                    show_time(saved), show_time(end)));
  }
}

}  // namespace tools
