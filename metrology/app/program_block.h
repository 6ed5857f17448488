// The constants of the program as they stand in flash under a checksum: what the first digit of the
// display's "S pe abc" judges (manual 7.1, pro380 §11), and the CRC that the meter names as its
// own.
//
//   offset  field      content (32-bit words)
//   0x00    magic      0x5052'4F47, "PROG"
//   0x04    size       bytes of constants
//   0x08    CRC-32     of those bytes (IEEE 802.3)
//   0x0C    constants  register table, S0 rates and widths, delays of the signal path; padded with
//                      zero bytes to a whole word
//
// The image for the microcontroller carries the block at its place; natively, where code runs from
// the host's memory, the platform writes it into the virtual flash.
#pragma once

#include <cstdint>

#include "metrology/hal/bus.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

inline constexpr std::uint32_t program_block_magic = 0x5052'4F47;

/// The block as this program was built with it, `program_block_words()` words.
const std::uint32_t* program_block();
std::uint32_t program_block_words();

/// The CRC-32 of the constants.
std::uint32_t program_checksum();

/// Whether the `program_block_words()` words at `words` are whole, and the block of this program.
bool program_intact(const std::int32_t* words);
/// The same of the block in flash; charges for the reading.
bool program_intact(hal::Bus& bus);

}  // namespace metrology::app
