// The CRC-32 that guards every stored record: polynomial 0x04C11DB7, reflected, begun with and
// ended by an exclusive-or with all ones (IEEE 802.3; zlib's crc32).
#pragma once

#include <cstdint>

namespace metrology::storage {

/// The CRC of `count` bytes; `crc` is that of the bytes before them.
std::uint32_t crc32(const std::uint8_t* bytes, std::uint32_t count, std::uint32_t crc = 0);

}  // namespace metrology::storage
