// Bit fields of an instruction word.
#pragma once

#include <cstdint>

namespace platform::rv32 {

/// Bits `high` … `low` of `word`, moved to bit 0.
constexpr std::uint32_t bits(std::uint32_t word, unsigned high, unsigned low) {
  return (word >> low) & ((2u << (high - low)) - 1u);
}

/// `value`'s bit `sign` and all below it as a number in two's complement.
constexpr std::int32_t sign_extend(std::uint32_t value, unsigned sign) {
  return static_cast<std::int32_t>(value << (31u - sign)) >> (31u - sign);
}

}  // namespace platform::rv32
