// The truth against the exact energies of the standards' waveforms (EN 50470-3 / IEC 62053: 5th
// harmonic, half-wave, phase-fired, burst-fired), worked out on paper.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/grid/grid.h"
#include "models/truth/truth.h"

using namespace models::grid;
using models::pins::ps_per_s;
using models::truth::Element;
using models::truth::EnergyTruth;
using models::truth::Quantities;

namespace {

constexpr double sqrt_2 = 1.41421356237309504880;
constexpr Ps day = 86'400 * ps_per_s;

/// One phase with 230 V and a current.
struct OnePhase {
  Grid grid;
  EnergyTruth truth{std::vector<Element>{{&grid.voltage(0), &grid.current(0)}}};

  OnePhase(const CurrentSpec& current, const std::vector<Harmonic>& of_voltage = {},
           std::int64_t frequency_nHz = 50 * nHz_per_Hz)
      : grid(frequency_nHz) {
    VoltageSpec voltage;
    voltage.rms_V = 230;
    voltage.harmonics = of_voltage;
    grid.schedule_voltage(0, 0, voltage);
    grid.schedule_current(0, 0, current);
  }

  Quantities now() const {
    return models::truth::quantities_at({&grid.voltage(0), &grid.current(0)}, ps_per_s);
  }
  /// Energy of a day, all of which must be forward.
  double of_a_day() const {
    const models::truth::Energy energy = truth.active(0, day);
    CHECK(energy.reverse == 0);
    return energy.forward;
  }
};

CurrentSpec amperes(double rms_A, const Switching& switching = {},
                    RmsMeaning meaning = RmsMeaning::before_switching) {
  CurrentSpec spec;
  spec.rms_A = rms_A;
  spec.switching = switching;
  spec.meaning = meaning;
  return spec;
}

}  // namespace

TEST_CASE("5th harmonic, 10 % of U and 40 % of I: 1.04 Un Imax/2") {
  CurrentSpec current = amperes(50);
  current.harmonics = {{5'000, 0, 40, 0}};
  const OnePhase load(current, {{5'000, 0, 10, 0}});
  CHECK(load.now().p_W == Approx(11'960).epsilon(1e-12));
  CHECK(load.of_a_day() == Approx(11'960.0 * 86'400).epsilon(1e-12));
  CHECK(load.now().u_rms_V == Approx(230 * std::sqrt(1.01)).epsilon(1e-12));
  CHECK(load.now().i_rms_A == Approx(50 * std::sqrt(1.16)).epsilon(1e-12));
  CHECK(load.now().q_var == Approx(0).margin(1e-9));
}

TEST_CASE("half-wave: Un Imax/2, either polarity") {
  const HalfWave polarity = GENERATE(HalfWave::positive, HalfWave::negative);
  const OnePhase load(amperes(100, polarity));
  CHECK(load.now().p_W == Approx(11'500).epsilon(1e-12));
  CHECK(load.of_a_day() == Approx(11'500.0 * 86'400).epsilon(1e-12));
  // rms Imax/√2 of which √2·Imax/π is d.c.: a.c. rms 54.5 A.
  CHECK(load.now().i_rms_A == Approx(100 * std::sqrt(0.5 - 2 / (M_PI * M_PI))).epsilon(1e-12));
  CHECK(load.now().q_var == Approx(0).margin(1e-9));
}

TEST_CASE("phase-fired at 90 degrees: sqrt 2 Un Ipk/4, scaled before or after switching") {
  // rms 2.5 A after switching: Ipk = 5 A, 406.6 W; before: Ipk = 5/√2 A, 287.5 W.
  const auto [meaning, peak] = GENERATE(table<RmsMeaning, double>(
      {{RmsMeaning::after_switching, 5.0}, {RmsMeaning::before_switching, 5 / sqrt_2}}));
  const OnePhase load(amperes(2.5, PhaseFired{90}, meaning));
  CHECK(load.now().p_W == Approx(sqrt_2 * 230 * peak / 4).epsilon(1e-12));
  CHECK(load.of_a_day() == Approx(sqrt_2 * 230 * peak / 4 * 86'400).epsilon(1e-12));
  CHECK(load.now().i_rms_A == Approx(peak / 2).epsilon(1e-12));
  // The current's fundamental lags: Q1 = U·Ipk/(√2·π)
  CHECK(load.now().q_var == Approx(230 * peak / (sqrt_2 * M_PI)).epsilon(1e-12));
}

TEST_CASE("burst-fired, 2 cycles on and 2 off: half the power of the on-part") {
  const auto [meaning, on_rms] = GENERATE(table<RmsMeaning, double>(
      {{RmsMeaning::after_switching, 2.5 * sqrt_2}, {RmsMeaning::before_switching, 2.5}}));
  const OnePhase load(amperes(2.5, BurstFired{2, 2}, meaning));
  CHECK(load.now().p_W == Approx(230 * on_rms / 2).epsilon(1e-12));
  CHECK(load.of_a_day() == Approx(230 * on_rms / 2 * 86'400).epsilon(1e-12));
  CHECK(load.now().i_rms_A == Approx(on_rms / sqrt_2).epsilon(1e-12));
}

TEST_CASE("a sine has P = UI cos, Q = UI sin, S = UI") {
  const double lag = GENERATE(0.0, 60.0, -36.87, 75.52, 120.0, 180.0, 240.0);
  CurrentSpec current = amperes(5);
  current.lag_deg = lag;
  const Quantities q = OnePhase(current, {}, 52'370'000'001).now();
  CHECK(q.p_W == Approx(1150 * std::cos(lag / 180 * M_PI)).margin(1e-9));
  CHECK(q.q_var == Approx(1150 * std::sin(lag / 180 * M_PI)).margin(1e-9));
  CHECK(q.s_VA == Approx(1150).epsilon(1e-12));
  CHECK(q.u_rms_V == Approx(230).epsilon(1e-12));
  CHECK(q.i_rms_A == Approx(5).epsilon(1e-12));
  CHECK(q.frequency_Hz == Approx(52.370000001).epsilon(1e-14));
}

TEST_CASE("reactive power is the fundamental's, whatever the harmonics do") {
  CurrentSpec current = amperes(5);
  current.lag_deg = 60;
  current.harmonics = {{5'000, 0, 20, -90}, {0, 263 * nHz_per_Hz, 10, 0}};
  const OnePhase load(current, {{5'000, 0, 20, 0}, {0, 263 * nHz_per_Hz, 10, 0}});
  CHECK(load.now().q_var == Approx(1150 * std::sqrt(0.75)).epsilon(1e-12));
}
