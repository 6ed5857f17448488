// Repeatability: the same point again and again, each time with other noise. What the errors differ
// by must be a tenth of the limit at the most.
//
// These are points, measured like any other: repeatability/LOAD/RUN.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/typetest/procedures/class_limits.h"
#include "tools/typetest/procedures/judging.h"
#include "tools/typetest/procedures/procedures.h"

namespace tools::typetest {
namespace {

constexpr int run_count = 5;

struct Load {
  const char* name;
  double current_A;
  double limit_percent;  ///< of spread and deviation
};
std::vector<Load> loads_of(const Subject& subject, const Parameters& parameters) {
  const ClassLimits limits = class_limits(subject.accuracy_class);
  const Ratings& ratings = subject.ratings;
  std::vector<Load> loads = {{"Imin", ratings.Imin, tenth_of_limit * limits.error_at_Imin},
                             {"Itr", ratings.Itr, tenth_of_limit * limits.error},
                             {"Iref", ratings.Iref, tenth_of_limit * limits.error}};
  const auto other = parameters.uncertain_percent.find("repeatability");
  if (other == parameters.uncertain_percent.end()) return loads;
  for (Load& load : loads) load.limit_percent = other->second;
  return loads;
}

std::string id_of(const Load& load, int run) {
  return fmt::format("repeatability/{}/{}", load.name, run + 1);
}

class Repeatability final : public Test {
 public:
  std::string id() const override { return "repeatability"; }

  void plan(const Subject& subject, const Parameters& parameters, Plan& plan) const override {
    for (const Load& load : loads_of(subject, parameters)) {
      for (int run = 0; run < run_count; ++run) {
        Point point;
        point.id = id_of(load, run);
        point.condition.current_A = load.current_A;
        point.limit_percent = load.limit_percent;
        point.repetition = run + 1;
        plan.add(point);
      }
    }
  }

  Chapter judge(const Subject& subject, const Parameters& parameters,
                const Results& results) const override {
    Chapter chapter;
    chapter.id = id();
    chapter.title = "Repeatability";
    chapter.clause = "EN 50470-3, repeatability";
    chapter.method = fmt::format(
        "{} runs at each load, PF 1, with other noise each time. Their standard deviation, and the "
        "distance between the greatest and the least error, are a tenth of the limit at the most.",
        run_count);
    BarPlot bars;
    bars.title = "Spread of repeated measurements";
    bars.y_label = "spread [%]";
    for (const Load& load : loads_of(subject, parameters)) judge_load(results, load, chapter, bars);
    if (!bars.bars.empty()) chapter.bars.push_back(bars);
    return chapter;
  }

 private:
  static void judge_load(const Results& results, const Load& load, Chapter& chapter,
                         BarPlot& bars) {
    std::vector<double> errors;
    std::string remark;
    for (int run = 0; run < run_count; ++run) {
      const PointResult* result = results.point(id_of(load, run));
      if (result != nullptr) {
        errors.push_back(result->error_percent);
      } else {
        remark = fmt::format("run {} has no error", run + 1);
      }
    }
    std::optional<double> spread;
    std::optional<double> deviation;
    if (errors.size() == run_count) {
      double mean = 0;
      for (const double error : errors) mean += error / run_count;
      double square = 0;
      for (const double error : errors) square += (error - mean) * (error - mean);
      deviation = std::sqrt(square / (run_count - 1));
      const auto [least, most] = std::minmax_element(errors.begin(), errors.end());
      spread = *most - *least;
      remark = fmt::format("mean {:+.4f} %", mean);
    }
    const std::string id = fmt::format("repeatability/{}", load.name);
    const std::string condition = fmt::format("{:g} A, PF 1, {} runs", load.current_A, run_count);
    const Limit held =
        at_most(load.limit_percent, "EN 50470-3: a tenth of the limit", Certainty::uncertain);
    chapter.findings.push_back(
        judged({id, condition, "spread of errors", "%"}, spread, held, remark));
    chapter.findings.push_back(
        judged({id, condition, "standard deviation", "%"}, deviation, held, remark));
    if (spread) bars.bars.push_back({load.name, *spread, 0, load.limit_percent});
  }
};

}  // namespace

std::unique_ptr<Test> repeatability_test() { return std::make_unique<Repeatability>(); }

}  // namespace tools::typetest
