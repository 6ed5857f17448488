// Where what stands in the EEPROM, a 24C256: 32 KiB in pages of 64 bytes, written a page at a time
// within 5 ms.
//
//   page     content
//   0, 1     settings, the two copies
//   2, 3     calibration, the two copies
//   4, 5     compensation, the two copies
//   6, 7     free
//   8 …      ring of 63 slots of 8 pages, a counter record each
//
// A record with sequence number s stands in slot s mod 63. Sequence numbers count modulo a multiple
// of 63, so that this holds across their wrap too.
#pragma once

#include <cstdint>

namespace metrology::storage {

/// The EEPROM's device address on the bus: its pins A2…A0 are low.
inline constexpr std::uint8_t eeprom_device = 0x50;

inline constexpr std::uint32_t eeprom_bytes = 32 * 1024;
inline constexpr std::uint32_t page_bytes = 64;
inline constexpr std::uint32_t page_count = eeprom_bytes / page_bytes;

/// What has two alternating copies of one page each.
enum class Config : std::uint8_t { settings, calibration, compensation };
inline constexpr int config_count = 3;
inline constexpr int copy_count = 2;
constexpr std::uint32_t config_address(int config, int copy) {
  return static_cast<std::uint32_t>(config * copy_count + copy) * page_bytes;
}

inline constexpr std::uint32_t slot_pages = 8;
inline constexpr std::uint32_t slot_bytes = slot_pages * page_bytes;
inline constexpr std::uint32_t ring_begin = slot_bytes;
inline constexpr std::uint32_t slot_count = (eeprom_bytes - ring_begin) / slot_bytes;
constexpr std::uint32_t slot_address(std::uint32_t slot) { return ring_begin + slot * slot_bytes; }
static_assert(slot_count == 63);

/// Sequence numbers of counter records are 0 … sequence_modulus − 1.
inline constexpr std::uint32_t sequence_modulus = UINT32_MAX / slot_count * slot_count;
constexpr std::uint32_t next_sequence(std::uint32_t sequence) {
  return sequence == sequence_modulus - 1 ? 0 : sequence + 1;
}
constexpr std::uint32_t slot_of(std::uint32_t sequence) { return sequence % slot_count; }
/// Whether `a` is the newer one of two that are less than half the numbers apart.
constexpr bool is_newer(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t ahead = a >= b ? a - b : sequence_modulus - (b - a);
  return ahead != 0 && ahead < sequence_modulus / 2;
}

}  // namespace metrology::storage
