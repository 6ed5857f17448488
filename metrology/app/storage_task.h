// The store (storage/store.h) bound to I²C master, clock, write-protect pin and the meter's state.
//
//   i2c irq → note_transfer()      main loop → run_storage(): results, next transaction, what has
//                                  changed and is to be saved
//
// When what is saved: settings and calibration constants at once when they change; counters every
// 15 minutes less a second, so that with the save's own time none is older [twin], when the tariff
// to restore, the day counter's origin or the power-down counter change, and at every brown-out
// (power_task.h). What is saved already costs nothing.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// From one periodic save to the next, in ticks of the RTC.
inline constexpr std::uint32_t save_period_ticks = (15 * 60 - 1) * hal::rtc::ticks_per_second;

/// Power-on, interrupts disabled: I²C master and pin; loading begins with the first run_storage().
void start_storage(State& state, hal::Bus& bus);

/// The I²C interrupt's handler.
void note_transfer(State& state, hal::Bus& bus);

/// For the main loop: whether run_storage() has something to do that no timer tells of.
bool storage_work_pending(const State& state);

/// For the main loop, in every turn.
void run_storage(State& state, hal::Bus& bus);

/// For the power task: saves the counters as they stand, before anything else, as those of a
/// power-down.
void save_at_power_fail(State& state, hal::Bus& bus);

}  // namespace metrology::app
