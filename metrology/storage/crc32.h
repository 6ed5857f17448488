// The CRC-32 that guards every stored record and the program's constants: polynomial 0x04C11DB7,
// reflected, begun with and ended by an exclusive-or with all ones (IEEE 802.3; zlib's crc32).
#pragma once

#include <cstdint>

namespace metrology::storage {

/// The CRC of each half byte: 64 bytes of flash for a quarter of the steps.
struct Crc32Table {
  std::uint32_t entry[16] = {};

  constexpr Crc32Table() {
    constexpr std::uint32_t reflected_polynomial = 0xEDB8'8320U;
    for (std::uint32_t half = 0; half < 16; ++half) {
      std::uint32_t crc = half;
      for (int bit = 0; bit < 4; ++bit) {
        crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? reflected_polynomial : 0U);
      }
      entry[half] = crc;
    }
  }
};
inline constexpr Crc32Table crc32_table;

/// One byte more for a CRC that is under way: begun with all ones, to be inverted at its end.
constexpr std::uint32_t crc32_step(std::uint32_t crc, std::uint8_t byte) {
  crc ^= byte;
  crc = (crc >> 4U) ^ crc32_table.entry[crc & 0xFU];
  return (crc >> 4U) ^ crc32_table.entry[crc & 0xFU];
}

/// The CRC of `count` bytes; `crc` is that of the bytes before them.
std::uint32_t crc32(const std::uint8_t* bytes, std::uint32_t count, std::uint32_t crc = 0);

}  // namespace metrology::storage
