// What the standards reckon from a meter's ratings, and what a campaign's procedures cost.
#include <catch2/catch.hpp>

#include "tests/tools/typetest_procedures.h"
#include "tools/scenario/register_capacity.h"
#include "tools/typetest/procedures/class_limits.h"
#include "tools/typetest/procedures/formulas.h"

using namespace tools::typetest;

namespace {

const Subject direct = tests::ideal_device(false);
const Subject with_ct = tests::ideal_device(true);

double simulated_s(const Subject& subject) {
  double sum = 0;
  for (const std::unique_ptr<Test>& test : procedure_tests()) {
    Plan plan;
    test->plan(subject, {}, plan);
    for (const Task& task : plan.procedures) sum += task.simulated_s;
  }
  return sum;
}

double planned_s(const std::string& test, const std::string& task, const Subject& subject) {
  for (const Task& planned : tests::plan_of(test, subject).procedures) {
    if (planned.id == task) return planned.simulated_s;
  }
  return 0;
}

}  // namespace

TEST_CASE("procedures: a pulse at the starting current takes 3.6e6 / (m Un Ist k) seconds") {
  // 3 · 230 V · 20 mA are 13.8 W, a pulse is 0.1 Wh: 360 Ws / 13.8 W.
  CHECK(starting_period_s(direct.ratings, Kind::active) == Approx(360 / 13.8));
  CHECK(starting_period_s(direct.ratings, Kind::active) == Approx(26.087).epsilon(1e-4));
  CHECK(starting_period_s(with_ct.ratings, Kind::active) == Approx(347.83).epsilon(1e-4));
  // 17.25 var and 3.105 var.
  CHECK(starting_period_s(direct.ratings, Kind::reactive) == Approx(360 / 17.25));
  CHECK(starting_period_s(with_ct.ratings, Kind::reactive) == Approx(360 / 3.105));
}

TEST_CASE("procedures: the no-load test lasts as long as each standard asks for") {
  const std::vector<NoLoadTime> d = no_load_times(direct, {});
  REQUIRE(d.size() == 3);
  CHECK(d[0].duration_s == Approx(52.2).epsilon(1e-3));
  CHECK(d[1].duration_s == Approx(90.7).epsilon(1e-3));
  CHECK(d[2].duration_s == Approx(41.7).epsilon(1e-3));
  CHECK(d[2].kind == Kind::reactive);
  const std::vector<NoLoadTime> x = no_load_times(with_ct, {});
  CHECK(x[0].duration_s == Approx(14.49 * 60).epsilon(1e-3));
  CHECK(x[1].duration_s == Approx(20.16 * 60).epsilon(1e-3));
  CHECK(x[2].duration_s == Approx(11.59 * 60).epsilon(1e-3));
}

TEST_CASE("procedures: the constant of EN 50470-3's no-load time is a parameter") {
  Parameters parameters;
  parameters.no_load_constant *= 2;
  CHECK(no_load_times(direct, parameters)[1].duration_s ==
        Approx(2 * no_load_times(direct, {})[1].duration_s));
  CHECK(no_load_times(direct, parameters)[1].certainty == Certainty::uncertain);
  CHECK(no_load_times(direct, parameters)[0].duration_s == no_load_times(direct, {})[0].duration_s);
}

TEST_CASE("procedures: energies and powers of the standards") {
  CHECK(constant_test_energy_Wh(AccuracyClass::b) == 10'000);
  CHECK(constant_test_energy_Wh(AccuracyClass::c) == 20'000);
  CHECK(disturbance_allowance_kWh(direct.ratings) == Approx(0.069));
  CHECK(disturbance_allowance_kWh(with_ct.ratings) == Approx(0.00414));
  // 10⁶ kWh at 69 kW, 4.14 kW, and 6210 kW with CTs of 7500/5.
  CHECK(tools::hours_to_roll_over(69'000) == Approx(14'493).epsilon(1e-4));
  CHECK(tools::hours_to_roll_over(4'140.0 * 1500) == Approx(161).epsilon(1e-3));
}

TEST_CASE("procedures: all of them stay within what a campaign may simulate") {
  CHECK(simulated_s(direct) < 12'000);
  CHECK(simulated_s(with_ct) < 30'000);
}

TEST_CASE("procedures: estimates are what the formulas say and some seconds to settle") {
  const auto about = [](double seen, double least) { return seen > least && seen < least + 30; };
  CHECK(about(planned_s("starting", "starting/active/forward", direct), 3 * 26.087));
  CHECK(about(planned_s("starting", "starting/active/reverse", with_ct), 3 * 347.83));
  CHECK(about(planned_s("no_load", "no_load/open", with_ct), 1209.5));
  // 2 % more than 10 kWh at 69 kW and 20 kWh at 4.14 kW.
  CHECK(about(planned_s("meter_constant", "meter_constant", direct), 1.02 * 521.7));
  CHECK(about(planned_s("meter_constant", "meter_constant", with_ct), 1.02 * 17'391));
  CHECK(planned_s("self_heating", "self_heating/pf1", direct) >= 3600);
}

TEST_CASE("procedures: limits of both classes are those of the standards") {
  const ClassLimits b = class_limits(AccuracyClass::b);
  const ClassLimits c = class_limits(AccuracyClass::c);
  CHECK(b.error == 1.0);
  CHECK(c.error == 0.5);
  CHECK(b.error_at_Imin == 1.5);
  CHECK(c.error_at_Imin == 1.0);
  CHECK(b.self_heating == 0.7);
  CHECK(b.self_heating_inductive == 1.0);
  CHECK(c.self_heating == 0.2);
  CHECK(c.self_heating_inductive == 0.2);
  CHECK(b.overcurrent == 1.5);
  CHECK(c.overcurrent == 0.05);
}
