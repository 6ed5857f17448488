// The metering task: a block of samples through signal path, booking and play-out.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// Processes the newest block if it is not processed yet, and says which were lost. Called from the
/// main loop, with interrupts enabled.
void process_blocks(State& state, hal::Bus& bus);

}  // namespace metrology::app
