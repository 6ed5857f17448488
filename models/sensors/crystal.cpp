#include "models/sensors/crystal.h"

#include <algorithm>
#include <cmath>

namespace models::sensors {

std::int32_t crystal_ppb(const CrystalSpec& spec, double kelvin, std::int32_t constant_ppb) {
  const double away_K = kelvin - spec.turnover_K;
  const double own_ppb = 1e9 * (spec.error + spec.curvature_per_K2 * away_K * away_K);
  const double whole_ppb = std::clamp(own_ppb + constant_ppb, -most_crystal_ppb, most_crystal_ppb);
  return static_cast<std::int32_t>(std::lround(whole_ppb));
}

}  // namespace models::sensors
