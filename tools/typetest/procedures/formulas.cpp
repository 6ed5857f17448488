#include "tools/typetest/procedures/formulas.h"

namespace tools::typetest {
namespace {

/// min · imp/kWh · W, of IEC 62053-21 class 1 and 62053-22 class 0.5 S alike.
constexpr double iec_active_constant = 600e6;
/// … of IEC 62053-23 class 2.
constexpr double iec_reactive_constant = 480e6;

}  // namespace

double power_W(const Ratings& ratings, double current_A) {
  return element_count * ratings.Un * current_A;
}

double starting_current_A(const Ratings& ratings, Kind kind) {
  return kind == Kind::active ? ratings.Ist : ratings.Ist_reactive;
}

double starting_period_s(const Ratings& ratings, Kind kind) {
  return s_per_h * Wh_per_kWh /
         (power_W(ratings, starting_current_A(ratings, kind)) * ratings.led_imp_per_kWh);
}

std::vector<NoLoadTime> no_load_times(const Subject& subject, const Parameters& parameters) {
  const Ratings& ratings = subject.ratings;
  const double k = ratings.led_imp_per_kWh;
  const double full_load = k * power_W(ratings, ratings.Imax);
  const double start = k * power_W(ratings, ratings.Ist) * no_load_voltage;
  return {{"iec", Kind::active, s_per_min * iec_active_constant / full_load,
           subject.accuracy_class == AccuracyClass::b ? "IEC 62053-21 8.3.2" : "IEC 62053-22 8.3.2",
           Certainty::standard},
          {"en", Kind::active, s_per_min * parameters.no_load_constant / start,
           "EN 50470-3, no-load condition", Certainty::uncertain},
          {"iec_reactive", Kind::reactive, s_per_min * iec_reactive_constant / full_load,
           "IEC 62053-23 8.3.2", Certainty::standard}};
}

double class_percent(AccuracyClass accuracy_class) {
  return accuracy_class == AccuracyClass::b ? 1 : 0.5;
}

double constant_test_energy_Wh(AccuracyClass accuracy_class) {
  return 1000 * register_step_Wh / class_percent(accuracy_class);
}

double disturbance_allowance_kWh(const Ratings& ratings) {
  return 1e-6 * power_W(ratings, ratings.Imax);
}

}  // namespace tools::typetest
