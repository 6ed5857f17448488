#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <regex>
#include <set>

#include "tools/cli/cpu_options.h"
#include "tools/cli/debug_options.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/options.h"
#include "tools/cli/run_outputs.h"
#include "tools/cli/scenario_pool.h"
#include "tools/cli/state_options.h"
#include "tools/engine/dry_build.h"
#include "tools/report/output_file.h"
#include "tools/scenario/load.h"

namespace tools {
namespace {

namespace po = boost::program_options;
using TextOption = po::typed_value<std::string>;

TextOption* text_option() { return po::value<std::string>(); }

po::options_description run_options() {
  po::options_description options;
  options.add_options()("seed", text_option(), "N: seed instead of the scenario's")(
      "set", po::value<std::vector<std::string>>(),
      "PATH=VALUE: replace or add a value of the scenario")(
      "sync", po::value<std::string>()->default_value("horizon"),
      "horizon|cycle: how often the processors yield; both give the same log")(
      "trace", po::value<std::vector<std::string>>(),
      "bus|lcd|line: more in the event log, every access to the processor's bus and every "
      "interrupt, every slot of the display's multiplexing, or every edge of the serial lines")(
      "jobs", po::value<std::string>()->default_value("1"), "N: scenarios at a time")(
      "filter", text_option(), "RE: only scenarios whose name matches")(
      "list", "print the names of the scenarios and run nothing");
  options.add(cpu_options());
  options.add(debug_options());
  options.add(state_options());
  return options;
}

platform::SyncMode read_sync(const std::string& text) {
  if (text == "horizon") return platform::SyncMode::horizon;
  if (text == "cycle") return platform::SyncMode::cycle;
  throw UsageError("--sync: found " + in_quotes(text) + ", expected horizon or cycle");
}

SimulationSettings read_simulation(const CommandOptions& options) {
  SimulationSettings settings;
  settings.sync = read_sync(options.text("sync"));
  for (const std::string& what : options.texts("trace")) {
    if (what != "bus" && what != "lcd" && what != "line") {
      throw UsageError("--trace: found " + in_quotes(what) + ", expected bus, lcd or line");
    }
    settings.trace_bus = settings.trace_bus || what == "bus";
    settings.trace_lcd = settings.trace_lcd || what == "lcd";
    settings.trace_line = settings.trace_line || what == "line";
  }
  return settings;
}

std::vector<Scenario> load_all(const CommandOptions& options) {
  std::optional<std::uint64_t> seed;
  if (options.has("seed")) seed = read_number("seed", options.text("seed"), 0, UINT64_MAX);
  const std::vector<Override> overrides = read_overrides(options.texts("set"));
  std::vector<Scenario> scenarios;
  for (const std::string& path : options.operands()) {
    scenarios.push_back(load_scenario(path, overrides, seed));
    dry_build(scenarios.back());
  }
  if (!options.has("filter")) return scenarios;
  try {
    const std::regex filter(options.text("filter"));
    scenarios.erase(std::remove_if(scenarios.begin(), scenarios.end(),
                                   [&filter](const Scenario& scenario) {
                                     return !std::regex_search(scenario.name, filter);
                                   }),
                    scenarios.end());
  } catch (const std::regex_error&) {
    throw UsageError("--filter: found " + in_quotes(options.text("filter")) +
                     ", expected a regular expression");
  }
  if (scenarios.empty()) {
    throw UsageError("--filter: found no scenario that matches " +
                     in_quotes(options.text("filter")) + ", expected at least one");
  }
  return scenarios;
}

/// One scenario may go on from the EEPROM of the one before; two at a time may not write it.
void refuse_shared_eeproms(const std::vector<Scenario>& scenarios) {
  std::set<std::string> taken;
  for (const Scenario& scenario : scenarios) {
    for (const MeterSpec& meter : scenario.meters) {
      if (meter.eeprom_file.empty() || taken.insert(output_identity(meter.eeprom_file)).second) {
        continue;
      }
      throw InputError(meter.position, "eeprom: found " + in_quotes(meter.eeprom_file) +
                                           ", the file of another scenario too, expected --jobs 1");
    }
  }
}

}  // namespace

CommandSpec run_spec() {
  CommandSpec spec;
  spec.name = "run";
  spec.operands = "FILE…";
  spec.operand = Operand::scenario;
  spec.purpose = "runs scenarios and judges them";
  spec.description = {
      "Runs scenarios, each in a process of its own, and prints a verdict on every expectation.",
      "Outputs appear whole or not at all, when the run is over. The same scenario, seed and build "
      "give the same event log and the same results, byte for byte, whatever the machine does "
      "besides."};
  spec.add_options("Options", run_options());
  spec.add_options("Outputs", output_options());
  spec.examples = {
      {"run scenarios/load-step.yaml", "runs one scenario and prints its verdicts"},
      {"run scenarios/*.yaml --jobs 4 --junit junit.xml", "all of a folder, for a CI server"},
      {"run s.yaml --set 'grid.voltage=207 V' --set 'timeline[0].at=5 s'",
       "with other values than the file's"},
      {"run s.yaml --log a.jsonl --vcd a.vcd --trace line",
       "all that was observable, and the terminals and lines as a waveform"},
      {"run scenarios/load-step.yaml --cpu iss",
       "the image that would be flashed, instruction by instruction"},
      {"run week.yaml --until '3 d' --save-state w.state --log 1.jsonl",
       "the first three days, and where all stands then"},
      {"run week.yaml --load-state w.state --log 2.jsonl", "the rest of the week"}};
  return spec;
}

int run_command(const Arguments& arguments, const KernelEntry& kernel) {
  CommandOptions options(run_spec());
  if (!options.parse(arguments, 1, SIZE_MAX)) return all_hold;
  const SimulationSettings simulation = read_simulation(options);
  const std::uint64_t jobs_at_a_time = read_number("jobs", options.text("jobs"), 1, 1024);
  std::vector<Scenario> scenarios = load_all(options);
  if (options.has("list")) {
    std::vector<std::vector<std::string>> rows;
    rows.reserve(scenarios.size());
    for (const Scenario& scenario : scenarios) rows.push_back({scenario.name, scenario.title});
    std::cout << columns(rows);
    return all_hold;
  }

  choose_cpus(options, scenarios);
  refuse_impossible_states(options, scenarios.size(), jobs_at_a_time);
  refuse_impossible_debugging(options, scenarios.size(), jobs_at_a_time);
  if (jobs_at_a_time > 1) refuse_shared_eeproms(scenarios);
  Outputs outputs(options, scenarios);
  std::vector<Job> jobs;
  for (Scenario& scenario : scenarios) {
    Job job;
    job.options.simulation = simulation;
    job.options.simulation.seed = scenario.seed;
    outputs.set_paths(options, scenario, job.options);
    if (has_state_options(options)) read_state_options(options, scenario, job.options);
    Outputs::refuse_impossible(scenario, job.options);
    job.scenario = std::move(scenario);
    jobs.push_back(std::move(job));
  }
  const auto debugging = DebugSession::open(options, jobs.front().scenario);
  if (debugging) debugging->join(jobs.front().options);
  watch_for_interrupt();
  const bool terminal = isatty(STDERR_FILENO) == 1;
  return report(ScenarioPool(jobs, kernel, jobs_at_a_time, terminal).run(), outputs);
}

}  // namespace tools
