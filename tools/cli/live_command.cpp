#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "tools/cli/commands.h"
#include "tools/cli/cpu_options.h"
#include "tools/cli/debug_options.h"
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
  for (const live::PortKind& kind : live::port_kinds) {
    const std::string help = fmt::format(
        "LINK: a master's port to {}: a symbolic link to a pseudo terminal, made here; a serial "
        "device that exists; or tcp:PORT",
        kind.line);
    options.add_options()(std::string(kind.name).c_str(), text(), help.c_str());
  }
  options.add_options()("speed", po::value<std::string>()->default_value("1"),
                        "X: simulated seconds per second, 0.001 to 1000")(
      "for", text(), "TIME: ends so far from the start, instead of the scenario's duration")(
      "record", text(), "F: journal of all that comes from outside, for vmeter replay")(
      "control", text(),
      "-|SOCKET: orders, one a line, as in a timeline without its time: press: {button: left}")(
      "panel", "draws the meters' fronts on the standard error")(
      "strict-gaps", "a frame that the host delivers in pieces stays in pieces")(
      "seed", text(), "N: seed instead of the scenario's")(
      "set", po::value<std::vector<std::string>>(),
      "PATH=VALUE: replace or add a value of the scenario");
  options.add(cpu_options());
  options.add(debug_options());
  return options;
}

double read_speed(const std::string& text) {
  constexpr double slowest = 0.001;
  constexpr double fastest = 1000;
  char* end = nullptr;
  const double speed = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(speed >= slowest && speed <= fastest)) {
    throw UsageError("--speed: found " + in_quotes(text) +
                     ", expected a number from 0.001 to 1000");
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
    throw UsageError("--for: found " + in_quotes(text) + ", expected a time such as 10 s or 2 h");
  }
}

using Ports = std::vector<std::pair<const live::PortKind*, std::string>>;

/// The ports that are asked for, and where. Throws UsageError for what cannot be.
Ports read_ports(const CommandOptions& options, const Scenario& scenario) {
  Ports ports;
  for (const live::PortKind& kind : live::port_kinds) {
    const std::string name(kind.name);
    if (!options.has(name)) continue;
    if (kind.format(scenario) == nullptr) {
      throw UsageError(fmt::format("--{}: found a scenario without {}", name, kind.condition));
    }
    for (const auto& [other, target] : ports) {
      if (std::filesystem::absolute(target).lexically_normal() !=
          std::filesystem::absolute(options.text(name)).lexically_normal()) {
        continue;
      }
      throw UsageError(fmt::format("--{}: found {}, the port of --{}, expected one of its own",
                                   name, in_quotes(options.text(name)), other->name));
    }
    ports.emplace_back(&kind, options.text(name));
  }
  return ports;
}

}  // namespace

CommandSpec live_spec() {
  CommandSpec spec;
  spec.name = "live";
  spec.operands = "FILE";
  spec.operand = Operand::scenario;
  spec.purpose = "runs a scenario in real time, with real masters on its lines";
  spec.description = {
      "Runs a scenario in step with the wall clock, with real masters at its meters and orders "
      "from outside. Bytes take their bit times; a wrong baud rate is not understood.",
      "It ends with the scenario, after --for, or when it is interrupted; then it judges the "
      "expectations that were reached and says how far simulated time was behind."};
  spec.add_options("Options", live_options());
  spec.add_options("Outputs", output_options());
  spec.examples = {
      {"live scenarios/live-mod.yaml --modbus /tmp/meter --panel",
       "a Modbus meter at a pseudo terminal, its front drawn on the terminal"},
      {"live scenarios/live-mb.yaml --mbus /tmp/mbus --ir /tmp/head --for 10min",
       "M-Bus and the infra-red port at once, for ten minutes"},
      {"live scenarios/live-mod.yaml --modbus /dev/ttyUSB0",
       "the meter behind a real RS-485 adapter"},
      {"live scenarios/live-mod.yaml --modbus tcp:5020 --record session.jsonl --control -",
       "over TCP, recorded for replay, with orders from the keyboard"}};
  return spec;
}

int live_command(const Arguments& arguments, const KernelEntry& kernel) {
  CommandOptions options(live_spec());
  if (!options.parse(arguments, 1, 1)) return all_hold;
  std::vector<Override> overrides = read_overrides(options.texts("set"));
  if (options.has("for")) overrides.push_back({"duration", read_for(options.text("for"))});
  std::optional<std::uint64_t> seed;
  if (options.has("seed")) seed = read_number("seed", options.text("seed"), 0, UINT64_MAX);
  // A journal is replayed from anywhere.
  const std::string path = std::filesystem::absolute(options.operands().front()).string();
  Scenario scenario =
      load_scenario(options.has("record") ? path : options.operands().front(), overrides, seed);
  dry_build(scenario);
  choose_cpus(options, meters_of(scenario));
  const Ports ports = read_ports(options, scenario);

  live::LiveOptions live;
  live.speed = read_speed(options.text("speed"));
  live.panel = options.has("panel");
  live.strict_gaps = options.has("strict-gaps");
  std::vector<Job> jobs(1);
  RunOptions& run = jobs.front().options;
  run.simulation.seed = scenario.seed;
  run.simulation.led = true;
  Outputs outputs(options, {scenario});
  outputs.set_paths(options, scenario, run);
  Outputs::refuse_impossible(scenario, run);
  if (options.has("control")) {
    live.control = std::make_unique<live::ControlChannel>(options.text("control"));
  }
  live::JournalHeader header;
  for (const auto& [kind, target] : ports) {
    const models::masters::SerialFormat& format = *kind->format(scenario);
    live.ports.push_back({*kind, live::open_channel(target, format), format.baud});
    const std::string address = live.ports.back().channel->address();
    std::fputs(fmt::format("vmeter: {} at {}\n", kind->said, address).c_str(), stderr);
    header.ports.emplace_back(kind->name);
  }
  if (options.has("record")) {
    header.scenario = scenario.file;
    header.sources = live::checksums_of(scenario.sources);
    header.set = options.texts("set");
    header.seed = run.simulation.seed;
    header.end = scenario.duration;
    header.strict_gaps = live.strict_gaps;
    header.cpu = options.text("cpu");
    if (runs_image(scenario)) {
      header.image = live::checksums_of({firmware_path(options)}).front();
    }
    header.build = build_name();
    live.journal = std::make_unique<live::JournalWriter>(options.text("record"), header);
  }

  const auto debugging = DebugSession::open(options, scenario);
  if (debugging) {
    debugging->join(run);
    live.halted_ns = [&debugger = debugging->debugger()] { return debugger.halted_ns(); };
  }
  live::LiveSession session(live);
  run.session = &session;
  jobs.front().scenario = std::move(scenario);
  watch_for_interrupt();
  return report(ScenarioPool(jobs, kernel, 1, false).run(), outputs);
}

}  // namespace tools
