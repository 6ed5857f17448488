// Whom an entry of the timeline has a scripted master ask.
#pragma once

#include <vector>

#include "tools/scenario/scenario.h"

namespace tools {

/// Meters that a `modbus` or `mbus` entry asks each time, one after the other; −1: one request to
/// nobody in particular.
std::vector<int> asked_meters(const Scenario& scenario, const TimelineEntry& entry);

}  // namespace tools
