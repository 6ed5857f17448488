#include "tools/scenario/decimal.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>

namespace tools {
namespace {

constexpr int digits_max = 30;
constexpr int exponent_max = 99;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

std::string digits_of(UInt128 value) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace

std::size_t decimal_prefix(std::string_view text) {
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  const std::size_t whole = digits_from(text, at);
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_from(text, at + 1);
    if (fraction == 0) return 0;
    at += 1 + fraction;
  }
  if (whole == 0) return 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t from = at + 1;
    if (from < text.size() && (text[from] == '-' || text[from] == '+')) ++from;
    const std::size_t exponent = digits_from(text, from);
    if (exponent > 0) at = from + exponent;
  }
  return at;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  if (text.empty() || decimal_prefix(text) != text.size()) return std::nullopt;
  Decimal out;
  int significant = 0;
  bool after_point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '-') out.negative = true;
    if (c == '.') after_point = true;
    if (c == 'e' || c == 'E') {
      std::string_view rest = text.substr(i + 1);
      if (rest.front() == '+') rest.remove_prefix(1);
      int exponent = 0;
      const auto end = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
      if (end.ec != std::errc{} || std::abs(exponent) > exponent_max) return std::nullopt;
      out.exponent += exponent;
      break;
    }
    if (!is_digit(c)) continue;
    if (out.mantissa != 0 || c != '0') ++significant;
    if (significant > digits_max) return std::nullopt;
    out.mantissa = out.mantissa * 10 + static_cast<unsigned>(c - '0');
    if (after_point) --out.exponent;
  }
  if (std::abs(out.exponent) > 2 * exponent_max) return std::nullopt;
  return out;
}

double Decimal::to_double(int shift) const {
  std::string text = digits_of(mantissa) + "e" + std::to_string(exponent + shift);
  if (negative) text.insert(0, "-");
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<Int128> Decimal::to_integer(std::int64_t factor) const {
  if (mantissa == 0) return 0;
  UInt128 value = mantissa;
  constexpr UInt128 limit = static_cast<UInt128>(1) << 120;
  const auto times = [&value](std::uint64_t by) {
    if (by == 0 || value > limit / by) return false;
    value *= by;
    return true;
  };
  // Shed the factor's own tens first, so that no product grows needlessly.
  int tens = exponent;
  auto rest = static_cast<std::uint64_t>(factor);
  while (tens < 0 && rest % 10 == 0) {
    rest /= 10;
    ++tens;
  }
  while (tens < 0 && value % 10 == 0) {
    value /= 10;
    ++tens;
  }
  if (!times(rest)) return std::nullopt;
  for (; tens < 0; ++tens) {
    if (value % 10 != 0) return std::nullopt;
    value /= 10;
  }
  for (; tens > 0; --tens) {
    if (!times(10)) return std::nullopt;
  }
  const auto whole = static_cast<Int128>(value);
  return negative ? -whole : whole;
}

}  // namespace tools
