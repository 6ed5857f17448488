// Numbers as people write them, kept exact until someone says in which unit they are wanted.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tools {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

/// mantissa · 10^exponent, with the mantissa's sign kept apart.
struct Decimal {
  bool negative = false;
  UInt128 mantissa = 0;
  int exponent = 0;

  /// The nearest double of value · 10^shift, rounded once.
  double to_double(int shift = 0) const;
  /// value · factor, if it is a whole number below 10^36.
  std::optional<Int128> to_integer(std::int64_t factor = 1) const;
  bool is_zero() const { return mantissa == 0; }
};

/// Reads "12", "-0.5", "+3.25", "1e-3"; nothing else around it. At most 30 significant digits and
/// exponents of ±99: what is beyond is refused, as is everything that is not a number.
std::optional<Decimal> parse_decimal(std::string_view text);

/// Length of the number that `text` starts with, 0 if it starts with none.
std::size_t decimal_prefix(std::string_view text);

}  // namespace tools
