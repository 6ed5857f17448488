// Between the pulse outputs' arithmetic and the pulse timers: arms starts, counts the started.
// The outputs' state is shared between the pulse interrupt's handler and the tasks; the functions
// for tasks disable interrupts in short stretches, so that no start waits long for its handler.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// A start is planned at least this many core clocks, 0.5 ms, after the counter as read before, so
/// that planning and arming it do not come too late. It matters only when a pulse is overdue at
/// once, as when blocks were lost [twin].
inline constexpr std::int64_t arm_lead_cycles = 12'583;

/// The core counter. Reading its low word latches the high one for everybody: only with interrupts
/// disabled, or in the handler that none interrupts.
std::int64_t read_counter(hal::Bus& bus);

/// Serves the pulse timers' interrupt: counts every started pulse and arms its successor.
void serve_pulse_interrupt(State& state, hal::Bus& bus);

/// For tasks that want to know what is owed, with interrupts disabled: lets a rate hold whose time
/// has come, counts every pulse started by now, also those whose interrupt still waits, and returns
/// the core counter. Its instant is before the counting: a pulse that starts between them is
/// counted but not yet due.
std::int64_t count_pulses(State& state, hal::Bus& bus);

/// For tasks: gives the outputs a booked window to play and arms what is due in it.
void play_window(State& state, hal::Bus& bus, const energy::PlayWindow& window);

/// For tasks: `settings.s0_rate_centi` was written by the request of core clock `request_cycle`.
/// Both S0 outputs change their rate at the first multiple of a display's frame at or after it plus
/// `request_allowance_cycles`: energy played before that instant counts at the old rate, no pulse
/// starts within the frame behind it, and what became due meanwhile is owed [twin].
void apply_s0_rate(State& state, hal::Bus& bus, std::int64_t request_cycle);

/// The RTC interrupt's handler, after the timers were served: lets a rate hold whose time has come.
void serve_rate_changes(State& state, hal::Bus& bus);

/// For the main loop, in every turn: asks for the next change's alarm when one is over.
void run_rate_changes(State& state, hal::Bus& bus);

/// For tasks: no output starts another pulse; one that is active ends as it would. Every started
/// one is counted when this returns.
void hold_pulses(State& state, hal::Bus& bus);

/// For tasks: outputs pulse again from the display's next frame on, what they owe first.
void release_pulses(State& state, hal::Bus& bus);

/// For tasks, once a second: looks for debt that keeps growing.
void watch_debts(State& state, hal::Bus& bus);

}  // namespace metrology::app
