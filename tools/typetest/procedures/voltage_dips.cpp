// Voltage dips and short interruptions: with Un on and no current, the voltage goes away or down
// for a while. Neither a counter nor the LED may move by more than x = 10⁻⁶·m·Un·Imax kWh, and the
// meter must measure afterwards as it did before.
//
//   task           brings home
//   voltage_dips   change_kWh, pulses of a, b and c: a_change_kWh, a_pulses …;
//                  before_percent, after_percent: errors at Iref
#include <fmt/format.h>

#include "tools/typetest/procedures/bench_work.h"
#include "tools/typetest/procedures/class_limits.h"
#include "tools/typetest/procedures/judging.h"
#include "tools/typetest/procedures/procedures.h"

namespace tools::typetest {
namespace {

constexpr const char* task_id = "voltage_dips";

struct Dip {
  const char* name;
  const char* text;
  double residual;
  double duration_s;
  int count;
  double gap_s;
};
/// IEC 62052-11:2003 7.1.2.
constexpr Dip dips[] = {{"a", "3 interruptions of 1 s, 50 ms apart", 0, 1, 3, 0.05},
                        {"b", "an interruption of 20 ms", 0, 0.02, 1, 0},
                        {"c", "a dip to 50 % for 1 min", 0.5, 60, 1, 0}};

/// A meter that was without supply is fully functional within so long.
constexpr double recovery_s = 5;
constexpr double measured_s = 10;

nlohmann::json run_dips(const Subject& subject) {
  Laboratory laboratory(subject, no_load());
  run_s(laboratory, settling_s);
  nlohmann::json result;
  result["before_percent"] =
      json_of(reference_error_percent(laboratory, subject.ratings, measured_s));
  laboratory.apply(no_load());
  run_s(laboratory, settling_s);
  for (const Dip& dip : dips) {
    const Counters before = read_counters(laboratory, subject);
    const Ps from = laboratory.now();
    for (int n = 0; n < dip.count; ++n) {
      laboratory.dip(duration_of(dip.duration_s), dip.residual);
      run_s(laboratory, dip.duration_s + dip.gap_s);
    }
    run_s(laboratory, recovery_s);
    const std::string name = dip.name;
    const Counters after = read_counters(laboratory, subject);
    result[name + "_change_kWh"] = change_between(before, after) / Wh_per_kWh;
    result[name + "_pulses"] = flashes_between(laboratory, Kind::active, from, laboratory.now()) +
                               flashes_between(laboratory, Kind::reactive, from, laboratory.now());
  }
  result["after_percent"] =
      json_of(reference_error_percent(laboratory, subject.ratings, measured_s));
  return result;
}

class VoltageDips final : public Test {
 public:
  std::string id() const override { return "voltage_dips"; }

  void plan(const Subject& subject, const Parameters&, Plan& plan) const override {
    double simulated_s = 4 * settling_s + 2 * measured_s;
    for (const Dip& dip : dips) {
      simulated_s += dip.count * (dip.duration_s + dip.gap_s) + recovery_s;
    }
    plan.procedures.push_back({task_id, [subject] { return run_dips(subject); }, simulated_s});
  }

  Chapter judge(const Subject& subject, const Parameters&, const Results& results) const override {
    Chapter chapter;
    chapter.id = id();
    chapter.title = "Voltage dips and short interruptions";
    chapter.clause = "IEC 62052-11:2003 7.1.2";
    const double allowed_kWh = disturbance_allowance_kWh(subject.ratings);
    chapter.method = fmt::format(
        "At Un without current the voltage of all phases is interrupted or dips. No counter and "
        "no LED may move by more than {:g} kWh; ours are not to move at all. The error at Iref is "
        "taken before and after.",
        allowed_kWh);
    const Measured measured(results, task_id);
    for (const Dip& dip : dips) judge_dip(subject, dip, measured, chapter);
    chapter.findings.push_back(
        change_of_error(task_id, subject.ratings, measured, ", after all of them",
                        within(tenth_of_limit * class_limits(subject.accuracy_class).error,
                               "no degradation: a tenth of the error's limit", Certainty::ours)));
    return chapter;
  }

 private:
  static void judge_dip(const Subject& subject, const Dip& dip, const Measured& measured,
                        Chapter& chapter) {
    const double allowed_kWh = disturbance_allowance_kWh(subject.ratings);
    const std::string name = dip.name;
    const std::string clause = "IEC 62052-11:2003 7.1.2 " + name + ")";
    chapter.findings.push_back(judged({task_id, dip.text, "change of the counters", "kWh"},
                                      measured, name + "_change_kWh",
                                      at_most(allowed_kWh, clause)));
    chapter.findings.push_back(
        judged({task_id, dip.text, "pulses", ""}, measured, name + "_pulses",
               at_most(allowed_kWh * subject.ratings.led_imp_per_kWh, clause)));
    chapter.findings.push_back(judged({task_id, dip.text, "change of the counters", "kWh"},
                                      measured, name + "_change_kWh",
                                      at_most(0, "no counter is harmed", Certainty::ours)));
  }
};

}  // namespace

std::unique_ptr<Test> voltage_dips_test() { return std::make_unique<VoltageDips>(); }

}  // namespace tools::typetest
