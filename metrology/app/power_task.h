// Brown-out and the supply's return.
//
//   power irq → note_power(): booking stops at once: the counters are what will be restored
//   main loop → run_power():  pulses stop, glass and backlight go dark, the counters are saved;
//                             when mains are back and the hold-up is charged, all goes on
//
// Samples that come while mains fail are not metered, and the signal path begins anew [twin]: of
// the last cycle before the cut and of an interruption shorter than the hold-up nothing is booked.
// Booking only runs while the hold-up is charged, so that the next cut can be saved too.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// Power-on: asks for the supply's events; metering waits for a charged hold-up.
void start_power(State& state, hal::Bus& bus);

/// The power interrupt's handler.
void note_power(State& state, hal::Bus& bus);

/// For the main loop: whether run_power() has something to do.
bool power_work_pending(const State& state);

/// For the main loop, in every turn.
void run_power(State& state, hal::Bus& bus);

}  // namespace metrology::app
