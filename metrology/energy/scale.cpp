#include "metrology/energy/scale.h"

#include "metrology/energy/wide.h"
#include "metrology/hal/memory_map.h"
#include "metrology/hal/saturate.h"

namespace metrology::energy {

namespace {

/// Codes of the window sums per full scale: 2^23 LSB of 16 steps each.
constexpr double steps_per_full_scale = 8388608.0 * 16.0;
constexpr double picowatt_hours_per_joule = 1e12 / 3600.0;

double calibrated(std::int32_t ppm) { return 1.0 + static_cast<double>(ppm) * 1e-6; }

}  // namespace

Scale make_scale(double factor) {
  constexpr double two_to_31 = 2147483648.0;
  Scale scale{0, 0};
  while (factor < two_to_31) {
    factor *= 2.0;
    ++scale.shift;
  }
  // At most 2^32 − 1: a factor that rounds up to 2^32 is 2^-33 of itself too small.
  scale.mantissa = hal::saturating_round<std::uint32_t>(factor);
  return scale;
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

double energy_factor_pWh(bool ct, const hal::PhaseCalibration& calibration) {
  return voltage_full_scale_V / steps_per_full_scale * calibrated(calibration.voltage_ppm) *
         current_full_scale_A(ct) / steps_per_full_scale * calibrated(calibration.current_ppm) /
         hal::samples_per_second * picowatt_hours_per_joule;
}

double primary_ratio(const hal::ParameterPage& page) {
  if (!hal::is_ct(page.variant) || page.ct_primary_A == 0) return 1.0;
  return static_cast<double>(page.ct_primary_A) / 5.0;
}

}  // namespace metrology::energy
