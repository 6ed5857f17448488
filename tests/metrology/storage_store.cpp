// The store's state machine: what it loads, saves, says, and how long it takes.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <set>
#include <vector>

#include "metrology/storage/image.h"
#include "metrology/storage/store.h"
#include "tests/metrology/storage_rig.h"

using namespace metrology;
using namespace metrology::storage;
using tests::calibration_of;
using tests::counters_of;
using tests::default_settings;
using tests::filled_rig;
using tests::load;
using tests::ms;
using tests::Nanoseconds;
using tests::number_of;
using tests::place;
using tests::restored_counters;
using tests::settings_of;
using tests::StorageRig;

namespace {

std::uint32_t total_wear(const StorageRig& rig) {
  std::uint32_t sum = 0;
  for (const std::uint32_t wear : rig.eeprom.wear) sum += wear;
  return sum;
}

}  // namespace

TEST_CASE("A blank EEPROM is formatted from the defaults, and nothing is wrong with it") {
  StorageRig rig;
  load(rig);
  CHECK(rig.store.config[0].origin == Origin::defaults);
  CHECK(rig.store.counters_origin == Origin::defaults);
  CHECK(number_of(settings(rig.store)) == static_cast<int>(default_settings));
  CHECK(number_of(loaded_counters(rig.store)) == 0);
  CHECK(is_sound(rig.store));
  rig.run_idle();
  CHECK(is_sound(rig.store));
  StorageRig made;
  make_image(settings_of(default_settings), calibration_of(default_settings), counters_of(0),
             made.eeprom.bytes.data());
  CHECK(rig.eeprom.bytes == made.eeprom.bytes);
  // Two pages each of settings, calibration and compensation, two records: each page once.
  CHECK(total_wear(rig) == 2 + 2 + 2 + 16);
  load(rig);
  CHECK(rig.store.config[1].origin == Origin::newest);
  CHECK(rig.store.counters_origin == Origin::newest);
  rig.run_idle();
  CHECK(total_wear(rig) == 22);
}

TEST_CASE("Settings are loaded within 25 ms, the counters within 70 ms of power-up") {
  StorageRig rig = filled_rig(7);
  for (std::uint32_t sequence = 0; sequence < 70; ++sequence) {
    place(rig.eeprom.bytes, sequence, counters_of(sequence));
  }
  rig.power_up();
  CHECK(rig.run_configs_ready() < ms(7));
  CHECK_FALSE(counters_ready(rig.store));
  CHECK(number_of(settings(rig.store)) == 7);
  CHECK(calibration(rig.store).phase[2].current_lead_urad == 7 + 2 + 1);
  CHECK(rig.run_counters_ready() < ms(41));
  CHECK(number_of(loaded_counters(rig.store)) == 69);
  CHECK(rig.transactions == 4 + 63 + 8);
  rig.run_all_ready();  // within another 4 ms
  CHECK(rig.transactions == 6 + 63 + 8);
  CHECK(rig.now < ms(45));
  CHECK(number_of(calibration(rig.store)) == 7);

  // The newest damaged behind its header: one more record is read.
  rig.eeprom.bytes[slot_address(slot_of(69)) + 300] ^= 1U;
  rig.power_up();
  CHECK(rig.run_counters_ready() < ms(55));
  CHECK(number_of(loaded_counters(rig.store)) == 68);
}

TEST_CASE("Without an EEPROM loading has failed after 20 ms and the meter goes on with defaults") {
  StorageRig rig = filled_rig(7);
  const std::vector<std::uint8_t> before = rig.eeprom.bytes;
  rig.eeprom.dead = true;
  rig.power_up();
  rig.run(ms(19.9));
  CHECK_FALSE(configs_ready(rig.store));
  rig.run(ms(21));
  CHECK(counters_ready(rig.store));
  CHECK(configs_ready(rig.store));
  CHECK(number_of(settings(rig.store)) == static_cast<int>(default_settings));
  CHECK(rig.store.config[0].origin == Origin::unreachable);
  CHECK_FALSE(is_sound(rig.store));
  CHECK(is_idle(rig.store));
  // It answers again: nothing that stands in it is written over.
  rig.eeprom.dead = false;
  CHECK_FALSE(save(rig.store, counters_of(1), Urgency::power_fail));
  save(rig.store, settings_of(3));
  rig.run(ms(500));
  CHECK(rig.eeprom.bytes == before);
}

TEST_CASE("An EEPROM that dies while the counters are searched leaves the settings loaded") {
  StorageRig rig = filled_rig(7);
  rig.power_up();
  rig.run_configs_ready();
  rig.eeprom.dead = true;
  rig.run_counters_ready();
  CHECK(number_of(settings(rig.store)) == 7);
  CHECK(rig.store.config[0].origin == Origin::newest);
  CHECK(rig.store.counters_origin == Origin::unreachable);
  CHECK(number_of(loaded_counters(rig.store)) == 0);
  CHECK_FALSE(is_sound(rig.store));
}

TEST_CASE("A reset during a page write finds the EEPROM busy and waits for it") {
  StorageRig rig = filled_rig(7);
  load(rig);
  save(rig.store, settings_of(8));
  rig.run(rig.now + ms(3));  // handed over after 1.6 ms, written after 6.6
  load(rig);
  CHECK(number_of(settings(rig.store)) == 8);
  CHECK(is_sound(rig.store));
}

TEST_CASE("A counter save is restored, and costs a slot's eight pages once") {
  StorageRig rig = filled_rig(7);
  load(rig);
  REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
  CHECK(restored_counters(rig) == 7);
  rig.run_idle();
  CHECK(total_wear(rig) == 8);
  CHECK(restored_counters(rig) == 8);
  // What is saved already costs nothing.
  REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
  CHECK(is_idle(rig.store));
  rig.run(rig.now + ms(100));
  CHECK(total_wear(rig) == 8);
}

TEST_CASE("What was loaded is saved already") {
  StorageRig rig = filled_rig(7);
  load(rig);
  const std::uint32_t transactions = rig.transactions;
  CHECK(save(rig.store, counters_of(7), Urgency::periodic));
  save(rig.store, settings_of(7));
  save(rig.store, calibration_of(7));
  rig.run_idle();
  CHECK(rig.transactions == transactions);
}

TEST_CASE("A setting written every minute with the value it has wears nothing") {
  StorageRig rig = filled_rig(7);
  load(rig);
  save(rig.store, settings_of(8));
  rig.run_idle();
  CHECK(total_wear(rig) == 1);
  for (int minute = 0; minute < 1000; ++minute) {
    save(rig.store, settings_of(8));
    rig.run(rig.now + ms(60'000));
  }
  CHECK(total_wear(rig) == 1);
}

TEST_CASE("Settings and calibration take turns on their two pages") {
  StorageRig rig = filled_rig(7);
  load(rig);
  for (std::uint32_t n = 8; n < 18; ++n) {
    save(rig.store, settings_of(n));
    save(rig.store, calibration_of(2 * n));
    CHECK(rig.run_idle() < ms(26));
    StorageRig again = rig;
    load(again);
    CHECK(number_of(settings(again.store)) == static_cast<int>(n));
    CHECK(number_of(calibration(again.store)) == static_cast<int>(2 * n));
    CHECK(is_sound(again.store));
  }
  for (const std::uint32_t page : {0U, 1U, 2U, 3U, 4U, 5U}) CHECK(rig.eeprom.wear[page] == 5);
}

TEST_CASE("A setting that changes while it is being saved is saved again") {
  for (Nanoseconds after = 0; after < ms(10); after += 37'000) {
    CAPTURE(after);
    StorageRig rig = filled_rig(7);
    load(rig);
    save(rig.store, settings_of(8));
    rig.run(rig.now + after);
    save(rig.store, settings_of(9));
    rig.run_idle();
    REQUIRE(number_of(settings(rig.store)) == 9);
    load(rig);
    REQUIRE(number_of(settings(rig.store)) == 9);
  }
}

TEST_CASE("A setting is saved between two pages of a periodic save") {
  StorageRig rig = filled_rig(7);
  load(rig);
  REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
  rig.run(rig.now + ms(20));
  save(rig.store, settings_of(9));
  rig.run(rig.now + ms(15));
  StorageRig again = rig;
  load(again);
  CHECK(number_of(settings(again.store)) == 9);
  CHECK(number_of(loaded_counters(again.store)) == 7);
  rig.run_idle();
  CHECK(restored_counters(rig) == 8);
}

TEST_CASE("A second periodic save has to wait for the first") {
  StorageRig rig = filled_rig(7);
  load(rig);
  REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
  rig.run(rig.now + ms(10));
  CHECK_FALSE(save(rig.store, counters_of(9), Urgency::periodic));
  CHECK(save(rig.store, counters_of(8), Urgency::periodic));
  rig.run_idle();
  CHECK(restored_counters(rig) == 8);
  CHECK(total_wear(rig) == 8);
  CHECK(save(rig.store, counters_of(9), Urgency::periodic));
  rig.run_idle();
  CHECK(restored_counters(rig) == 9);
}

TEST_CASE("A power-fail save takes less than 100 ms and waits for one page at most") {
  Nanoseconds worst = 0;
  for (Nanoseconds after = 0; after < ms(70); after += 111'111) {
    CAPTURE(after);
    StorageRig rig = filled_rig(7);
    load(rig);
    save(rig.store, settings_of(8));
    save(rig.store, calibration_of(8));
    REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
    rig.run(rig.now + after);
    REQUIRE(save(rig.store, counters_of(9), Urgency::power_fail));
    const Nanoseconds begin = rig.now;
    const std::uint32_t wear = total_wear(rig);
    const std::uint32_t under_way = rig.store.in_flight && !rig.store.programming ? 1 : 0;
    while (rig.store.saving) rig.run(rig.now + 100'000);
    worst = std::max(worst, rig.now - begin);
    REQUIRE(total_wear(rig) - wear <= slot_pages + under_way);
    REQUIRE(restored_counters(rig) == 9);
    rig.run_idle();
    load(rig);
    REQUIRE(number_of(settings(rig.store)) == 8);
    REQUIRE(number_of(calibration(rig.store)) == 8);
  }
  // Eight pages of 1.54 ms on the bus, 5 ms of writing, up to 0.6 ms until that is noticed and
  // 1.63 ms until it is read back, and one such page before them.
  CHECK(worst < ms(9 * 8.8));
  CHECK(worst > ms(8 * 8.1));
}

TEST_CASE("A power-fail save goes before a page that the EEPROM has not taken yet") {
  // The EEPROM is deaf for some milliseconds from any instant of a save on; mains go meanwhile.
  for (Nanoseconds n = 0; n < 1000; ++n) {
    const Nanoseconds after = n / 4 * 301'000;
    const Nanoseconds until_mains_go = ms(2.9) + n % 4 * 350'000;
    CAPTURE(after, until_mains_go);
    StorageRig rig = filled_rig(7);
    load(rig);
    REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
    save(rig.store, settings_of(8));
    rig.run(rig.now + after);
    rig.eeprom.deaf_until = rig.now + ms(4);
    rig.run(rig.now + until_mains_go);
    const std::uint32_t config_wear = rig.eeprom.wear[0] + rig.eeprom.wear[1];
    const bool handed_over = rig.store.programming;
    const bool may_be = rig.store.in_flight && rig.now >= rig.eeprom.deaf_until;
    REQUIRE(save(rig.store, counters_of(9), Urgency::power_fail));
    while (rig.store.saving) rig.run(rig.now + 100'000);
    if (!handed_over && !may_be) {
      REQUIRE(rig.eeprom.wear[0] + rig.eeprom.wear[1] == config_wear);
    }
    REQUIRE(restored_counters(rig) == 9);
    StorageRig again = rig;
    load(again);
    REQUIRE(is_sound(again.store));
    rig.run_idle();
    REQUIRE(restored_counters(rig) == 9);
  }
}

TEST_CASE("A write that finds no answer is said until one succeeds, and is not lost") {
  StorageRig rig = filled_rig(7);
  load(rig);
  rig.eeprom.dead = true;
  save(rig.store, settings_of(8));
  REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
  rig.run(rig.now + ms(19));
  CHECK(is_sound(rig.store));
  rig.run(rig.now + ms(30));
  CHECK_FALSE(is_sound(rig.store));
  CHECK(is_idle(rig.store));
  const std::uint32_t transactions = rig.transactions;
  rig.run(rig.now + ms(10'000));
  CHECK(rig.transactions == transactions);
  rig.eeprom.dead = false;
  REQUIRE(save(rig.store, counters_of(9), Urgency::power_fail));
  rig.run_idle();
  CHECK(is_sound(rig.store));
  CHECK(restored_counters(rig) == 9);
  load(rig);
  CHECK(number_of(settings(rig.store)) == 8);
}

TEST_CASE("Counters are saved again after a setting found no answer while they were due") {
  // Deaf for long enough that the setting is given up, and the counters with it or not.
  for (const double deaf_ms : {21.0, 30.0, 45.0}) {
    for (const Urgency urgency : {Urgency::periodic, Urgency::power_fail}) {
      CAPTURE(deaf_ms, static_cast<int>(urgency));
      StorageRig rig = filled_rig(7);
      load(rig);
      rig.eeprom.deaf_until = rig.now + ms(deaf_ms);
      save(rig.store, settings_of(8));
      rig.run(rig.now + ms(1));
      REQUIRE(save(rig.store, counters_of(8), urgency));
      rig.run(rig.now + ms(1000));
      // A periodic save is tried for 20 ms after the setting, a power-fail save instead of it.
      const double given_up_ms = urgency == Urgency::periodic ? 40 : 21.4;
      REQUIRE(restored_counters(rig) == (deaf_ms < given_up_ms ? 8 : 7));
      // The setting is not stored; before a power-fail save it stood back, and came later.
      if (urgency == Urgency::periodic) REQUIRE_FALSE(is_sound(rig.store));
      // The next periodic save is taken, and brings the setting along.
      REQUIRE(save(rig.store, counters_of(9), Urgency::periodic));
      rig.run_idle();
      REQUIRE(is_sound(rig.store));
      REQUIRE(restored_counters(rig) == 9);
      load(rig);
      REQUIRE(number_of(settings(rig.store)) == 8);
    }
  }
}

TEST_CASE("Counters that find no answer while a blank EEPROM is formatted are saved later") {
  StorageRig rig;
  load(rig);
  rig.eeprom.deaf_until = rig.now + ms(30);
  rig.run(rig.now + ms(1000));
  CHECK_FALSE(is_sound(rig.store));
  REQUIRE(save(rig.store, counters_of(9), Urgency::periodic));
  rig.run_idle();
  CHECK(is_sound(rig.store));
  CHECK(restored_counters(rig) == 9);
}

TEST_CASE("A page that is never written is given up 20 ms after it was handed over") {
  StorageRig rig = filled_rig(7);
  load(rig);
  rig.eeprom.write_time = ms(1e6);
  save(rig.store, settings_of(8));
  rig.run(rig.now + ms(1.6 + 19.9));
  CHECK(is_sound(rig.store));
  rig.run(rig.now + ms(1.5));
  CHECK_FALSE(is_sound(rig.store));
}

TEST_CASE("An EEPROM that acknowledges but writes nothing is found out with the first page") {
  StorageRig rig = filled_rig(7);
  load(rig);
  rig.eeprom.locked = true;
  save(rig.store, settings_of(8));
  rig.run_idle();
  CHECK_FALSE(is_sound(rig.store));
  CHECK(rig.transactions == 6 + 63 + 8 + 3 * 2);  // three tries, each read back
  REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
  rig.run_idle();
  CHECK_FALSE(is_sound(rig.store));
  CHECK(total_wear(rig) == 0);
  CHECK(restored_counters(rig) == 7);
  // It writes again: nothing is lost, and the trouble is said until the next power-up.
  rig.eeprom.locked = false;
  REQUIRE(save(rig.store, counters_of(8), Urgency::power_fail));
  rig.run_idle();
  CHECK_FALSE(is_sound(rig.store));
  CHECK(restored_counters(rig) == 8);
  load(rig);
  CHECK(is_sound(rig.store));
  CHECK(number_of(settings(rig.store)) == 8);
}

TEST_CASE("A worn page of a slot sends the record to the next slot, and is said") {
  for (std::uint32_t page = 0; page < slot_pages; ++page) {
    for (const Urgency urgency : {Urgency::periodic, Urgency::power_fail}) {
      CAPTURE(page, static_cast<int>(urgency));
      StorageRig rig = filled_rig(7);
      load(rig);
      rig.eeprom.worn = {slot_address(2) / page_bytes + page};
      REQUIRE(save(rig.store, counters_of(8), urgency));
      rig.run_idle();
      REQUIRE_FALSE(is_sound(rig.store));
      REQUIRE(rig.store.sequence == 3);
      REQUIRE(restored_counters(rig) == 8);
      for (std::uint32_t n = 9; n < 9 + slot_count; ++n) {
        REQUIRE(save(rig.store, counters_of(n), Urgency::periodic));
        rig.run_idle();
        REQUIRE(restored_counters(rig) == static_cast<int>(n));
      }
    }
  }
}

TEST_CASE("A worn page of settings keeps the copy before, and keeps no counters from being saved") {
  StorageRig rig = filled_rig(7);
  load(rig);
  rig.eeprom.worn = {config_address(0, 0) / page_bytes};
  save(rig.store, settings_of(8));
  REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
  rig.run_idle();
  CHECK_FALSE(is_sound(rig.store));
  CHECK(rig.eeprom.wear[0] == most_spoiled);
  CHECK(rig.eeprom.wear[1] == 0);
  CHECK(restored_counters(rig) == 8);
  StorageRig again = rig;
  load(again);
  CHECK(number_of(settings(again.store)) == 7);
  CHECK_FALSE(is_sound(again.store));
  // Each request tries again, and one that succeeds takes the other copy's turn from there.
  rig.eeprom.worn = {};
  REQUIRE(save(rig.store, counters_of(9), Urgency::periodic));
  rig.run_idle();
  load(rig);
  CHECK(number_of(settings(rig.store)) == 8);
  CHECK(is_sound(rig.store));
}

TEST_CASE("An EEPROM that garbles every page never loses the last whole record") {
  StorageRig rig = filled_rig(7);
  load(rig);
  REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
  rig.run_idle();
  for (std::uint32_t page = 0; page < page_count; ++page) rig.eeprom.worn.insert(page);
  for (std::uint32_t n = 9; n < 9 + 2 * slot_count; ++n) {
    REQUIRE(save(rig.store, counters_of(n), Urgency::periodic));
    rig.run_idle();
    REQUIRE(restored_counters(rig) == 8);
  }
  rig.eeprom.worn = {};
  REQUIRE(save(rig.store, counters_of(500), Urgency::power_fail));
  rig.run_idle();
  CHECK(restored_counters(rig) == 500);
}

TEST_CASE("The EEPROM is protected but while a page is written") {
  StorageRig rig = filled_rig(7);
  load(rig);
  CHECK_FALSE(is_writing(rig.store));
  save(rig.store, settings_of(8));
  rig.run(rig.now + ms(1));
  CHECK(is_writing(rig.store));
  rig.run(rig.now + ms(5));
  CHECK(is_writing(rig.store));
  rig.run_idle();
  CHECK_FALSE(is_writing(rig.store));
}

TEST_CASE("The ring goes round and round") {
  StorageRig rig = filled_rig(7);
  load(rig);
  for (std::uint32_t n = 8; n < 8 + 3 * slot_count; ++n) {
    REQUIRE(save(rig.store, counters_of(n), Urgency::periodic));
    rig.run_idle();
    REQUIRE(restored_counters(rig) == static_cast<int>(n));
  }
  for (std::uint32_t page = slot_pages; page < page_count; ++page) {
    REQUIRE(rig.eeprom.wear[page] == 3);
  }
}

TEST_CASE("Sequence numbers wrap without a trace") {
  StorageRig rig = filled_rig(7);
  for (std::uint32_t n = 0; n < slot_count; ++n) {
    place(rig.eeprom.bytes, sequence_modulus - slot_count - 5 + n, counters_of(1000 + n));
  }
  load(rig);
  CHECK(number_of(loaded_counters(rig.store)) == 1000 + 62);
  for (std::uint32_t n = 0; n < 100; ++n) {
    REQUIRE(save(rig.store, counters_of(2000 + n), Urgency::periodic));
    rig.run_idle();
    REQUIRE(restored_counters(rig) == static_cast<int>(2000 + n));
  }
  CHECK(rig.store.sequence == 94);
  CHECK(is_sound(rig.store));
}
