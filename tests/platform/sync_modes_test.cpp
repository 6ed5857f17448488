// The proof of the design: `--sync horizon` and `--sync cycle` write byte-identical event logs, and
// a fault in the rules that make it so does not go unseen.
#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>
#include <string>

#include "metrology/hal/memory_map.h"
#include "platform/meter_config.h"
#include "tests/platform/support/child_run.h"
#include "tests/platform/support/dice.h"
#include "tests/platform/support/generated_run.h"

namespace {

namespace hal = metrology::hal;
using models::pins::ps_per_ms;
using models::pins::ps_per_us;
using platform::SyncMode;

/// What the runs of one test case must have seen between them, or their equality says little.
struct Coverage {
  int block_interrupts = 0;
  std::uint64_t most_blocks_done = 0;
  int overruns = 0;
  int resets = 0;  ///< but for power-on
  int pulse_edges = 0;
  int answers = 0;
  int bites = 0;      ///< of the watchdog
  int power_ons = 0;  ///< the first of each run included
  int alarms = 0;
  int warnings = 0;  ///< interrupts of the power monitor
  int transactions = 0;
  int eeprom_writes = 0;
  int torn_pages = 0;
  int shows = 0;
  int characters_heard = 0;
  int frame_ends = 0;
  int characters_sent = 0;

  void add(const std::string& log) {
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
      if (reads(line, hal::intc::base + hal::intc::claim)) {
        const auto source = static_cast<hal::Irq>(value(line));
        if (source == hal::Irq::dma_block) ++block_interrupts;
        if (source == hal::Irq::rtc) ++alarms;
        if (source == hal::Irq::power) ++warnings;
        if (source == hal::Irq::i2c) ++transactions;
      } else if (reads(line, hal::dma::base + hal::dma::blocks_done)) {
        most_blocks_done = std::max(most_blocks_done, value(line));
      } else if (reads(line, hal::dma::base + hal::dma::status)) {
        if ((value(line) & hal::dma::status_overrun) != 0) ++overruns;
      } else if (reads(line, hal::uart::bus_base + hal::uart::rx_data)) {
        if ((value(line) & hal::uart::rx_none) == 0) ++characters_heard;
      } else if (reads(line, hal::uart::bus_base + hal::uart::status)) {
        if ((value(line) & hal::uart::status_frame_end) != 0) ++frame_ends;
      } else if (has(line, ".uart_bus\"")) {
        ++characters_sent;
      } else if (has(line, "\"cause\":\"software\"") || has(line, "\"cause\":\"bus_error\"")) {
        ++resets;
      } else if (has(line, "\"cause\":\"watchdog\"")) {
        ++bites;
      } else if (has(line, "\"cause\":\"power_on\"")) {
        ++power_ons;
      } else if (has(line, ".eeprom\",\"event\":\"write\"")) {
        ++eeprom_writes;
      } else if (has(line, "\"event\":\"torn\"")) {
        ++torn_pages;
      } else if (has(line, "\"event\":\"show\"")) {
        ++shows;
      } else if (has(line, "\"event\":\"edge\"")) {
        ++pulse_edges;
      } else if (has(line, ".registers\"")) {
        ++answers;
      }
    }
  }

 private:
  static bool has(const std::string& line, const std::string& text) {
    return line.find(text) != std::string::npos;
  }
  static bool reads(const std::string& line, std::uint32_t address) {
    return has(line, "\"address\":" + std::to_string(address) + ",\"write\":false");
  }
  static std::uint64_t value(const std::string& line) {
    const std::string name = "\"value\":";
    return std::stoull(line.substr(line.find(name) + name.size()));
  }
};

/// Empty when both modes agree.
std::string difference_of_modes(test::GeneratedRun run, Coverage& coverage) {
  run.sync = SyncMode::horizon;
  std::string horizon = test::log_of(run);
  if (horizon.rfind("FAILED", 0) == 0) return horizon;
  coverage.add(horizon);
  run.sync = SyncMode::cycle;
  return test::first_difference(horizon, test::log_of(run));
}

/// 25 of the generated scenarios: most short and busy; each eighth without resets and long enough
/// for three blocks of the DMA's (93.75 ms and the filter's start).
void check_generated(std::uint64_t first_seed) {
  Coverage coverage;
  for (std::uint64_t seed = first_seed; seed < first_seed + 25; ++seed) {
    test::Dice dice(seed);
    const bool is_long = seed % 8 == 0;
    const models::pins::Ps duration = is_long ? 105 * ps_per_ms + dice.below(65'000) * ps_per_us
                                              : 500 * ps_per_us + dice.below(16'000) * ps_per_us;
    test::GeneratedRun run{seed, duration + dice.below(40'000), SyncMode::horizon};
    run.steady = is_long;
    INFO("seed " << seed << ", " << duration / ps_per_us << " us");
    CHECK(difference_of_modes(run, coverage) == test::no_difference);
  }
  // Three or four long scenarios, of three blocks or more each, half of them left to overrun.
  CHECK(coverage.block_interrupts >= 4);
  CHECK(coverage.most_blocks_done >= 3);
  CHECK(coverage.overruns >= 1);
  CHECK(coverage.resets >= 25);
  CHECK(coverage.pulse_edges >= 500);
  CHECK(coverage.answers >= 100);
  CHECK(coverage.bites >= 10);
  CHECK(coverage.power_ons >= 25 + 10);
  CHECK(coverage.alarms >= 100);
  CHECK(coverage.warnings >= 8);
  CHECK(coverage.transactions >= 100);
  CHECK(coverage.eeprom_writes >= 10);
  CHECK(coverage.torn_pages >= 1);
  CHECK(coverage.shows >= 10);
  CHECK(coverage.characters_heard >= 100);
  CHECK(coverage.frame_ends >= 20);
  CHECK(coverage.characters_sent >= 50);
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

TEST_CASE("three meters on one line: both sync modes write the same log") {
  Coverage coverage;
  for (std::uint64_t seed = 300; seed < 320; ++seed) {
    test::GeneratedRun run{seed, 6 * ps_per_ms, SyncMode::horizon};
    run.meters = 3;
    run.one_line = true;
    INFO("seed " << seed);
    CHECK(difference_of_modes(run, coverage) == test::no_difference);
  }
  CHECK(coverage.characters_heard >= 1000);
  CHECK(coverage.characters_sent >= 300);
}
