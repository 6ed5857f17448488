// A day at constant power: neither the pulses nor the clock's edges drift, against the truth and
// not against themselves.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/end_to_end/pulse_counts.h"
#include "tests/end_to_end/workbench.h"

using namespace end_to_end;

namespace {

constexpr double jitter_s = 0.1 / 4096;

/// At 50 Hz the 2048 samples of 25 cycles repeat, and with them the rounding of the codes: P is off
/// by a constant that depends on where in the cycle the ADC was started. Rounding is uniform in one
/// code, 1/√12 r.m.s.; the current of 5 A has 5/170 · 2^23 codes r.m.s., the voltage's share is a
/// tenth; so each phase is off by 1/√12 / (√2048 · 246 724) = 2.6e-8 r.m.s., the mean of three by
/// 1.5e-8. Four times that.
constexpr double code_rounding_error = 6e-8;

/// Where the rational clock has the edge nearest to `t`: n · 244140625/6144 ps, rounded once.
Ps nearest_edge(Ps t) {
  __extension__ using Wide = unsigned __int128;
  constexpr Wide clocks_a_sample = 6144;
  const Wide n = (t * clocks_a_sample + sample_ps / 2) / sample_ps;
  return static_cast<Ps>((n * sample_ps * 2 + clocks_a_sample) / (2 * clocks_a_sample));
}

}  // namespace

TEST_CASE("after a day, pulses and clock edges have not drifted", "[slow]") {
  // 3 × 230 V × 5 A at 1 000 imp/kWh: a pulse every 3600/3450 s. At 50 Hz the codes repeat every 25
  // cycles, so the power that the firmware sees is constant: what it is off by is no drift.
  constexpr double imp_per_kWh = 1'000;
  Workbench bench(Setup{});
  bench.schedule(0, {230, 0, 0});
  bench.schedule(ps_per_s, {230, 5, 0});
  const Ps end = 86'400 * ps_per_s;
  bench.run_until(end);
  const auto& pulses = bench.edges().pulses("m1.s0_forward");
  const auto& truth = bench.total_truth();
  const auto owed = static_cast<std::size_t>(
      pulses_of(truth.active_smooth(0, end - active_latency).forward, imp_per_kWh));
  REQUIRE(pulses.size() == owed);
  double worst_s = 0;
  double last_s = 0;
  for (std::size_t n = 0; n < pulses.size(); ++n) {
    const double energy_Ws = static_cast<double>(n + 1) * 3.6e6 / imp_per_kWh;
    const Ps due = truth.instant_of(Direction::forward, energy_Ws, end) + active_latency;
    const double late_s =
        static_cast<double>(static_cast<std::int64_t>(pulses[n].start - due)) * 1e-12;
    const double limit_s =
        jitter_s + (compensator_error + code_rounding_error) * static_cast<double>(due) * 1e-12;
    worst_s = std::max(worst_s, std::abs(late_s) / limit_s);
    if (n > 0) REQUIRE(std::abs(late_s - last_s) <= jitter_s);
    last_s = late_s;
  }
  INFO("pulse against truth: " << worst_s << " of the limit, the last " << last_s * 1e6 << " us");
  CHECK(worst_s <= 1);
  CHECK(nearest_edge(pulses.back().start) == pulses.back().start);
  CHECK(nearest_edge(pulses.back().end) == pulses.back().end);
}
