// Lines of two pieces that become one.
#pragma once

#include <vector>

#include "models/pins/analog_source.h"

namespace models::grid {

/// Adds `weight` times a line to `sum`, which then has the points of both. Beyond its points a line
/// goes on as it began or ended; an empty one is 0.
void add_line(const std::vector<pins::Point>& line, double weight, std::vector<pins::Point>& sum);

}  // namespace models::grid
