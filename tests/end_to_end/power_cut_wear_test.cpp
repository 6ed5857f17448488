// How the EEPROM wears: evenly, slowly, and not at all by what does not change.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/end_to_end/power_bench.h"

using namespace end_to_end;

namespace {

constexpr std::size_t ring_begin = 8;
constexpr std::uint32_t endurance = 1'000'000;  // writes of a cell
constexpr std::uint32_t tariff_row = 0x2200;

struct Wear {
  std::uint32_t least = UINT32_MAX;
  std::uint32_t most = 0;
};
Wear wear_of(const PowerBench& bench, std::size_t first, std::size_t last) {
  Wear wear;
  for (std::size_t page = first; page <= last; ++page) {
    wear.least = std::min(wear.least, bench.eeprom().wear(page));
    wear.most = std::max(wear.most, bench.eeprom().wear(page));
  }
  return wear;
}

void run_in(PowerBench& bench) {
  bench.run_to([&] { return bench.loaded(); }, ps_per_ms, ps_per_s, "the first load");
  bench.run_saved();
}

}  // namespace

TEST_CASE("wear: a thousand saves spread evenly over the ring, and ten years of them are few") {
  PowerBench bench({});
  run_in(bench);
  // A change of the saved tariff is saved at once, in the log of counters: a quick way to saves.
  constexpr int turns = 16;
  constexpr int slots = 63;
  constexpr int formatted = 2;
  for (int n = 0; n < turns * slots - formatted; ++n) {
    bench.write_row(tariff_row, n % 2 == 0 ? 2 : 1);
    bench.run_saved();
  }
  const Wear ring = wear_of(bench, ring_begin, models::eeprom::page_count - 1);
  CHECK(ring.least == turns);
  CHECK(ring.most == turns);
  const Wear configs = wear_of(bench, 0, 5);
  CHECK(configs.most == 1);
  CHECK(wear_of(bench, 6, 7).most == 0);

  // Ten years, leap days included: a save every 899 s, ten power cuts and ten tariff switches a
  // day.
  constexpr std::uint64_t days = 3653;
  constexpr std::uint64_t saves = days * 86'400 / 899 + days * 20;
  const double writes_a_save = static_cast<double>(ring.most) / (turns * slots);
  CHECK(static_cast<double>(saves) * writes_a_save < 0.01 * endurance);
}

TEST_CASE("wear: what is saved by itself in an hour is four records") {
  PowerBench bench({});
  run_in(bench);
  const std::size_t formatted = bench.chronicle.writes.size();
  bench.run_until(3605 * ps_per_s);
  CHECK(bench.chronicle.writes.size() - formatted == std::size_t{4} * 8);
  CHECK(wear_of(bench, ring_begin, models::eeprom::page_count - 1).most == 1);
}

TEST_CASE("wear: a master that writes the same settings every minute wears nothing") {
  PowerBench bench({});
  run_in(bench);
  const std::vector<std::uint8_t> image = bench.eeprom().image();
  const std::size_t formatted = bench.chronicle.writes.size();
  for (int minute = 1; minute <= 14; ++minute) {
    bench.run_until(static_cast<Ps>(minute) * 60 * ps_per_s);
    bench.write_row(0x1018, 1);
    bench.write_row(tariff_row, 1);
  }
  bench.run_for(ps_per_s);
  CHECK(bench.chronicle.writes.size() == formatted);
  CHECK(bench.eeprom().image() == image);
  // The same rows with other values do wear.
  bench.write_row(0x1018, 2);
  bench.write_row(tariff_row, 2);
  bench.run_saved();
  CHECK(bench.chronicle.writes.size() == formatted + 1 + 8);
}
