// Voltage dips and short interruptions of IEC 62052-11 §7.1.2: nominal voltage and no current; the
// law lets 690 pulses pass, the twin none.
#include <catch2/catch.hpp>

#include "tests/end_to_end/power_bench.h"

using namespace end_to_end;

namespace {

/// Something is booked, then the current is open, and what is owed has been pulsed.
void run_idle(PowerBench& bench) {
  bench.run_until(4 * ps_per_s);
  bench.set_current(0);
  bench.run_until(6 * ps_per_s);
}

struct Dip {
  int count;
  Ps duration;
  Ps gap;
  double residual;
};

/// Same on all phases, and a second in which everything comes back.
void play(PowerBench& bench, const Dip& dip) {
  Ps t = bench.now() + ps_per_ms;
  for (int n = 0; n < dip.count; ++n) {
    for (int phase = 0; phase < 3; ++phase) {
      bench.grid().schedule_dip(phase, t, dip.duration, dip.residual);
    }
    t += dip.duration + dip.gap;
  }
  bench.announce();
  bench.run_until(t + 2 * ps_per_s);
}

void check_nothing_registered(const Dip& dip, int resets, std::size_t warnings) {
  PowerBench bench({});
  run_idle(bench);
  const Kept before = bench.kept();
  const auto pulses = bench.chronicle.started;
  const auto settings = bench.firmware().settings;
  REQUIRE(before.uWh[12] > 0);  // the total, T1, active, forward
  const int resets_before = bench.chronicle.resets;
  play(bench, dip);
  REQUIRE(bench.loaded());
  const Kept after = bench.kept();
  CHECK_THAT(counters_differ(after, before), Catch::Equals(""));
  CHECK(bench.chronicle.started == pulses);
  CHECK_THAT(pulses_disagree(after, bench.chronicle.started, bench.rates()), Catch::Equals(""));
  CHECK(bench.chronicle.resets - resets_before == resets);
  CHECK(bench.chronicle.warnings.size() == warnings);
  CHECK(after.power_downs == static_cast<std::uint32_t>(resets));
  CHECK(bench.firmware().settings == settings);
  CHECK(bench.memory_good());
  // … and the meter meters on.
  bench.set_current(60);
  bench.run_for(2 * ps_per_s);
  CHECK(bench.kept().uWh[12] > after.uWh[12]);
  CHECK_THAT(pulses_disagree(bench.kept(), bench.chronicle.started, bench.rates()),
             Catch::Equals(""));
}

}  // namespace

TEST_CASE("dips: three interruptions of one second, 50 ms apart") {
  // The hold-up lasts for half of the first; 50 ms of mains do not start the meter again, so that
  // nobody hears two of the supply's warnings.
  check_nothing_registered({3, ps_per_s, 50 * ps_per_ms, 0}, 1, 3);
}

TEST_CASE("dips: an interruption of one cycle") {
  check_nothing_registered({1, 20 * ps_per_ms, 0, 0}, 0, 1);
}

TEST_CASE("dips: one minute at half the voltage") {
  check_nothing_registered({1, 60 * ps_per_s, 0, 0.5}, 0, 0);
}
