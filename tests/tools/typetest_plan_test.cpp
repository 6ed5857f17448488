// What the type approval wants measured: names of points, how many, how long they take, and that no
// limit is without a load that is held against it.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <set>

#include "tests/tools/typetest_points.h"
#include "tools/typetest/points/loads.h"

using namespace tests;

namespace {

Plan plan_of_all(const Subject& subject) {
  Plan plan;
  for (const auto& test : point_tests()) test->plan(subject, {}, plan);
  return plan;
}

std::vector<Case> cases_of_all(const Subject& subject) {
  std::vector<Case> all;
  for (const auto& test : point_tests()) {
    if (const auto* made_of_cases = dynamic_cast<const CaseTest*>(test.get())) {
      append(all, made_of_cases->cases(subject, {}));
    }
  }
  return all;
}

double power_of(const Point& point, double Un) {
  const Condition& c = point.condition;
  double phases = 0;
  for (std::size_t n = 0; n < 3; ++n) phases += c.loaded[n] && c.voltage_present[n] ? 1 : 0;
  const double angle = c.lag_deg * 3.14159265358979 / 180;
  const double factor = std::abs(point.kind == Kind::active ? std::cos(angle) : std::sin(angle));
  return phases * Un * c.voltage * c.current_A * factor;
}

/// 1.5 s to settle, half an interval to the first flash, and then two intervals, 2 s, or until
/// 10.8 µs of timing are a hundredth of the limit.
double duration_s(const Point& point, const Ratings& ratings) {
  const double interval = 3.6e6 / (ratings.led_imp_per_kWh * power_of(point, ratings.Un));
  const double timed = 10.8e-6 / (0.01 * point.limit_percent / 100);
  return 1.5 + interval / 2 + std::max({2., 2 * interval, timed});
}

}  // namespace

TEST_CASE("a type approval measures at least 250 points of each version within half its time") {
  const bool ct = GENERATE(false, true);
  const Subject subject = subject_of(ct);
  const Plan plan = plan_of_all(subject);
  double sum = 0;
  std::set<std::string> ids;
  for (const Point& point : plan.points) {
    sum += duration_s(point, subject.ratings);
    ids.insert(point.id);
    INFO(point.id);
    CHECK(point.limit_percent > 0);
    CHECK(point.id == point_id(point.condition, point.kind));
  }
  WARN(fmt::format("{}: {} points, {:.0f} simulated seconds", ct ? "CT" : "direct",
                   plan.points.size(), sum));
  CHECK(plan.points.size() >= 250);
  CHECK(ids.size() == plan.points.size());
  // Of 25 000 s and 60 000 s procedures have the other half.
  CHECK(sum <= (ct ? 30'000 : 12'500));
}

TEST_CASE("every row of the tables of limits is reached by a load") {
  const bool ct = GENERATE(false, true);
  const auto accuracy_class = GENERATE(AccuracyClass::b, AccuracyClass::c);
  Subject subject = subject_of(ct);
  subject.accuracy_class = accuracy_class;
  const std::vector<Case> cases = cases_of_all(subject);
  for (const LimitRow& row : limit_rows()) {
    if (!is_for(row, accuracy_class)) continue;
    // Half-waves are for meters that are connected directly.
    if (ct && row.quantity == Quantity::half_wave) continue;
    // Itr of 0.4 times lies below Imin of the direct meter, but its row goes on to 2 Itr.
    const bool reached = std::any_of(cases.begin(), cases.end(), [&](const Case& c) {
      const Angle* angle = angle_of(c.kind, c.condition.lag_deg);
      return c.kind == row.kind && c.quantity == row.quantity && angle != nullptr &&
             angle->factor == row.factor && covers(row, subject.ratings, c.condition.current_A);
    });
    INFO(name_of(row.quantity) << ", " << angle_at(row.factor).text << ", from "
                               << row.from.in_A(subject.ratings) << " A, " << row.source);
    CHECK(reached);
  }
}

TEST_CASE("nothing is measured for a test that has no limit for it") {
  const bool ct = GENERATE(false, true);
  const auto accuracy_class = GENERATE(AccuracyClass::b, AccuracyClass::c);
  Subject subject = subject_of(ct);
  subject.accuracy_class = accuracy_class;
  for (const Case& c : cases_of_all(subject)) {
    INFO(name_of(c.quantity) << ": " << point_id(c.condition, c.kind));
    CHECK_FALSE(limits_for(subject, {}, c).empty());
  }
}

TEST_CASE("the meter is loaded in both directions and each phase alone with all voltages") {
  const Plan plan = plan_of_all(subject_of(false));
  std::set<std::string> ids;
  for (const Point& point : plan.points) ids.insert(point.id);
  for (const char* id :
       {"active/import/L123/pf1/0.25A", "active/export/L123/pf1/100A",
        "active/import/L1/pf0.5ind/1A", "active/export/L2/pf1/0.5A", "active/import/L3/pf1/100A",
        "active/import/L123/pf0.25ind/5A", "active/import/L123/pf0.5cap/1A",
        "reactive/import/L123/sin1ind/0.25A", "reactive/export/L123/sin0.5cap/5A",
        "active/import/L123/pf1/5A/noU23", "active/import/L123/pf1/0.5A/reversed",
        "active/import/L123/pf1/50A/fifth", "active/import/L123/pf1/100A/half-wave-negative",
        "active/import/L123/pf1/5A/conducted150000Hz1A",
        "active/import/L123/pf1/0.25A/tariff-input"}) {
    INFO(id);
    CHECK(ids.count(id) == 1);
  }
}

TEST_CASE("a point that two tests want is measured once and as finely as either needs") {
  Plan plan;
  Point point;
  point.id = "one";
  point.limit_percent = 1;
  plan.add(point);
  point.limit_percent = 0.2;
  plan.add(point);
  point.limit_percent = 0.5;
  plan.add(point);
  REQUIRE(plan.points.size() == 1);
  CHECK(plan.points[0].limit_percent == 0.2);
  point.id = "two";
  plan.add(point);
  CHECK(plan.points.size() == 2);
}

TEST_CASE("a result with a fault is no result") {
  Results results;
  PointResult result;
  result.id = "a";
  results.points["a"] = result;
  result.fault = "dark";
  results.points["b"] = result;
  CHECK(results.point("a") == &results.points["a"]);
  CHECK(results.point("b") == nullptr);
  CHECK(results.point("c") == nullptr);
}

TEST_CASE("every part of a condition is in the name of its point") {
  const Condition reference = load(5);
  std::vector<Condition> others;
  const auto vary = [&](auto change) {
    Condition condition = reference;
    change(condition);
    others.push_back(condition);
  };
  vary([](Condition& c) { c.voltage = 0.9; });
  vary([](Condition& c) { c.voltage_present[0] = false; });
  vary([](Condition& c) { c.voltage_present[2] = false; });
  vary([](Condition& c) { c.current_A = 5.000001; });
  vary([](Condition& c) { c.loaded[1] = false; });
  vary([](Condition& c) { c.lag_deg = 60; });
  vary([](Condition& c) { c.lag_deg = -60; });
  vary([](Condition& c) { c.lag_deg = 0.01; });
  vary([](Condition& c) { c.exports = true; });
  vary([](Condition& c) { c.frequency_Hz = 49; });
  vary([](Condition& c) { c.temperature_C = -25; });
  vary([](Condition& c) { c.reversed_sequence = true; });
  for (const Recipe recipe :
       {Recipe::fifth_harmonic, Recipe::half_wave_positive, Recipe::half_wave_negative,
        Recipe::phase_fired, Recipe::burst_fired, Recipe::conducted}) {
    vary([&](Condition& c) { c.recipe = recipe; });
  }
  vary([](Condition& c) {
    c.recipe = Recipe::phase_fired;
    c.rms_after_gating = false;
  });
  vary([](Condition& c) {
    c.recipe = Recipe::conducted;
    c.conducted_Hz = 2000;
  });
  vary([](Condition& c) {
    c.recipe = Recipe::conducted;
    c.conducted_A = 2;
  });
  for (const Accessory accessory :
       {Accessory::tariff_input, Accessory::backlight, Accessory::bus_traffic}) {
    vary([&](Condition& c) { c.accessory = accessory; });
  }
  std::set<std::string> ids = {point_id(reference, Kind::active),
                               point_id(reference, Kind::reactive)};
  for (const Condition& condition : others) ids.insert(point_id(condition, Kind::active));
  CHECK(ids.size() == others.size() + 2);
  CHECK(point_id(reference, Kind::active) == "active/import/L123/pf1/5A");
}

TEST_CASE("people read a condition in words") {
  Condition condition = on_phase(load(5, Factor::inductive_05), 1);
  CHECK(describe(condition, Kind::active) == "5 A, PF 0.5 ind, L2 alone");
  condition.temperature_C = -25;
  condition.voltage = 0.9;
  condition.exports = true;
  CHECK(describe(condition, Kind::active) == "5 A, PF 0.5 ind, L2 alone, export, 0.9 Un, -25 °C");
  Condition lost = load(1.5);
  lost.voltage_present = {false, true, false};
  CHECK(describe(lost, Kind::active) == "1.5 A, PF 1, no voltage at L1 and L3");
}
