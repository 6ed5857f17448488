#include "tools/typetest/points/case_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tools/typetest/points/point_id.h"

namespace tools::typetest {
namespace {

/// Finer than any error is measured: what the arithmetic of doubles may put a difference off by.
constexpr double resolution_percent = 1e-9;

Factor factor_of(const Case& c) {
  const Angle* angle = angle_of(c.kind, c.condition.lag_deg);
  return angle == nullptr ? Factor::one : angle->factor;
}

Point point_of(const Condition& condition, Kind kind, double limit_percent) {
  Point point;
  point.id = point_id(condition, kind);
  point.condition = condition;
  point.kind = kind;
  point.limit_percent = limit_percent;
  return point;
}

/// "error", "change of error" or "temperature coefficient", with the unit.
Finding named_finding(const Case& c) {
  Finding finding;
  finding.id = point_id(c.condition, c.kind);
  finding.condition = describe(c.condition, c.kind);
  if (c.reference && c.per != 1) {
    Condition load = c.condition;
    load.temperature_C = Condition{}.temperature_C;
    finding.condition = fmt::format("{}, {:.4g} … {:.4g} °C", describe(load, c.kind),
                                    c.reference->temperature_C, c.condition.temperature_C);
  }
  finding.quantity = !c.reference ? "error" : c.per == 1 ? "change of error" : "mean coefficient";
  finding.unit = c.per == 1 ? "%" : "%/K";
  return finding;
}

/// What is judged of a case, or why there is nothing.
struct Seen {
  std::optional<double> value;
  std::string fault;
};

Seen seen_of(const Case& c, const Results& results) {
  const std::string id = point_id(c.condition, c.kind);
  const PointResult* point = results.point(id);
  if (point == nullptr) return {std::nullopt, fault_of(results, id)};
  if (!c.reference) return {point->error_percent, ""};
  const std::string reference_id = point_id(*c.reference, c.kind);
  const PointResult* reference = results.point(reference_id);
  if (reference == nullptr) {
    return {std::nullopt, "reference " + reference_id + ": " + fault_of(results, reference_id)};
  }
  return {(point->error_percent - reference->error_percent) / c.per, ""};
}

/// A share of what is allowed.
double share(const Bar& bar) { return std::abs(bar.seen) / bar.at_most; }

}  // namespace

Case error_of(Quantity quantity, const Condition& condition, Kind kind) {
  Case c;
  c.quantity = quantity;
  c.condition = condition;
  c.kind = kind;
  return c;
}

std::vector<PercentLimit> limits_for(const Subject& subject, const Parameters& parameters,
                                     const Case& c) {
  const double current_A = c.limit_current_A > 0 ? c.limit_current_A : c.condition.current_A;
  return limits_for(subject, parameters, c.kind, c.quantity, factor_of(c), current_A);
}

Condition load(double current_A, const Angle& angle) {
  Condition condition;
  condition.current_A = current_A;
  condition.lag_deg = angle.lag_deg;
  return condition;
}

Condition load(double current_A, Factor factor) { return load(current_A, angle_at(factor)); }

Condition on_phase(Condition condition, int phase) {
  condition.loaded.fill(false);
  condition.loaded.at(static_cast<std::size_t>(phase)) = true;
  return condition;
}

Condition exporting(Condition condition) {
  condition.exports = true;
  return condition;
}

void append(std::vector<Case>& cases, const std::vector<Case>& more) {
  cases.insert(cases.end(), more.begin(), more.end());
}

void CaseTest::plan(const Subject& subject, const Parameters& parameters, Plan& plan) const {
  for (const Case& c : cases(subject, parameters)) {
    double tightest = std::numeric_limits<double>::infinity();
    for (const PercentLimit& limit : limits_for(subject, parameters, c)) {
      tightest = std::min(tightest, limit.at_most * std::abs(c.per));
    }
    if (!std::isfinite(tightest)) continue;
    plan.add(point_of(c.condition, c.kind, tightest));
    if (c.reference) plan.add(point_of(*c.reference, c.kind, tightest));
  }
}

Chapter CaseTest::judge(const Subject& subject, const Parameters& parameters,
                        const Results& results) const {
  Chapter chapter = opening(subject, parameters);
  chapter.id = id();
  std::vector<Bar> bars;
  for (const Case& c : cases(subject, parameters)) {
    const Seen seen = seen_of(c, results);
    for (const PercentLimit& limit : limits_for(subject, parameters, c)) {
      Finding finding = named_finding(c);
      finding.remark = seen.fault;
      hold(finding, seen.value, limit);
      chapter.findings.push_back(finding);
      if (c.group.empty() || !seen.value || limit.certainty == Certainty::ours) continue;
      const std::string label = c.per == 1 ? c.group : c.group + " [%/K]";
      const Bar bar{label, *seen.value, limit.at_least, limit.at_most};
      const auto known = std::find_if(bars.begin(), bars.end(),
                                      [&](const Bar& other) { return other.label == bar.label; });
      if (known == bars.end()) {
        bars.push_back(bar);
      } else if (share(bar) > share(*known)) {
        *known = bar;
      }
    }
  }
  if (!bars.empty()) {
    chapter.bars.push_back({"Largest change of each, within its limits", "[%]", std::move(bars)});
  }
  draw(subject, parameters, results, chapter);
  return chapter;
}

void CaseTest::draw(const Subject&, const Parameters&, const Results&, Chapter&) const {}

std::string fault_of(const Results& results, const std::string& id) {
  const auto found = results.points.find(id);
  if (found == results.points.end() || found->second.fault.empty()) return "not measured";
  return found->second.fault;
}

void hold(Finding& finding, std::optional<double> seen, const PercentLimit& limit) {
  finding.seen = seen;
  finding.at_least = limit.at_least;
  finding.at_most = limit.at_most;
  finding.source = limit.source;
  finding.certainty = limit.certainty;
  // Written so that a number that is none does not pass.
  finding.pass = seen && *seen >= limit.at_least - resolution_percent &&
                 *seen <= limit.at_most + resolution_percent;
}

Curve error_curve(const Results& results, const std::string& label, Kind kind,
                  const std::vector<Condition>& conditions) {
  Curve curve;
  curve.label = label;
  for (const Condition& condition : conditions) {
    const PointResult* point = results.point(point_id(condition, kind));
    if (point != nullptr) curve.points.emplace_back(condition.current_A, point->error_percent);
  }
  return curve;
}

}  // namespace tools::typetest
