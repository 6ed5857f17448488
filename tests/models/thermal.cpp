// The temperature of the air and of the meter's body.
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "models/grid/grid.h"
#include "models/sensors/voltage_divider.h"
#include "models/thermal/body.h"

using models::grid::CurrentSpec;
using models::grid::Grid;
using models::pins::Ps;
using models::pins::ps_per_s;
using models::sensors::ThermalSpec;
using models::thermal::Ambient;
using models::thermal::Body;
using models::thermal::Held;

namespace {

constexpr double reference_K = 296.15;
constexpr double half_step_K = 0.0025 + 1e-9;

std::array<const models::grid::StretchSource*, 3> currents_of(const Grid& grid) {
  return {&grid.current(0), &grid.current(1), &grid.current(2)};
}

void load(Grid& grid, Ps at, double rms_A) {
  CurrentSpec spec;
  spec.rms_A = rms_A;
  for (int phase = 0; phase < 3; ++phase) grid.schedule_current(phase, at, spec);
}

/// A meter that is 12 K warmer with 100 A, within 25 min.
struct Bench {
  Grid grid;
  Ambient air;
  Body body{air, currents_of(grid), ThermalSpec{12, 100, 1500}};
};

}  // namespace

TEST_CASE("a meter that nothing heats stands at 23 degC for ever") {
  Grid grid;
  load(grid, 0, 100);
  const Ambient air;
  const Body body(air, currents_of(grid), {});
  for (const Ps t : {Ps{0}, 1000 * ps_per_s}) {
    const Held held = body.held_at(t);
    CHECK(held.kelvin == 296.15);
    CHECK(held.start == 0);
    CHECK(held.end == models::pins::ps_never);
  }
}

TEST_CASE("without a load a meter that can heat itself stands at 23 degC as exactly") {
  Bench bench;
  CHECK(bench.body.held_at(100 * ps_per_s).kelvin == 296.15);
}

TEST_CASE("the air's temperature is set and ramped in a straight line") {
  Ambient air;
  air.schedule(10 * ps_per_s, 313.15);
  air.schedule_ramp(20 * ps_per_s, 30 * ps_per_s, 303.15);
  CHECK(air.planned_at(10 * ps_per_s - 1).kelvin == 296.15);
  CHECK(air.planned_at(10 * ps_per_s).kelvin == 313.15);
  // −10 K in 10 s; steps of 10 ms have the line's value in their middle.
  const Held step = air.planned_at(25 * ps_per_s);
  CHECK(step.end - step.start == 10 * models::pins::ps_per_ms);
  CHECK(step.kelvin == Approx(308.15 - 0.005).epsilon(1e-12));
  CHECK(air.planned_at(30 * ps_per_s).kelvin == 303.15);
}

TEST_CASE("a body warms up with its load as a numerical integration says") {
  Bench bench;
  load(bench.grid, 100 * ps_per_s, 80);
  CurrentSpec half;  // of 100 A in one half-cycle: 5000 A² on average
  half.rms_A = 100;
  half.switching = models::grid::HalfWave::positive;
  for (int phase = 0; phase < 3; ++phase) {
    bench.grid.schedule_current(phase, 900 * ps_per_s, half);
  }
  bench.air.schedule(1500 * ps_per_s, 286.15);
  double kelvin = reference_K;
  constexpr double step_s = 0.1;
  for (int k = 0; k < 30'000; ++k) {
    const double t_s = k * step_s;
    if (k % 500 == 0) {
      INFO(t_s);
      const auto t = static_cast<Ps>(k) * (ps_per_s / 10);
      CHECK(bench.body.held_at(t).kelvin == Approx(kelvin).margin(half_step_K + 1e-4));
    }
    // The midpoint rule for dT/dt = (T_air + 12 K · I²/(100 A)² − T)/1500 s.
    const double square_A2 = t_s < 99.95 ? 0 : (t_s < 899.95 ? 6400 : 5000);
    const double air_K = t_s < 1499.95 ? 296.15 : 286.15;
    const double target_K = air_K + 12 * square_A2 / 1e4;
    const double middle_K = kelvin + (target_K - kelvin) * step_s / 2 / 1500;
    kelvin += (target_K - middle_K) * step_s / 1500;
  }
}

TEST_CASE("one phase alone heats by a third") {
  Bench bench;
  CurrentSpec spec;
  spec.rms_A = 100;
  bench.grid.schedule_current(1, 0, spec);
  // After eleven time constants the rest is 12 K / 3 · e^-11 = 0.07 mK.
  CHECK(bench.body.held_at(16'500 * ps_per_s).kelvin == Approx(300.15).margin(half_step_K));
}

TEST_CASE("steps follow each other without a gap and each is 5 mK from the last") {
  Bench bench;
  load(bench.grid, 0, 100);
  Held held = bench.body.held_at(0);
  CHECK(held.start == 0);
  double largest_gap_K = 0;
  for (int k = 0; k < 500; ++k) {
    const Held next = bench.body.held_at(held.end);
    REQUIRE(next.start == held.end);
    CHECK(next.kelvin - held.kelvin == Approx(0.005).epsilon(1e-6));
    CHECK(bench.body.held_at(held.end - 1).kelvin == held.kelvin);
    // The exact value at the border lies in the middle between both.
    const double passed_s = static_cast<double>(next.start) * 1e-12;
    const double exact_K = reference_K + 12 * (1 - std::exp(-passed_s / 1500));
    largest_gap_K = std::max(largest_gap_K, std::abs(exact_K - (held.kelvin + 0.0025)));
    held = next;
  }
  CHECK(largest_gap_K < 1e-9);
}

TEST_CASE("a body that has no time constant has its air's temperature at once") {
  Ambient air;
  air.schedule(5 * ps_per_s, 248.15);
  const Body body(air);
  CHECK(body.held_at(5 * ps_per_s - 1).kelvin == 296.15);
  CHECK(body.held_at(5 * ps_per_s).kelvin == Approx(248.15).margin(half_step_K));
}

TEST_CASE("at the start a meter has the temperature that its air has then") {
  Bench bench;
  bench.air.schedule(0, 313.15);
  CHECK(bench.body.held_at(0).kelvin == Approx(313.15).epsilon(1e-12));
  CHECK(bench.body.held_at(100 * ps_per_s).end == models::pins::ps_never);
}

TEST_CASE("a temperature that has been told cannot change any more and the next instant can") {
  Bench bench;
  bench.body.held_at(10 * ps_per_s);
  CHECK_THROWS_AS(bench.air.schedule(10 * ps_per_s, 300), std::invalid_argument);
  CHECK_THROWS_AS(bench.air.schedule_ramp(9 * ps_per_s, 20 * ps_per_s, 300), std::invalid_argument);
  CurrentSpec spec;
  spec.rms_A = 5;
  CHECK_THROWS_AS(bench.grid.schedule_current(0, 10 * ps_per_s, spec), std::invalid_argument);
  CHECK_NOTHROW(bench.air.schedule(10 * ps_per_s + 1, 300));
  CHECK_NOTHROW(bench.grid.schedule_current(0, 10 * ps_per_s + 1, spec));
}

TEST_CASE("who only plans ahead fixes nothing and sees what is scheduled") {
  Bench bench;
  CHECK(bench.body.planned_at(1500 * ps_per_s).kelvin == 296.15);
  load(bench.grid, 0, 100);
  const double risen_K = 12 * (1 - std::exp(-1.0));
  CHECK(bench.body.planned_at(1500 * ps_per_s).kelvin ==
        Approx(reference_K + risen_K).margin(half_step_K));
  bench.body.held_at(100 * ps_per_s);
  load(bench.grid, 100 * ps_per_s + 1, 0);  // and cools from 12 K · (1 − e^(−1/15)) = 0.774 K
  CHECK(bench.body.planned_at(1600 * ps_per_s).kelvin ==
        Approx(reference_K + 12 * (1 - std::exp(-1 / 15.0)) * std::exp(-1.0)).margin(half_step_K));
  CHECK(bench.body.held_at(1600 * ps_per_s).kelvin ==
        bench.body.planned_at(1600 * ps_per_s).kelvin);
}

TEST_CASE("air that no chamber has and bodies that cannot be are refused") {
  Ambient air;
  CHECK_THROWS_AS(air.schedule(0, 213.1), std::invalid_argument);
  CHECK_THROWS_AS(air.schedule(0, 373.2), std::invalid_argument);
  CHECK_THROWS_AS(air.schedule(0, std::nan("")), std::invalid_argument);
  CHECK_THROWS_AS(air.schedule_ramp(5, 4, 300), std::invalid_argument);
  const Grid grid;
  const auto body = [&](const ThermalSpec& spec) { const Body b(air, currents_of(grid), spec); };
  CHECK_THROWS_AS(body({12, 0, 1500}), std::invalid_argument);
  CHECK_THROWS_AS(body({12, 100, 0}), std::invalid_argument);
  CHECK_THROWS_AS(body({-1, 100, 1500}), std::invalid_argument);
  CHECK_THROWS_AS(body({0, 0, -1}), std::invalid_argument);
}

TEST_CASE("a body of a thousand changes forgets what is more than a second old and goes on") {
  Bench bench;
  for (Ps k = 0; k < 1000; ++k) load(bench.grid, k * (ps_per_s / 10), k % 2 == 0 ? 100 : 0);
  // 100 ms of every 200 ms at 100 A: half of 12 K, after 100 s 1 − e^(−100/1500) of it.
  for (Ps k = 0; k < 1000; ++k) {
    const Ps t = k * (ps_per_s / 10);
    bench.body.held_at(t);
    CHECK_NOTHROW(bench.body.held_at(t < ps_per_s ? 0 : t - ps_per_s));
  }
  const double risen_K = 6 * (1 - std::exp(-100.0 / 1500));
  CHECK(bench.body.held_at(100 * ps_per_s - 1).kelvin ==
        Approx(reference_K + risen_K).margin(0.0025 + 0.001));
  CHECK_THROWS_AS(bench.body.held_at(0), std::logic_error);
}

TEST_CASE("a body that is put back has the temperatures of one that lived through it all") {
  const auto plan = [](Bench& bench) {
    load(bench.grid, 0, 80);
    load(bench.grid, 700 * ps_per_s + 3, 20);
    load(bench.grid, 1500 * ps_per_s, 100);
    bench.air.schedule_ramp(400 * ps_per_s, 1200 * ps_per_s, 310);
  };
  for (const Ps cut_s : {Ps{1}, Ps{399}, Ps{700}, Ps{1100}, Ps{1600}}) {
    INFO("cut at " << cut_s << " s");
    Bench whole;
    plan(whole);
    for (Ps s = 0; s <= cut_s; ++s) whole.body.held_at(s * ps_per_s);
    Bench later;
    plan(later);
    later.body.restore(whole.body.state());
    for (Ps s = cut_s; s < cut_s + 900; s += 7) {
      const Held expected = whole.body.held_at(s * ps_per_s);
      const Held held = later.body.held_at(s * ps_per_s);
      CHECK(held.kelvin == expected.kelvin);
      CHECK(held.start == expected.start);
      CHECK(held.end == expected.end);
    }
    // What was told stays told.
    CHECK_THROWS_AS(load(later.grid, cut_s * ps_per_s, 1), std::invalid_argument);
  }
}
