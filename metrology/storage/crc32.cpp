#include "metrology/storage/crc32.h"

namespace metrology::storage {

std::uint32_t crc32(const std::uint8_t* bytes, std::uint32_t count, std::uint32_t crc) {
  crc = ~crc;
  for (std::uint32_t n = 0; n < count; ++n) crc = crc32_step(crc, bytes[n]);
  return ~crc;
}

}  // namespace metrology::storage
