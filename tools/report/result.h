// A scenario's result as every report shows it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tools/engine/run.h"

namespace tools {

/// A saved state that a run began with or left.
struct StateNote {
  std::string file;        ///< empty: none
  std::string instant_ps;  ///< since the beginning of the world
  std::string use;         ///< of one that was loaded: "continuation" or "handover"
};

struct ScenarioResult {
  std::string scenario;
  bool pass = false;
  std::vector<Verdict> expectations;
  double simulated_s = 0;
  double wall_s = 0;
  std::uint64_t seed = 0;
  std::string build;
  StateNote loaded_from;
  StateNote saved_at;
};

/// Simulated time over the clock on the wall; 0 when too little of either has passed.
double real_time_factor(const ScenarioResult& result);

/// As published in scenarios/schema/result.schema.json, and back.
nlohmann::ordered_json to_json(const ScenarioResult& result);
ScenarioResult result_from_json(const nlohmann::ordered_json& json);

/// One result as an object; a list when there were several scenarios, whatever became of them.
std::string results_document(const std::vector<ScenarioResult>& results, bool several);

/// A JUnit document: a suite a scenario, a case an expectation.
std::string junit_document(const std::vector<ScenarioResult>& results);

/// The verdict table that `run` prints, with its last lines.
std::string verdict_table(const ScenarioResult& result);

/// Text in columns padded to their widest cell; `gap` blanks between them.
std::string columns(const std::vector<std::vector<std::string>>& rows, std::size_t gap = 2);

}  // namespace tools
