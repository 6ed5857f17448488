// The proof of the design: `--sync horizon` and `--sync cycle` write byte-identical event logs, and
// a fault in the rules that make it so does not go unseen.
#include <catch2/catch.hpp>

#include "platform/meter_config.h"
#include "tests/platform/support/child_run.h"
#include "tests/platform/support/dice.h"
#include "tests/platform/support/generated_run.h"

namespace {

using models::pins::ps_per_ms;
using models::pins::ps_per_us;
using platform::SyncMode;

/// Empty when both modes agree.
std::string difference_of_modes(test::GeneratedRun run) {
  run.sync = SyncMode::horizon;
  std::string horizon = test::log_of(run);
  if (horizon.rfind("FAILED", 0) == 0) return horizon;
  run.sync = SyncMode::cycle;
  return test::first_difference(horizon, test::log_of(run));
}

/// 25 of the generated scenarios: most short and busy, each eighth long enough for DMA blocks.
void check_generated(std::uint64_t first_seed) {
  for (std::uint64_t seed = first_seed; seed < first_seed + 25; ++seed) {
    test::Dice dice(seed);
    const bool is_long = seed % 8 == 0;
    const models::pins::Ps duration = is_long ? 35 * ps_per_ms + dice.below(165'000) * ps_per_us
                                              : 500 * ps_per_us + dice.below(12'000) * ps_per_us;
    const test::GeneratedRun run{seed, duration + dice.below(40'000), SyncMode::horizon};
    INFO("seed " << seed << ", " << duration / ps_per_us << " us");
    CHECK(difference_of_modes(run) == test::no_difference);
  }
}

}  // namespace

TEST_CASE("generated scenarios 0-24: both sync modes write the same log") { check_generated(0); }
TEST_CASE("generated scenarios 25-49: both sync modes write the same log") { check_generated(25); }
TEST_CASE("generated scenarios 50-74: both sync modes write the same log") { check_generated(50); }
TEST_CASE("generated scenarios 75-99: both sync modes write the same log") { check_generated(75); }
TEST_CASE("generated scenarios 100-124: both sync modes write the same log") {
  check_generated(100);
}
TEST_CASE("generated scenarios 125-149: both sync modes write the same log") {
  check_generated(125);
}
TEST_CASE("generated scenarios 150-174: both sync modes write the same log") {
  check_generated(150);
}
TEST_CASE("generated scenarios 175-199: both sync modes write the same log") {
  check_generated(175);
}
