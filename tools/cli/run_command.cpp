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

#include "tools/cli/interrupt.h"
#include "tools/cli/options.h"
#include "tools/cli/scenario_pool.h"
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
  options.add_options()("junit", text_option(), "F: verdicts as JUnit XML")(
      "json", text_option(), "F: results as JSON, a list when there are several")(
      "log", text_option(), "F: event log of the one scenario, JSON lines")(
      "vcd", text_option(), "F: digital terminals of the one scenario as a waveform file")(
      "csv", text_option(), "F: pulses of the one scenario, one line a pulse")(
      "report", text_option(),
      "DIR: all of these for every scenario, and the verdict tables as report.txt")(
      "screenshot", text_option(),
      "DIR: pictures (SVG) of the displays at each expectation on them, and at the end")(
      "seed", text_option(), "N: seed instead of the scenario's")(
      "set", po::value<std::vector<std::string>>(),
      "PATH=VALUE: replace or add a value of the scenario")(
      "sync", po::value<std::string>()->default_value("horizon"),
      "horizon or cycle: how often the processors yield; both give the same log")(
      "trace", po::value<std::vector<std::string>>(),
      "bus, lcd or line: more in the event log, every access to the processor's bus and every "
      "interrupt, every slot of the display's multiplexing, or every edge of the RS-485 line")(
      "jobs", po::value<std::string>()->default_value("1"), "N: scenarios at a time")(
      "filter", text_option(), "RE: only scenarios whose name matches")(
      "list", "print the names of the scenarios and run nothing");
  return options;
}

platform::SyncMode read_sync(const std::string& text) {
  if (text == "horizon") return platform::SyncMode::horizon;
  if (text == "cycle") return platform::SyncMode::cycle;
  throw UsageError("--sync: found " + quoted(text) + ", expected horizon or cycle");
}

SimulationSettings read_simulation(const CommandOptions& options) {
  SimulationSettings settings;
  settings.sync = read_sync(options.text("sync"));
  for (const std::string& what : options.texts("trace")) {
    if (what != "bus" && what != "lcd" && what != "line") {
      throw UsageError("--trace: found " + quoted(what) + ", expected bus, lcd or line");
    }
    settings.trace_bus = settings.trace_bus || what == "bus";
    settings.trace_lcd = settings.trace_lcd || what == "lcd";
    settings.trace_line = settings.trace_line || what == "line";
  }
  return settings;
}

std::vector<Scenario> load_all(const CommandOptions& options) {
  const std::vector<Override> overrides = read_overrides(options.texts("set"));
  std::vector<Scenario> scenarios;
  for (const std::string& path : options.operands()) {
    scenarios.push_back(load_scenario(path, overrides));
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
    throw UsageError("--filter: found " + quoted(options.text("filter")) +
                     ", expected a regular expression");
  }
  if (scenarios.empty()) {
    throw UsageError("--filter: found no scenario that matches " + quoted(options.text("filter")) +
                     ", expected at least one");
  }
  return scenarios;
}

/// Where the reports go.
class Outputs {
 public:
  Outputs(const CommandOptions& options, const std::vector<Scenario>& scenarios)
      : folder_(options.text("report")) {
    for (const char* option : {"json", "junit", "log", "vcd", "csv", "report", "screenshot"}) {
      if (options.has(option) && options.text(option).empty()) {
        throw UsageError(fmt::format("--{}: found no name, expected one", option));
      }
    }
    for (const char* option : {"log", "vcd", "csv"}) {
      if (options.has(option) && scenarios.size() > 1) {
        throw UsageError(
            fmt::format("--{}: found {} scenarios, expected one; --report DIR takes several",
                        option, scenarios.size()));
      }
    }
    for (const char* option : {"report", "screenshot"}) {
      if (options.has(option)) refuse_shared_names(option, scenarios);
    }
    refuse_shared_paths(options, scenarios);
    if (!folder_.empty()) make_folder(folder_);
    if (options.has("screenshot")) make_folder(options.text("screenshot"));
    json_ = open(options, "json", json_name);
    junit_ = open(options, "junit", junit_name);
    if (!folder_.empty()) table_ = std::make_unique<OutputFile>(in_folder(table_name));
  }

  /// Refuses what a scenario's own process would only find out when its turn has come.
  static void refuse_impossible(const Scenario& scenario, const RunOptions& run) {
    for (const std::string* path : {&run.log_path, &run.vcd_path, &run.csv_path}) {
      if (!path->empty()) try_out(*path);
    }
    if (!run.screenshot_folder.empty()) {
      try_out((std::filesystem::path(run.screenshot_folder) / (scenario.name + ".svg")).string());
    }
    for (const MeterSpec& meter : scenario.meters) {
      if (meter.eeprom_file.empty()) continue;
      try {
        try_out(meter.eeprom_file);
      } catch (const OutputRefused& error) {
        throw InputError(meter.position, std::string("eeprom: found ") + error.what() +
                                             ", expected a file that can be written");
      }
    }
  }

  void set_paths(const CommandOptions& options, const Scenario& scenario, RunOptions& run) const {
    run.log_path = path_for(options, "log", scenario.name + ".jsonl");
    run.vcd_path = path_for(options, "vcd", scenario.name + ".vcd");
    run.csv_path = path_for(options, "csv", scenario.name + ".csv");
    run.screenshot_folder = options.text("screenshot");
  }

  /// `several`: of the scenarios that were asked for, whether they came to a result or not.
  void write(const std::vector<ScenarioResult>& results, bool several, const std::string& tables) {
    for (const auto& file : json_) file->write(results_document(results, several));
    for (const auto& file : junit_) file->write(junit_document(results));
    if (table_) table_->write(tables);
    for (const auto& file : json_) file->commit();
    for (const auto& file : junit_) file->commit();
    if (table_) table_->commit();
  }

 private:
  using Files = std::vector<std::unique_ptr<OutputFile>>;

  /// In the report's folder.
  static constexpr const char* json_name = "results.json";
  static constexpr const char* junit_name = "junit.xml";
  static constexpr const char* table_name = "report.txt";

  /// No two outputs may be one file, nor any of them what is read or what the program prints to.
  void refuse_shared_paths(const CommandOptions& options,
                           const std::vector<Scenario>& scenarios) const {
    std::set<std::string> taken;
    for (const Scenario& scenario : scenarios) {
      for (const std::string& source : scenario.sources) taken.insert(output_identity(source));
      for (const MeterSpec& meter : scenario.meters) {
        if (!meter.eeprom_file.empty()) taken.insert(output_identity(meter.eeprom_file));
      }
    }
    const auto claim = [&taken](const char* option, const std::string& path) {
      if (path.empty()) return;
      for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
        if (!is_file_of(stream, path)) continue;
        throw UsageError(fmt::format(
            "--{}: found {}, where the standard output or error goes, expected a file of its own",
            option, quoted(path)));
      }
      std::error_code ignored;
      if (std::filesystem::is_character_file(path, ignored)) return;
      if (taken.insert(output_identity(path)).second) return;
      throw UsageError(fmt::format(
          "--{}: found {}, which is read or written already, expected a file of its own", option,
          quoted(path)));
    };
    for (const char* option : {"json", "junit"}) claim(option, options.text(option));
    if (!folder_.empty()) {
      for (const char* name : {json_name, junit_name, table_name}) claim("report", in_folder(name));
    }
    for (const Scenario& scenario : scenarios) {
      RunOptions run;
      set_paths(options, scenario, run);
      claim(options.has("log") ? "log" : "report", run.log_path);
      claim(options.has("vcd") ? "vcd" : "report", run.vcd_path);
      claim(options.has("csv") ? "csv" : "report", run.csv_path);
    }
  }

  /// Whether a stream that is open goes to the regular file at `path`.
  static bool is_file_of(int stream, const std::string& path) {
    struct stat a = {};
    struct stat b = {};
    return fstat(stream, &a) == 0 && stat(path.c_str(), &b) == 0 && S_ISREG(a.st_mode) &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
  }

  /// Both name files after scenarios.
  static void refuse_shared_names(const char* option, const std::vector<Scenario>& scenarios) {
    std::set<std::string> names;
    for (const Scenario& scenario : scenarios) {
      if (!names.insert(scenario.name).second) {
        throw UsageError(
            fmt::format("--{}: found two scenarios called {}, expected names of their own", option,
                        quoted(scenario.name)));
      }
    }
  }

  /// Throws OutputRefused.
  static void try_out(const std::string& path) {
    make_staging(path);
    discard_output(path);
  }

  static void make_folder(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw OutputRefused(folder + ": cannot be made: " + error.message());
  }

  std::string in_folder(const std::string& name) const {
    return (std::filesystem::path(folder_) / name).string();
  }

  /// The file that an option names, else the one in the report's folder.
  std::string path_for(const CommandOptions& options, const char* option,
                       const std::string& name) const {
    if (options.has(option)) return options.text(option);
    return folder_.empty() ? std::string() : in_folder(name);
  }

  Files open(const CommandOptions& options, const char* option, const std::string& name) const {
    Files files;
    if (options.has(option)) files.push_back(std::make_unique<OutputFile>(options.text(option)));
    if (!folder_.empty()) files.push_back(std::make_unique<OutputFile>(in_folder(name)));
    return files;
  }

  std::string folder_;
  Files json_;
  Files junit_;
  std::unique_ptr<OutputFile> table_;
};

/// One scenario may go on from the EEPROM of the one before; two at a time may not write it.
void refuse_shared_eeproms(const std::vector<Scenario>& scenarios) {
  std::set<std::string> taken;
  for (const Scenario& scenario : scenarios) {
    for (const MeterSpec& meter : scenario.meters) {
      if (meter.eeprom_file.empty() || taken.insert(output_identity(meter.eeprom_file)).second) {
        continue;
      }
      throw InputError(meter.position, "eeprom: found " + quoted(meter.eeprom_file) +
                                           ", the file of another scenario too, expected --jobs 1");
    }
  }
}

int report(const std::vector<Outcome>& outcomes, Outputs& outputs) {
  int status = all_hold;
  bool stopped = interrupt_wanted();
  std::vector<ScenarioResult> results;
  std::string tables;
  for (const Outcome& outcome : outcomes) {
    stopped = stopped || outcome.interrupted;
    if (outcome.result) {
      results.push_back(*outcome.result);
      tables += verdict_table(*outcome.result);
      if (!outcome.result->pass) status = std::max<int>(status, some_fail);
    } else if (!outcome.fault.empty()) {
      std::fprintf(stderr, "vmeter: %s\n", outcome.fault.c_str());
      status = std::max<int>(status, outcome.status);
    }
  }
  std::cout << tables;
  // After a fault nothing half-true is left behind.
  if (status < wrong_input) outputs.write(results, outcomes.size() > 1, tables);
  return stopped && status < wrong_input ? interrupted : status;
}

}  // namespace

int run_command(const Arguments& arguments, const KernelEntry& kernel) {
  CommandOptions options(
      {"run FILE…",
       "Runs scenarios, each in a process of its own, and prints a verdict on every "
       "expectation."},
      run_options());
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

  std::optional<std::uint64_t> seed;
  if (options.has("seed")) seed = read_number("seed", options.text("seed"), 0, UINT64_MAX);
  if (jobs_at_a_time > 1) refuse_shared_eeproms(scenarios);
  Outputs outputs(options, scenarios);
  std::vector<Job> jobs;
  for (Scenario& scenario : scenarios) {
    Job job;
    job.options.simulation = simulation;
    job.options.simulation.seed = seed.value_or(scenario.seed);
    outputs.set_paths(options, scenario, job.options);
    Outputs::refuse_impossible(scenario, job.options);
    job.scenario = std::move(scenario);
    jobs.push_back(std::move(job));
  }
  watch_for_interrupt();
  const bool terminal = isatty(STDERR_FILENO) == 1;
  return report(ScenarioPool(jobs, kernel, jobs_at_a_time, terminal).run(), outputs);
}

}  // namespace tools
