// Power cuts at every instant at which something happens between store and EEPROM, with every kind
// of torn page (pro380 §10).
#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <vector>

#include "metrology/storage/image.h"
#include "metrology/storage/store.h"
#include "tests/metrology/storage_rig.h"

using namespace metrology;
using namespace metrology::storage;
using tests::calibration_of;
using tests::counters_of;
using tests::default_settings;
using tests::ms;
using tests::Nanoseconds;
using tests::number_of;
using tests::place;
using tests::settings_of;
using tests::StorageRig;

namespace {

/// All old, all new, all random, and mixtures.
constexpr std::uint32_t tears = 8;

/// A meter in use: number 7 of everything, `records` counter records of which the newest is 7.
StorageRig rig_of(std::uint32_t records) {
  StorageRig rig;
  make_image(settings_of(7), calibration_of(7), counters_of(7), rig.eeprom.bytes.data());
  for (std::uint32_t sequence = 0; sequence < records; ++sequence) {
    place(rig.eeprom.bytes, sequence, counters_of(sequence + 1 == records ? 7 : 5000 + sequence));
  }
  load(rig);
  REQUIRE(number_of(loaded_counters(rig.store)) == 7);
  return rig;
}

/// Ring just formatted, half full, before and behind its turn.
const std::vector<std::uint32_t> ring_states{2, 30, slot_count - 1, slot_count, slot_count + 1};

/// What happens, and when the meter has to come back as what. Counts its checks.
struct Sweep {
  std::uint32_t cases = 0;

  /// Every instant of `begin` run until it is idle.
  static std::vector<Nanoseconds> instants(StorageRig rig) {
    rig.marking = true;
    const Nanoseconds begin = rig.now;
    rig.run_idle();
    std::vector<Nanoseconds> result{begin};
    result.insert(result.end(), rig.marks.begin(), rig.marks.end());
    result.push_back(rig.now + 1);
    return result;
  }

  /// The supply of everything goes at each instant; `check` sees the meter that loaded again, and
  /// whether the save had been complete or not begun to count.
  void cut_supply(const StorageRig& begin,
                  const std::function<void(const StorageRig&, Nanoseconds)>& check) {
    for (const Nanoseconds instant : instants(begin)) {
      StorageRig at = begin;
      at.run(instant);
      const bool tearing = at.eeprom.busy_until() > instant;
      for (std::uint32_t seed = 0; seed < (tearing ? tears : 1); ++seed) {
        StorageRig after = at;
        after.cut(seed + 1000 * static_cast<std::uint32_t>(seed > 2));
        load(after);
        ++cases;
        check(after, instant);
        // And once more after it has mended what it wanted to.
        after.run_idle();
        load(after);
        check(after, instant);
        REQUIRE(is_sound(after.store));
      }
    }
  }
};

/// When the save that `rig` has begun is complete, and when its last page begins to be written.
struct LastPage {
  Nanoseconds begins;
  Nanoseconds written;
};
LastPage last_page(StorageRig rig) {
  rig.run_idle();
  return {rig.eeprom.busy_until() - rig.eeprom.write_time, rig.eeprom.busy_until()};
}

/// `before` until the save's last page begins to be written, `after` once it is; either between.
void check_whole(int number, Nanoseconds instant, const LastPage& last, int before, int after) {
  CAPTURE(number, instant, last.begins, last.written);
  if (instant < last.begins) {
    REQUIRE(number == before);
  } else if (instant >= last.written) {
    REQUIRE(number == after);
  } else {
    REQUIRE((number == before || number == after));
  }
}

}  // namespace

TEST_CASE("Supply cut at any instant of the first format: the defaults hold and it is done again") {
  StorageRig rig;
  load(rig);
  Sweep sweep;
  sweep.cut_supply(rig, [](const StorageRig& after, Nanoseconds) {
    REQUIRE(number_of(settings(after.store)) == static_cast<int>(default_settings));
    REQUIRE(number_of(calibration(after.store)) == static_cast<int>(default_settings));
    REQUIRE(number_of(loaded_counters(after.store)) == 0);
  });
  CHECK(sweep.cases > 500);
}

TEST_CASE("Supply cut at any instant of a periodic save: the last complete one, whole") {
  Sweep sweep;
  for (const std::uint32_t records : ring_states) {
    CAPTURE(records);
    StorageRig rig = rig_of(records);
    rig.run_idle();
    REQUIRE(save(rig.store, counters_of(8), Urgency::periodic));
    const LastPage last = last_page(rig);
    sweep.cut_supply(rig, [&](const StorageRig& after, Nanoseconds instant) {
      check_whole(number_of(loaded_counters(after.store)), instant, last, 7, 8);
      REQUIRE(number_of(settings(after.store)) == 7);
    });
  }
  CHECK(sweep.cases > 1500);
}

TEST_CASE("Supply cut at any instant of a power-fail save: the last complete one, whole") {
  Sweep sweep;
  for (const std::uint32_t records : ring_states) {
    StorageRig rig = rig_of(records);
    rig.run_idle();
    REQUIRE(save(rig.store, counters_of(8), Urgency::power_fail));
    const LastPage last = last_page(rig);
    sweep.cut_supply(rig, [&](const StorageRig& after, Nanoseconds instant) {
      check_whole(number_of(loaded_counters(after.store)), instant, last, 7, 8);
    });
  }
  CHECK(sweep.cases > 1500);
}

TEST_CASE("Supply cut at any instant of a settings save: the old ones or the new ones, whole") {
  Sweep sweep;
  for (const int copy : {0, 1}) {
    StorageRig rig = rig_of(3);
    rig.run_idle();
    int before = 7;
    if (copy == 1) {
      save(rig.store, settings_of(8));
      rig.run_idle();
      before = 8;
    }
    save(rig.store, settings_of(9));
    const LastPage last = last_page(rig);
    sweep.cut_supply(rig, [&](const StorageRig& after, Nanoseconds instant) {
      check_whole(number_of(settings(after.store)), instant, last, before, 9);
      REQUIRE(number_of(calibration(after.store)) == 7);
      REQUIRE(number_of(loaded_counters(after.store)) == 7);
    });
  }
  CHECK(sweep.cases > 50);
}

TEST_CASE("Supply cut while damaged copies are being mended: what was restored stays") {
  Sweep sweep;
  StorageRig rig = rig_of(30);
  rig.run_idle();
  rig.cut();
  for (const std::uint32_t address :
       {config_address(0, 0), config_address(1, 1), slot_address(29)}) {
    rig.eeprom.bytes[address + 20] ^= 0x40U;
  }
  load(rig);
  sweep.cut_supply(rig, [&](const StorageRig& after, Nanoseconds) {
    REQUIRE(number_of(settings(after.store)) == 7);
    REQUIRE(number_of(calibration(after.store)) == 7);
    REQUIRE(number_of(loaded_counters(after.store)) == 5000 + 28);
  });
  CHECK(sweep.cases > 200);
}

TEST_CASE("Supply cut at any instant of loading changes nothing") {
  StorageRig rig = rig_of(65);
  rig.run_idle();
  const std::vector<std::uint8_t> before = rig.eeprom.bytes;
  rig.marking = true;
  rig.power_up();
  const StorageRig begin = rig;
  rig.run_all_ready();
  CHECK(rig.marks.size() > 300);
  for (const Nanoseconds instant : rig.marks) {
    CAPTURE(instant - begin.now);
    StorageRig at = begin;
    at.run(instant);
    at.cut(2);  // would make anything of a page that is being written
    load(at);
    REQUIRE(at.eeprom.bytes == before);
    REQUIRE(number_of(loaded_counters(at.store)) == 7);
    REQUIRE(is_sound(at.store));
  }
}

TEST_CASE("Mains cut at any instant of a periodic and a settings save: exactly what was booked") {
  std::uint32_t cases = 0;
  for (const std::uint32_t records : ring_states) {
    for (const bool with_settings : {false, true}) {
      StorageRig begin = rig_of(records);
      begin.run_idle();
      if (with_settings) save(begin.store, settings_of(9));
      REQUIRE(save(begin.store, counters_of(8), Urgency::periodic));
      for (const Nanoseconds instant : Sweep::instants(begin)) {
        CAPTURE(records, with_settings, instant - begin.now);
        StorageRig rig = begin;
        rig.run(instant);
        REQUIRE(save(rig.store, counters_of(1234), Urgency::power_fail));
        rig.run(rig.now + ms(100));
        rig.cut();
        load(rig);
        ++cases;
        REQUIRE(number_of(loaded_counters(rig.store)) == 1234);
        REQUIRE(is_sound(rig.store));
      }
    }
  }
  CHECK(cases > 1000);
}

TEST_CASE("Mains cut, and the supply too at any instant of the save: one of the whole records") {
  Sweep sweep;
  StorageRig begin = rig_of(62);
  begin.run_idle();
  REQUIRE(save(begin.store, counters_of(8), Urgency::periodic));
  const LastPage first = last_page(begin);
  const std::vector<Nanoseconds> instants = Sweep::instants(begin);
  for (std::size_t n = 0; n < instants.size(); n += 3) {
    StorageRig rig = begin;
    rig.run(instants[n]);
    REQUIRE(save(rig.store, counters_of(9), Urgency::power_fail));
    const LastPage last = last_page(rig);
    sweep.cut_supply(rig, [&](const StorageRig& after, Nanoseconds instant) {
      const int number = number_of(loaded_counters(after.store));
      CAPTURE(n, number, instant);
      if (instant >= last.written) {
        REQUIRE(number == 9);
      } else if (instant < last.begins) {
        // The periodic save may have been complete before mains went, or on its last page.
        REQUIRE((number == 7 || number == 8));
        if (instants[n] >= first.written) REQUIRE(number == 8);
        if (instants[n] < first.begins - ms(2)) REQUIRE(number == 7);
      } else {
        REQUIRE((number == 7 || number == 8 || number == 9));
      }
    });
  }
  CHECK(sweep.cases > 10'000);
}

TEST_CASE("Mains back and gone again at any instant of the save: the counters of the second cut") {
  std::uint32_t cases = 0;
  for (const std::uint32_t records : {2U, 63U}) {
    StorageRig begin = rig_of(records);
    begin.run_idle();
    REQUIRE(save(begin.store, counters_of(8), Urgency::power_fail));
    for (const Nanoseconds instant : Sweep::instants(begin)) {
      // Again after some time, with more booked; and without anything booked between.
      for (const std::uint32_t again : {9U, 8U}) {
        CAPTURE(records, instant - begin.now, again);
        StorageRig rig = begin;
        rig.run(instant);
        REQUIRE(save(rig.store, counters_of(again), Urgency::power_fail));
        rig.run(rig.now + ms(100));
        const std::uint32_t first_page = slot_pages * (1 + records % slot_count);
        REQUIRE(rig.eeprom.wear[first_page] <= 2);
        rig.cut();
        load(rig);
        ++cases;
        REQUIRE(number_of(loaded_counters(rig.store)) == static_cast<int>(again));
        REQUIRE(is_sound(rig.store));
      }
    }
  }
  CHECK(cases > 500);
}

TEST_CASE("Mains that come and go for ever never cost the last complete save") {
  // Each cut comes 3 … 60 ms after the one before, so hardly any save is completed.
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    StorageRig rig = rig_of(40);
    rig.run_idle();
    std::uint32_t last = 7;
    std::uint32_t random = seed;
    for (std::uint32_t n = 8; n < 300; ++n) {
      random = random * 1'664'525 + 1'013'904'223;
      last = n;
      REQUIRE(save(rig.store, counters_of(n), Urgency::power_fail));
      const Nanoseconds further = (random >> 16U) % 57;
      rig.run(rig.now + ms(3) + further * 1'000'000);
      StorageRig cut = rig;
      cut.cut(random);
      load(cut);
      const int restored = number_of(loaded_counters(cut.store));
      CAPTURE(seed, n, restored);
      REQUIRE(restored >= 7);
      REQUIRE(restored <= static_cast<int>(n));
    }
    rig.run(rig.now + ms(100));
    rig.cut();
    load(rig);
    REQUIRE(number_of(loaded_counters(rig.store)) == static_cast<int>(last));
  }
}

TEST_CASE("A random year of saves, settings, mains and supply cuts keeps every promise") {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    StorageRig rig;
    load(rig);
    rig.run_idle();
    std::uint32_t random = seed;
    const auto draw = [&random](std::uint32_t below) {
      random = random * 1'664'525 + 1'013'904'223;
      return (random >> 8U) % below;
    };
    std::uint32_t next = 1;
    int complete = 0;         // the last save that was complete
    std::uint32_t asked = 0;  // the newest one that was asked for
    for (int event = 0; event < 200; ++event) {
      CAPTURE(seed, event, complete, asked);
      if (save(rig.store, counters_of(next), Urgency::periodic)) asked = next++;
      if (draw(4) == 0) save(rig.store, settings_of(draw(900)));
      rig.run(rig.now + draw(70'000'000));
      if (rig.store.image_saved) complete = static_cast<int>(asked);
      const std::uint32_t what = draw(4);
      if (what == 0) continue;
      if (what == 1) {
        // Mains: the snapshot comes back exactly.
        REQUIRE(save(rig.store, counters_of(next), Urgency::power_fail));
        asked = next++;
        rig.run(rig.now + ms(100));
        rig.cut();
        load(rig);
        REQUIRE(number_of(loaded_counters(rig.store)) == static_cast<int>(asked));
      } else {
        rig.cut(random);
        load(rig);
        const int number = number_of(loaded_counters(rig.store));
        REQUIRE(number >= complete);
        REQUIRE(number <= static_cast<int>(asked));
        REQUIRE(number_of(settings(rig.store)) >= 0);
      }
      complete = number_of(loaded_counters(rig.store));
      rig.run(rig.now + draw(300'000'000));
    }
  }
}
