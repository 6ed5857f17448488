// The reference that the ADC's measuring channels share: a voltage too large by e makes all of them
// read 1/(1 + e) of what there is. The temperature channel has a reference of its own. [twin]
#pragma once

#include "models/sensors/front_end_spec.h"

namespace models::sensors {

struct Reference {
  double error = 0;
  double per_K = 0;

  double gain_at(double kelvin) const {
    return 1 / (1 + error + per_K * (kelvin - reference_temperature_K));
  }
};

}  // namespace models::sensors
