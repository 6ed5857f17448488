// A current transformer's lead and gain against the closed form of its magnetising inductance.
#include <catch2/catch.hpp>
#include <cmath>
#include <optional>

#include "models/grid/grid.h"
#include "models/sensors/current_transformer.h"
#include "waveform.h"

using namespace models::grid;
using models::sensors::CurrentTransformer;
using models::sensors::TransformerSpec;
using models::thermal::Ambient;
using models::thermal::Body;
using tests::value_of;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double minute_rad = pi / 180 / 60;

struct Phasor {
  double amplitude;
  double lead_rad;  ///< against a sine from kernel time 0
};

/// Of one frequency, from values over whole cycles of 20 ms from `from` on.
Phasor phasor_of(const models::pins::AnalogSource& source, double frequency_Hz, Ps from) {
  constexpr int count = 2000;
  constexpr Ps step = 100'000'000;  // 200 ms together
  double in_phase = 0;
  double ahead = 0;
  for (int k = 0; k < count; ++k) {
    const Ps t = from + static_cast<Ps>(k) * step;
    const double angle = 2 * pi * std::fmod(frequency_Hz * static_cast<double>(t) * 1e-12, 1.0);
    const double value = value_of(source, t);
    in_phase += 2 * value * std::sin(angle) / count;
    ahead += 2 * value * std::cos(angle) / count;
  }
  return {std::hypot(in_phase, ahead), std::atan2(ahead, in_phase)};
}

double mean_of(const models::pins::AnalogSource& source, Ps from) {
  constexpr int count = 2000;
  double sum = 0;
  for (int k = 0; k < count; ++k) {
    sum += value_of(source, from + static_cast<Ps>(k) * 100'000'000) / count;
  }
  return sum;
}

struct Bench {
  Bench(const TransformerSpec& spec, double frequency_Hz, const CurrentSpec& current,
        double kelvin = 296.15)
      : grid(std::llround(frequency_Hz * 1e9)) {
    grid.schedule_current(0, 0, current);
    air.schedule(0, kelvin);
    body.emplace(air);
    sensor.emplace(grid.current(0), grid.voltage(0), *body, spec);
  }

  Grid grid;
  Ambient air;
  std::optional<Body> body;
  std::optional<CurrentTransformer> sensor;
};

CurrentSpec sine_of(double rms_A) {
  CurrentSpec spec;
  spec.rms_A = rms_A;
  return spec;
}

TransformerSpec leading_by(double minutes) {
  TransformerSpec spec;
  spec.lead_rad = minutes * minute_rad;
  return spec;
}

}  // namespace

TEST_CASE("a transformer leads by its angle at 50 Hz and by less at higher frequencies") {
  const double frequency_Hz = GENERATE(45.0, 50.0, 60.0);
  const Bench bench(leading_by(20), frequency_Hz, sine_of(10));
  const Phasor seen = phasor_of(*bench.sensor, frequency_Hz, 0);
  // tan δ = R/(ωL) falls as 1/f; the gain is cos δ.
  const double lead = std::atan(std::tan(20 * minute_rad) * 50 / frequency_Hz);
  CHECK(seen.lead_rad == Approx(lead).epsilon(1e-9));
  CHECK(seen.amplitude == Approx(10 * std::sqrt(2.0) * std::cos(lead)).epsilon(1e-9));
}

TEST_CASE("each harmonic leads by its own angle and not by the fundamental's delay") {
  CurrentSpec current = sine_of(10);
  current.harmonics = {{5000, 0, 40, 0}};
  const Bench bench(leading_by(600), 50, current);  // 10 degrees: what is second order shows
  const double tangent = std::tan(600 * minute_rad);
  const Phasor first = phasor_of(*bench.sensor, 50, 0);
  const Phasor fifth = phasor_of(*bench.sensor, 250, 0);
  CHECK(first.lead_rad == Approx(std::atan(tangent)).epsilon(1e-9));
  CHECK(fifth.lead_rad == Approx(std::atan(tangent / 5)).epsilon(1e-9));
  CHECK(fifth.amplitude / first.amplitude ==
        Approx(0.4 * std::hypot(1, tangent) / std::hypot(1, tangent / 5)).epsilon(1e-9));
}

TEST_CASE("at small currents the lead is larger: half of the rise is left at the knee") {
  TransformerSpec spec = leading_by(20);
  spec.low_current_rise = 0.3;
  spec.knee_A = 0.5;
  struct Row {
    double rms_A;
    double times;
  };
  // 1 + 0.3 / (1 + I/0.5 A)
  for (const Row& row : {Row{0.5, 1.15}, Row{0.005, 1 + 0.3 / 1.01}, Row{4.5, 1.03}}) {
    const Bench bench(spec, 50, sine_of(row.rms_A));
    const double lead = std::atan(std::tan(20 * minute_rad) * row.times);
    CHECK(phasor_of(*bench.sensor, 50, 0).lead_rad == Approx(lead).epsilon(1e-9));
  }
}

TEST_CASE("a warmer winding leads by more") {
  TransformerSpec spec = leading_by(20);
  spec.lead_per_K = 0.0039;
  const Bench bench(spec, 50, sine_of(10), 328.15);  // 32 K above 23 °C
  const double lead = std::atan(std::tan(20 * minute_rad) * (1 + 0.0039 * 32));
  CHECK(phasor_of(*bench.sensor, 50, 0).lead_rad == Approx(lead).epsilon(1e-9));
}

TEST_CASE("direct current does not pass a transformer but halves its inductance at saturation") {
  TransformerSpec spec = leading_by(20);
  // Half-waves of 100 A: peak 141.4 A, mean 141.4/π = 45.0 A.
  const double dc_A = 100 * std::sqrt(2.0) / pi;
  spec.saturation_A = dc_A;
  CurrentSpec half = sine_of(100);
  half.switching = HalfWave::positive;
  const Bench saturated(spec, 50, half);
  const double lead = std::atan(2 * std::tan(20 * minute_rad));
  const Phasor seen = phasor_of(*saturated.sensor, 50, 0);
  // A half-wave's fundamental is half the sine it is cut from. The grid of values meets the edges
  // of the switch to 100 us only.
  CHECK(seen.lead_rad == Approx(lead).epsilon(0.01));
  CHECK(seen.amplitude == Approx(50 * std::sqrt(2.0) * std::cos(lead)).epsilon(1e-4));
  CHECK(mean_of(*saturated.sensor, 0) == Approx(0).margin(0.01));

  spec.saturation_A = 0;
  const Bench tolerant(spec, 50, half);
  CHECK(phasor_of(*tolerant.sensor, 50, 0).lead_rad == Approx(20 * minute_rad).epsilon(0.01));
}

TEST_CASE("a switched waveform moves as a whole to where its fundamental would be") {
  CurrentSpec fired = sine_of(10);
  fired.switching = PhaseFired{90};
  const double lead_rad = 20 * minute_rad;
  const Bench bench(leading_by(20), 50, fired);
  // 20' at 50 Hz are 18.519 us; the load fires at 5 ms.
  const auto lead_ps = static_cast<Ps>(std::llround(lead_rad / (2 * pi * 50) * 1e12));
  models::pins::Piece piece{};
  bench.sensor->piece_at(2'000'000'000, piece);
  CHECK(piece.tones.empty());
  CHECK(piece.end == Approx(5e9 - static_cast<double>(lead_ps)).margin(1));
  for (const Ps t : {Ps{7'000'000'000}, Ps{16'000'000'000}}) {
    CHECK(value_of(*bench.sensor, t) ==
          Approx(std::cos(lead_rad) * value_of(bench.grid.current(0), t + lead_ps)).epsilon(1e-9));
  }
}

TEST_CASE("a switched current may still change at the next instant") {
  CurrentSpec fired = sine_of(10);
  fired.switching = PhaseFired{90};
  Bench bench(leading_by(20), 50, fired);
  value_of(*bench.sensor, 7'000'000'000);
  CHECK_THROWS_AS(bench.grid.schedule_current(0, 7'000'000'000, sine_of(1)), std::invalid_argument);
  CHECK_NOTHROW(bench.grid.schedule_current(0, 7'000'000'001, sine_of(1)));
}
