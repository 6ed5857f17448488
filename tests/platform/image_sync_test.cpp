// Generated scenarios for meters that run the flashed image: both sync modes write the same log.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "tests/platform/support/child_run.h"
#include "tests/platform/support/dice.h"
#include "tests/platform/support/generated_run.h"
#include "tools/isa/flash_image.h"

namespace {

using models::pins::ps_per_us;
using platform::SyncMode;

std::size_t count(const std::string& log, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = log.find(what); at != std::string::npos; at = log.find(what, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

/// The image boots for 7 ms; by 20 ms it serves all that comes from outside, by 48 ms it has had
/// its first block. PRO380_IMAGE_RUNS=N, by command, takes so many.
TEST_CASE("generated scenarios for the flashed image: both sync modes write the same log") {
  const auto image = std::make_shared<const platform::FirmwareImage>(
      tools::read_flash_image(PRO380_SOURCE_DIR "/build/firmware/firmware.elf"));
  std::uint64_t runs = 24;
  if (const char* wanted = std::getenv("PRO380_IMAGE_RUNS")) runs = std::stoull(wanted);
  std::size_t interrupts = 0;
  std::size_t power_ons = 0;
  std::size_t heard = 0;
  for (std::uint64_t seed = 1000; seed < 1000 + runs; ++seed) {
    test::Dice dice(seed);
    const bool is_long = seed % 8 == 0;
    test::GeneratedRun run{seed, (is_long ? 50'000 : 9'000) * ps_per_us, SyncMode::horizon};
    run.duration += dice.below(12'000) * ps_per_us + dice.below(40'000);
    run.steady = is_long;
    run.image = image;
    INFO("seed " << seed << ", " << run.duration / ps_per_us << " us");
    const std::string horizon = test::log_of(run);
    interrupts += count(horizon, "interrupt_entry");
    power_ons += count(horizon, "power_on");
    heard += count(horizon, "\"event\":\"access\"");
    run.sync = SyncMode::cycle;
    CHECK(test::first_difference(horizon, test::log_of(run)) == test::no_difference);
  }
  CHECK(interrupts >= 10 * runs);
  CHECK(power_ons >= runs + runs / 4);
  CHECK(heard >= 10'000 * runs);
}
