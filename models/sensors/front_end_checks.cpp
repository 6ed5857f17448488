#include "models/sensors/front_end_checks.h"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace models::sensors {

namespace {

/// Also false of what is no number.
void require(bool holds, const char* sentence) {
  if (!holds) throw std::invalid_argument(sentence);
}

bool between(double value, double low, double high) { return value >= low && value <= high; }

void check_ratio(double error, double per_K) {
  require(between(error, -0.5, 0.5), "a sensor's ratio error lies between -0.5 and 0.5");
  require(between(per_K, -0.01, 0.01), "a ratio's drift lies between -1 and 1 % per kelvin");
}

}  // namespace

void check(const DividerSpec& spec) {
  check_ratio(spec.ratio_error, spec.ratio_per_K);
  require(std::isfinite(spec.offset_V), "a sensor's offset must be a number");
}

void check(const TransformerSpec& spec) {
  check_ratio(spec.ratio_error, spec.ratio_per_K);
  require(std::isfinite(spec.offset_A), "a sensor's offset must be a number");
  require(between(spec.lead_rad, 0, 0.2), "a transformer's lead lies between 0 and 0.2 rad");
  require(between(spec.lead_per_K, -0.009, 0.009),
          "a lead's drift lies between -0.9 and 0.9 % per kelvin");
  require(between(spec.low_current_rise, 0, 10),
          "the lead's rise at low current lies between 0 and 10");
  require(spec.low_current_rise == 0 || between(spec.knee_A, 1e-9, 1e6),
          "a rise of the lead at low current needs the current of its knee");
  require(between(spec.saturation_A, 0, 1e6), "a saturating d.c. lies between 0 and 1e6 A");
  require(between(spec.crosstalk_A_per_V, -1, 1), "crosstalk lies between -1 and 1 A/V");
}

void check(const CrystalSpec& spec) {
  require(between(spec.error, -0.001, 0.001), "a crystal's error lies between -1000 and 1000 ppm");
  require(between(spec.curvature_per_K2, -1e-6, 1e-6),
          "a crystal's curvature lies between -1 and 1 ppm/K2");
  require(between(spec.turnover_K, 200, 400), "a crystal turns over between 200 and 400 K");
}

void check(const FrontEndSpec& spec) {
  for (const DividerSpec& divider : spec.voltage) check(divider);
  for (const TransformerSpec& transformer : spec.current) check(transformer);
  check(spec.crystal);
  require(between(spec.reference_error, -0.5, 0.5),
          "the reference's error lies between -0.5 and 0.5");
  // With both at their limits and 200 K away it is still above zero.
  require(between(spec.reference_per_K, -0.001, 0.001),
          "the reference's drift lies between -0.1 and 0.1 % per kelvin");
  constexpr double most = std::numeric_limits<double>::max();
  require(between(spec.thermal_noise_V, 0, most) && between(spec.thermal_noise_A, 0, most) &&
              between(spec.modulator_noise_codes, 0, most),
          "noise is 0 or more");
  require(between(spec.temperature_error_K, -100, 100),
          "a temperature sensor is off by 100 K at most");
}

}  // namespace models::sensors
