// The laboratory measures what is there: nothing of a meter without flaws, and of a flaw its size.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "tests/tools/typetest_device.h"
#include "tools/typetest/measure_point.h"

using namespace tools::typetest;
using Catch::Matchers::Contains;

namespace {

constexpr double pi = 3.14159265358979323846;

Point point_at(double current_A, double lag_deg = 0) {
  Point point;
  point.id = "test";
  point.condition.current_A = current_A;
  point.condition.lag_deg = lag_deg;
  return point;
}

/// Every limit that the timing is held against is met.
void check_timing(const PointResult& result, const Point& point) {
  CHECK(result.fault == "");
  CHECK(result.pulses >= 2);
  CHECK(result.to_s - result.from_s >= 2);
  CHECK(result.from_s >= 1.5);
  CHECK(result.timing_percent > 0);
  CHECK(result.timing_percent < point.limit_percent / 100);
}

}  // namespace

// The promise of the README: with ideal sensors 0.01 %.
TEST_CASE("a point on a meter without flaws shows an error below 0.01 %") {
  const Point point = point_at(5, 60);
  const PointResult result = measure(tests::ideal_device(false), point);
  check_timing(result, point);
  CHECK(std::abs(result.error_percent) < 0.01);
  // 3 · 230 V · 5 A · 0.5 is 1725 W: 0.2087 s a flash, so ten make the first 2 s.
  CHECK(result.pulses == 10);
  CHECK(result.truth_Wh == Approx(1725 * (result.to_s - result.from_s) / 3600));
}

TEST_CASE("export is measured like import") {
  Point point = point_at(5, 60);
  point.condition.exports = true;
  const PointResult result = measure(tests::ideal_device(false), point);
  check_timing(result, point);
  CHECK(std::abs(result.error_percent) < 0.01);
}

TEST_CASE("reactive energy is measured with the reactive LED") {
  Point point = point_at(5, 90);
  point.kind = Kind::reactive;
  const PointResult result = measure(tests::ideal_device(false), point);
  check_timing(result, point);
  // The README's promise for reactive energy.
  CHECK(std::abs(result.error_percent) < 0.05);
}

TEST_CASE("the CT meter is measured in secondary energy whatever its ratio") {
  Subject subject = tests::ideal_device(true);
  subject.meter.page.ct_primary_A = 7500;
  const Point point = point_at(6);
  const PointResult result = measure(subject, point);
  check_timing(result, point);
  CHECK(std::abs(result.error_percent) < 0.01);
}

TEST_CASE("a current sensor that reads 0.3 % too much shows so in the error") {
  Subject subject = tests::ideal_device(false);
  for (auto& current : subject.meter.sensors.current) current.ratio_error = 0.003;
  const PointResult result = measure(subject, point_at(5));
  CHECK(result.error_percent == Approx(0.3).margin(0.01));
}

// A lead φ of the current makes cos(60° − φ) of cos 60°: tan 60° · φ more, and of PF 1 nothing.
TEST_CASE("a current that leads by 10 minutes shows tan 60 of it at PF 0.5 inductive") {
  Subject subject = tests::ideal_device(false);
  const double lead_rad = 10.0 / 60 * pi / 180;
  for (auto& current : subject.meter.sensors.current) {
    // Negative delays lead: of 50 Hz, by the shares of a turn.
    current.delay_ps = -std::llround(10.0 / 60 / 360 / 50 * 1e12);
  }
  const PointResult inductive = measure(subject, point_at(5, 60));
  const double expected = std::cos(pi / 3 - lead_rad) / std::cos(pi / 3) - 1;
  CHECK(inductive.error_percent == Approx(100 * expected).margin(0.01));
}

TEST_CASE("the timing of edges takes longer where the limit is small") {
  Point point = point_at(100);
  point.limit_percent = 0.02;
  const PointResult result = measure(tests::ideal_device(false), point);
  check_timing(result, point);
  // Two edges of 5.3 µs and two clocks each against 0.01 % of 0.02 %: 2 · 5.38 µs / 2e-6 is 5.38 s.
  CHECK(result.to_s - result.from_s > 5.37);
  CHECK(result.to_s - result.from_s < 6);
}

TEST_CASE("a burst-fired load is timed over whole bursts") {
  Point point = point_at(2.5);
  point.condition.recipe = Recipe::burst_fired;
  point.limit_percent = 3;
  const PointResult result = measure(tests::ideal_device(false), point);
  check_timing(result, point);
  // What the timing may contribute, and the 0.01 % of the meter.
  CHECK(std::abs(result.error_percent) < result.timing_percent + 0.01);
  const double bursts = (result.to_s - result.from_s) / 0.08;
  CHECK(std::abs(bursts - std::round(bursts)) * 0.08 < 3e-4 * (result.to_s - result.from_s));
}

TEST_CASE("every waveform of the standards can be put on the mains") {
  struct Case {
    Recipe recipe;
    double power_W;  ///< of three phases with 10 A and 230 V
  };
  const Case cases[] = {// 1 + 0.1 · 0.4
                        {Recipe::fifth_harmonic, 1.04 * 6900},
                        // Half of the wave.
                        {Recipe::half_wave_positive, 3450},
                        {Recipe::half_wave_negative, 3450},
                        // √2 · Un · Ipk / 4 with Ipk = 2 · 10 A after gating.
                        {Recipe::phase_fired, 3 * std::sqrt(2.0) * 230 * 20 / 4},
                        // A = √2 · 10 A while it flows, half of the time.
                        {Recipe::burst_fired, 3 * 230 * std::sqrt(2.0) * 10 / 2},
                        // A tone of 20 kHz carries no energy with a voltage that has none.
                        {Recipe::conducted, 6900},
                        // Nothing is left of the others.
                        {Recipe::sine, 6900}};
  Condition condition;
  condition.current_A = 10;
  condition.conducted_Hz = 20e3;
  condition.conducted_A = 1;
  Laboratory laboratory(tests::ideal_device(false), condition);
  for (const Case& one : cases) {
    condition.recipe = one.recipe;
    laboratory.apply(condition);
    const Ps begin = laboratory.now();
    // Ten bursts.
    const Ps length = 800 * models::pins::ps_per_ms;
    laboratory.run_for(length);
    const double energy_Wh = laboratory.truth_Wh(Kind::active, begin, begin + length);
    INFO(static_cast<int>(one.recipe));
    CHECK(energy_Wh == Approx(one.power_W * 0.8 / 3600));
  }
}

TEST_CASE("a load is changed while the meter runs, and the truth changes with it") {
  const Subject subject = tests::ideal_device(false);
  Condition condition;
  condition.current_A = 10;
  Laboratory laboratory(subject, condition);
  laboratory.run_for(2 * models::pins::ps_per_s);
  condition.current_A = 20;
  condition.voltage_present = {true, true, false};
  laboratory.apply(condition);
  const Ps changed = laboratory.now();
  laboratory.run_for(2 * models::pins::ps_per_s);
  CHECK(laboratory.truth_Wh(Kind::active, 0, models::pins::ps_per_s) == Approx(6900.0 / 3600));
  CHECK(laboratory.truth_Wh(Kind::active, changed, changed + models::pins::ps_per_s) ==
        Approx(9200.0 / 3600));
  // 2 s of 6900 W and 2 s of 9200 W less the latency of 78 ms, at 0.1 Wh a flash.
  const auto flashes = static_cast<double>(laboratory.flashes(Kind::active).size());
  CHECK(flashes == Approx((2 * 6900 + 2 * 9200 - 0.078 * 9200) / 360).margin(1.5));
}

TEST_CASE("a dip of all voltages takes its energy away and passes") {
  Condition condition;
  condition.current_A = 10;
  Laboratory laboratory(tests::ideal_device(false), condition);
  laboratory.run_for(models::pins::ps_per_s);
  const Ps begin = laboratory.now();
  laboratory.dip(500 * models::pins::ps_per_ms, 0.5);
  laboratory.run_for(models::pins::ps_per_s);
  const double Wh = laboratory.truth_Wh(Kind::active, begin, begin + models::pins::ps_per_s);
  CHECK(Wh == Approx(0.75 * 6900 / 3600).epsilon(1e-4));
}

TEST_CASE("registers are read and written through the debug port") {
  Condition condition;
  condition.current_A = 5;
  Laboratory laboratory(tests::ideal_device(false), condition);
  laboratory.run_for(3 * models::pins::ps_per_s);
  CHECK(laboratory.raw(0x2008) == Approx(230).epsilon(1e-4));
  CHECK(laboratory.raw_energy_Wh(0x3020) > 1);
  const auto rate = [](float imp_per_kWh) {
    std::uint32_t word = 0;
    static_assert(sizeof word == sizeof imp_per_kWh);
    std::memcpy(&word, &imp_per_kWh, sizeof word);
    return word;
  };
  laboratory.write_row_word(0x1066, rate(100));
  CHECK(laboratory.row_word(0x1066) == rate(100));
  CHECK_THROWS_WITH(laboratory.write_row_word(0x1066, rate(77)), Contains("0x1066"));
  CHECK_THROWS_WITH(laboratory.raw(0x7777), Contains("0x7777"));
  CHECK(laboratory.eeprom().size() > 1000);
}

TEST_CASE("the tariff input has its voltage while the condition says so") {
  Condition condition;
  condition.accessory = Accessory::tariff_input;
  Laboratory laboratory(tests::ideal_device(false), condition);
  // Row 0x2200 has two bytes, the first of its word.
  const auto tariff = [&laboratory] {
    laboratory.run_for(models::pins::ps_per_s);
    return laboratory.row_word(0x2200) >> 16U;
  };
  CHECK(tariff() == 2);
  condition.accessory = Accessory::none;
  laboratory.apply(condition);
  CHECK(tariff() == 1);
}

TEST_CASE("a reader of the bus who was not there from the beginning does not come later") {
  Condition condition;
  Laboratory laboratory(tests::ideal_device(false), condition);
  condition.accessory = Accessory::bus_traffic;
  CHECK_THROWS_AS(laboratory.apply(condition), std::invalid_argument);
}

TEST_CASE("the air's temperature is the meter's own after a while") {
  Condition condition;
  condition.temperature_C = 40;
  Laboratory laboratory(tests::ideal_device(false), condition);
  laboratory.run_for(models::pins::ps_per_s);
  CHECK(laboratory.inner_temperature_C() == Approx(40).margin(0.01));
}

TEST_CASE("a meter whose LED keeps dark has a fault and no error") {
  // Half of what Imin may be: below the starting current nothing is registered.
  Point point = point_at(0.004);
  const PointResult result = measure(tests::ideal_device(false), point);
  CHECK_THAT(result.fault, Contains("kept dark"));
  CHECK(result.pulses == 0);
  // 2.76 W are 130.4 s a flash: three of them and 5 s.
  CHECK(result.simulated_s == Approx(3 * 130.4 + 5 + 1.5).margin(3));
}

TEST_CASE("a load without energy is no point") {
  Point point = point_at(5);
  point.condition.voltage_present = {false, false, false};
  CHECK_THAT(measure(tests::ideal_device(false), point).fault, Contains("no energy"));
}

TEST_CASE("energy that goes the wrong way is a fault") {
  Subject subject = tests::ideal_device(false);
  subject.meter.wiring.reversed_ct = {true, false, false};
  const PointResult result = measure(subject, point_at(5));
  CHECK_THAT(result.fault, Contains("33 % of the energy was registered as exported"));
}

TEST_CASE("what the models refuse is no condition") {
  Point point = point_at(0);
  point.condition.recipe = Recipe::conducted;
  point.condition.conducted_Hz = 2e3;
  point.condition.conducted_A = 1;
  CHECK_THROWS_AS(measure(tests::ideal_device(false), point), std::invalid_argument);
}
