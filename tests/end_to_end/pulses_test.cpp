// Pulses against the truth: a kilowatt-hour is a thousand pulses whatever happens to the load.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/end_to_end/pulse_counts.h"
#include "tests/end_to_end/workbench.h"

using namespace end_to_end;

namespace {

/// The first 0.13 ms after the ADC starts are not metered, and the first windows are no whole
/// cycles.
constexpr Load idle{230, 0, 0};
constexpr Ps first_load = 500 * ps_per_ms;

/// The engine's row of outputs whose debt keeps growing, a bit each.
constexpr std::uint32_t growing_debt_row = 0xF020;

constexpr double cycle_s = 0.02;
const double pi = std::acos(-1.0);

}  // namespace

TEST_CASE("a step from 2.4 kW to 69 kW neither cuts, stretches nor loses a pulse") {
  Setup setup;
  setup.s0_rate_centi = 1'000'000;
  Workbench bench(setup);
  bench.schedule(0, idle);
  bench.schedule(first_load, {230, 2'400.0 / 690, 0});
  // Steps at 97 instants spread over the pulse's period, so that some fall inside a pulse.
  for (int n = 0; n < 97; ++n) {
    const Ps at = ps_per_s * static_cast<Ps>(2 + 2 * n) + static_cast<Ps>(n) * 1'546'391'753u;
    bench.schedule(at, {230, 100, 0});
    bench.schedule(at + ps_per_s, {230, 2'400.0 / 690, 0});
  }
  bench.run_until(200 * ps_per_s);
  check_shapes(bench, "m1.s0_forward");
  // In balance there is no ripple. A 40 ms pulse begun at 2.4 kW holds up those of 69 kW.
  const double stray = uneven_pulses(66'600, 0, cycle_s, 10'000);
  REQUIRE(stray < 1);
  check_counts(bench, "m1.s0_forward", 10'000, Direction::forward,
               {[=](Ps) { return stray; }, held_up_pulses(69'000, 10'000)});
  // At the end of each low stretch the debt is paid, and no step is near.
  const auto& pulses = bench.edges().pulses("m1.s0_forward");
  for (int n = 0; n < 97; ++n) {
    const Ps at = ps_per_s * static_cast<Ps>(3 + 2 * n) + 900 * ps_per_ms;
    const double owed =
        pulses_of(bench.total_truth().active(0, at - active_latency).forward, 10'000);
    int come = 0;
    for (const Pulse& pulse : pulses) come += pulse.start <= at ? 1 : 0;
    CHECK(std::abs(come - owed) <= 1);
  }
  CHECK(bench.row_integer(growing_debt_row) == 0);
}

TEST_CASE("with +23 kW and -23 kW both outputs pulse, 15.65 ms apart") {
  Setup setup;
  setup.s0_rate_centi = 1'000'000;
  Workbench bench(setup);
  bench.schedule(0, idle);
  bench.schedule(first_load, {230, 100, 0, {true, false, false}});
  models::grid::CurrentSpec export_;
  export_.rms_A = 100;
  export_.lag_deg = 180;
  bench.grid().schedule_current(1, first_load, export_);
  bench.run_until(20 * ps_per_s);
  for (const char* output : {"m1.s0_forward", "m1.s0_reverse"}) {
    const auto& pulses = bench.edges().pulses(output);
    REQUIRE(pulses.size() > 1'000);
    for (std::size_t n = 1; n + 1 < pulses.size(); ++n) {
      if (pulses[n - 1].start < ps_per_s) continue;
      const double interval_s = static_cast<double>(pulses[n].start - pulses[n - 1].start) * 1e-12;
      CHECK(std::abs(interval_s - 0.36 / 23) <= 0.1 / 4096);
      // 23 kW on that output: the band from 20 to 40 kW.
      CHECK(std::abs(static_cast<double>(pulses[n].end - pulses[n].start) * 1e-12 - 5e-3) <=
            core_clock_s);
    }
  }
  const double stray = uneven_pulses(23'000, 23'000, cycle_s, 10'000);
  REQUIRE(stray < 1);
  check_counts(bench, "m1.s0_forward", 10'000, Direction::forward, {[=](Ps) { return stray; }});
  check_counts(bench, "m1.s0_reverse", 10'000, Direction::reverse, {[=](Ps) { return stray; }});
  CHECK(bench.raw(0x2080) == Approx(0).margin(0.001));
}

TEST_CASE("beyond saturation the debt is kept, said, and paid back") {
  Setup setup;
  setup.variant = MeterVariant::mod_ct;
  setup.ct_primary_A = 1000;  // 6 A secondary are 1 200 A: 828 kW, 2 300 pulses/s at 10 000
  setup.s0_rate_centi = 1'000'000;
  Workbench bench(setup);
  bench.schedule(0, {230, 0, 0});
  bench.schedule(2 * ps_per_s, {230, 6, 0});
  bench.schedule(12 * ps_per_s, {230, 0, 0});
  bench.run_until(11 * ps_per_s);
  CHECK(bench.row_integer(growing_debt_row) == 1U << 2);  // S0 forward
  bench.run_until(60 * ps_per_s);
  check_shapes(bench, "m1.s0_forward");
  const auto count_by = [&](Ps t) {
    int come = 0;
    for (const Pulse& pulse : bench.edges().pulses("m1.s0_forward"))
      come += pulse.start < t ? 1 : 0;
    return come;
  };
  // At the widest rate a pulse takes 2.5 ms and a gap of 1 ms: 285.7 a second.
  CHECK(count_by(11 * ps_per_s) - count_by(10 * ps_per_s) == Approx(285.7).margin(1));
  // 23 000 pulses are owed for ten seconds; without load they leave at 40 ms and 1 ms each.
  const int before = count_by(20 * ps_per_s);
  const int after = count_by(60 * ps_per_s);
  CHECK(after - before == Approx(40 / 0.041).margin(2));
}

namespace {

/// A load of the tour below.
struct Stop {
  Ps at;
  Load load;
};

std::vector<Stop> tour() {
  const double currents_A[] = {1, 30, 5, 77, 12, 0.3, 50};
  const double lags_deg[] = {0, 40, -30, 180, 170, 60, 0};
  constexpr int stop_count = 35;
  std::vector<Stop> stops;
  stops.reserve(stop_count);
  for (int n = 0; n < stop_count; ++n) {
    stops.push_back(
        {first_load + static_cast<Ps>(n) * 1'713 * ps_per_ms,
         {230, currents_A[n % 7], lags_deg[(n * 3) % 7], {true, n % 3 != 1, n % 4 != 2}}});
  }
  return stops;
}

/// What a phase draws or gives back.
double phase_power_W(const Load& load, std::size_t phase) {
  return load.phases[phase] ? load.voltage_V * load.current_A * std::cos(load.lag_deg / 180 * pi)
                            : 0;
}

/// Joules that the changes of direction until `world` may have cost: each phase that turned round,
/// at most one cycle of its apparent power before or after, whichever is more.
double reversal_Ws(const std::vector<Stop>& stops, Ps world) {
  double Ws = 0;
  for (std::size_t n = 1; n < stops.size() && stops[n].at <= world; ++n) {
    const Load& before = stops[n - 1].load;
    const Load& after = stops[n].load;
    for (std::size_t phase = 0; phase < 3; ++phase) {
      if (phase_power_W(before, phase) * phase_power_W(after, phase) >= 0) continue;
      Ws += std::max(before.current_A, after.current_A) * before.voltage_V * cycle_s;
    }
  }
  return Ws;
}

}  // namespace

TEST_CASE("counts follow the truth through load steps, power factors and a change of direction") {
  Setup setup;
  setup.s0_rate_centi = 1'000'000;
  Workbench bench(setup);
  bench.schedule(0, idle);
  const std::vector<Stop> stops = tour();
  for (const Stop& stop : stops) bench.schedule(stop.at, stop.load);
  bench.run_until(61 * ps_per_s);
  constexpr double most_VA = 3 * 230 * 77;
  const double uneven = uneven_pulses(most_VA, most_VA, cycle_s, 10'000);
  const CountLimits limits{
      [&](Ps world) { return uneven + pulses_of(reversal_Ws(stops, world), 10'000); },
      held_up_pulses(most_VA, 10'000)};
  REQUIRE(reversal_Ws(stops, stops[1].at - 1) == 0);  // nothing has turned round yet
  check_counts(bench, "m1.s0_forward", 10'000, Direction::forward, limits);
  check_counts(bench, "m1.s0_reverse", 10'000, Direction::reverse, limits);
  check_shapes(bench, "m1.s0_forward");
  check_shapes(bench, "m1.s0_reverse");
}

TEST_CASE("both LEDs flash 10 000 times a kWh and kvarh, 2 ms each") {
  Workbench bench(Setup{});
  bench.schedule(0, {230, 10, 60});
  bench.run_until(30 * ps_per_s);
  const double p_W = 3 * 230 * 10 * 0.5;
  const double q_var = 3 * 230 * 10 * std::sqrt(3.0) / 2;
  const auto check = [&](const char* led, double power, double tolerance_s) {
    const auto& flashes = bench.edges().pulses(led);
    REQUIRE(flashes.size() > 100);
    for (std::size_t n = 1; n + 1 < flashes.size(); ++n) {
      if (flashes[n - 1].start < 2 * ps_per_s) continue;
      const double interval_s =
          static_cast<double>(flashes[n].start - flashes[n - 1].start) * 1e-12;
      CHECK(std::abs(interval_s - 360 / power) <= tolerance_s);
      CHECK(std::abs(static_cast<double>(flashes[n].end - flashes[n].start) * 1e-12 - 2e-3) <=
            core_clock_s);
    }
  };
  check("m1.led_active", p_W, 0.1 / 4096);
  // Q is promised within 0.05 %.
  check("m1.led_reactive", q_var, 5e-4 * 360 / q_var + 0.1 / 4096);
}

TEST_CASE("a new rate holds within 47 ms, without a burst") {
  Workbench bench(Setup{});
  bench.schedule(0, {230, 10, 0});
  bench.run_until(10 * ps_per_s);
  const auto at_request = bench.edges().pulses("m1.s0_forward").size();
  bench.write_rate(10'000);
  // The change within 46.9 ms, no start in the 15.6 ms behind it, and a pulse that waited for that.
  const Ps changed = 10 * ps_per_s + 100 * ps_per_ms;
  bench.run_until(changed);
  const auto before = bench.edges().pulses("m1.s0_forward").size();
  CHECK(before - at_request <= 3);
  bench.run_until(20 * ps_per_s);
  const auto& pulses = bench.edges().pulses("m1.s0_forward");
  const double expected =
      6.9 * 10'000 / 3'600 * static_cast<double>(20 * ps_per_s - changed) * 1e-12;
  CHECK(static_cast<double>(pulses.size() - before) == Approx(expected).margin(2));
  for (std::size_t n = before + 1; n < pulses.size(); ++n) {
    const double interval_s = static_cast<double>(pulses[n].start - pulses[n - 1].start) * 1e-12;
    CHECK(std::abs(interval_s - 0.36 / 6.9) <= 0.1 / 4096);
  }
}
