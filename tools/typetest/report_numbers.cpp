#include "tools/typetest/report_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tools::typetest {
namespace {

constexpr int decimals_max = 9;
/// Above this a double has no decimals worth showing.
constexpr double whole_max = 1e9;

std::string with_minus(const std::string& digits) {
  if (digits.empty() || digits.front() != '-') return digits;
  const bool zero = digits.find_first_not_of("-0.") == std::string::npos;
  return (zero ? "" : "−") + digits.substr(1);
}

bool is_whole(double value) { return std::abs(value) < whole_max && value == std::round(value); }

bool holds(double seen, std::optional<double> at_least, std::optional<double> at_most) {
  return (!at_least || seen >= *at_least) && (!at_most || seen <= *at_most);
}

/// Three beside limits of 0.1 to below 10, one less or more for each decade outside.
int decimals_beside(double scale) {
  if (scale <= 0 || !std::isfinite(scale)) return 3;
  const int decade = static_cast<int>(std::floor(std::log10(scale)));
  return std::clamp(3 - (decade < 0 ? decade + 1 : decade), 0, decimals_max);
}

/// A limit that was reckoned, 39.1304348 s, to four decimals; a small one as it is.
std::string limit_number(double value) {
  constexpr double steps = 1e4;
  return plain_number(std::abs(value) < 1 ? value : std::round(value * steps) / steps);
}

}  // namespace

std::string plain_number(double value) {
  if (std::isnan(value)) return "not a number";
  if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
  return with_minus(fmt::format("{:.10g}", value));
}

std::string measured_number(double seen, std::optional<double> at_least,
                            std::optional<double> at_most) {
  if (!std::isfinite(seen)) return plain_number(seen);
  if (is_whole(seen) && is_whole(at_least.value_or(0)) && is_whole(at_most.value_or(0)) &&
      (seen != 0 || !at_least || !at_most)) {
    return with_minus(fmt::format("{:.0f}", seen));
  }
  double scale = std::max(std::abs(at_least.value_or(0)), std::abs(at_most.value_or(0)));
  if (scale == 0) scale = std::abs(seen);
  const bool inside = holds(seen, at_least, at_most);
  for (int decimals = decimals_beside(scale); decimals < decimals_max; ++decimals) {
    const std::string digits = fmt::format("{:.{}f}", seen, decimals);
    if (holds(std::stod(digits), at_least, at_most) == inside) return with_minus(digits);
  }
  return plain_number(seen);
}

std::string limits_text(std::optional<double> at_least, std::optional<double> at_most) {
  if (at_least && at_most) {
    if (*at_least == *at_most) return limit_number(*at_most);
    if (*at_least == -*at_most && *at_most > 0) return "±" + limit_number(*at_most);
    return limit_number(*at_least) + " … " + limit_number(*at_most);
  }
  if (at_most) return "≤ " + limit_number(*at_most);
  if (at_least) return "≥ " + limit_number(*at_least);
  return "none";
}

std::string share_text(std::optional<double> share) {
  if (!share) return "—";
  // What lies outside must not look as if it lay at the limit, nor the other way round.
  const double percent = *share > 1 ? std::ceil(*share * 100) : std::floor(*share * 100);
  return fmt::format("{:.0f} %", percent);
}

}  // namespace tools::typetest
