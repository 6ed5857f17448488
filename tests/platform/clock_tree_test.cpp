#include "platform/clock_tree.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "tests/platform/support/dice.h"

namespace {

using models::pins::Ps;
using models::pins::ps_per_s;
using platform::ClockTree;
using platform::Cycle;
using platform::WideTime;

constexpr Ps day = 86'400 * ps_per_s;
constexpr Cycle cycles_per_s = 25'165'824;
constexpr Cycle cycles_per_day = 86'400 * cycles_per_s;
constexpr Cycle sample = 6144;

}  // namespace

TEST_CASE("clock tree: a sample period is exactly 244140625 ps, after 24 hours and 199 days too") {
  const ClockTree clock;
  CHECK(clock.edge(0) == 0);
  CHECK(clock.edge(6144) == 244'140'625);
  CHECK(clock.edge(cycles_per_day) == day);
  CHECK(clock.edge(199 * cycles_per_day) == 199 * day);
  CHECK(clock.edge(199 * cycles_per_day + 6144) == 199 * day + 244'140'625);
}

TEST_CASE("clock tree: edges are the exact rational instants, rounded to nearest") {
  const ClockTree clock;
  CHECK(clock.edge(1) == 39'736);          // 39736.42985…
  CHECK(clock.edge(2) == 79'473);          // 79472.85970…
  CHECK(clock.edge(3) == 119'209);         // 119209.28955…
  CHECK(clock.edge(3072) == 122'070'313);  // 122070312.5: half up
  test::Dice dice(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto n = static_cast<Cycle>(dice.bits() % (199 * cycles_per_day));
    // |6144·edge − n·244140625| <= 3072, by remainders so that 64 bits hold it.
    const auto residue = static_cast<std::int64_t>(clock.edge(n) * 6144 -
                                                   static_cast<std::uint64_t>(n) * 244'140'625);
    if (residue < -3071 || residue > 3072) FAIL("edge " << n << " is off by " << residue);
  }
}

TEST_CASE("clock tree: from edge to time and back for random edges up to 199 days") {
  for (const std::int32_t ppb : {0, 100'000, -100'000, 1, 333'333, -1'000'000}) {
    const ClockTree clock(ppb);
    test::Dice dice(2);
    for (int i = 0; i < 20'000; ++i) {
      const auto n = 1 + static_cast<Cycle>(dice.bits() % (199 * cycles_per_day));
      const Ps t = clock.edge(n);
      if (clock.at_or_after(t) != n || clock.at_or_after(t + 1) != n + 1 ||
          clock.at_or_after(t - 1) != n) {
        FAIL("edge " << n << " at " << ppb << " ppb");
      }
    }
  }
  CHECK(ClockTree().at_or_after(0) == 0);
  CHECK(ClockTree().at_or_after(1) == 1);
  CHECK(ClockTree().at_or_after(models::pins::ps_never) == peripherals::cycle_never);
}

TEST_CASE("clock tree: a crystal off by p makes f·(1 + p) edges a second") {
  // In 10 000 s, +100 ppm are 10 001 s' worth of edges; in 10⁹ s it would be one second's for 1
  // ppb: take 10⁷ s (115.7 days), 0.01 s' worth, rounded down to whole samples: 40.96 of them.
  CHECK(ClockTree(100'000).edge(10'001 * cycles_per_s) == 10'000 * ps_per_s);
  CHECK(ClockTree(-100'000).edge(9'999 * cycles_per_s) == 10'000 * ps_per_s);
  CHECK(ClockTree(1'000).edge(10'000'010 * cycles_per_s) == 10'000'000 * ps_per_s);
}

TEST_CASE("clock tree: a change holds from the first edge at or after it, edges before stay") {
  for (const int offset_ps : {-1, 0, 1}) {
    const ClockTree before;
    ClockTree clock;
    const Cycle n = 1'000'000;
    clock.set_ppb(before.edge(n) + static_cast<Ps>(offset_ps), 500'000);
    const Cycle first = offset_ps <= 0 ? n : n + 1;
    CHECK(clock.edge(first - 1) == before.edge(first - 1));
    CHECK(clock.edge(first) == before.edge(first));
    // 6144 · 10001 edges at +500 ppm take 6144·10001·39736.43/1.0005; 10005 samples' worth = 10⁴.
    const Ps expected = 10'000ull * 244'140'625;
    CHECK(clock.edge(first + 10'005 * sample) - clock.edge(first) <= expected + 1);
    CHECK(clock.edge(first + 10'005 * sample) - clock.edge(first) >= expected - 1);
    CHECK(clock.at_or_after(clock.edge(first + 7)) == first + 7);
    CHECK(clock.at_or_after(clock.edge(first - 7)) == first - 7);
    CHECK(clock.at_or_after(clock.edge(first - 1) + 1) == first);
    const peripherals::ClockStretch old_stretch = clock.stretch(first - 1);
    CHECK(old_stretch.first == 0);
    CHECK(old_stretch.last == first);
    const peripherals::ClockStretch stretch = clock.stretch(first);
    CHECK(stretch.first == first);
    CHECK(stretch.last == peripherals::cycle_never);
    const double start = static_cast<double>(stretch.start) + stretch.start_rest;
    CHECK(start == Approx(static_cast<double>(first) * 244140625 / 6144).epsilon(1e-15));
    CHECK(stretch.period_ps == Approx(244140625.0 / 6144 / 1.0005).epsilon(1e-15));
  }
}

TEST_CASE("clock tree: two thousand changes leave no drift") {
  // k times: `cycles` edges at +100 ppm, as many at −100 ppm. Exactly:
  // k·cycles·(244140625/6144)·(10000/10001 + 10000/9999)
  ClockTree clock(100'000);
  const Cycle cycles = 1'234'567;
  Cycle at = 0;
  for (int k = 0; k < 1000; ++k) {
    at += cycles;
    clock.set_ppb(clock.edge(at), -100'000);
    at += cycles;
    clock.set_ppb(clock.edge(at), 100'000);
  }
  const WideTime numerator = static_cast<WideTime>(1000 * cycles) * 244'140'625 * 10'000 * 20'000;
  const WideTime denominator = static_cast<WideTime>(6144) * 10'001 * 9'999;
  CHECK(clock.edge(at) == static_cast<Ps>((numerator + denominator / 2) / denominator));
}

TEST_CASE("clock tree: goes on from a saved state with a base beyond 64 bits") {
  ClockTree first;
  first.set_ppb(first.edge(12'345), 77'777);
  platform::ClockState state = first.state();
  const WideTime ages = static_cast<WideTime>(1) << 70;
  state.start += ages;
  const WideTime base = ages + first.edge(50'000);
  const ClockTree second(state, base);
  for (const Cycle n : {50'000, 50'001, 60'000, 1'000'000}) {
    CHECK(second.edge(n) == first.edge(n) - first.edge(50'000));
  }
  CHECK(second.at_or_after(0) == 50'000);
  CHECK(second.at_or_after(1) == 50'001);
}

TEST_CASE(
    "clock tree: what lay before a later kernel time 0 is told by its stretches and negative") {
  ClockTree first(-300'000);
  const WideTime base = first.edge(1'000'000);
  first.set_ppb(first.edge(900'000), 77'777);
  first.set_ppb(first.edge(1'000'100), -5);
  ClockTree second(0, base);
  CHECK(second.edge(0) == 0);
  // One second back all three stretches hold.
  CHECK(first.state_since(0).size() == 3);
  CHECK(first.state_since(first.edge(900'000)).size() == 2);
  CHECK(first.state_since(first.edge(900'000) - 2).size() == 3);
  second.restore(first.state_since(0));
  for (const Cycle n : {850'000, 899'999, 900'000, 950'000, 999'999, 1'000'099, 1'000'101}) {
    INFO(n);
    CHECK(second.since_zero(n) ==
          static_cast<std::int64_t>(first.edge(n)) - static_cast<std::int64_t>(base));
  }
  CHECK_THROWS_AS(second.edge(second.first_edge() - 1), std::out_of_range);
  CHECK(second.first_edge() == second.at_or_after(0));
  // A stretch that began before time 0 is told from its first edge after it on.
  const peripherals::ClockStretch stretch = second.stretch(second.first_edge());
  CHECK(stretch.first == second.first_edge());
  CHECK(stretch.last == 1'000'100);
  CHECK(static_cast<double>(stretch.start) + stretch.start_rest ==
        Approx(static_cast<double>(second.edge(stretch.first))).margin(0.5));
  CHECK_THROWS_AS(second.restore({}), std::invalid_argument);
}

TEST_CASE("clock tree: segments beyond 200 days and crystals beyond 1000 ppm are refused") {
  CHECK_NOTHROW(platform::require_segment(200 * day));
  CHECK_THROWS_AS(platform::require_segment(200 * day + 1), std::out_of_range);
  CHECK_THROWS_AS(ClockTree(1'000'001), std::invalid_argument);
  CHECK_THROWS_AS(ClockTree(-1'000'001), std::invalid_argument);
  CHECK_THROWS_AS(ClockTree().edge(214 * cycles_per_day), std::out_of_range);
}

TEST_CASE("clock tree: a refused change of the crystal leaves the clock as it was") {
  ClockTree clock(500);
  const ClockTree untouched(500);
  for (const std::int32_t ppb : {1'000'001, -1'000'001}) {
    CHECK_THROWS_AS(clock.set_ppb(0, ppb), std::invalid_argument);
  }
  CHECK(clock.ppb() == 500);
  for (const platform::Cycle n : {0, 1, 6144, 1'000'000}) CHECK(clock.edge(n) == untouched.edge(n));
}
