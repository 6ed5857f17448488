// The assembled meter with its EEPROM on a real bus: formatted, loaded, saved, cut.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "metrology/storage/image.h"
#include "models/eeprom/eeprom.h"
#include "platform/meter.h"
#include "platform/metering_firmware.h"
#include "tests/platform/support/child_run.h"
#include "tests/platform/support/recorder.h"
#include "tests/platform/support/script.h"
#include "tests/platform/support/waveform.h"

namespace {

namespace hal = metrology::hal;
namespace storage = metrology::storage;
using models::pins::Ps;
using models::pins::ps_per_ms;
using platform::SyncMode;

/// An answer to read_raw: exactly what stands in the counter.
struct Energy {
  std::uint64_t counter_uWh;
  std::uint32_t residue_pWh;
  bool operator==(const Energy& other) const {
    return counter_uWh == other.counter_uWh && residue_pWh == other.residue_pWh;
  }
};

/// 3 × 230 V with 60 A until `load_ends`, and an EEPROM.
struct Bench {
  Bench(Ps duration, Ps load_ends, models::pins::EventSink& events,
        const std::vector<std::uint8_t>& image = {}, SyncMode sync = SyncMode::horizon)
      : script(duration), eeprom({}, events, image) {
    config.parameters.magic = hal::parameter_page_magic;
    config.parameters.variant = hal::MeterVariant::mod;
    config.parameters.s0_rate_centi = 1'000'000;
    config.sync = sync;
    for (std::size_t k = 0; k < terminals.analog.size(); ++k) {
      const double amplitude = k < 3 ? 325.27 : k < 6 ? 84.85 : 0;
      std::vector<test::SteppedSine::Step> steps{{0, amplitude}};
      if (k >= 3) steps.push_back({load_ends, 0});
      sources.push_back(
          std::make_unique<test::SteppedSine>(steps, static_cast<double>(k % 3) / -3.0));
      terminals.analog[k] = sources.back().get();
    }
    terminals.i2c_device = &eeprom;
    meter = std::make_unique<platform::Meter>(config, terminals, platform::metering_firmware(),
                                              events, script);
  }

  void mains_at(Ps t, bool present) {
    script.at(t, [this, t, present] { meter->supply_input().mains(t, present); });
  }
  void rail_at(Ps t, bool on) {
    script.at(t, [this, t, on] { meter->supply_input().rail(t, on); });
  }
  void read_at(Ps t, std::vector<Energy>& into) {
    script.at(t, [this, &into] {
      meter->debug_port().read_raw(0x3020, [&into](const platform::DebugReply& reply) {
        into.push_back({(std::uint64_t{reply.words[1]} << 32U) | reply.words[2], reply.words[3]});
      });
    });
  }
  test::Script script;
  models::eeprom::Eeprom eeprom;
  platform::MeterConfig config;
  platform::MeterTerminals terminals;
  std::vector<std::unique_ptr<test::SteppedSine>> sources;
  std::unique_ptr<platform::Meter> meter;
};

/// The newest whole counter record of an image.
std::optional<storage::Counters> newest(const std::vector<std::uint8_t>& image) {
  std::optional<std::uint32_t> best;
  storage::Counters counters{};
  for (std::uint32_t slot = 0; slot < storage::slot_count; ++slot) {
    const std::uint8_t* bytes = image.data() + storage::slot_address(slot);
    std::uint32_t sequence = 0;
    if (!storage::is_sealed(storage::RecordKind::counters, bytes, sequence)) continue;
    if (best && !storage::is_newer(sequence, *best)) continue;
    best = sequence;
    storage::get(bytes, counters);
  }
  if (!best) return std::nullopt;
  return counters;
}

}  // namespace

TEST_CASE("storage: a blank EEPROM is formatted within 12.5 ms a page, each page once") {
  test::Recorder events;
  Bench bench(300 * ps_per_ms, 0, events);
  bench.script.run();
  const std::vector<std::uint8_t> image = bench.eeprom.image();
  REQUIRE(newest(image));
  std::uint32_t sequence = 0;
  for (const int copy : {0, 1}) {
    CHECK(storage::is_sealed(storage::RecordKind::settings,
                             &image[storage::config_address(0, copy)], sequence));
    CHECK(sequence == static_cast<std::uint32_t>(copy) + 1);
    CHECK(storage::is_sealed(storage::RecordKind::calibration,
                             &image[storage::config_address(1, copy)], sequence));
    CHECK(storage::is_sealed(storage::RecordKind::compensation,
                             &image[storage::config_address(2, copy)], sequence));
  }
  std::uint32_t writes = 0;
  for (std::size_t page = 0; page < models::eeprom::page_count; ++page) {
    CHECK(bench.eeprom.wear(page) <= 1);
    writes += bench.eeprom.wear(page);
  }
  // Two copies of settings, calibration and compensation, two counter records of eight pages.
  CHECK(writes == 22);
  const auto written = events.of("m1.eeprom", "write");
  REQUIRE(written.size() == 22);
  CHECK(written.back().t < 22 * 12'500'000'000ULL);
}

TEST_CASE("storage: mains cut, saved within 100 ms, restored exactly") {
  test::Recorder events;
  const Ps cut = 700 * ps_per_ms + 12'345'678;
  Bench bench(1500 * ps_per_ms, cut + 100 * ps_per_ms, events);
  std::vector<Energy> energies;
  bench.mains_at(cut, false);
  bench.read_at(cut + 20 * ps_per_ms, energies);
  bench.rail_at(cut + 150 * ps_per_ms, false);
  bench.rail_at(cut + 300 * ps_per_ms, true);
  bench.mains_at(cut + 300 * ps_per_ms + 1, true);
  bench.read_at(cut + 600 * ps_per_ms, energies);
  bench.script.run();
  REQUIRE(energies.size() == 2);
  CHECK(energies[0].counter_uWh > 5'000'000);  // 41.4 kW · 0.6 s
  CHECK(energies[0] == energies[1]);
  const auto written = events.of("m1.eeprom", "write");
  REQUIRE(written.size() == 30);
  CHECK(written[22].t > cut);
  CHECK(written[29].t + 5 * ps_per_ms < cut + 75 * ps_per_ms);
  const std::optional<storage::Counters> counters = newest(bench.eeprom.image());
  REQUIRE(counters);
  CHECK(counters->power_downs == 1);
}

TEST_CASE("storage: counters preset in an image are there after power-up") {
  storage::Counters counters{};
  auto& accounts = counters.accounts;
  for (metrology::energy::Account* account : {&accounts.phase[0], &accounts.total}) {
    account->of(metrology::energy::Kind::active, metrology::energy::Direction::forward,
                metrology::energy::Tariff::t1) = {999'999'980'000'000, 7};
  }
  std::vector<std::uint8_t> image(storage::eeprom_bytes);
  hal::ParameterPage page{};
  page.s0_rate_centi = 100'000;
  storage::make_image(metrology::registers::factory_settings(page), {}, counters, image.data());
  test::Recorder events;
  Bench bench(400 * ps_per_ms, 0, events, image);
  std::vector<Energy> energies;
  std::vector<std::uint32_t> rates;
  bench.read_at(50 * ps_per_ms, energies);
  bench.script.at(60 * ps_per_ms, [&] {
    bench.meter->debug_port().read_row(
        0x1066, [&](const platform::DebugReply& reply) { rates.push_back(reply.words[0]); });
  });
  bench.script.run();
  REQUIRE(energies.size() == 1);
  CHECK(energies[0] == Energy{999'999'980'000'000, 7});
  CHECK(rates == std::vector<std::uint32_t>{0x447A'0000});  // 1000: the EEPROM's, not the page's
  CHECK(bench.eeprom.image() == image);
}

TEST_CASE("storage: both sync modes write the same log, with a cut and its return") {
  const auto simulate = [](SyncMode sync, platform::EventLog& log) {
    const Ps duration = 260 * ps_per_ms;
    Bench bench(duration, duration, log, {}, sync);
    bench.mains_at(90 * ps_per_ms + 1, false);
    bench.rail_at(140 * ps_per_ms + 77, false);
    bench.rail_at(150 * ps_per_ms + 1, true);
    bench.mains_at(151 * ps_per_ms, true);
    bench.script.run();
    return duration;
  };
  const std::string horizon =
      test::log_of([&](platform::EventLog& log) { return simulate(SyncMode::horizon, log); });
  const std::string cycle =
      test::log_of([&](platform::EventLog& log) { return simulate(SyncMode::cycle, log); });
  CHECK(test::first_difference(horizon, cycle) == test::no_difference);
  CHECK(horizon.find("\"instance\":\"m1.eeprom\"") != std::string::npos);
}
