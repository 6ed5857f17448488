// Unsigned 128-bit integers for the few places where energy times rate or time exceeds 64 bits.
// The compiler has none on RV32, so both builds use this one.
#pragma once

#include <cstdint>

namespace metrology::energy {

struct Wide {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
};

constexpr Wide widen(std::uint64_t value) { return {0, value}; }
constexpr bool operator==(const Wide& a, const Wide& b) {
  return a.high == b.high && a.low == b.low;
}
constexpr bool operator<(const Wide& a, const Wide& b) {
  return a.high != b.high ? a.high < b.high : a.low < b.low;
}

/// Sum and difference modulo 2^128.
constexpr Wide operator+(const Wide& a, const Wide& b) {
  const std::uint64_t low = a.low + b.low;
  return {a.high + b.high + (low < a.low ? 1U : 0U), low};
}
constexpr Wide operator-(const Wide& a, const Wide& b) {
  return {a.high - b.high - (a.low < b.low ? 1U : 0U), a.low - b.low};
}

/// The whole product.
Wide multiply(std::uint64_t a, std::uint64_t b);
/// The product modulo 2^128.
Wide multiply(const Wide& a, std::uint64_t b);

struct Quotient {
  std::uint64_t quotient;
  Wide remainder;
};
/// Quotient rounded down, and remainder; `divisor` is not 0 and the quotient is below 2^64.
Quotient divide(const Wide& dividend, const Wide& divisor);

/// floor(length · part / whole) for 0 <= part <= whole < 2^127, whole > 0: how far into `length`
/// the share part/whole lies. The product may exceed 128 bits.
std::uint64_t interpolate(std::uint64_t length, const Wide& part, const Wide& whole);

}  // namespace metrology::energy
