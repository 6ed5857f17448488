#include "tools/typetest/points/angles.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tools::typetest {

const Angle* angle_of(Kind kind, double lag_deg) {
  const auto* const found = std::find_if(angles.begin(), angles.end(), [&](const Angle& angle) {
    return angle.kind == kind && std::abs(angle.lag_deg - lag_deg) < 1e-9;
  });
  return found == angles.end() ? nullptr : &*found;
}

const Angle& angle_at(Factor factor) {
  for (const Angle& angle : angles) {
    if (angle.factor == factor) return angle;
  }
  throw std::logic_error("a power factor without an angle");
}

}  // namespace tools::typetest
