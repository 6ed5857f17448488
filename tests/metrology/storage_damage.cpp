// What the store makes of damaged records: it falls back, says so, and mends them.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>

#include "metrology/storage/store.h"
#include "tests/metrology/storage_rig.h"

using namespace metrology;
using namespace metrology::storage;
using tests::calibration_of;
using tests::counters_of;
using tests::default_settings;
using tests::filled_rig;
using tests::load;
using tests::number_of;
using tests::place;
using tests::restored_counters;
using tests::settings_of;
using tests::StorageRig;

TEST_CASE("A record in another one's slot counts for nothing") {
  StorageRig rig = filled_rig(7);
  place(rig.eeprom.bytes, 2, counters_of(20));
  const auto slot2 = rig.eeprom.bytes.begin() + slot_address(2);
  std::copy(slot2, slot2 + slot_bytes, rig.eeprom.bytes.begin() + slot_address(40));
  load(rig);
  CHECK(number_of(loaded_counters(rig.store)) == 20);
  CHECK(rig.store.sequence == 2);
  CHECK_FALSE(is_sound(rig.store));
}

TEST_CASE("A flipped byte in any record falls back to the previous one, says so and is mended") {
  StorageRig rig = filled_rig(7);
  load(rig);
  save(rig.store, settings_of(8));
  save(rig.store, calibration_of(8));
  REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
  rig.run_idle();

  const auto check = [&](std::uint32_t begin, std::uint32_t count, int settings_n,
                         int calibration_n, int counters_n) {
    for (std::uint32_t n = begin; n < begin + count; ++n) {
      StorageRig damaged = rig;
      damaged.eeprom.bytes[n] ^= static_cast<std::uint8_t>(1U + n % 255);
      load(damaged);
      CAPTURE(n);
      REQUIRE_FALSE(is_sound(damaged.store));
      REQUIRE(number_of(settings(damaged.store)) == settings_n);
      REQUIRE(calibration(damaged.store).phase[0].voltage_ppm == calibration_n);
      REQUIRE(number_of(loaded_counters(damaged.store)) == counters_n);
      damaged.run_idle();
      REQUIRE_FALSE(is_sound(damaged.store));
      load(damaged);
      REQUIRE(is_sound(damaged.store));
      REQUIRE(number_of(settings(damaged.store)) == settings_n);
      REQUIRE(calibration(damaged.store).phase[0].voltage_ppm == calibration_n);
      REQUIRE(number_of(loaded_counters(damaged.store)) == counters_n);
    }
  };
  // In use: the first copies, numbers 3; the record in slot 2.
  check(config_address(0, 0), config_bytes, 7, 8, 8);
  check(config_address(1, 0), config_bytes, 8, 7, 8);
  check(config_address(2, 0), config_bytes, 8, 8, 8);  // its drifts and offsets are the former
  check(slot_address(2), counter_bytes, 8, 8, 7);
  // The previous copies: nothing is lost, but they are mended.
  check(config_address(0, 1), config_bytes, 8, 8, 8);
  check(config_address(1, 1), config_bytes, 8, 8, 8);
  check(config_address(2, 1), config_bytes, 8, 8, 8);
}

TEST_CASE("An erased page of settings beside a whole one is said") {
  for (const int copy : {0, 1}) {
    CAPTURE(copy);
    StorageRig rig = filled_rig(7);
    load(rig);
    save(rig.store, settings_of(8));  // to copy 0, number 3
    rig.run_idle();
    const auto page = rig.eeprom.bytes.begin() + config_address(0, copy);
    std::fill(page, page + config_bytes, std::uint8_t{0xFF});
    load(rig);
    CHECK_FALSE(is_sound(rig.store));
    CHECK(rig.store.config[0].origin == Origin::previous);
    CHECK(number_of(settings(rig.store)) == (copy == 0 ? 7 : 8));
    rig.run_idle();
    load(rig);
    CHECK(is_sound(rig.store));
  }
}

TEST_CASE("With all copies damaged the meter starts from its defaults and says so") {
  StorageRig rig = filled_rig(7);
  load(rig);
  save(rig.store, settings_of(8));
  REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
  rig.run_idle();
  for (std::uint32_t n = 0; n < eeprom_bytes; n += page_bytes) rig.eeprom.bytes[n + 40] ^= 0x10U;
  load(rig);
  CHECK_FALSE(is_sound(rig.store));
  CHECK(rig.store.config[0].origin == Origin::lost);
  CHECK(rig.store.config[1].origin == Origin::lost);
  CHECK(rig.store.counters_origin == Origin::lost);
  CHECK(number_of(settings(rig.store)) == static_cast<int>(default_settings));
  CHECK(number_of(calibration(rig.store)) == static_cast<int>(default_settings));
  CHECK(number_of(loaded_counters(rig.store)) == 0);
  // Later saves are newer than what is damaged.
  rig.run_idle();
  REQUIRE(save(rig.store, counters_of(9), Urgency::periodic));
  rig.run_idle();
  load(rig);
  CHECK(number_of(loaded_counters(rig.store)) == 9);
}

TEST_CASE("Two damaged records in a row lead to the third") {
  StorageRig rig = filled_rig(7);
  for (std::uint32_t n = 0; n < 10; ++n) place(rig.eeprom.bytes, n, counters_of(10 + n));
  rig.eeprom.bytes[slot_address(9) + 500] ^= 1U;
  rig.eeprom.bytes[slot_address(8) + 100] ^= 1U;
  load(rig);
  CHECK(number_of(loaded_counters(rig.store)) == 17);
  CHECK(rig.store.counters_origin == Origin::previous);
  // With the first save it is mended: no later power-up finds anything wrong.
  StorageRig mended = rig;
  mended.run_idle();
  CHECK_FALSE(is_sound(mended.store));
  load(mended);
  CHECK(is_sound(mended.store));
  CHECK(number_of(loaded_counters(mended.store)) == 17);
  // Each next save is restored, also while the damaged ones still stand there.
  for (std::uint32_t n = 30; n < 35; ++n) {
    rig.run_idle();
    REQUIRE(save(rig.store, counters_of(n), Urgency::periodic));
    rig.run_idle();
    CHECK(restored_counters(rig) == static_cast<int>(n));
  }
}
