#include "tools/gdb/data_access.h"

namespace tools::gdb {
namespace {

/// Bits high … low of `code`.
constexpr std::uint32_t bits(std::uint32_t code, unsigned high, unsigned low) {
  return code >> low & ((1U << (high - low + 1)) - 1);
}

/// `value`'s bit 11 is its sign.
constexpr std::uint32_t sign_extended(std::uint32_t value) { return (value ^ 0x800U) - 0x800U; }

std::optional<DataAccess> of_long(std::uint32_t code, const std::array<std::uint32_t, 32>& x) {
  constexpr std::uint32_t load = 0x03;
  constexpr std::uint32_t store = 0x23;
  const std::uint32_t opcode = bits(code, 6, 0);
  if (opcode != load && opcode != store) return std::nullopt;
  const bool is_write = opcode == store;
  const std::uint32_t funct3 = bits(code, 14, 12);  // LB LH LW – LBU LHU; SB SH SW
  const bool exists = is_write ? funct3 <= 2 : funct3 <= 2 || funct3 == 4 || funct3 == 5;
  if (!exists) return std::nullopt;
  const std::uint32_t offset =
      is_write ? bits(code, 31, 25) << 5U | bits(code, 11, 7) : bits(code, 31, 20);
  return DataAccess{x[bits(code, 19, 15)] + sign_extended(offset), 1U << (funct3 & 3U), is_write};
}

std::optional<DataAccess> of_short(std::uint32_t code, const std::array<std::uint32_t, 32>& x) {
  constexpr std::uint32_t stack_pointer = 2;
  constexpr std::uint32_t word = 4;
  const std::uint32_t funct3 = bits(code, 15, 13);
  const std::uint32_t quadrant = bits(code, 1, 0);
  if ((funct3 != 2 && funct3 != 6) || quadrant == 1) return std::nullopt;
  const bool is_write = funct3 == 6;
  if (quadrant == 0) {  // C.LW, C.SW: offset[5:3] in 12 … 10, offset[2|6] in 6, 5
    const std::uint32_t offset =
        bits(code, 12, 10) << 3U | bits(code, 6, 6) << 2U | bits(code, 5, 5) << 6U;
    return DataAccess{x[8 + bits(code, 9, 7)] + offset, word, is_write};
  }
  if (is_write) {  // C.SWSP: offset[5:2|7:6] in 12 … 7
    const std::uint32_t offset = bits(code, 12, 9) << 2U | bits(code, 8, 7) << 6U;
    return DataAccess{x[stack_pointer] + offset, word, true};
  }
  if (bits(code, 11, 7) == 0) return std::nullopt;  // C.LWSP to x0 is reserved
  // C.LWSP: offset[5] in 12, offset[4:2|7:6] in 6 … 2
  const std::uint32_t offset =
      bits(code, 12, 12) << 5U | bits(code, 6, 4) << 2U | bits(code, 3, 2) << 6U;
  return DataAccess{x[stack_pointer] + offset, word, false};
}

}  // namespace

std::optional<DataAccess> data_access(std::uint32_t code, const std::array<std::uint32_t, 32>& x) {
  return (code & 3U) == 3 ? of_long(code, x) : of_short(code, x);
}

}  // namespace tools::gdb
