#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "tools/cli/commands.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/options.h"
#include "tools/cli/run_outputs.h"
#include "tools/cli/scenario_pool.h"
#include "tools/cli/version.h"
#include "tools/engine/dry_build.h"
#include "tools/live/live_session.h"
#include "tools/scenario/load.h"
#include "tools/scenario/reader.h"

namespace tools {
namespace {

namespace po = boost::program_options;

po::options_description live_options() {
  const auto text = [] { return po::value<std::string>(); };
  po::options_description options;
  options.add_options()(
      "modbus", text(),
      "LINK: a master's port to the RS-485 bus: a symbolic link to a pseudo terminal, made here; "
      "a serial device that exists; or tcp:PORT")("speed",
                                                  po::value<std::string>()->default_value("1"),
                                                  "X: simulated seconds per second, 0.001 to 1000")(
      "for", text(), "TIME: ends so far from the start, instead of the scenario's duration")(
      "record", text(), "F: journal of all that comes from outside, for vmeter replay")(
      "control", text(),
      "- or SOCKET: orders, one a line, as in a timeline without its time: press: {button: left}")(
      "panel", "draws the meters' fronts on the standard error")(
      "strict-gaps", "a frame that the host delivers in pieces stays in pieces")(
      "seed", text(), "N: seed instead of the scenario's")(
      "set", po::value<std::vector<std::string>>(),
      "PATH=VALUE: replace or add a value of the scenario");
  options.add(output_options());
  return options;
}

double read_speed(const std::string& text) {
  constexpr double slowest = 0.001;
  constexpr double fastest = 1000;
  char* end = nullptr;
  const double speed = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(speed >= slowest && speed <= fastest)) {
    throw UsageError("--speed: found " + quoted(text) + ", expected a number from 0.001 to 1000");
  }
  return speed;
}

/// The text, if it is a time.
std::string read_for(const std::string& text) {
  TreeNode node;
  node.kind = TreeNode::Kind::scalar;
  node.text = text;
  try {
    read_duration(node, "--for");
    return text;
  } catch (const InputError&) {
    throw UsageError("--for: found " + quoted(text) + ", expected a time such as 10 s or 2 h");
  }
}

}  // namespace

int live_command(const Arguments& arguments, const KernelEntry& kernel) {
  CommandOptions options({"live FILE",
                          "Runs a scenario in step with the wall clock, with real masters on its "
                          "bus and orders from outside."},
                         live_options());
  if (!options.parse(arguments, 1, 1)) return all_hold;
  std::vector<Override> overrides = read_overrides(options.texts("set"));
  if (options.has("for")) overrides.push_back({"duration", read_for(options.text("for"))});
  // A journal is replayed from anywhere.
  const std::string path = std::filesystem::absolute(options.operands().front()).string();
  Scenario scenario =
      load_scenario(options.has("record") ? path : options.operands().front(), overrides);
  dry_build(scenario);
  if (options.has("modbus") && !scenario.bus) {
    throw UsageError("--modbus: found a scenario without a bus, expected one with a PRO380-Mod");
  }

  live::LiveOptions live;
  live.speed = read_speed(options.text("speed"));
  live.panel = options.has("panel");
  live.strict_gaps = options.has("strict-gaps");
  std::vector<Job> jobs(1);
  RunOptions& run = jobs.front().options;
  run.simulation.seed = scenario.seed;
  run.simulation.led = true;
  if (options.has("seed")) {
    run.simulation.seed = read_number("seed", options.text("seed"), 0, UINT64_MAX);
  }
  Outputs outputs(options, {scenario});
  outputs.set_paths(options, scenario, run);
  Outputs::refuse_impossible(scenario, run);
  if (options.has("control")) {
    live.control = std::make_unique<live::ControlChannel>(options.text("control"));
  }
  if (options.has("modbus")) {
    live.modbus = live::open_channel(options.text("modbus"), scenario.bus->format);
    std::fprintf(stderr, "vmeter: Modbus at %s\n", live.modbus->address().c_str());
  }
  if (options.has("record")) {
    live::JournalHeader header;
    header.scenario = scenario.file;
    header.sources = live::checksums_of(scenario.sources);
    header.set = options.texts("set");
    header.seed = run.simulation.seed;
    header.end = scenario.duration;
    header.modbus = options.has("modbus");
    header.strict_gaps = live.strict_gaps;
    header.build = build_name();
    live.journal = std::make_unique<live::JournalWriter>(options.text("record"), header);
  }

  live::LiveSession session(live);
  run.session = &session;
  jobs.front().scenario = std::move(scenario);
  watch_for_interrupt();
  return report(ScenarioPool(jobs, kernel, 1, false).run(), outputs);
}

}  // namespace tools
