// A character on a serial line: how many bits of which kind, and when each begins.
#pragma once

#include <cstdint>

#include "peripherals/bus/core_clock.h"

namespace peripherals::uart {

enum class Parity : std::uint8_t { none, even, odd };

struct Format {
  Parity parity = Parity::none;
  std::uint8_t data_bits = 8;  ///< 7 or 8
  std::uint8_t stop_bits = 1;  ///< 1 or 2

  /// Number of the first stop bit; the start bit is number 0.
  int first_stop() const { return 1 + data_bits + (parity != Parity::none ? 1 : 0); }
  int bits() const { return first_stop() + stop_bits; }
};

/// Core clocks in `sixteenths`/16 bit times, rounded to nearest; `divider` in 1/16 core clocks.
constexpr Cycle clocks_in(std::int64_t sixteenths, std::uint32_t divider) {
  return (sixteenths * divider + 128) >> 8;
}
/// Core clocks in `bits` bit times.
constexpr Cycle clocks_in_bits(int bits, std::uint32_t divider) {
  return clocks_in(16 * std::int64_t{bits}, divider);
}

/// The parity bit that belongs to `data`.
bool parity_bit(const Format& format, std::uint32_t data);

/// The levels of a character's bits, bit n for its n-th, 1 for a mark.
std::uint32_t levels_of(const Format& format, std::uint32_t data);

}  // namespace peripherals::uart
