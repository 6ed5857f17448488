// A 24C256: 32 KiB of EEPROM on an I²C bus, in pages of 64 bytes.
//
//   device byte   1010 A2 A1 A0 R/W; the address pins are the low bits of EepromConfig::device
//   write         device, two bytes of address, up to 64 bytes, STOP: one page is written. Beyond
//                 the page's end the address wraps to its begin; of more than 64 bytes the last
//                 count
//   write time    5 ms from STOP on, in which the device acknowledges nothing
//   read          from the address pointer on, over page ends, from the last cell to the first
//   WP high       bytes are acknowledged, but STOP writes nothing and the device is not busy. What
//                 counts is the level that stood before STOP's instant
//
// A STOP within a byte, or a START instead of STOP, writes nothing. A power cut within the write
// time tears the page [twin]: each of its 64 bytes, also those that were not to be written, is old,
// new or random, by a generator of its own. The address pointer is 0 after power-on.
//
// Events of `instance`: `write` {page, wear, bytes} at STOP, `torn` {page} when power goes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "models/pins/event_sink.h"
#include "models/pins/i2c.h"
#include "models/random/random.h"

namespace models::eeprom {

using pins::Ps;

inline constexpr std::size_t byte_count = std::size_t{32} * 1024;
inline constexpr std::size_t page_bytes = 64;
inline constexpr std::size_t page_count = byte_count / page_bytes;

struct EepromConfig {
  std::string instance = "m1.eeprom";
  /// 0x50 … 0x57.
  std::uint8_t device = 0x50;
  /// At most 1 s.
  Ps write_time = 5 * pins::ps_per_ms;
  std::uint64_t seed = 0;
};

/// Where the device stands within a transaction.
enum class EepromMode : std::uint8_t { idle, device, address_high, address_low, write, read };

struct EepromState {
  std::array<std::uint8_t, byte_count> cells;
  std::array<std::uint32_t, page_count> wear;  ///< writes of each page
  bool powered = true;
  bool write_protected = true;   ///< the WP pin is pulled up
  bool protected_before = true;  ///< its level before `protect_changed`
  Ps protect_changed = 0;
  // The transaction.
  EepromMode mode = EepromMode::idle;
  std::uint32_t shift = 0;
  std::uint32_t rises = 0;  ///< of SCL in the present byte, acknowledge included
  bool acknowledging = false;
  bool master_acknowledged = false;
  std::uint32_t address = 0;
  std::array<std::uint8_t, page_bytes> latch;
  std::uint64_t latched = 0;  ///< bytes of the latch that are to be written, a bit each
  // The write that is under way until `busy_until`: its cells hold the new bytes already.
  Ps busy_until = 0;
  std::uint32_t busy_page = 0;
  std::array<std::uint8_t, page_bytes> old_bytes;
  // Faults.
  bool dead = false;
  bool stuck = false;
  std::uint32_t naks = 0;
  random::RandomState random;
};
static_assert(std::is_trivially_copyable_v<EepromState>);
/// For a kernel whose time 0 lies `by` later, at an instant at which no STOP comes: the rest of a
/// write under way goes on, the WP pin's last change is long over.
void rebase(EepromState& state, Ps by);

class Eeprom final : public pins::I2cDevice {
 public:
  /// `image`: byte_count bytes, or none for a device that was never written (all 0xFF). Throws
  /// std::invalid_argument for an image of another size, a device or a write time out of range.
  Eeprom(EepromConfig config, pins::EventSink& sink, const std::vector<std::uint8_t>& image = {});

  void start(Ps t) override;
  void stop(Ps t) override;
  bool scl_falls(Ps t) override;
  void scl_rises(Ps t, bool sda) override;
  void write_protect(Ps t, bool on) override;
  void power(Ps t, bool on) override;

  /// The cells; a write under way counts as done.
  std::vector<std::uint8_t> image() const;
  std::uint32_t wear(std::size_t page) const { return state_.wear.at(page); }

  // Faults, which hold from the next edge of SCL on.

  /// The device does nothing any more, or lives again.
  void set_dead(bool dead);
  /// It pulls SDA low whatever comes, or lets it go again.
  void set_stuck(bool stuck) { state_.stuck = stuck; }
  /// It acknowledges none of the next `count` device bytes that are its own.
  void nak(std::uint32_t count) { state_.naks = count; }
  /// Bits of a cell fall over; the page's wear is not touched. Throws std::out_of_range for an
  /// address beyond the last.
  void corrupt(std::size_t address, std::uint8_t flipped_bits);

  const EepromState& state() const { return state_; }
  void restore(const EepromState& state) { state_ = state; }

 private:
  bool busy(Ps t) const { return t < state_.busy_until; }
  bool takes_byte(Ps t);
  bool answers_to(Ps t, std::uint32_t byte);
  bool drive_next_bit();
  void write_page(Ps t);
  void tear(Ps t);
  void forget();

  EepromConfig config_;
  pins::EventSink& sink_;
  EepromState state_;
};

}  // namespace models::eeprom
