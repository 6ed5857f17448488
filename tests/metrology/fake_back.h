// The part of the stand-in microcontroller that stands behind the meter's front: I²C master with an
// EEPROM on its bus, or none, and power monitor.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "metrology/hal/memory_map.h"
#include "tests/metrology/storage_rig.h"

namespace tests {

class FakeBack {
 public:
  /// What is on the bus; nothing at first.
  std::optional<PageEeprom> eeprom;

  /// Before the run, in order of time: the supply's levels from `at_cycle` on, of
  /// metrology::hal::power::state_….
  void supply(std::int64_t at_cycle, std::uint32_t levels);
  /// The supply of meter and EEPROM goes at `now`; the next run finds `levels`.
  void cut(std::int64_t now, std::uint32_t seed, std::uint32_t levels);

  void reset();
  /// INT64_MAX if nothing is to come.
  std::int64_t next_event() const;
  /// `protect`: level of the EEPROM's WP pin.
  void fire(std::int64_t now, bool protect);
  bool i2c_pending() const { return (i2c_status_ & metrology::hal::i2c::status_done) != 0; }
  bool power_pending() const { return (events_ & enable_) != 0; }
  /// False: not one of these peripherals' bases.
  static bool covers(std::uint32_t base);
  std::uint32_t read(std::uint32_t base, std::uint32_t offset) const;
  void write(std::uint32_t base, std::uint32_t offset, std::uint32_t value, std::int64_t now);

 private:
  struct Levels {
    std::int64_t at_cycle;
    std::uint32_t levels;
  };

  void command(std::uint32_t value, std::int64_t now);

  std::vector<Levels> supply_;
  std::size_t next_supply_ = 0;
  std::uint32_t levels_ = metrology::hal::power::state_mains | metrology::hal::power::state_charged;
  std::uint32_t events_ = 0;
  std::uint32_t enable_ = 0;

  bool i2c_enabled_ = false;
  bool busy_ = false;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
  std::uint32_t divider_ = 16;
  std::uint32_t i2c_status_ = 0;
  std::uint8_t buffer_[metrology::hal::i2c::buffer_bytes] = {};
  metrology::storage::Transaction transaction_{};
};

}  // namespace tests
