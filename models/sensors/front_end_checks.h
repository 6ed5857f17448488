// The ranges of a front end's errors. Each throws std::invalid_argument with a sentence.
#pragma once

#include "models/sensors/front_end_spec.h"

namespace models::sensors {

void check(const DividerSpec& spec);
void check(const TransformerSpec& spec);
void check(const CrystalSpec& spec);
/// All of it, but for what Body checks of its own.
void check(const FrontEndSpec& spec);

}  // namespace models::sensors
