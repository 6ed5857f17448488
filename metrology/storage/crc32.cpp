#include "metrology/storage/crc32.h"

namespace metrology::storage {

namespace {

constexpr std::uint32_t reflected_polynomial = 0xEDB8'8320U;

/// The CRC of each half byte: 64 bytes of flash for a quarter of the steps.
struct Table {
  std::uint32_t entry[16];
};
constexpr Table make_table() {
  Table table{};
  for (std::uint32_t half = 0; half < 16; ++half) {
    std::uint32_t crc = half;
    for (int bit = 0; bit < 4; ++bit) {
      crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? reflected_polynomial : 0U);
    }
    table.entry[half] = crc;
  }
  return table;
}
constexpr Table table = make_table();

}  // namespace

std::uint32_t crc32(const std::uint8_t* bytes, std::uint32_t count, std::uint32_t crc) {
  crc = ~crc;
  for (std::uint32_t n = 0; n < count; ++n) {
    crc ^= bytes[n];
    crc = (crc >> 4U) ^ table.entry[crc & 0xFU];
    crc = (crc >> 4U) ^ table.entry[crc & 0xFU];
  }
  return ~crc;
}

}  // namespace metrology::storage
