#include "tools/typetest/procedures/judging.h"

#include <fmt/format.h>

#include <cmath>

namespace tools::typetest {

Measured::Measured(const Results& results, const std::string& task) {
  const auto found = results.procedures.find(task);
  if (found != results.procedures.end()) {
    json_ = found->second;
    return;
  }
  const auto fault = results.faults.find(task);
  fault_ = fault != results.faults.end() ? fault->second : "not measured";
}

std::optional<double> Measured::number(const std::string& name) const {
  if (!json_.is_object()) return std::nullopt;
  const auto found = json_.find(name);
  if (found == json_.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

std::vector<std::pair<double, double>> Measured::curve(const std::string& name) const {
  std::vector<std::pair<double, double>> points;
  if (!json_.is_object() || !json_.contains(name)) return points;
  for (const nlohmann::json& pair : json_[name]) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number() || !pair[1].is_number()) {
      continue;
    }
    points.emplace_back(pair[0].get<double>(), pair[1].get<double>());
  }
  return points;
}

Limit at_most(double most, std::string source, Certainty certainty) {
  return {std::nullopt, most, std::move(source), certainty};
}

Limit at_least(double least, std::string source, Certainty certainty) {
  return {least, std::nullopt, std::move(source), certainty};
}

Limit within(double most, std::string source, Certainty certainty) {
  return {-most, most, std::move(source), certainty};
}

Finding judged(const Looked& looked, std::optional<double> seen, const Limit& limit,
               std::string remark) {
  Finding finding;
  finding.id = looked.id;
  finding.condition = looked.condition;
  finding.quantity = looked.quantity;
  finding.unit = looked.unit;
  finding.seen = seen;
  finding.at_least = limit.at_least;
  finding.at_most = limit.at_most;
  finding.source = limit.source;
  finding.certainty = limit.certainty;
  finding.remark = std::move(remark);
  // A number that is none lies within no limits.
  finding.pass = seen && std::isfinite(*seen) && !(limit.at_least && *seen < *limit.at_least) &&
                 !(limit.at_most && *seen > *limit.at_most);
  return finding;
}

Finding judged(const Looked& looked, const Measured& measured, const std::string& name,
               const Limit& limit, std::string remark) {
  const std::optional<double> seen = measured.number(name);
  if (!seen) remark = measured.fault().empty() ? "did not happen" : measured.fault();
  return judged(looked, seen, limit, std::move(remark));
}

Finding change_of_error(const std::string& task, const Ratings& ratings, const Measured& measured,
                        const std::string& when, const Limit& limit) {
  const std::optional<double> before = measured.number("before_percent");
  const std::optional<double> after = measured.number("after_percent");
  std::optional<double> change;
  std::string remark = measured.fault();
  if (before && after) {
    change = *after - *before;
    remark = fmt::format("{:+.4f} % before, {:+.4f} % after", *before, *after);
  } else if (remark.empty()) {
    remark = before ? "the LED stays dark afterwards" : "the LED was dark before";
  }
  return judged({task, fmt::format("{:g} A, PF 1{}", ratings.Iref, when), "change of error", "%"},
                change, limit, remark);
}

std::string phase_name(int phase) { return "L" + std::to_string(phase + 1); }

}  // namespace tools::typetest
