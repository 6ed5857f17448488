#include "models/grid/waveform_spec.h"

#include <cmath>
#include <stdexcept>

namespace models::grid {

double lag_of_power_factor(double power_factor, Reactance reactance, Flow flow) {
  if (!(power_factor >= 0 && power_factor <= 1)) {
    throw std::invalid_argument("a power factor lies between 0 and 1");
  }
  constexpr double degrees_per_radian = 57.29577951308232087680;
  const double angle = std::acos(power_factor) * degrees_per_radian;
  const double lag = reactance == Reactance::inductive ? angle : -angle;
  return flow == Flow::import ? lag : lag + 180;
}

}  // namespace models::grid
