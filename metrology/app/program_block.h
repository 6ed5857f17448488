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

#include "metrology/hal/memory_map.h"

namespace metrology::app {

inline constexpr std::uint32_t program_block_magic = 0x5052'4F47;

/// The block as this program was built with it, `program_block_words()` words.
const std::uint32_t* program_block();
std::uint32_t program_block_words();

/// The CRC-32 of the constants.
std::uint32_t program_checksum();

/// A look at the block, slice by slice.
struct ProgramCheck {
  bool under_way;
  bool intact;           ///< so far, and the verdict when it is over
  std::uint32_t offset;  ///< of the constants: bytes looked at
  std::uint32_t crc;     ///< of these
};
inline constexpr std::uint32_t program_check_slice_bytes = 256;

/// Begins a look.
void begin(ProgramCheck& check);
/// Looks at the next slice of the `program_block_words()` words at `words`. After the last one the
/// look is over and `intact` says whether they are whole, and the block of this program.
void check_slice(ProgramCheck& check, const std::int32_t* words);

/// A whole look at once.
bool program_intact(const std::int32_t* words);

}  // namespace metrology::app
