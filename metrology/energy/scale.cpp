#include "metrology/energy/scale.h"

#include <cstring>

#include "metrology/energy/wide.h"
#include "metrology/hal/memory_map.h"

namespace metrology::energy {

namespace {

/// Codes of the window sums per full scale: 2^23 LSB of 16 steps each.
constexpr double steps_per_full_scale = 8388608.0 * 16.0;
constexpr double picowatt_hours_per_joule = 1e12 / 3600.0;

/// pWh of a µW over a unit of time: 10⁶/3600 a second, which is 2^28 units; so 625/9 · 2^-26,
/// whose leading 32 bits are 625/9 · 2^25.
constexpr Scale power_over_time{(std::uint64_t{625} << 25U) / 9 + 1, 51};
static_assert((std::uint64_t{625} << 25U) % 9 * 2 > 9);

}  // namespace

Scale make_scale(double factor) {
  // Straight from the double's bits, as this is done every second: factor = 1.fraction ·
  // 2^exponent.
  std::uint64_t bits = 0;
  std::memcpy(&bits, &factor, sizeof(bits));
  constexpr unsigned fraction_bits = 52;
  constexpr std::uint64_t one = std::uint64_t{1} << fraction_bits;
  constexpr std::uint32_t bias = 1023;
  constexpr unsigned cut = fraction_bits - 31;
  const auto biased = static_cast<std::uint32_t>(bits >> fraction_bits);
  const std::uint64_t significand = (bits & (one - 1)) | one;
  const std::uint64_t rounded = (significand + (std::uint64_t{1} << (cut - 1))) >> cut;
  // At most 2^32 − 1: a factor that rounds up to 2^32 is 2^-33 of itself too small.
  return {rounded > UINT32_MAX ? UINT32_MAX : static_cast<std::uint32_t>(rounded),
          31 + bias - biased};
}

std::int64_t apply(const Scale& scale, std::int64_t value) {
  const bool negative = value < 0;
  const std::uint64_t magnitude = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(value)
                                           : static_cast<std::uint64_t>(value);
  const Wide product = multiply(magnitude, scale.mantissa);
  const std::uint32_t half = scale.shift - 1;
  const Wide rounded = product + (half < 64 ? Wide{0, std::uint64_t{1} << half}
                                            : Wide{std::uint64_t{1} << (half - 64), 0});
  const std::uint64_t result =
      scale.shift < 64 ? (rounded.high << (64 - scale.shift)) | (rounded.low >> scale.shift)
                       : rounded.high >> (scale.shift - 64);
  return negative ? -static_cast<std::int64_t>(result) : static_cast<std::int64_t>(result);
}

double energy_factor_pWh(bool ct, const hal::PhaseCalibration& calibration,
                         const Conditions& conditions) {
  return voltage_full_scale_V / steps_per_full_scale * voltage_gain(calibration, conditions) *
         current_full_scale_A(ct) / steps_per_full_scale * current_gain(calibration, conditions) /
         hal::samples_per_second * picowatt_hours_per_joule;
}

std::int64_t energy_pWh(std::int64_t power_uW, std::int64_t duration) {
  return apply(power_over_time, power_uW * duration);
}

double primary_ratio(const hal::ParameterPage& page) {
  if (!hal::is_ct(page.variant) || page.ct_primary_A == 0) return 1.0;
  return static_cast<double>(page.ct_primary_A) / 5.0;
}

}  // namespace metrology::energy
