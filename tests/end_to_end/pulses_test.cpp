// Pulses against the truth: a kilowatt-hour is a thousand pulses whatever happens to the load.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/end_to_end/workbench.h"

using namespace end_to_end;

namespace {

/// The promise: what the world delivered by t has been played by t + 320 samples.
constexpr Ps latency = 320 * 244'140'625ull;

/// What is delivered before the first window after power-up begins is not metered; so no load is.
constexpr Load idle{230, 0, 0};
constexpr Ps first_load = 500 * ps_per_ms;

/// The engine's row of outputs whose debt keeps growing, a bit each.
constexpr std::uint32_t growing_debt_row = 0xF020;

double truth_Wh(const models::truth::EnergyTruth& truth, Ps until, bool forward) {
  const auto energy = truth.active(0, until);
  return (forward ? energy.forward : energy.reverse) / 3600;
}

/// At the start of every pulse and just before it, the count is the truth's within one pulse.
void check_counts(Workbench& bench, const std::string& output, double imp_per_kWh, bool forward,
                  double slack_pulses = 1) {
  const auto& pulses = bench.edges().pulses(output);
  REQUIRE(!pulses.empty());
  double worst = 0;
  for (std::size_t n = 0; n < pulses.size(); ++n) {
    if (pulses[n].start < ps_per_s) continue;
    double Wh = 0;
    for (int phase = 0; phase < 3; ++phase) {
      Wh += truth_Wh(bench.truth(phase), pulses[n].start - latency, forward);
    }
    const double expected = Wh / 1000 * imp_per_kWh;
    worst = std::max(worst, std::abs(static_cast<double>(n) + 1 - expected));
  }
  INFO(output << ": worst distance from the truth " << worst << " pulses");
  CHECK(worst <= slack_pulses);
}

void check_shapes(Workbench& bench, const std::string& output) {
  const double widths_ms[] = {40, 20, 10, 5, 2.5};
  const auto& pulses = bench.edges().pulses(output);
  for (std::size_t n = 0; n < pulses.size(); ++n) {
    if (pulses[n].end == 0) continue;
    const double width_ms = static_cast<double>(pulses[n].end - pulses[n].start) * 1e-9;
    double nearest = 1e9;
    for (const double w : widths_ms) nearest = std::min(nearest, std::abs(width_ms - w));
    CHECK(nearest <= 39.8e-6);  // one core clock
    if (n > 0) CHECK(pulses[n].start - pulses[n - 1].end >= ps_per_ms);
  }
}

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
  // A 40 ms pulse begun at 2.4 kW spans 7.9 periods of 5.2 ms: that much debt, and the one pulse.
  check_counts(bench, "m1.s0_forward", 10'000, true, 9);
  // At the end of each low stretch the debt is paid: the count is the truth's within one.
  const auto& pulses = bench.edges().pulses("m1.s0_forward");
  for (int n = 0; n < 97; ++n) {
    const Ps at = ps_per_s * static_cast<Ps>(3 + 2 * n) + 900 * ps_per_ms;
    const double owed = truth_Wh(bench.total_truth(), at - latency, true) * 10;
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
      CHECK(std::abs(static_cast<double>(pulses[n].end - pulses[n].start) * 1e-12 - 5e-3) <
            39.8e-9);
    }
  }
  check_counts(bench, "m1.s0_forward", 10'000, true);
  check_counts(bench, "m1.s0_reverse", 10'000, false);
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

TEST_CASE("counts follow the truth through load steps, power factors and a change of direction") {
  Setup setup;
  setup.s0_rate_centi = 1'000'000;
  Workbench bench(setup);
  bench.schedule(0, idle);
  const double currents_A[] = {1, 30, 5, 77, 12, 0.3, 50};
  const double lags_deg[] = {0, 40, -30, 180, 170, 60, 0};
  for (int n = 0; n < 35; ++n) {
    bench.schedule(first_load + static_cast<Ps>(n) * 1'713 * ps_per_ms,
                   {230, currents_A[n % 7], lags_deg[(n * 3) % 7], {true, n % 3 != 1, n % 4 != 2}});
  }
  bench.run_until(61 * ps_per_s);
  // A change of direction may cost one cycle's energy: 69 kW · 20 ms are 3.8 pulses, and each of
  // the eleven reversals may cost that much; steps within a window cost nothing.
  check_counts(bench, "m1.s0_forward", 10'000, true, 1 + 11 * 3.0);
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
      CHECK(std::abs(static_cast<double>(flashes[n].end - flashes[n].start) * 1e-12 - 2e-3) <
            39.8e-9);
    }
  };
  check("m1.led_active", p_W, 0.1 / 4096);
  // Q is promised within 0.05 %.
  check("m1.led_reactive", q_var, 5e-4 * 360 / q_var + 0.1 / 4096);
}

TEST_CASE("a new rate holds at once, without a burst") {
  Workbench bench(Setup{});
  bench.schedule(0, {230, 10, 0});
  bench.run_until(10 * ps_per_s);
  const auto before = bench.edges().pulses("m1.s0_forward").size();
  bench.write_rate(10'000);
  const Ps changed = bench.now();
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
