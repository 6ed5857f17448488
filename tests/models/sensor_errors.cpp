// Ratio, delay, offset, their drift with temperature, the reference, and crosstalk.
#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>

#include "models/grid/constant.h"
#include "models/grid/grid.h"
#include "models/sensors/current_transformer.h"
#include "models/sensors/temperature_sensor.h"
#include "models/sensors/voltage_divider.h"
#include "waveform.h"

using namespace models::grid;
using models::sensors::CurrentTransformer;
using models::sensors::DividerSpec;
using models::sensors::Reference;
using models::sensors::TransformerSpec;
using models::sensors::VoltageDivider;
using models::thermal::Ambient;
using models::thermal::Body;
using tests::value_of;

namespace {

void fill(Grid& grid) {
  CurrentSpec spec;
  spec.rms_A = 10;
  spec.switching = PhaseFired{90};
  grid.schedule_current(0, 0, spec);
  spec.rms_A = 20;
  grid.schedule_current(0, 50'000'000'000, spec);
}

/// A grid with a phase-fired current and a meter at some temperature.
struct Bench {
  explicit Bench(double kelvin = 296.15) {
    fill(grid);
    grid.schedule_voltage(0, 0, {230, 0, {}});
    air.schedule(0, kelvin);
  }
  CurrentTransformer transformer(const TransformerSpec& spec, const Reference& reference = {}) {
    return {grid.current(0), grid.voltage(0), body, spec, reference};
  }
  VoltageDivider divider(const DividerSpec& spec, const Reference& reference = {}) {
    return {grid.voltage(0), body, spec, reference};
  }

  Grid grid;
  Ambient air;
  Body body{air};
};

TransformerSpec delayed_by(std::int64_t delay_ps) {
  TransformerSpec spec;
  spec.delay_ps = delay_ps;
  return spec;
}

}  // namespace

TEST_CASE("sensors without errors change nothing") {
  Bench bench;
  const CurrentTransformer current = bench.transformer({});
  const VoltageDivider voltage = bench.divider({});
  for (const Ps t : {Ps{0}, Ps{7'000'000'000}, Ps{49'999'999'999}, Ps{56'000'000'000}}) {
    models::pins::Piece piece{};
    models::pins::Piece direct{};
    current.piece_at(t, piece);
    bench.grid.current(0).piece_at(t, direct);
    CHECK(piece.start == direct.start);
    CHECK(piece.end == direct.end);
    CHECK(value_of(current, t) == value_of(bench.grid.current(0), t));
    CHECK(value_of(voltage, t) == value_of(bench.grid.voltage(0), t));
  }
}

TEST_CASE("ratio and offset act on the value and also where nothing flows") {
  Bench bench;
  TransformerSpec spec;
  spec.ratio_error = 0.01;
  spec.offset_A = -0.5;
  const CurrentTransformer sensor = bench.transformer(spec);
  for (const Ps t : {Ps{2'000'000'000}, Ps{7'000'000'000}, Ps{57'000'000'000}}) {
    CHECK(value_of(sensor, t) == Approx(1.01 * value_of(bench.grid.current(0), t) - 0.5));
  }
}

TEST_CASE("a delay moves the whole waveform: phase and switching and changes") {
  Bench bench;
  const std::int64_t delay = GENERATE(1, 954'321, 1'000'000'000, -1, -954'321, -1'000'000'000);
  const CurrentTransformer sensor = bench.transformer(delayed_by(delay));
  for (const Ps t : {Ps{5'000'000'000}, Ps{7'777'777'777}, Ps{15'000'000'000}, Ps{50'000'000'000},
                     Ps{56'000'000'000}}) {
    const Ps seen = t + static_cast<Ps>(delay);
    CHECK(value_of(sensor, seen) == Approx(value_of(bench.grid.current(0), t)).margin(1e-9));
    CHECK(value_of(sensor, seen - 1) ==
          Approx(value_of(bench.grid.current(0), t - 1)).margin(1e-9));
  }
  models::pins::Piece piece{};
  sensor.piece_at(Ps{50'000'000'000} + static_cast<Ps>(delay), piece);
  CHECK(piece.start == Ps{50'000'000'000} + static_cast<Ps>(delay));
  CHECK(piece.end == Ps{55'000'000'000} + static_cast<Ps>(delay));  // where the load fires
}

TEST_CASE("before a delayed waveform begins its first piece stands") {
  const Constant constant(23.5);
  Bench bench;
  const CurrentTransformer sensor(constant, constant, bench.body, delayed_by(1'000));
  CHECK(value_of(sensor, 0) == 23.5);
  CHECK(value_of(sensor, 999) == 23.5);
}

TEST_CASE("minutes of arc become a delay at a frequency") {
  // One turn is 21 600 minutes; at 50 Hz 20 ms.
  CHECK(models::sensors::delay_of_minutes(10, 50'000'000'000) == 9'259'259);
  CHECK(models::sensors::delay_of_minutes(-21.6, 50'000'000'000) == -20'000'000);
}

TEST_CASE("a ratio drifts in proportion to the distance from 23 degC") {
  const double kelvin = GENERATE(296.15, 328.15, 248.15);
  Bench bench(kelvin);
  DividerSpec divider;
  divider.ratio_error = 0.002;
  divider.ratio_per_K = 20e-6;
  TransformerSpec transformer;
  transformer.ratio_per_K = -25e-6;
  const VoltageDivider voltage = bench.divider(divider);
  const CurrentTransformer current = bench.transformer(transformer);
  constexpr Ps t = 6'500'000'000;
  const double away_K = kelvin - 296.15;
  CHECK(value_of(voltage, t) / value_of(bench.grid.voltage(0), t) ==
        Approx(1.002 + 20e-6 * away_K).epsilon(1e-9));
  CHECK(value_of(current, t) / value_of(bench.grid.current(0), t) ==
        Approx(1 - 25e-6 * away_K).epsilon(1e-9));
}

TEST_CASE("a reference that is too large makes every measuring channel read less") {
  Bench bench(328.15);  // 32 K above 23 °C
  DividerSpec divider;
  divider.offset_V = 1;
  const Reference reference{0.003, 12e-6};
  const double gain = 1 / (1 + 0.003 + 12e-6 * 32);
  constexpr Ps t = 5'000'000'000;
  CHECK(value_of(bench.divider(divider, reference), t) ==
        Approx((value_of(bench.grid.voltage(0), t) + 1) * gain).epsilon(1e-9));
  CHECK(value_of(bench.transformer({}, reference), t) ==
        Approx(value_of(bench.grid.current(0), t) * gain).epsilon(1e-9));
}

TEST_CASE("the phase's own voltage shows in its current and adds its square to the power") {
  Bench bench;
  CurrentSpec sine;
  sine.rms_A = 0.25;
  sine.lag_deg = 60;
  bench.grid.schedule_current(0, 60'000'000'000, sine);
  TransformerSpec spec;
  spec.crosstalk_A_per_V = 2e-6;
  const CurrentTransformer sensor = bench.transformer(spec);
  for (const Ps t : {Ps{2'000'000'000}, Ps{7'000'000'000}, Ps{61'000'000'000}}) {
    CHECK(value_of(sensor, t) ==
          Approx(value_of(bench.grid.current(0), t) + 2e-6 * value_of(bench.grid.voltage(0), t)));
  }
  // Mean of u·i over a cycle, by 1000 values: 230 V · 0.25 A · 0.5 and 230² V² · 2 uA/V.
  double power_W = 0;
  constexpr Ps start = 100'000'000'000;
  for (Ps k = 0; k < 1000; ++k) {
    const Ps t = start + k * 20'000'000;
    power_W += value_of(sensor, t) * value_of(bench.grid.voltage(0), t) / 1000;
  }
  CHECK(power_W == Approx(28.75 + 0.1058).epsilon(1e-9));
  // One tone is enough for both: the sampler's cost is by the tone.
  models::pins::Piece piece{};
  sensor.piece_at(start, piece);
  CHECK(piece.tones.size() == 1);
}

TEST_CASE("the temperature channel shows the meter's own temperature and its sensor's error") {
  Bench bench(313.15);
  const models::sensors::TemperatureSensor sensor(bench.body, -1.5);
  CHECK(value_of(sensor, 1) == Approx(311.65).epsilon(1e-12));
}

TEST_CASE("impossible errors are refused") {
  Bench bench;
  const auto transformer = [&](auto set) {
    TransformerSpec spec;
    set(spec);
    return bench.transformer(spec);
  };
  using S = TransformerSpec;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(transformer([](S& s) { s.ratio_error = 0.51; }), std::invalid_argument);
  CHECK_THROWS_AS(transformer([](S& s) { s.ratio_error = nan; }), std::invalid_argument);
  CHECK_THROWS_AS(transformer([](S& s) { s.ratio_per_K = 0.011; }), std::invalid_argument);
  CHECK_THROWS_AS(transformer([](S& s) { s.delay_ps = 1'000'000'001; }), std::invalid_argument);
  CHECK_THROWS_AS(transformer([](S& s) { s.delay_ps = -1'000'000'001; }), std::invalid_argument);
  CHECK_THROWS_AS(transformer([](S& s) { s.offset_A = infinity; }), std::invalid_argument);
  CHECK_THROWS_AS(transformer([](S& s) { s.lead_rad = -0.001; }), std::invalid_argument);
  CHECK_THROWS_AS(transformer([](S& s) { s.lead_rad = 0.21; }), std::invalid_argument);
  CHECK_THROWS_AS(transformer([](S& s) { s.low_current_rise = 0.3; }), std::invalid_argument);
  CHECK_THROWS_AS(transformer([](S& s) { s.saturation_A = -1; }), std::invalid_argument);
  CHECK_THROWS_AS(bench.divider({0, 0, 0, infinity}), std::invalid_argument);
  CHECK_THROWS_AS(bench.divider({-0.51, 0, 0, 0}), std::invalid_argument);
}
