// Register capacity: at full load the register must not begin anew within 1 500 h (IEC) and 4 000 h
// (MID), reckoned, not waited for. And what happens when it does: a meter whose counter stands two
// seconds of full load before 10⁶ kWh goes through; the register shows the rest, the counter behind
// it and the LED go on.
//
//   task                brings home
//   register_capacity   register_before_kWh, register_after_kWh, counter_kWh, pulses, owed
#include "tools/scenario/register_capacity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/typetest/procedures/bench_work.h"
#include "tools/typetest/procedures/class_limits.h"
#include "tools/typetest/procedures/judging.h"
#include "tools/typetest/procedures/procedures.h"

namespace tools::typetest {
namespace {

constexpr const char* task_id = "register_capacity";
constexpr double iec_h = 1500;
/// Of full load, before and behind the roll-over.
constexpr double before_s = 2;
constexpr double behind_s = 4;
constexpr double highest_shown_kWh = 999'999.99;
constexpr double uWh_per_Wh = 1e6;

double primary_Wh(const Subject& subject, double seconds) {
  return power_W(subject.ratings, subject.ratings.Imax) * ct_ratio_of(subject) * seconds / s_per_h;
}

/// The meter before the roll-over. What it was calibrated with stands in the EEPROM beside its
/// counters and goes with them: how exactly it counts is not asked here.
Subject before_roll_over(const Subject& subject) {
  Subject full = subject;
  full.meter.eeprom_file.clear();
  full.meter.eeprom_bytes.clear();
  const double counter_Wh = register_capacity_kWh * Wh_per_kWh - primary_Wh(subject, before_s);
  metrology::energy::EnergyCounter counter;
  counter.counter_uWh = std::llround(counter_Wh * uWh_per_Wh);
  full.meter.counters = {};
  using metrology::energy::Direction;
  using metrology::energy::Tariff;
  constexpr auto active = metrology::energy::Kind::active;
  full.meter.counters.phase[0].of(active, Direction::forward, Tariff::t1) = counter;
  full.meter.counters.total.of(active, Direction::forward, Tariff::t1) = counter;
  return full;
}

nlohmann::json run_roll_over(const Subject& subject) {
  Laboratory laboratory(before_roll_over(subject), no_load());
  run_s(laboratory, settling_s);
  nlohmann::json result;
  result["register_before_kWh"] = shown(laboratory, rows::active_forward);
  const double before_Wh = laboratory.raw_energy_Wh(rows::active_forward);
  const Ps from = laboratory.now();
  laboratory.apply(load_of(subject.ratings.Imax));
  run_s(laboratory, before_s + behind_s);
  laboratory.apply(no_load());
  run_s(laboratory, settling_s);
  const double after_Wh = laboratory.raw_energy_Wh(rows::active_forward);
  result["register_after_kWh"] = shown(laboratory, rows::active_forward);
  result["counter_kWh"] = after_Wh / Wh_per_kWh;
  result["pulses"] = flashes_between(laboratory, Kind::active, from, laboratory.now());
  result["owed"] =
      (after_Wh - before_Wh) / ct_ratio_of(subject) / Wh_per_kWh * subject.ratings.led_imp_per_kWh;
  return result;
}

class RegisterCapacity final : public Test {
 public:
  std::string id() const override { return "register_capacity"; }

  void plan(const Subject& subject, const Parameters&, Plan& plan) const override {
    plan.procedures.push_back({task_id, [subject] { return run_roll_over(subject); },
                               2 * settling_s + before_s + behind_s});
  }

  Chapter judge(const Subject& subject, const Parameters&, const Results& results) const override {
    Chapter chapter;
    chapter.id = id();
    chapter.title = "Register capacity";
    chapter.clause = "MID Annex V; IEC 62052-11 5.10";
    chapter.method =
        "How long the register lasts at Un, Imax and PF 1 is reckoned, with CTs of 5/5. Then a "
        "meter whose counter stands two seconds of full load before its highest value is led "
        "through the roll-over.";
    judge_hours(subject, chapter);
    judge_roll_over(subject, Measured(results, task_id), chapter);
    return chapter;
  }

 private:
  static void judge_hours(const Subject& subject, Chapter& chapter) {
    const double full_load_W = power_W(subject.ratings, subject.ratings.Imax);
    const double hours = hours_to_roll_over(full_load_W);
    const std::string condition = fmt::format("3 × {:g} V, {:g} A, PF 1{}", subject.ratings.Un,
                                              subject.ratings.Imax, subject.ct() ? ", CT 5/5" : "");
    std::string remark = "reckoned";
    const double ratio = ct_ratio_of(subject);
    if (ratio != 1) {
      remark +=
          fmt::format("; at the ratio that is set, {}/5, {:.0f} h", subject.meter.page.ct_primary_A,
                      hours_to_roll_over(full_load_W * ratio));
    }
    const std::string id = std::string(task_id) + "/hours";
    chapter.findings.push_back(judged({id, condition, "time to the roll-over", "h"}, hours,
                                      at_least(least_hours_to_roll_over, "MID Annex V"), remark));
    chapter.findings.push_back(judged({id, condition, "time to the roll-over", "h"}, hours,
                                      at_least(iec_h, "IEC 62052-11"), remark));
  }

  static void judge_roll_over(const Subject& subject, const Measured& measured, Chapter& chapter) {
    const std::string condition = fmt::format("{:g} A through 10⁶ kWh", subject.ratings.Imax);
    const double passed_kWh = primary_Wh(subject, behind_s) / Wh_per_kWh;
    // Uncalibrated front ends may be 5 % off; a float next to 10⁶ is 1/16 off.
    constexpr double tolerance = 0.05;
    constexpr double float_step_kWh = 0.0625;
    const double before_kWh = register_capacity_kWh - primary_Wh(subject, before_s) / Wh_per_kWh;
    chapter.findings.push_back(judged({task_id, condition, "register before", "kWh"}, measured,
                                      "register_before_kWh",
                                      {before_kWh - float_step_kWh - 0.01, highest_shown_kWh,
                                       "manual 6.4: 999999.99 kWh", Certainty::maker},
                                      "a float holds it to 1/16 kWh"));
    chapter.findings.push_back(
        judged({task_id, condition, "register behind", "kWh"}, measured, "register_after_kWh",
               {std::max(0.0, passed_kWh * (1 - tolerance) -
                                  primary_Wh(subject, before_s) / Wh_per_kWh * tolerance - 0.02),
                passed_kWh * (1 + tolerance) +
                    primary_Wh(subject, before_s) / Wh_per_kWh * tolerance + 0.02,
                "the register begins at 0 again", Certainty::ours}));
    chapter.findings.push_back(
        judged({task_id, condition, "counter behind it", "kWh"}, measured, "counter_kWh",
               at_least(register_capacity_kWh, "the counter goes on", Certainty::ours)));
    const std::optional<double> pulses = measured.number("pulses");
    const std::optional<double> owed = measured.number("owed");
    std::optional<double> missing;
    if (pulses && owed) missing = *owed - *pulses;
    chapter.findings.push_back(judged({task_id, condition, "pulses missing", ""}, missing,
                                      within(1, "no pulse is lost", Certainty::ours),
                                      measured.fault()));
  }
};

}  // namespace

std::unique_ptr<Test> register_capacity_test() { return std::make_unique<RegisterCapacity>(); }

}  // namespace tools::typetest
