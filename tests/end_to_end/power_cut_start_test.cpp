// Power that fails again while the meter starts: nothing has been booked yet, so everything is as
// it was at the last brown-out, however often that happens.
#include <catch2/catch.hpp>
#include <iostream>

#include "tests/end_to_end/power_cuts.h"

using namespace end_to_end;

namespace {

constexpr Ps ps_per_us = ps_per_ms / 1000;

/// Dark since a mains cut, everything saved.
Kept run_dark(PowerBench& bench) {
  bench.run_until(2 * ps_per_s);
  bench.set_mains(0);
  const Kept warned = run_warned(bench);
  bench.run_for(ps_per_s);
  return warned;
}

std::string judge_start(PowerBench& bench, const Kept& warned) {
  bench.set_mains(230);
  run_loaded(bench);
  const Kept restored = bench.kept();
  if (std::string wrong = counters_differ(restored, warned); !wrong.empty()) return wrong;
  return pulses_disagree(restored, bench.chronicle.started, bench.rates());
}

/// From the rail's return, 200 ms after the mains', until the counters have long been loaded. The
/// step is prime, so that no part of a transaction is always missed.
void sweep_start(PowerBench& bench, const std::function<std::string()>& future) {
  bench.set_mains(230);
  const Ps back = bench.now();
  Branches branches;
  for (Ps after = 199 * ps_per_ms; after < 290 * ps_per_ms; after += 397 * ps_per_us) {
    bench.run_until(back + after);
    branches.run(std::to_string(after / ps_per_us) + " us after the mains' return", future);
  }
  branches.finish();
  std::cout << "start: " << branches.count() << " cuts\n";
  CHECK_THAT(branches.complaints(), Catch::Equals(""));
}

}  // namespace

TEST_CASE("power cut: the supply alone, during the start") {
  PowerBench bench({});
  const Kept warned = run_dark(bench);
  sweep_start(bench, [&] {
    bench.cut_supply(20 * ps_per_ms);
    bench.run_for(30 * ps_per_ms);
    return judge_start(bench, warned);
  });
}

TEST_CASE("power cut: the mains, during the start") {
  PowerBench bench({});
  const Kept warned = run_dark(bench);
  sweep_start(bench, [&] {
    bench.set_mains(0);
    bench.run_for(ps_per_s);
    return judge_start(bench, warned);
  });
}
