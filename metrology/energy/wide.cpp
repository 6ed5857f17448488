#include "metrology/energy/wide.h"

namespace metrology::energy {

namespace {

Wide doubled(const Wide& value) { return value + value; }

/// Number of leading zero bits, 128 for 0.
int leading_zeros(const Wide& value) {
  int zeros = 0;
  std::uint64_t part = value.high;
  if (part == 0) {
    zeros = 64;
    part = value.low;
    if (part == 0) return 128;
  }
  for (; (part >> 63U) == 0; part <<= 1U) ++zeros;
  return zeros;
}

Wide shifted_left(const Wide& value, int bits) {
  if (bits == 0) return value;
  if (bits >= 64) return {value.low << (bits - 64), 0};
  return {(value.high << bits) | (value.low >> (64 - bits)), value.low << bits};
}

Wide halved(const Wide& value) {
  return {value.high >> 1U, (value.low >> 1U) | (value.high << 63U)};
}

}  // namespace

Wide multiply(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t low_half = 0xFFFF'FFFFU;
  const std::uint64_t a0 = a & low_half;
  const std::uint64_t a1 = a >> 32U;
  const std::uint64_t b0 = b & low_half;
  const std::uint64_t b1 = b >> 32U;
  const std::uint64_t bottom = a0 * b0;
  const std::uint64_t middle1 = a0 * b1 + (bottom >> 32U);  // below 2^64: (2^32 − 1)² + 2^32 − 1
  const std::uint64_t middle2 = a1 * b0 + (middle1 & low_half);
  return {a1 * b1 + (middle1 >> 32U) + (middle2 >> 32U), (middle2 << 32U) | (bottom & low_half)};
}

Wide multiply(const Wide& a, std::uint64_t b) {
  Wide product = multiply(a.low, b);
  product.high += a.high * b;
  return product;
}

Quotient divide(const Wide& dividend, const Wide& divisor) {
  if (dividend.high == 0 && divisor.high == 0) {
    return {dividend.low / divisor.low, widen(dividend.low % divisor.low)};
  }
  if (dividend < divisor) return {0, dividend};
  int shift = leading_zeros(divisor) - leading_zeros(dividend);
  Wide subtrahend = shifted_left(divisor, shift);
  Quotient result{0, dividend};
  for (; shift >= 0; --shift) {
    result.quotient <<= 1U;
    if (!(result.remainder < subtrahend)) {
      result.remainder = result.remainder - subtrahend;
      result.quotient |= 1U;
    }
    subtrahend = halved(subtrahend);
  }
  return result;
}

std::uint64_t interpolate(std::uint64_t length, const Wide& part, const Wide& whole) {
  // Horner's scheme over the bits of `length`, keeping quotient and remainder of the product so
  // far: no intermediate value exceeds 2·whole.
  std::uint64_t quotient = 0;
  Wide remainder;
  const int zeros = leading_zeros(widen(length)) - 64;
  for (int bit = 63 - zeros; bit >= 0; --bit) {
    quotient <<= 1U;
    remainder = doubled(remainder);
    if (!(remainder < whole)) {
      remainder = remainder - whole;
      ++quotient;
    }
    if (((length >> bit) & 1U) == 0) continue;
    remainder = remainder + part;
    if (!(remainder < whole)) {
      remainder = remainder - whole;
      ++quotient;
    }
  }
  return quotient;
}

}  // namespace metrology::energy
