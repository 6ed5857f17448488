// The one way from floating point to integer: an overflowing cast differs between x86 and RISC-V.
#pragma once

#include <cstdint>
#include <limits>

namespace metrology::hal {

/// `value` rounded to nearest, halves away from zero; beyond the range of `Integer` its nearest
/// end; not-a-number is 0.
template <typename Integer>
constexpr Integer saturating_round(double value) {
  constexpr Integer low = std::numeric_limits<Integer>::min();
  constexpr Integer high = std::numeric_limits<Integer>::max();
  if (value != value) return 0;
  // 2^digits is exact in a double; `high` itself may not be.
  constexpr double limit =
      2.0 * static_cast<double>(std::uint64_t{1} << (std::numeric_limits<Integer>::digits - 1));
  if (value >= limit) return high;
  if (value <= (std::numeric_limits<Integer>::is_signed ? -limit : 0.0)) return low;
  const Integer whole = static_cast<Integer>(value);
  const double rest = value - static_cast<double>(whole);
  if (rest >= 0.5) return whole == high ? high : static_cast<Integer>(whole + 1);
  if (rest <= -0.5) return whole == low ? low : static_cast<Integer>(whole - 1);
  return whole;
}

}  // namespace metrology::hal
