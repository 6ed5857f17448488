#include <fmt/format.h>

#include <cstdio>

#include "tools/cli/commands.h"
#include "tools/cli/cpu_options.h"
#include "tools/cli/debug_options.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/options.h"
#include "tools/cli/run_outputs.h"
#include "tools/cli/scenario_pool.h"
#include "tools/cli/version.h"
#include "tools/live/replay_session.h"
#include "tools/scenario/load.h"

namespace tools {
namespace {

/// The files that the session was made of must be as they were.
void refuse_changed(const std::string& path, const std::vector<live::JournalSource>& sources) {
  for (const live::JournalSource& source : sources) {
    if (live::checksums_of({source.file}).front().crc32 == source.crc32) continue;
    throw InputError(fmt::format("{}: found {} changed since, expected it as it was recorded", path,
                                 source.file));
  }
}

/// What ran the session's meters runs them again, unless --cpu or --firmware says otherwise.
void take_recorded_cpu(const std::string& path, const live::JournalHeader& header,
                       CommandOptions& options, Scenario& scenario) {
  if (!options.given("cpu")) options.suppose("cpu", header.cpu);
  const bool wanted = wants_image(options, meters_of(scenario));
  if (!wanted || !header.image || options.has("firmware")) return;
  refuse_changed(path, {*header.image});
  options.suppose("firmware", header.image->file);
}

}  // namespace

CommandSpec replay_spec() {
  CommandSpec spec;
  spec.name = "replay";
  spec.operands = "F";
  spec.operand = Operand::file;
  spec.purpose = "runs a recorded live session again, bit for bit";
  spec.description = {
      "Runs a session that vmeter live --record wrote again, as fast as it can. The event log is "
      "the session's, byte for byte, if the build is the same; files that the scenario was made of "
      "must not have changed. What ran the meters, host or image, runs them again, unless --cpu or "
      "--firmware says otherwise."};
  spec.add_options("Options", cpu_options().add(debug_options()));
  spec.add_options("Outputs", output_options());
  spec.examples = {
      {"replay session.jsonl --log again.jsonl", "the session once more, with its event log"}};
  return spec;
}

int replay_command(const Arguments& arguments, const KernelEntry& kernel) {
  CommandOptions options(replay_spec());
  if (!options.parse(arguments, 1, 1)) return all_hold;
  const std::string& path = options.operands().front();
  const live::Journal journal = live::read_journal(path);
  refuse_changed(path, journal.header.sources);
  if (journal.header.build != build_name()) {
    std::fprintf(stderr, "vmeter: %s: recorded by build %s, this is %s: logs may differ\n",
                 path.c_str(), journal.header.build.c_str(), build_name().c_str());
  }
  std::vector<Override> overrides = read_overrides(journal.header.set);
  overrides.push_back({"duration", fmt::format("{} ps", journal.header.end)});
  Scenario scenario = load_scenario(journal.header.scenario, overrides, journal.header.seed);
  for (const std::string& port : journal.header.ports) {
    const live::PortKind* kind = live::port_kind(port);
    if (kind == nullptr || kind->format(scenario) == nullptr) {
      throw InputError(fmt::format("{}: found the port {}, which the scenario does not have", path,
                                   in_quotes(port)));
    }
  }
  if (journal.over) {
    scenario.duration = *journal.over;
  } else if (!journal.events.empty()) {
    std::fprintf(stderr, "vmeter: %s: the session was cut off; it ends with its last line\n",
                 path.c_str());
    scenario.duration = journal.events.back().t + 1;
  }

  take_recorded_cpu(path, journal.header, options, scenario);
  choose_cpus(options, meters_of(scenario));
  live::ReplaySession session(journal);
  std::vector<Job> jobs(1);
  RunOptions& run = jobs.front().options;
  run.simulation.seed = journal.header.seed;
  run.simulation.led = true;
  run.session = &session;
  Outputs outputs(options, {scenario});
  outputs.set_paths(options, scenario, run);
  Outputs::refuse_impossible(scenario, run);
  const auto debugging = DebugSession::open(options, scenario);
  if (debugging) debugging->join(run);
  jobs.front().scenario = std::move(scenario);
  watch_for_interrupt();
  return report(ScenarioPool(jobs, kernel, 1, false).run(), outputs);
}

}  // namespace tools
