// Self-heating: the meter has stood at Un without current for hours when Imax comes on, and its
// error is followed for at least an hour, until it changes by less than 0.2 % in 20 minutes. The
// thermal model begins in the steady state without load, so the hours before need no simulation.
//
// A window is a minute, but for the first, which is 10 s: what is to be compared with is the error
// of the cold meter.
//
//   task              brings home
//   self_heating/PF   errors: pairs of minutes since Imax came on (a window's middle) and percent
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/typetest/procedures/bench_work.h"
#include "tools/typetest/procedures/class_limits.h"
#include "tools/typetest/procedures/judging.h"
#include "tools/typetest/procedures/procedures.h"

namespace tools::typetest {
namespace {

constexpr double least_min = 60;
constexpr double longest_min = 180;
constexpr double first_window_s = 10;
/// The test ends when less than this has changed within the last 20 minutes.
constexpr double settled_percent = 0.2;
constexpr double settled_min = 20;

struct Load {
  const char* id;
  const char* name;
  double lag_deg;
};
constexpr Load loads[] = {{"self_heating/pf1", "PF 1", 0},
                          {"self_heating/pf0.5ind", "PF 0.5 ind", 60}};

using Errors = std::vector<std::pair<double, double>>;

/// How far apart the errors of the last 20 minutes are; none if they reach less far back.
std::optional<double> last_change(const Errors& errors) {
  if (errors.empty() || errors.back().first - errors.front().first < settled_min) {
    return std::nullopt;
  }
  double least = errors.back().second;
  double most = least;
  for (auto it = errors.rbegin(); it != errors.rend(); ++it) {
    if (errors.back().first - it->first > settled_min + 1e-9) break;
    least = std::min(least, it->second);
    most = std::max(most, it->second);
  }
  return most - least;
}

nlohmann::json run_heating(const Subject& subject, const Load& load) {
  Laboratory laboratory(subject, no_load());
  run_s(laboratory, settling_s);
  const Ps begun = laboratory.now();
  laboratory.apply(load_of(subject.ratings.Imax, load.lag_deg));
  run_s(laboratory, settling_s);
  Errors errors;
  double length_s = first_window_s;
  while (true) {
    const Ps from = laboratory.now();
    run_s(laboratory, length_s);
    const double middle_min = (seconds_of(from - begun) + length_s / 2) / s_per_min;
    const std::optional<double> error =
        error_percent(laboratory, subject.ratings, from, laboratory.now());
    if (!error) break;
    errors.emplace_back(middle_min, *error);
    length_s = s_per_min;
    const double passed_min = seconds_of(laboratory.now() - begun) / s_per_min;
    const std::optional<double> change = last_change(errors);
    if (passed_min >= least_min && change && *change < settled_percent) break;
    if (passed_min >= longest_min) break;
  }
  return {{"errors", errors}};
}

class SelfHeating final : public Test {
 public:
  std::string id() const override { return "self_heating"; }

  void plan(const Subject& subject, const Parameters&, Plan& plan) const override {
    for (const Load& load : loads) {
      plan.procedures.push_back({load.id, [subject, load] { return run_heating(subject, load); },
                                 settling_s + (least_min + 1) * s_per_min});
    }
  }

  Chapter judge(const Subject& subject, const Parameters&, const Results& results) const override {
    Chapter chapter;
    chapter.id = id();
    chapter.title = "Self-heating";
    chapter.clause = iec_clause(subject.accuracy_class, "7.3");
    chapter.method =
        "After hours at Un without current, the state in which the thermal model begins, Imax is "
        "switched on. The error is taken minute by minute, for at least an hour and until it "
        "changes by less than 0.2 % in 20 minutes, and compared with that of the first seconds.";
    CurvePlot plot;
    plot.title = "Change of error while the meter heats itself, Imax";
    plot.x_label = "time [min]";
    plot.y_label = "change of error [%]";
    for (const Load& load : loads) judge_load(subject, results, load, chapter, plot);
    if (!plot.curves.empty()) chapter.curves.push_back(plot);
    return chapter;
  }

 private:
  static void judge_load(const Subject& subject, const Results& results, const Load& load,
                         Chapter& chapter, CurvePlot& plot) {
    const ClassLimits limits = class_limits(subject.accuracy_class);
    const double limit = load.lag_deg == 0 ? limits.self_heating : limits.self_heating_inductive;
    const std::string clause = iec_clause(subject.accuracy_class, "7.3");
    const Measured measured(results, load.id);
    const Errors errors = measured.curve("errors");
    const std::string condition = fmt::format("{:g} A, {}", subject.ratings.Imax, load.name);
    std::optional<double> change;
    std::optional<double> followed_min;
    std::string remark = measured.fault();
    if (remark.empty() && errors.empty()) remark = "the LED never flashed";
    if (!errors.empty()) {
      const double cold = errors.front().second;
      change = 0;
      Curve curve;
      curve.label = load.name;
      for (const auto& [minute, error] : errors) {
        curve.points.emplace_back(minute, error - cold);
        if (std::abs(error - cold) > std::abs(*change)) change = error - cold;
      }
      // The last window is a minute, and told by its middle.
      followed_min = errors.back().first + 0.5;
      plot.curves.push_back(curve);
      plot.limits.push_back(
          {std::string("limit, ") + load.name, 0, errors.back().first, -limit, limit});
      remark = fmt::format("cold {:+.4f} %, hot {:+.4f} %", cold, errors.back().second);
    }
    chapter.findings.push_back(judged({load.id, condition, "change of error", "%"}, change,
                                      within(limit, clause), remark));
    chapter.findings.push_back(judged({load.id, condition, "followed for", "min"}, followed_min,
                                      at_least(least_min, clause), measured.fault()));
    chapter.findings.push_back(judged({load.id, condition, "change in the last 20 min", "%"},
                                      last_change(errors), at_most(settled_percent, clause),
                                      measured.fault()));
  }
};

}  // namespace

std::unique_ptr<Test> self_heating_test() { return std::make_unique<SelfHeating>(); }

}  // namespace tools::typetest
