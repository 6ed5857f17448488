#include "tools/report/result.h"

#include <cmath>

namespace tools {

using Json = nlohmann::ordered_json;

double real_time_factor(const ScenarioResult& result) {
  return result.wall_s > 0 ? result.simulated_s / result.wall_s : 0;
}

Json to_json(const ScenarioResult& result) {
  Json expectations = Json::array();
  for (const Verdict& verdict : result.expectations) {
    Json one;
    one["name"] = verdict.name;
    one["verdict"] = verdict.pass ? "pass" : "fail";
    one["expected"] = verdict.expected;
    one["seen"] = verdict.seen ? Json(*verdict.seen) : Json(nullptr);
    // Seconds: a double holds the picosecond for two and a half hours, the microsecond for ever.
    one["at"] = verdict.at ? Json(static_cast<double>(*verdict.at) * 1e-12) : Json(nullptr);
    expectations.push_back(std::move(one));
  }
  Json json;
  json["scenario"] = result.scenario;
  json["verdict"] = result.pass ? "pass" : "fail";
  json["expectations"] = std::move(expectations);
  json["simulated_s"] = result.simulated_s;
  json["wall_s"] = result.wall_s;
  json["real_time_factor"] = real_time_factor(result);
  json["seed"] = result.seed;
  json["build"] = result.build;
  const StateNote& from = result.loaded_from;
  if (!from.file.empty()) {
    json["loaded_from"] = {{"file", from.file}, {"instant_ps", from.instant_ps}, {"use", from.use}};
  }
  const StateNote& saved = result.saved_at;
  if (!saved.file.empty()) {
    json["saved_at"] = {{"file", saved.file}, {"instant_ps", saved.instant_ps}};
  }
  return json;
}

ScenarioResult result_from_json(const Json& json) {
  ScenarioResult result;
  result.scenario = json.at("scenario");
  result.pass = json.at("verdict") == "pass";
  for (const Json& one : json.at("expectations")) {
    Verdict verdict;
    verdict.name = one.at("name");
    verdict.pass = one.at("verdict") == "pass";
    verdict.expected = one.at("expected");
    if (!one.at("seen").is_null()) verdict.seen = one.at("seen").get<std::string>();
    if (!one.at("at").is_null()) {
      verdict.at = static_cast<Ps>(std::llround(one.at("at").get<double>() * 1e12));
    }
    result.expectations.push_back(std::move(verdict));
  }
  result.simulated_s = json.at("simulated_s");
  result.wall_s = json.at("wall_s");
  result.seed = json.at("seed");
  result.build = json.at("build");
  if (json.contains("loaded_from")) {
    const Json& from = json.at("loaded_from");
    result.loaded_from = {from.at("file"), from.at("instant_ps"), from.at("use")};
  }
  if (json.contains("saved_at")) {
    const Json& saved = json.at("saved_at");
    result.saved_at = {saved.at("file"), saved.at("instant_ps"), ""};
  }
  return result;
}

std::string results_document(const std::vector<ScenarioResult>& results, bool several) {
  if (!several && results.size() == 1) return to_json(results.front()).dump(2) + "\n";
  Json list = Json::array();
  for (const ScenarioResult& result : results) list.push_back(to_json(result));
  return list.dump(2) + "\n";
}

}  // namespace tools
