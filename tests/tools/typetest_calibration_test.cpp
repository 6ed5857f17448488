// Calibration finds what was put in: constants against the closed form of the flaws, and a meter
// that was out is in.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/tools/typetest_device.h"
#include "tools/typetest/calibration.h"
#include "tools/typetest/device.h"
#include "tools/typetest/measure_point.h"
#include "tools/typetest/population.h"

using namespace tools::typetest;
using Catch::Matchers::Contains;

namespace {

void kernel(const std::function<void()>& work) { work(); }

std::vector<TaskOutcome> run(const std::vector<Task>& tasks) {
  PoolSettings settings;
  settings.jobs = 2;
  return run_tasks(tasks, kernel, settings);
}

/// What a chamber's task says of a meter whose three phases are alike.
TaskOutcome shown_at(double temperature_C, double voltage, double current, double lead_rad) {
  nlohmann::json phases = nlohmann::json::array();
  for (int p = 0; p < 3; ++p) {
    phases.push_back({{"temperature_C", temperature_C},
                      {"voltage", voltage},
                      {"current", current},
                      {"lead_rad", lead_rad}});
  }
  return {phases.dump(), ""};
}

Point point_at(double current_A, double lag_deg = 0, double temperature_C = 23) {
  Point point;
  point.id = "test";
  point.condition.current_A = current_A;
  point.condition.lag_deg = lag_deg;
  point.condition.temperature_C = temperature_C;
  return point;
}

/// Errors of points, each in a process of its own.
std::vector<double> errors_of(const Subject& subject, const std::vector<Point>& points) {
  std::vector<Task> tasks;
  for (const Point& point : points) tasks.push_back(task_of(subject, point));
  const std::vector<TaskOutcome> outcomes = run(tasks);
  std::vector<double> errors;
  for (std::size_t n = 0; n < points.size(); ++n) {
    const PointResult result = point_result(points[n], outcomes[n]);
    CHECK(result.fault == "");
    errors.push_back(result.error_percent);
  }
  return errors;
}

}  // namespace

TEST_CASE("a factory row is found where the firmware has it") {
  CHECK(factory_row(0, Constant::voltage_ppm) == 0xF100);
  CHECK(factory_row(1, Constant::current_lead_urad) == 0xF14C);
  CHECK(factory_row(2, Constant::reactive_offset_uvar) == 0xF1A0);
}

// Gains 20 ppm/K and −30 ppm/K, and a lead of 4 mrad that grows by 0.4 % per kelvin, as they would
// be read at three temperatures.
TEST_CASE("the coefficients of a type undo what its typical sample shows") {
  std::vector<TaskOutcome> outcomes;
  for (const double t : {-5.0, 23.0, 50.0}) {
    outcomes.push_back(shown_at(t, 1.01 * (1 + 20e-6 * (t - 23)), 0.99 * (1 - 30e-6 * (t - 23)),
                                4e-3 * (1 + 0.004 * (t - 23))));
  }
  const CalibrationConstants constants = type_constants(outcomes);
  for (std::size_t p = 0; p < 3; ++p) {
    CHECK(constants.of(p, Constant::voltage_ppb_per_K) == -20'000);
    CHECK(constants.of(p, Constant::current_ppb_per_K) == 30'000);
    CHECK(constants.of(p, Constant::lead_ppm_per_K) == 4'000);
    CHECK(constants.of(p, Constant::voltage_ppm) == 0);
    CHECK(constants.of(p, Constant::current_lead_urad) == 0);
  }
}

TEST_CASE("a type without a lead has none that changes") {
  const CalibrationConstants constants =
      type_constants({shown_at(-5, 1, 1, 1e-7), shown_at(23, 1, 1, 0), shown_at(50, 1, 1, -1e-7)});
  CHECK(constants.of(0, Constant::lead_ppm_per_K) == 0);
}

TEST_CASE("a chamber that failed is no characterisation") {
  CHECK_THROWS_WITH(type_constants({shown_at(-5, 1, 1, 0), {"", "the chamber leaks"}}),
                    Contains("the chamber leaks"));
}

TEST_CASE("a calibration that failed has its fault and no constants") {
  const CalibratedMeter meter = calibrated_meter({"", "the meter is mute"});
  CHECK(meter.fault == "the meter is mute");
  CHECK(meter.eeprom.empty());
  const Chapter chapter = calibration_chapter(meter);
  CHECK_FALSE(chapter.pass());
  CHECK(chapter.findings.front().remark == "the meter is mute");
}

TEST_CASE("the constants that are found are the flaws turned round") {
  Subject subject = tests::ideal_device(false);
  auto& sensors = subject.meter.sensors;
  sensors.voltage[0].ratio_error = 0.005;
  sensors.current[1].ratio_error = -0.004;
  sensors.current[2].lead_rad = 5.8e-3;
  sensors.current[0].crosstalk_A_per_V = 2e-6;
  const std::vector<TaskOutcome> outcomes = run({calibration_task(subject, {})});
  const CalibratedMeter meter = calibrated_meter(outcomes.front());
  REQUIRE(meter.fault == "");
  const auto of = [&meter](std::size_t p, Constant constant) {
    return static_cast<double>(meter.constants.of(p, constant));
  };
  // 1/1.005 and 1/0.996. Crosstalk is an offset and no gain; what the second round leaves of it in
  // the gain is a twentieth of 92 ppm, its share of 5 A.
  CHECK(of(0, Constant::voltage_ppm) == Approx(-4975).margin(3));
  CHECK(of(1, Constant::current_ppm) == Approx(4016).margin(3));
  CHECK(of(0, Constant::current_ppm) == Approx(0).margin(8));
  CHECK(of(2, Constant::current_lead_urad) == Approx(5800).margin(15));
  CHECK(of(1, Constant::current_lead_urad) == Approx(0).margin(15));
  // 230 V · (2e-6 · 230 V).
  CHECK(of(0, Constant::active_offset_uW) == Approx(-105'800).margin(600));
  CHECK(of(1, Constant::active_offset_uW) == Approx(0).margin(500));
  CHECK(std::abs(meter.residual_percent) < 0.02);
  CHECK(std::abs(meter.residual_inductive_percent) < 0.02);
}

TEST_CASE("calibration takes away what production leaves in a meter") {
  for (const auto variant :
       {metrology::hal::MeterVariant::mod, metrology::hal::MeterVariant::mod_ct}) {
    tools::MeterSpec spec = new_meter(variant);
    draw_parts(spec, 7);
    Subject subject = subject_of(spec, nameplate_class(variant), 7);
    const double Iref = subject.ratings.Iref;
    const std::vector<Point> points = {point_at(Iref),         point_at(Iref, 60),
                                       point_at(Iref, -36.87), point_at(Iref, 60, 50),
                                       point_at(Iref, 60, -5), point_at(subject.ratings.Imin)};
    // The lead alone makes 1 % (20′) and 0.5 % (10′) of it at PF 0.5 inductive; gains may hide
    // some.
    double worst = 0;
    for (const double error : errors_of(subject, points)) {
      worst = std::max(worst, std::abs(error));
    }
    CHECK(worst > 0.3);

    Subject typical = subject;
    typical.meter = new_meter(variant);
    give_typical_parts(typical.meter);
    const CalibrationConstants type = type_constants(run(characterisation_tasks(typical)));
    const CalibratedMeter meter = calibrated_meter(run({calibration_task(subject, type)}).front());
    REQUIRE(meter.fault == "");
    subject.meter.eeprom_bytes = meter.eeprom;
    const std::vector<double> errors = errors_of(subject, points);
    INFO(name_of(variant));
    CHECK(std::abs(errors[0]) < 0.02);
    CHECK(std::abs(errors[1]) < 0.03);
    CHECK(std::abs(errors[2]) < 0.03);
    // Coefficients spread by 10 ppm/K of divider, of burden and of reference twice, and the lead's
    // by a tenth: 27 K and tan 60 make at most 0.18 % of it.
    CHECK(std::abs(errors[3]) < 0.18);
    CHECK(std::abs(errors[4]) < 0.18);
    CHECK(std::abs(errors[5]) < 0.1);
  }
}

TEST_CASE("a spread is told by its mean and deviation and by what lies farthest out") {
  // 1, 2, 3, −6: mean 0, squares 1 + 4 + 9 + 36 = 50, over 3.
  const Spread spread = spread_of({1, 2, 3, -6});
  CHECK(spread.mean == Approx(0).margin(1e-12));
  CHECK(spread.deviation == Approx(std::sqrt(50.0 / 3)));
  CHECK(spread.worst == -6);
  CHECK(spread_of({}).worst == 0);
  CHECK(spread_of({0.5}).deviation == 0);
}

TEST_CASE("every meter of a population is measured at a point of each kind") {
  const std::vector<Point> points = population_points(tests::ideal_device(true));
  REQUIRE(points.size() == 8);
  CHECK(points[0].condition.current_A == 0.015);
  CHECK(points[0].limit_percent == 1.0);
  CHECK(points[3].condition.current_A == 6);
  CHECK(points[3].limit_percent == 0.5);
  CHECK(points[4].condition.lag_deg == 60);
  CHECK(points[4].limit_percent == 0.6);
  CHECK_FALSE(points[5].condition.loaded[2]);
  // Class C: 0.5 % and 0.03 %/K over 48 K to −25 °C, over 32 K to 55 °C.
  CHECK(points[6].limit_percent == Approx(1.94));
  CHECK(points[7].limit_percent == Approx(1.46));
}
