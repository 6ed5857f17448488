// What a refresh of the measured values brings with it and what has time: done in pieces, one in a
// turn of the main loop, so that no turn takes long and answers are in time (app/modbus_port.h).
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// For the metering task, with each refresh: looks for debt that keeps growing, and with the first
/// one after power-up and every minute at the program's constants.
void begin_housekeeping(State& state);

/// For the main loop: whether a piece is left.
bool housekeeping_pending(const State& state);

/// For the main loop, in every turn: does one piece.
void run_housekeeping(State& state, hal::Bus& bus);

}  // namespace metrology::app
