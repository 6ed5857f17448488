// Where the results of a run go: what run, live and replay have in common.
#pragma once

#include <boost/program_options.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tools/cli/options.h"
#include "tools/cli/scenario_pool.h"
#include "tools/report/output_file.h"

namespace tools {

/// --json, --junit, --log, --vcd, --csv, --report, --profile, --screenshot.
boost::program_options::options_description output_options();

class Outputs {
 public:
  /// Throws UsageError for names that are shared or missing, OutputRefused for what can be no file.
  Outputs(const CommandOptions& options, const std::vector<Scenario>& scenarios);

  /// Refuses what a scenario's own process would only find out when its turn has come.
  static void refuse_impossible(const Scenario& scenario, const RunOptions& run);

  void set_paths(const CommandOptions& options, const Scenario& scenario, RunOptions& run) const;

  /// `several`: of the scenarios that were asked for, whether they came to a result or not.
  void write(const std::vector<ScenarioResult>& results, bool several, const std::string& tables);

 private:
  using Files = std::vector<std::unique_ptr<OutputFile>>;

  /// No two outputs may be one file, nor any of them what is read or what the program prints to.
  void refuse_shared_paths(const CommandOptions& options,
                           const std::vector<Scenario>& scenarios) const;
  std::string in_folder(const std::string& name) const;
  /// The file that an option names, else the one in the report's folder.
  std::string path_for(const CommandOptions& options, const char* option,
                       const std::string& name) const;
  Files open(const CommandOptions& options, const char* option, const std::string& name) const;

  std::string folder_;
  Files json_;
  Files junit_;
  std::unique_ptr<OutputFile> table_;
};

/// Prints the verdicts, writes the outputs, and returns the command's status.
int report(const std::vector<Outcome>& outcomes, Outputs& outputs);

}  // namespace tools
