// Meter constant: at Imax the meter counts so much energy that a step of its register is a tenth of
// the limit; then its register and the flashes of its LED must tell of the same energy.
//
// The register is looked at twice: the counter behind it, and the row that the bus shows, which
// goes in steps of 0.01 kWh. So that these say as much as they can, a little energy first brings
// the counter to the middle of a step.
//
//   task            brings home
//   meter_constant  pulses, counter_Wh, register_Wh: secondary, between two rests
#include <fmt/format.h>

#include <cmath>

#include "tools/typetest/procedures/bench_work.h"
#include "tools/typetest/procedures/class_limits.h"
#include "tools/typetest/procedures/judging.h"
#include "tools/typetest/procedures/procedures.h"

namespace tools::typetest {
namespace {

constexpr const char* task_id = "meter_constant";
/// So much more than what is asked for, so that a meter that reads too little has enough as well.
constexpr double margin = 1.02;

double load_s(const Subject& subject, double energy_Wh) {
  return energy_Wh * s_per_h / power_W(subject.ratings, subject.ratings.Imax);
}

double energy_Wh(const Subject& subject) {
  return std::ceil(margin * constant_test_energy_Wh(subject.accuracy_class) / register_step_Wh) *
         register_step_Wh;
}

void feed(Laboratory& laboratory, const Subject& subject, double Wh) {
  laboratory.apply(load_of(subject.ratings.Imax));
  run_s(laboratory, load_s(subject, Wh));
  laboratory.apply(no_load());
  run_s(laboratory, settling_s);
}

nlohmann::json run_constant(const Subject& subject) {
  const double ratio = ct_ratio_of(subject);
  Laboratory laboratory(subject, no_load());
  run_s(laboratory, settling_s);
  const double begun_Wh =
      std::fmod(laboratory.raw_energy_Wh(rows::active_forward), register_step_Wh);
  feed(laboratory, subject, (1.5 * register_step_Wh - begun_Wh) / ratio);

  const double counter_Wh = laboratory.raw_energy_Wh(rows::active_forward);
  const double register_kWh = shown(laboratory, rows::active_forward);
  const Ps from = laboratory.now();
  feed(laboratory, subject, energy_Wh(subject));
  nlohmann::json result;
  result["pulses"] = flashes_between(laboratory, Kind::active, from, laboratory.now());
  result["counter_Wh"] = (laboratory.raw_energy_Wh(rows::active_forward) - counter_Wh) / ratio;
  result["register_Wh"] =
      (shown(laboratory, rows::active_forward) - register_kWh) * Wh_per_kWh / ratio;
  return result;
}

class MeterConstant final : public Test {
 public:
  std::string id() const override { return "meter_constant"; }

  void plan(const Subject& subject, const Parameters&, Plan& plan) const override {
    const double simulated_s =
        3 * settling_s + load_s(subject, energy_Wh(subject) + register_step_Wh);
    plan.procedures.push_back({task_id, [subject] { return run_constant(subject); }, simulated_s});
  }

  Chapter judge(const Subject& subject, const Parameters&, const Results& results) const override {
    Chapter chapter;
    chapter.id = id();
    chapter.title = "Meter constant";
    chapter.clause = iec_clause(subject.accuracy_class, "8.4");
    chapter.method = fmt::format(
        "{:g} kWh at Imax, so that a step of the register is less than a tenth of the limit. What "
        "the register has gained is held against the flashes of the LED at {:g} imp/kWh.",
        energy_Wh(subject) / Wh_per_kWh, subject.ratings.led_imp_per_kWh);
    const Measured measured(results, task_id);
    const std::optional<double> pulses = measured.number("pulses");
    const std::string condition = fmt::format("{:g} A, PF 1", subject.ratings.Imax);
    const Limit limit =
        within(tenth_of_limit * class_limits(subject.accuracy_class).error,
               iec_clause(subject.accuracy_class, "8.4") + ": a tenth of the error's limit");
    struct Register {
      const char* name;
      const char* quantity;
    };
    for (const Register& which : {Register{"counter_Wh", "counter against pulses"},
                                  Register{"register_Wh", "register on the bus against pulses"}}) {
      const std::optional<double> gained_Wh = measured.number(which.name);
      std::optional<double> difference_percent;
      std::string remark = measured.fault();
      if (pulses && *pulses > 0 && gained_Wh) {
        const double told_Wh = *pulses * Wh_per_kWh / subject.ratings.led_imp_per_kWh;
        difference_percent = 100 * (*gained_Wh / told_Wh - 1);
        remark = fmt::format("{:.3f} kWh and {:.0f} pulses", *gained_Wh / Wh_per_kWh, *pulses);
      } else if (remark.empty()) {
        remark = "the LED never flashed";
      }
      chapter.findings.push_back(
          judged({task_id, condition, which.quantity, "%"}, difference_percent, limit, remark));
    }
    chapter.findings.push_back(judged(
        {task_id, condition, "energy by the pulses", "kWh"},
        pulses ? std::optional<double>(*pulses / subject.ratings.led_imp_per_kWh) : std::nullopt,
        at_least(constant_test_energy_Wh(subject.accuracy_class) / Wh_per_kWh,
                 "OIML R 46: 1000 steps of the register by the class", Certainty::uncertain),
        measured.fault()));
    return chapter;
  }
};

}  // namespace

std::unique_ptr<Test> meter_constant_test() { return std::make_unique<MeterConstant>(); }

}  // namespace tools::typetest
