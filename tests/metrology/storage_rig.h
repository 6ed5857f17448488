// The store with a stand-in for its EEPROM: pages, write time, torn pages, write protection; time
// in nanoseconds. Copyable, so that a sweep takes one run apart at many instants.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include "metrology/storage/store.h"

namespace tests {

using Nanoseconds = std::int64_t;
constexpr Nanoseconds ms(double value) { return static_cast<Nanoseconds>(value * 1e6); }

class PageEeprom {
 public:
  PageEeprom();

  /// Bytes as they are read now.
  std::vector<std::uint8_t> bytes;
  /// How often each page was written.
  std::array<std::uint32_t, metrology::storage::page_count> wear{};
  bool dead = false;
  /// Until then it acknowledges nothing.
  Nanoseconds deaf_until = 0;
  bool write_protected = false;
  /// Its WP pin is high whatever the meter does.
  bool locked = false;
  /// Pages in which one bit reads otherwise than it was written.
  std::set<std::uint32_t> worn;
  /// What each write takes.
  Nanoseconds write_time = ms(5);

  /// A transaction that ends at `end`: its result, and what it read in `read`.
  metrology::storage::Result transact(const metrology::storage::Transaction& transaction,
                                      Nanoseconds begin, Nanoseconds end, std::uint8_t* read);

  /// The supply goes at `now`: every byte of a page that is being written stays as it was, is as
  /// it should become, or anything.
  void cut(Nanoseconds now, std::uint32_t seed);

  bool answers(Nanoseconds begin) const {
    return !dead && begin >= busy_until_ && begin >= deaf_until;
  }
  /// The end of the write under way, or of the last one.
  Nanoseconds busy_until() const { return busy_until_; }

 private:
  void finish_write(Nanoseconds now);

  Nanoseconds busy_until_ = 0;
  bool writing_ = false;
  std::uint32_t page_ = 0;
  std::array<std::uint8_t, metrology::storage::page_bytes> written_{};
};

class StorageRig {
 public:
  metrology::storage::Store store{};
  PageEeprom eeprom;
  Nanoseconds now = 0;
  std::uint32_t transactions = 0;
  /// Instants at which something begins, is under way or ends, when asked for.
  std::set<Nanoseconds> marks;
  bool marking = false;

  /// A new store at the same EEPROM, which has supply again.
  void power_up();
  /// Runs the store until `until`; a transaction may be under way then.
  void run(Nanoseconds until);
  /// Runs until there is nothing to do, at most `limit` from now; returns how long that took.
  Nanoseconds run_idle(Nanoseconds limit = ms(1000));
  /// Runs until settings and calibration, or everything, is loaded; returns the time since
  /// power-up.
  Nanoseconds run_configs_ready();
  Nanoseconds run_counters_ready();
  void run_all_ready();
  /// The supply of everything goes now.
  void cut(std::uint32_t seed = 0) { eeprom.cut(now, seed); }

  std::uint32_t ticks() const;

 private:
  bool step(Nanoseconds until);
  void mark(Nanoseconds begin, Nanoseconds end);

  Nanoseconds powered_up_ = 0;
  bool in_flight_ = false;
  metrology::storage::Transaction transaction_{};
  Nanoseconds flight_begin_ = 0;
  Nanoseconds flight_end_ = 0;
};

/// Records whose every field depends on `n`.
metrology::registers::Settings settings_of(std::uint32_t n);
metrology::storage::Calibration calibration_of(std::uint32_t n);
metrology::storage::Counters counters_of(std::uint32_t n);

/// What the rig's store begins with.
inline constexpr std::uint32_t default_settings = 1000;

/// Which of settings_of(n), calibration_of(n), counters_of(n) it is: n, −1 for none of them.
int number_of(const metrology::registers::Settings& settings);
int number_of(const metrology::storage::Calibration& calibration);
int number_of(const metrology::storage::Counters& counters);

/// Puts a whole counter record into an image.
void place(std::vector<std::uint8_t>& image, std::uint32_t sequence,
           const metrology::storage::Counters& counters);

/// A rig whose EEPROM production has filled with number `n` of everything.
StorageRig filled_rig(std::uint32_t n);

/// Powers up and loads everything.
void load(StorageRig& rig);

/// The number of the counters that a new store at the rig's EEPROM restores.
int restored_counters(StorageRig rig);

}  // namespace tests
