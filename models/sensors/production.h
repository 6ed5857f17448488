// The parts of which meters are made: the typical ones of the design, and those of one meter, drawn
// from the tolerances around it. All figures are choices in the range of what makers of such parts
// state. [twin] They are those of meters before calibration, which fail a type test.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/sensors/front_end_spec.h"

namespace models::sensors {

/// The middle of production: gains right, all that design leaves over in its place. Of the direct
/// meter (whose transformers stand direct current) or of the CT meter.
FrontEndSpec typical_front_end(bool ct);

/// One meter's parts. The same for the same seed and path, whoever else draws.
FrontEndSpec draw_front_end(bool ct, std::uint64_t seed, std::string_view path);

}  // namespace models::sensors
