#include "tools/cli/run_outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <set>
#include <string_view>

#include "tools/cli/cpu_options.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/output_claims.h"
#include "tools/cli/trace_options.h"
#include "tools/isa/elf_image.h"

namespace tools {
namespace {

namespace po = boost::program_options;

/// In the report's folder.
constexpr const char* json_name = "results.json";
constexpr const char* junit_name = "junit.xml";
constexpr const char* table_name = "report.txt";

void refuse_shared_names(const char* option, const std::vector<Scenario>& scenarios) {
  std::set<std::string> names;
  for (const Scenario& scenario : scenarios) {
    if (!names.insert(scenario.name).second) {
      throw UsageError(
          fmt::format("--{}: found two scenarios called {}, expected names of their own", option,
                      in_quotes(scenario.name)));
    }
  }
}

void refuse_profile_without_image(const std::vector<Scenario>& scenarios,
                                  const std::string& program) {
  for (const Scenario& scenario : scenarios) {
    for (const MeterSpec& meter : scenario.meters) {
      if (meter.image == nullptr) continue;
      if (is_elf(read_program_file(program))) return;
      throw UsageError(fmt::format(
          "--profile: found {}, a binary, expected the image's ELF file, which names its functions",
          in_quotes(program)));
    }
  }
  throw UsageError(
      "--profile: found no meter that runs an image, expected --cpu iss or a meter with cpu: iss");
}

void try_out(const std::string& path) {
  make_staging(path);
  discard_output(path);
}

void make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw OutputRefused(folder + ": cannot be made: " + error.message());
}

}  // namespace

po::options_description output_options() {
  const auto text_option = [] { return po::value<std::string>(); };
  po::options_description options;
  options.add_options()("junit", text_option(), "F: verdicts as JUnit XML")(
      "json", text_option(), "F: results as JSON, a list when there are several")(
      "log", text_option(), "F: event log of the one scenario, JSON lines")(
      "vcd", text_option(), "F: digital terminals of the one scenario as a waveform file")(
      "csv", text_option(), "F: pulses of the one scenario, one line a pulse")(
      "report", text_option(),
      "DIR: all of these for every scenario, and the verdict tables as report.txt")(
      "profile", text_option(),
      "F: where the cycles of the one scenario's meters with --cpu iss go: functions, handlers, "
      "stack, charges; as JSON if F ends in .json")(
      "screenshot", text_option(),
      "DIR: pictures (SVG) of the displays at each expectation on them, and at the end");
  options.add(trace_options());
  return options;
}

Outputs::Outputs(const CommandOptions& options, const std::vector<Scenario>& scenarios)
    : folder_(options.text("report")) {
  for (const char* option : {"json", "junit", "log", "vcd", "gtkw", "csv", "samples", "profile",
                             "report", "screenshot"}) {
    if (options.has(option) && options.text(option).empty()) {
      throw UsageError(fmt::format("--{}: found no name, expected one", option));
    }
  }
  for (const char* option : {"log", "vcd", "gtkw", "csv", "samples", "profile"}) {
    if (options.has(option) && scenarios.size() > 1) {
      const std::string_view name = option;
      const bool in_report = name != "gtkw" && name != "samples" && name != "profile";
      throw UsageError(fmt::format("--{}: found {} scenarios, expected one{}", option,
                                   scenarios.size(),
                                   in_report ? "; --report DIR takes several" : ""));
    }
  }
  for (const char* option : {"report", "screenshot"}) {
    if (options.has(option)) refuse_shared_names(option, scenarios);
  }
  if (options.has("profile")) {
    if (options.has("gdb")) throw UsageError("--profile: found --gdb too, expected one of them");
    refuse_profile_without_image(scenarios, firmware_path(options));
  }
  refuse_shared_paths(options, scenarios);
  if (!folder_.empty()) make_folder(folder_);
  if (options.has("screenshot")) make_folder(options.text("screenshot"));
  json_ = open(options, "json", json_name);
  junit_ = open(options, "junit", junit_name);
  if (!folder_.empty()) table_ = std::make_unique<OutputFile>(in_folder(table_name));
}

void Outputs::refuse_impossible(const Scenario& scenario, const RunOptions& run) {
  for (const std::string* path : {&run.log_path, &run.vcd_path, &run.csv_path, &run.gtkw_path,
                                  &run.samples_path, &run.profile_path, &run.save_state_path}) {
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

void Outputs::set_paths(const CommandOptions& options, const Scenario& scenario,
                        RunOptions& run) const {
  run.log_path = path_for(options, "log", scenario.name + ".jsonl");
  run.vcd_path = path_for(options, "vcd", scenario.name + ".vcd");
  run.csv_path = path_for(options, "csv", scenario.name + ".csv");
  run.screenshot_folder = options.text("screenshot");
  if (options.has("profile")) {
    run.profile_path = options.text("profile");
    run.program_path = firmware_path(options);
  }
  read_trace_options(options, scenario, run);
}

void Outputs::write(const std::vector<ScenarioResult>& results, bool several,
                    const std::string& tables) {
  for (const auto& file : json_) file->write(results_document(results, several));
  for (const auto& file : junit_) file->write(junit_document(results));
  if (table_) table_->write(tables);
  for (const auto& file : json_) file->commit();
  for (const auto& file : junit_) file->commit();
  if (table_) table_->commit();
}

void Outputs::refuse_shared_paths(const CommandOptions& options,
                                  const std::vector<Scenario>& scenarios) const {
  OutputClaims claims;
  for (const Scenario& scenario : scenarios) {
    for (const std::string& source : scenario.sources) claims.take(source);
    for (const MeterSpec& meter : scenario.meters) {
      if (!meter.eeprom_file.empty()) claims.take(meter.eeprom_file);
      if (meter.image != nullptr) claims.take(firmware_path(options));
    }
  }
  // A run may save over the state that it goes on from; nothing else may take its place.
  const std::string loaded = options.text("load-state");
  if (!loaded.empty() && output_identity(loaded) != output_identity(options.text("save-state"))) {
    claims.take(loaded);
  }
  const auto claim = [&claims](const char* option, const std::string& path) {
    claims.claim(option, path);
  };
  for (const char* option : {"json", "junit", "save-state"}) claim(option, options.text(option));
  if (!folder_.empty()) {
    for (const char* name : {json_name, junit_name, table_name}) claim("report", in_folder(name));
  }
  for (const Scenario& scenario : scenarios) {
    RunOptions run;
    set_paths(options, scenario, run);
    claim(options.has("log") ? "log" : "report", run.log_path);
    claim(options.has("vcd") ? "vcd" : "report", run.vcd_path);
    claim(options.has("csv") ? "csv" : "report", run.csv_path);
    claim("gtkw", run.gtkw_path);
    claim("samples", run.samples_path);
    claim("profile", run.profile_path);
  }
}

std::string Outputs::in_folder(const std::string& name) const {
  return (std::filesystem::path(folder_) / name).string();
}

std::string Outputs::path_for(const CommandOptions& options, const char* option,
                              const std::string& name) const {
  if (options.has(option)) return options.text(option);
  return folder_.empty() ? std::string() : in_folder(name);
}

Outputs::Files Outputs::open(const CommandOptions& options, const char* option,
                             const std::string& name) const {
  Files files;
  if (options.has(option)) files.push_back(std::make_unique<OutputFile>(options.text(option)));
  if (!folder_.empty()) files.push_back(std::make_unique<OutputFile>(in_folder(name)));
  return files;
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

}  // namespace tools
