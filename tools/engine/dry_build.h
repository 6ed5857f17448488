// Builds what surrounds the meters of a scenario without running it, so that what only the models
// can refuse is refused before anything starts.
#pragma once

#include "tools/scenario/scenario.h"

namespace tools {

/// Throws InputError with the models' reason at the meter's place.
void dry_build(const Scenario& scenario);

}  // namespace tools
