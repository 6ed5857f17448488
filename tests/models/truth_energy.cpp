// Energy between arbitrary instants against numeric integration of what the sources say, and how it
// is shared between directions.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "models/grid/grid.h"
#include "models/truth/truth.h"
#include "models/wiring/wiring.h"
#include "waveform.h"

using namespace models::grid;
using models::pins::ps_never;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using models::truth::Direction;
using models::truth::Element;
using models::truth::Energy;
using models::truth::EnergyTruth;

namespace {

VoltageSpec volts(double rms_V, double angle_deg = 0) {
  VoltageSpec spec;
  spec.rms_V = rms_V;
  spec.angle_deg = angle_deg;
  return spec;
}

CurrentSpec amperes(double rms_A, double lag_deg = 0, const Switching& switching = {}) {
  CurrentSpec spec;
  spec.rms_A = rms_A;
  spec.lag_deg = lag_deg;
  spec.switching = switching;
  return spec;
}

EnergyTruth truth_of(const StretchSource& voltage, const StretchSource& current) {
  return EnergyTruth(std::vector<Element>{{&voltage, &current}});
}

/// ∫u·i dt over [from, to) by five-point Gauss–Legendre on slices of at most 50 µs within which no
/// piece ends: exact to rounding for tones up to some kHz.
double integrated(const StretchSource& voltage, const StretchSource& current, Ps from, Ps to) {
  constexpr double nodes[] = {0, 0.5384693101056831, -0.5384693101056831, 0.9061798459386640,
                              -0.9061798459386640};
  constexpr double weights[] = {0.5688888888888889, 0.4786286704993665, 0.4786286704993665,
                                0.2369268850561891, 0.2369268850561891};
  models::pins::Piece u{};
  models::pins::Piece i{};
  double sum = 0;
  for (Ps at = from; at < to;) {
    voltage.piece_at(at, u);
    current.piece_at(at, i);
    const Ps end = std::min({to, u.end, i.end, at + 50 * models::pins::ps_per_us});
    const auto half = static_cast<double>(end - at) / 2;
    for (int k = 0; k < 5; ++k) {
      // Instants in 2⁻²⁰ ps.
      const auto place = static_cast<tests::Int128>((1 + nodes[k]) * half * 1'048'576);
      const tests::RationalClock::Instant t{tests::Int128{at} * 1'048'576 + place, 1'048'576};
      sum += weights[k] * half * 1e-12 *
             static_cast<double>(tests::value_at(u, t) * tests::value_at(i, t));
    }
    at = end;
  }
  return sum;
}

}  // namespace

TEST_CASE("energy between any two instants is the integral of u times i") {
  const auto fill = GENERATE(table<const char*, std::function<void(Grid&)>>(
      {{"sine",
        [](Grid& grid) {
          grid.schedule_voltage(0, 0, volts(230, 17));
          grid.schedule_current(0, 0, amperes(5, 30));
        }},
       {"harmonics and interharmonics",
        [](Grid& grid) {
          VoltageSpec voltage = volts(230);
          voltage.harmonics = {{3'000, 0, 5, 33}, {2'500, 0, 3, 0}, {0, 1'234'500'000'000, 2, 5}};
          grid.schedule_voltage(0, 0, voltage);
          CurrentSpec current = amperes(5, 30);
          current.harmonics = {{3'000, 0, 30, 0}, {2'501, 0, 10, 0}, {0, 1'234'500'000'000, 9, 0}};
          grid.schedule_current(0, 0, current);
        }},
       {"half-wave",
        [](Grid& grid) {
          grid.schedule_voltage(0, 0, volts(230));
          grid.schedule_current(0, 0, amperes(70, 40, HalfWave::positive));
        }},
       {"phase-fired with distorted voltage at an odd frequency",
        [](Grid& grid) {
          grid.schedule_frequency(0, 52'370'000'001);
          VoltageSpec voltage = volts(230);
          voltage.harmonics = {{5'000, 0, 5, 33}, {2'500, 0, 3, 0}, {0, 163'000'000'007, 2, 5}};
          grid.schedule_voltage(0, 0, voltage);
          CurrentSpec current = amperes(30, 20, PhaseFired{77});
          current.harmonics = {{5'000, 0, 5, 33}, {1'500, 0, 5, 33}};
          grid.schedule_current(0, 0, current);
        }},
       {"burst-fired",
        [](Grid& grid) {
          grid.schedule_voltage(0, 0, volts(230));
          grid.schedule_current(0, 0, amperes(30, 10, BurstFired{3, 2}));
        }},
       {"ramps and dips", [](Grid& grid) {
          grid.schedule_voltage(0, 0, volts(200));
          grid.schedule_voltage_ramp(0, 100 * ps_per_ms, 300 * ps_per_ms + 7, 240);
          grid.schedule_dip(0, 350 * ps_per_ms, 33 * ps_per_ms, 0.3);
          grid.schedule_frequency_ramp(222 * ps_per_ms, 444 * ps_per_ms, 47 * nHz_per_Hz);
          grid.schedule_current(0, 0, amperes(5, 30, PhaseFired{50}));
        }}}));
  const auto [from, to] = GENERATE(table<Ps, Ps>({{0, 20 * ps_per_ms},
                                                  {1'234'567'891, 1'234'567'893},
                                                  {3'333'333'333, 7'777'777'777},
                                                  {19'999'999'999, 617'283'945'061},
                                                  {123'456'789'012, 456'789'012'345}}));
  Grid grid;
  std::get<1>(fill)(grid);
  CAPTURE(std::get<0>(fill), from, to);
  const Energy energy = truth_of(grid.voltage(0), grid.current(0)).active(from, to);
  const double expected = integrated(grid.voltage(0), grid.current(0), from, to);
  // Direction by stretch: all these loads import.
  CHECK(energy.reverse == 0);
  CHECK(energy.forward == Approx(expected).epsilon(1e-10).margin(1e-12));
}

TEST_CASE("a day of a switched load is the sum of its parts") {
  // Whole periods in closed form against the same day cut at odd instants.
  Grid grid(52'370'000'001);
  VoltageSpec voltage = volts(230);
  voltage.harmonics = {{0, 163'000'000'007, 5, 5}};
  grid.schedule_voltage(0, 0, voltage);
  grid.schedule_current(0, 0, amperes(30, 20, PhaseFired{77}));
  const EnergyTruth truth = truth_of(grid.voltage(0), grid.current(0));
  const Ps day = 86'400 * ps_per_s;
  double parts = 0;
  Ps at = 0;
  for (int k = 1; k <= 1000; ++k) {
    const Ps next = k == 1000 ? day : day / 1000 * static_cast<Ps>(k) + 7'654'321'098;
    parts += truth.active(at, next).forward;
    at = next;
  }
  CHECK(truth.active(0, day).forward == Approx(parts).epsilon(1e-12));
}

TEST_CASE("each stretch goes whole to the direction of its mean power") {
  Grid grid;
  grid.schedule_voltage(0, 0, volts(230));
  grid.schedule_current(0, 0, amperes(10, 60));
  const Ps reversal = 4'003'000'000'000;
  grid.schedule_current(0, reversal, amperes(10, 240));
  const EnergyTruth truth = truth_of(grid.voltage(0), grid.current(0));
  const Energy both = truth.active(0, 2 * reversal);
  CHECK(both.forward ==
        Approx(integrated(grid.voltage(0), grid.current(0), 0, reversal)).epsilon(1e-10));
  CHECK(
      both.reverse ==
      Approx(-integrated(grid.voltage(0), grid.current(0), reversal, 2 * reversal)).epsilon(1e-10));
  // 1150 W over whole cycles; the ripple of amplitude S/2ω is cut anywhere, so S/ω at most.
  CHECK(both.forward == Approx(1150 * 4.003).margin(2300 / (2 * M_PI * 50)));
  const Energy q = truth.reactive(0, 2 * reversal);
  CHECK(q.forward == Approx(2300 * std::sqrt(0.75) * 4.003).epsilon(1e-12));
  CHECK(q.reverse == Approx(2300 * std::sqrt(0.75) * 4.003).epsilon(1e-12));
}

TEST_CASE("a current across its voltage is neither drawn nor delivered") {
  Grid grid;
  grid.schedule_voltage(0, 0, volts(230));
  grid.schedule_current(0, 0, amperes(10, 90));
  const EnergyTruth truth = truth_of(grid.voltage(0), grid.current(0));
  const Energy energy = truth.active(0, 12'345'678'901);
  CHECK(energy.forward == 0);
  CHECK(energy.reverse == 0);
  CHECK(truth.reactive(0, ps_per_s).forward == Approx(2300).epsilon(1e-12));
}

TEST_CASE("a reversed transformer turns energy round, a switched one's too") {
  Grid grid;
  grid.schedule_voltage(0, 0, volts(230));
  grid.schedule_current(0, 0, amperes(10, 60, HalfWave::positive));
  models::wiring::Wiring wiring;
  wiring.reversed_ct[0] = true;
  const models::wiring::Terminals terminals(grid, wiring);
  const Energy right = truth_of(grid.voltage(0), grid.current(0)).active(0, ps_per_s);
  const Energy wrong = truth_of(terminals.voltage(0), terminals.current(0)).active(0, ps_per_s);
  CHECK(right.forward > 500);
  CHECK(wrong.reverse == Approx(right.forward).epsilon(1e-12));
  CHECK(wrong.forward == 0);
}

TEST_CASE("Aron elements add up to the three phases' energy, each direction judged on the sum") {
  // Balanced, 0.25 ind: the elements carry UI√3·cos(φ ± 30°), of which the first is negative.
  Grid grid;
  const double lag = 75.522487814070;
  for (int phase = 0; phase < 3; ++phase) {
    grid.schedule_voltage(phase, 0, volts(230, -120.0 * phase));
    grid.schedule_current(phase, 0, amperes(5, lag));
  }
  models::wiring::Wiring wiring;
  wiring.connection = models::wiring::Connection::aron;
  const models::wiring::Terminals terminals(grid, wiring);
  const Element first{&terminals.voltage(0), &terminals.current(0)};
  const Element third{&terminals.voltage(2), &terminals.current(2)};
  const EnergyTruth sum(std::vector<Element>{first, third});
  const Energy energy = sum.active(0, 10 * ps_per_s);
  CHECK(energy.forward == Approx(3 * 1150 * 0.25 * 10).epsilon(1e-10));
  CHECK(energy.reverse == 0);
  CHECK(sum.reactive(0, 10 * ps_per_s).forward ==
        Approx(3 * 1150 * std::sqrt(1 - 0.0625) * 10).epsilon(1e-10));
  CHECK(models::truth::quantities_at(first, 0).p_W ==
        Approx(1150 * std::sqrt(3.0) * std::cos((lag + 30) / 180 * M_PI)).epsilon(1e-10));
  CHECK(models::truth::quantities_at(third, 0).p_W ==
        Approx(1150 * std::sqrt(3.0) * std::cos((lag - 30) / 180 * M_PI)).epsilon(1e-10));
  CHECK(models::truth::quantities_at(first, 0).u_rms_V ==
        Approx(230 * std::sqrt(3.0)).epsilon(1e-12));
}

TEST_CASE("without neutral the meter sees the floating star point's voltages") {
  Grid grid;
  const double rms[] = {230, 200, 215};
  for (int phase = 0; phase < 3; ++phase) {
    grid.schedule_voltage(phase, 0, volts(rms[phase], -120.0 * phase));
    grid.schedule_current(phase, 0, amperes(5));
  }
  models::wiring::Wiring wiring;
  wiring.neutral_missing = true;
  const models::wiring::Terminals terminals(grid, wiring);
  // Phasor arithmetic: the mean is (Σ U_k·e^{−j120°k})/3; L1 keeps its real part less the mean's.
  const double mean_real = (230 - 200 / 2.0 - 215 / 2.0) / 3;
  const Energy energy = truth_of(terminals.voltage(0), terminals.current(0)).active(0, ps_per_s);
  CHECK(energy.forward == Approx((230 - mean_real) * 5).epsilon(1e-10));
}

TEST_CASE("an rms ramp carries the energy of its mean") {
  // Current ramps 0 → 10 A in 10 s against a constant voltage: mean 5 A. Each step of 10 ms is half
  // a cycle, so the ripple of a step vanishes.
  Grid grid;
  grid.schedule_voltage(0, 0, volts(230));
  grid.schedule_current_ramp(0, 0, 10 * ps_per_s, 10);
  const EnergyTruth truth = truth_of(grid.voltage(0), grid.current(0));
  CHECK(truth.active(0, 10 * ps_per_s).forward == Approx(230 * 5 * 10).epsilon(1e-12));
}

TEST_CASE("smooth energy never falls and can be turned round") {
  Grid grid;
  grid.schedule_voltage(0, 0, volts(230));
  grid.schedule_current(0, 0, amperes(10, 60));                             // 1150 W
  grid.schedule_current(0, 2 * ps_per_s, amperes(10, 180));                 // −2300 W
  grid.schedule_current(0, 3 * ps_per_s, amperes(0));                       // nothing
  grid.schedule_current(0, 4 * ps_per_s, amperes(100, 0, PhaseFired{90}));  // 11 500 W
  const EnergyTruth truth = truth_of(grid.voltage(0), grid.current(0));
  const Ps limit = 10 * ps_per_s;
  CHECK(truth.instant_of(Direction::forward, 0, limit) == 0);
  CHECK(truth.instant_of(Direction::forward, 1150, limit) == Approx(1e12).epsilon(1e-12));
  CHECK(truth.instant_of(Direction::forward, 2300 + 11'500, limit) == Approx(5e12).epsilon(1e-12));
  CHECK(truth.instant_of(Direction::reverse, 1150, limit) == Approx(2.5e12).epsilon(1e-12));
  CHECK(truth.instant_of(Direction::reverse, 2301, limit) == ps_never);
  CHECK(truth.instant_of(Direction::forward, 2300 + 6 * 11'500 + 1, limit) == ps_never);
  double before = 0;
  for (Ps t = 0; t <= limit; t += 77'777'777'777) {
    const Energy smooth = truth.active_smooth(0, t);
    CHECK(smooth.forward >= before);
    before = smooth.forward;
    if (smooth.forward > 0 && t < 2 * ps_per_s) {
      const Ps back = truth.instant_of(Direction::forward, smooth.forward, limit);
      CHECK(static_cast<double>(back) == Approx(static_cast<double>(t)).margin(2));
    }
    // What it differs by comes back every half-cycle: 10 ms of 11 500 W at most.
    CHECK(truth.active(0, t).forward == Approx(smooth.forward).margin(115));
  }
}

TEST_CASE("the truth follows a change that comes while the world runs") {
  Grid grid;
  grid.schedule_voltage(0, 0, volts(230));
  grid.schedule_current(0, 0, amperes(10));
  const EnergyTruth truth = truth_of(grid.voltage(0), grid.current(0));
  CHECK(truth.active(0, ps_per_s).forward == Approx(2300).epsilon(1e-12));
  CHECK_THROWS_AS(grid.schedule_current(0, ps_per_s - 1, amperes(20)), std::invalid_argument);
  grid.schedule_current(0, ps_per_s, amperes(10));
  grid.schedule_current(0, 2 * ps_per_s, amperes(20));
  CHECK(truth.active(0, 4 * ps_per_s).forward == Approx(2 * 2300 + 2 * 4600).epsilon(1e-12));
  CHECK(truth.active(3 * ps_per_s, 4 * ps_per_s).forward == Approx(4600).epsilon(1e-12));
}
