// Runs one scenario from elaboration to verdicts. SystemC elaborates once a process, so this can be
// done once a process.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tools/checks/verdict.h"
#include "tools/engine/meter_world.h"
#include "tools/engine/session.h"
#include "tools/report/sample_table.h"
#include "tools/scenario/scenario.h"
#include "tools/state/state_build.h"

namespace tools {

struct LoadedState;
namespace gdb {
class Debugger;
}

struct RunOptions {
  SimulationSettings simulation;
  std::string log_path;  ///< empty: none
  std::string vcd_path;
  std::string csv_path;
  Ps vcd_step = 1;  ///< what the waveform file counts time in
  std::string gtkw_path;
  std::string samples_path;
  SampleWindow samples;
  std::string screenshot_folder;
  std::string profile_path;
  bool gives_profile = false;  ///< with the result, as JSON
  std::string program_path;    ///< for a profile: the ELF file of the image that the meters run
  Session* session = nullptr;  ///< who leads the run; null: nobody
  gdb::Debugger* debugger = nullptr;  ///< is told of the run's end and may ask for it; null: nobody
  std::optional<Ps> until;            ///< the run ends there instead of at the scenario's end
  std::string save_state_path;
  StateBuild build;                           ///< of what is saved
  std::shared_ptr<const LoadedState> loaded;  ///< null: the run begins anew
  /// Told now and then how much of the run is done, 0 … 1; returns false to end it there.
  std::function<bool(double)> progress;
};

struct RunResult {
  std::vector<Verdict> verdicts;
  bool pass = false;
  bool interrupted = false;
  Ps simulated = 0;
  nlohmann::ordered_json profile;  ///< if wanted
  std::string saved_at_ps;         ///< the instant of the state that was saved; empty: none was
  double wall_s = 0;               ///< of the simulation, without elaboration
};

/// Throws OutputRefused, OutputFailed, or whatever an internal fault throws.
RunResult run_scenario(const Scenario& scenario, const RunOptions& options);

}  // namespace tools
