// What the computing instructions compute where C++ leaves something open.
#pragma once

#include <cstdint>

namespace platform::rv32 {

constexpr std::int32_t as_signed(std::uint32_t value) { return static_cast<std::int32_t>(value); }
constexpr std::uint32_t as_word(std::int32_t value) { return static_cast<std::uint32_t>(value); }

constexpr std::uint32_t shift_left(std::uint32_t a, std::uint32_t b) { return a << (b & 31); }
constexpr std::uint32_t shift_right(std::uint32_t a, std::uint32_t b) { return a >> (b & 31); }
constexpr std::uint32_t shift_right_signed(std::uint32_t a, std::uint32_t b) {
  return as_word(as_signed(a) >> (b & 31));
}

constexpr std::uint32_t high_word(std::int64_t product) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(product) >> 32);
}
constexpr std::uint32_t mulh(std::uint32_t a, std::uint32_t b) {
  return high_word(std::int64_t{as_signed(a)} * as_signed(b));
}
constexpr std::uint32_t mulhsu(std::uint32_t a, std::uint32_t b) {
  return high_word(as_signed(a) * std::int64_t{b});
}
constexpr std::uint32_t mulhu(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::uint32_t>(std::uint64_t{a} * b >> 32);
}

// By zero: all ones, and the dividend. The one quotient that does not fit is the dividend again.
constexpr std::uint32_t divide(std::uint32_t a, std::uint32_t b) {
  if (b == 0) return UINT32_MAX;
  return static_cast<std::uint32_t>(std::int64_t{as_signed(a)} / as_signed(b));
}
constexpr std::uint32_t divide_unsigned(std::uint32_t a, std::uint32_t b) {
  return b == 0 ? UINT32_MAX : a / b;
}
constexpr std::uint32_t remainder(std::uint32_t a, std::uint32_t b) {
  if (b == 0) return a;
  return static_cast<std::uint32_t>(std::int64_t{as_signed(a)} % as_signed(b));
}
constexpr std::uint32_t remainder_unsigned(std::uint32_t a, std::uint32_t b) {
  return b == 0 ? a : a % b;
}

constexpr std::uint32_t load_sign_extended(std::uint32_t value, unsigned bits) {
  return as_word(as_signed(value << (32 - bits)) >> (32 - bits));
}

}  // namespace platform::rv32
