// Everything that must survive a power cut, taken from the meter's state and put back.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"
#include "metrology/storage/record.h"

namespace metrology::app {

/// For tasks: the counters at one instant between two windows. What is booked and not yet played is
/// in the pulses owed; every pulse that has started is not.
storage::Counters take_snapshot(State& state, hal::Bus& bus);

/// Once after power-up, before anything is booked: the counters go on from `stored`.
void put_back(State& state, hal::Bus& bus, const storage::Counters& stored);

}  // namespace metrology::app
