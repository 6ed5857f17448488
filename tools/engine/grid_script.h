// From a meter's part of the timeline to its mains: every change of voltage, current and frequency
// is scheduled before the run begins, so the waveforms know their own future.
#pragma once

#include <memory>

#include "models/grid/grid.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// The mains of meter `index` of the scenario: 230 V, 50 Hz and no current, changed by its `grid`
/// at the start and by the timeline afterwards.
std::unique_ptr<models::grid::Grid> make_grid(const Scenario& scenario, int index);

}  // namespace tools
