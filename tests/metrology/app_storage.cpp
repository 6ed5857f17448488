// The whole firmware with its EEPROM and its supply: what comes back after which cut.
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "metrology/app/snapshot.h"
#include "metrology/app/storage_task.h"
#include "metrology/storage/image.h"
#include "tests/metrology/fake_mcu.h"
#include "tests/metrology/firmware_loads.h"

using namespace metrology;
using energy::Direction;
using energy::Kind;
using energy::Tariff;
using hal::MailboxOperation;
using hal::PulseChannel;
using tests::cycles;
using tests::FakeMcu;
using tests::load;
using tests::page_of;
using tests::PageEeprom;

namespace {

constexpr std::uint32_t all_well = hal::power::state_mains | hal::power::state_charged;
constexpr std::uint32_t no_mains = hal::power::state_charged;
/// "S pe abc".
constexpr std::uint16_t status_row = 0xF068;

/// A load that can be switched off between two runs. Blocks are made once.
struct Mains {
  std::shared_ptr<bool> on = std::make_shared<bool>(true);
  tests::SampleSource samples;

  Mains() {
    const tests::SampleSource loaded = tests::remembered(tests::steady(load({60, 20, 90}, 30.0)));
    const tests::SampleSource idle = tests::remembered(tests::steady(load({0, 0, 0}, 0.0)));
    samples = [loaded, idle, on = on](std::int64_t first_set) {
      return *on ? loaded(first_set) : idle(first_set);
    };
  }
};

/// What production leaves in the EEPROM of a meter that has been in use.
PageEeprom eeprom_with(const storage::Counters& counters, const registers::Settings& settings) {
  PageEeprom eeprom;
  storage::make_image(settings, {}, counters, eeprom.bytes.data());
  return eeprom;
}

PageEeprom eeprom_with(const storage::Counters& counters, std::uint32_t s0_rate_centi = 100'000) {
  return eeprom_with(counters,
                     registers::factory_settings(page_of(hal::MeterVariant::mod, s0_rate_centi)));
}

storage::Counters used_counters() {
  storage::Counters counters{};
  counters.accounts.phase[0].of(Kind::active, Direction::forward, Tariff::t1) = {
      999'999'980'000'000, 123'456};
  counters.accounts.total.of(Kind::active, Direction::forward, Tariff::t1) = {999'999'980'000'000,
                                                                              123'456};
  counters.tariff.saved = Tariff::t2;
  counters.power_downs = 41;
  return counters;
}

bool same(const energy::Accounts& a, const energy::Accounts& b) {
  std::uint8_t bytes[2][storage::counter_bytes];
  storage::put(storage::Counters{a, {}, {}, 0}, bytes[0]);
  storage::put(storage::Counters{b, {}, {}, 0}, bytes[1]);
  return std::memcmp(bytes[0], bytes[1], sizeof(bytes[0])) == 0;
}

std::uint64_t forward_pWh(const energy::Accounts& accounts) {
  const energy::EnergyCounter counter = accounts.total.of(Kind::active, Direction::forward);
  return static_cast<std::uint64_t>(counter.counter_uWh) * 1'000'000 + counter.residue_pWh;
}

}  // namespace

TEST_CASE("Without an EEPROM the meter says so and meters from the first block on") {
  Mains mains;
  FakeMcu mcu(page_of(hal::MeterVariant::mod), mains.samples);
  CHECK_FALSE(mcu.run(cycles(0.02)).storage.loaded);  // 20 ms of asking
  FakeMcu again(page_of(hal::MeterVariant::mod), mains.samples);
  const app::State state = again.run(cycles(0.031));  // the first block comes at 31.25 ms
  CHECK(state.storage.loaded);
  CHECK(state.status.memory_fault);
}

TEST_CASE("Settings and counters are loaded before the second block needs its place") {
  Mains mains;
  FakeMcu mcu(page_of(hal::MeterVariant::mod), mains.samples);
  registers::Settings settings = registers::factory_settings(page_of(hal::MeterVariant::mod));
  settings.s0_rate_centi = 10'000;
  settings.lcd_cycle_s = 27;
  mcu.back().eeprom = eeprom_with(used_counters(), settings);
  // At 78.1 ms the second block is complete (15.625 ms and 2 · 31.25 ms) and the third takes the
  // first one's place. One more record to read is to fit in before: 8 pages of 68 characters of
  // 9 bits at 393 kHz are 12.5 ms, and as many turns of the CPU.
  app::State state = mcu.run(cycles(0.055));
  REQUIRE(state.storage.loaded);
  CHECK_FALSE(state.status.memory_fault);
  CHECK(state.settings == settings);
  CHECK(state.pulses.output[2].rate_centi == 10'000);
  CHECK(state.status.power_downs == 41);
  CHECK(state.tariff.active == Tariff::t2);
  CHECK(same(state.energy.accounts, used_counters().accounts));

  // What is metered goes on from there, to the tariff that was saved.
  mcu.cut_supply(0);
  state = mcu.run(mcu.now() + cycles(2.0));
  CHECK(state.diagnostics.lost_blocks == 0);
  const energy::Account& total = state.energy.accounts.total;
  CHECK(total.of(Kind::active, Direction::forward, Tariff::t1).counter_uWh == 999'999'980'000'000);
  // 230 V · 170 A · cos 30° for 1.9 s at least.
  CHECK(total.of(Kind::active, Direction::forward, Tariff::t2).counter_uWh > 17'800'000);
}

TEST_CASE("A damaged newest record costs one more read, no sample block, and is said") {
  Mains mains;
  FakeMcu mcu(page_of(hal::MeterVariant::mod), mains.samples);
  PageEeprom eeprom = eeprom_with(used_counters());
  for (std::uint32_t sequence = 0; sequence < storage::slot_count; ++sequence) {
    tests::place(eeprom.bytes, sequence, used_counters());
  }
  eeprom.bytes[storage::slot_address(storage::slot_count - 1) + 400] ^= 1U;
  mcu.back().eeprom = eeprom;
  CHECK_FALSE(mcu.run(cycles(0.050)).storage.loaded);
  mcu.cut_supply(0);
  app::State state = mcu.run(mcu.now() + cycles(0.070));
  CHECK(state.storage.loaded);
  CHECK(state.status.memory_fault);
  mcu.cut_supply(0);
  state = mcu.run(mcu.now() + cycles(1.0));
  CHECK(state.status.memory_fault);  // cut before it was mended
  CHECK(state.diagnostics.lost_blocks == 0);
  CHECK(state.diagnostics.late_pulses == 0);
}

TEST_CASE("A blank EEPROM is formatted while the meter works") {
  Mains mains;
  FakeMcu mcu(page_of(hal::MeterVariant::mod), mains.samples);
  mcu.back().eeprom.emplace();
  const app::State state = mcu.run(cycles(0.5));
  CHECK_FALSE(state.status.memory_fault);
  CHECK(is_idle(state.storage.store));
  CHECK(mcu.back().eeprom->bytes == eeprom_with({}).bytes);
  CHECK(state.diagnostics.late_pulses == 0);
  CHECK(state.diagnostics.lost_blocks == 0);
}

TEST_CASE("Mains cut at any instant: restored are the counters at the brown-out, exactly") {
  Mains mains;
  const hal::ParameterPage page = page_of(hal::MeterVariant::mod, 1'000'000);
  for (std::int64_t n = 0; n < 250; ++n) {
    // From before loading on, 0.7 ms apart: also while a block is being booked.
    const std::int64_t at = cycles(0.030) + n * 17'777 + (n % 7) * 131;
    CAPTURE(n, at);
    *mains.on = true;
    FakeMcu undisturbed(page, mains.samples);
    undisturbed.back().eeprom = eeprom_with(used_counters());
    const app::State before = undisturbed.run(at);

    FakeMcu mcu(page, mains.samples);
    mcu.back().eeprom = eeprom_with(used_counters());
    mcu.back().supply(at, no_mains);
    mcu.run(at + cycles(0.1));
    mcu.cut_supply(0);
    *mains.on = false;
    const app::State after = mcu.run(mcu.now() + cycles(0.06));
    REQUIRE(after.storage.loaded);
    REQUIRE_FALSE(after.status.memory_fault);
    if (before.storage.loaded) {
      REQUIRE(same(after.energy.accounts, before.energy.accounts));
    } else {
      REQUIRE(same(after.energy.accounts, used_counters().accounts));
    }
    REQUIRE(after.status.power_downs == 42);
  }
}

TEST_CASE("No pulse is lost or given twice over a mains cut") {
  Mains mains;
  const hal::ParameterPage page = page_of(hal::MeterVariant::mod, 1'000'000);
  for (std::int64_t n = 0; n < 60; ++n) {
    CAPTURE(n);
    *mains.on = true;
    FakeMcu mcu(page, mains.samples);
    mcu.back().eeprom = eeprom_with({}, 1'000'000);
    const std::int64_t at = cycles(1.0) + n * 30'011;
    mcu.back().supply(at, no_mains);
    mcu.run(at + cycles(0.4));
    const std::size_t before = mcu.pulses(PulseChannel::s0_forward).size();
    mcu.cut_supply(0);
    *mains.on = false;
    const app::State state = mcu.run(mcu.now() + cycles(2.0));
    const std::size_t pulses = mcu.pulses(PulseChannel::s0_forward).size();
    // 10 000 imp/kWh: a pulse is 0.1 Wh.
    REQUIRE(pulses == forward_pWh(state.energy.accounts) / 100'000'000'000);
    REQUIRE(before > 80);
    // At 33.9 kW, 94 a second, several wait for their turn at any instant.
    REQUIRE(pulses > before);
  }
}

TEST_CASE("Nothing pulses from the brown-out on, and all goes on when the hold-up is charged") {
  Mains mains;
  FakeMcu mcu(page_of(hal::MeterVariant::mod, 1'000'000), mains.samples);
  mcu.back().eeprom = eeprom_with({}, 1'000'000);
  mcu.back().supply(cycles(1.0), no_mains);
  mcu.back().supply(cycles(1.2), 0);  // below what a save needs
  mcu.back().supply(cycles(1.3), hal::power::state_mains);
  mcu.back().supply(cycles(1.6), all_well);
  const app::State state = mcu.run(cycles(3.0));
  std::size_t within = 0;
  std::size_t after = 0;
  for (const tests::Pulse& pulse : mcu.pulses(PulseChannel::s0_forward)) {
    // The handler notes at once; a block being processed delays the task by 8 ms at most.
    if (pulse.start > cycles(1.010) && pulse.start < cycles(1.6)) ++within;
    if (pulse.start >= cycles(1.6)) ++after;
  }
  CHECK(within == 0);
  CHECK(after > 100);
  CHECK_FALSE(state.power.failing);
  CHECK(state.diagnostics.lost_blocks == 0);
  CHECK(state.diagnostics.late_pulses == 0);
  // It did not go down after all.
  CHECK(state.status.power_downs == 0);
  CHECK(state.storage.store.sequence == 2);
}

TEST_CASE("Mains back and gone again: restored are the counters of the second brown-out") {
  Mains mains;
  const hal::ParameterPage page = page_of(hal::MeterVariant::mod, 1'000'000);
  for (std::int64_t n = 0; n < 120; ++n) {
    CAPTURE(n);
    *mains.on = true;
    const std::int64_t gone = cycles(0.5) + n * 5'003;
    const std::int64_t back = gone + cycles(0.005) + n * 20'011;
    const std::int64_t again = back + cycles(0.002) + n % 11 * 177'777;
    const auto meter = [&](bool twice) {
      auto mcu = std::make_unique<FakeMcu>(page, mains.samples);
      mcu->back().eeprom = eeprom_with({}, 1'000'000);
      mcu->back().supply(gone, no_mains);
      mcu->back().supply(back, all_well);
      if (twice) mcu->back().supply(again, no_mains);
      return mcu;
    };
    const app::State before = meter(false)->run(again);
    const auto mcu = meter(true);
    mcu->run(again + cycles(0.1));
    mcu->cut_supply(0);
    *mains.on = false;
    const app::State after = mcu->run(mcu->now() + cycles(0.06));
    REQUIRE(same(after.energy.accounts, before.energy.accounts));
    REQUIRE(after.status.power_downs == 1);
    REQUIRE_FALSE(after.status.memory_fault);
  }
}

TEST_CASE("Metering waits for a charged hold-up") {
  Mains mains;
  FakeMcu mcu(page_of(hal::MeterVariant::mod), mains.samples);
  mcu.back().eeprom = eeprom_with({});
  mcu.cut_supply(0, hal::power::state_mains);
  mcu.back().supply(cycles(0.5), all_well);
  const app::State state = mcu.run(cycles(1.5));
  // 230 V · 170 A · cos 30° for one second, less than a cycle at either end.
  const double Wh = static_cast<double>(forward_pWh(state.energy.accounts)) * 1e-12;
  CHECK(Wh < 33'861.0 * 1.02 / 3600);
  CHECK(Wh > 33'861.0 * 0.90 / 3600);
  CHECK(state.diagnostics.lost_blocks == 0);
}

TEST_CASE("A setting written over a port is stored within a second and survives a supply cut") {
  Mains mains;
  FakeMcu mcu(page_of(hal::MeterVariant::mod), mains.samples);
  mcu.back().eeprom = eeprom_with({});
  mcu.request({cycles(1.0), MailboxOperation::write_row, 0x1066, 0x42C80000});  // 100 imp/kWh
  mcu.run(cycles(1.05));
  CHECK(mcu.replies().at(0).status == hal::MailboxReply::ok);
  mcu.cut_supply(0);
  const app::State state = mcu.run(mcu.now() + cycles(0.1));
  CHECK(state.settings.s0_rate_centi == 10'000);
  CHECK(state.status.power_downs == 0);
}

TEST_CASE("The saved tariff survives a supply cut, the one that is not saved does not") {
  Mains mains;
  FakeMcu mcu(page_of(hal::MeterVariant::mod), mains.samples);
  mcu.back().eeprom = eeprom_with({});
  mcu.request({cycles(1.0), MailboxOperation::write_row, 0x2200, 0x0002'0000});
  mcu.request({cycles(2.0), MailboxOperation::write_row, 0x2200, 0x000B'0000});
  app::State state = mcu.run(cycles(2.5));
  REQUIRE(mcu.replies().size() == 2);
  CHECK(mcu.replies()[1].status == hal::MailboxReply::ok);
  CHECK(state.tariff.active == Tariff::t1);
  mcu.cut_supply(0);
  state = mcu.run(mcu.now() + cycles(0.1));
  CHECK(state.tariff.active == Tariff::t2);
}

TEST_CASE("Counters are saved so that a supply cut costs at most 15 minutes") {
  Mains mains;
  FakeMcu mcu(page_of(hal::MeterVariant::mod), mains.samples);
  mcu.back().eeprom = eeprom_with({});
  const app::State at_save = mcu.run(cycles(899.0));
  CHECK(at_save.storage.store.sequence == 1);
  FakeMcu longer(page_of(hal::MeterVariant::mod), mains.samples);
  longer.back().eeprom = eeprom_with({});
  const app::State later = longer.run(cycles(899.5));
  CHECK(later.storage.store.sequence == 2);
  CHECK(is_idle(later.storage.store));
  longer.cut_supply(0);
  *mains.on = false;
  const app::State restored = longer.run(longer.now() + cycles(0.1));
  // 33.861 kW for 899 s, and what was booked within the tick and the block of the save.
  const double Wh = static_cast<double>(forward_pWh(restored.energy.accounts)) * 1e-12;
  CHECK(Wh > 33'861.0 * 898.9 / 3600);
  CHECK(Wh < 33'861.0 * 899.1 / 3600);
  CHECK(restored.status.power_downs == 0);
}

TEST_CASE("An EEPROM that dies in service is said, and again sound when it answers") {
  Mains mains;
  FakeMcu mcu(page_of(hal::MeterVariant::mod), mains.samples);
  mcu.back().eeprom = eeprom_with({});
  const auto read_status = [&](double at_s) {
    mcu.request({cycles(at_s), MailboxOperation::read_row, status_row, 0});
  };
  mcu.request({cycles(1.0), MailboxOperation::write_row, 0x1066, 0x42C80000});  // 100 imp/kWh
  read_status(1.015);
  read_status(1.1);
  mcu.request({cycles(2.0), MailboxOperation::write_row, 0x1066, 0x461C4000});  // 10 000 imp/kWh
  read_status(2.1);
  mcu.on_every_call([&](std::int64_t cycle) {
    mcu.back().eeprom->dead = cycle > cycles(0.9) && cycle < cycles(1.9);
  });
  mcu.run(cycles(2.2));
  REQUIRE(mcu.replies().size() == 5);
  CHECK(mcu.replies()[1].words[0] == 0x0011'0111);
  CHECK(mcu.replies()[2].words[0] == 0x0010'0111);
  CHECK(mcu.replies()[4].words[0] == 0x0011'0111);
  mcu.cut_supply(0);
  CHECK(mcu.run(mcu.now() + cycles(0.1)).settings.s0_rate_centi == 1'000'000);
}

TEST_CASE("An EEPROM whose write protection sticks is said with the first setting it loses") {
  Mains mains;
  FakeMcu mcu(page_of(hal::MeterVariant::mod), mains.samples);
  mcu.back().eeprom = eeprom_with({});
  mcu.back().eeprom->locked = true;
  mcu.request({cycles(1.0), MailboxOperation::read_row, status_row, 0});
  mcu.request({cycles(1.1), MailboxOperation::write_row, 0x1066, 0x42C80000});
  mcu.request({cycles(1.2), MailboxOperation::read_row, status_row, 0});
  const app::State state = mcu.run(cycles(1.3));
  REQUIRE(mcu.replies().size() == 3);
  CHECK(mcu.replies()[0].words[0] == 0x0011'0111);
  CHECK(mcu.replies()[2].words[0] == 0x0010'0111);
  CHECK(state.settings.s0_rate_centi == 10'000);  // it holds all the same
}
