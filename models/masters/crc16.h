// CRC-16 of Modbus: polynomial 0x8005 reflected, first value 0xFFFF, nothing done at the end; on
// the wire the low byte comes first.
#pragma once

#include <cstdint>
#include <vector>

namespace models::masters {

std::uint16_t crc16(const std::uint8_t* bytes, std::size_t count);

/// Appends it, low byte first.
void append_crc(std::vector<std::uint8_t>& frame);
/// Whether a frame of at least four bytes ends in the CRC of what comes before.
bool crc_holds(const std::vector<std::uint8_t>& frame);

}  // namespace models::masters
