// A tuning fork crystal's frequency error at a temperature.
#pragma once

#include <cstdint>

#include "models/sensors/front_end_spec.h"

namespace models::sensors {

/// What the clock takes at most, in 10⁻⁹.
inline constexpr double most_crystal_ppb = 1e6;

/// The whole error in 10⁻⁹, to the nearest: `constant_ppb` (as a scenario sets it) and the part's
/// own. Stops at ±1 000 000.
std::int32_t crystal_ppb(const CrystalSpec& spec, double kelvin, std::int32_t constant_ppb = 0);

}  // namespace models::sensors
