// Between the pulse outputs' arithmetic and the pulse timers: arms starts, counts the started.
// The outputs' state is shared between the pulse interrupt's handler and the tasks; the functions
// for tasks disable interrupts in short stretches, so that no start waits long for its handler.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// A start is planned at least this many core clocks, 0.5 ms, after the counter as read before, so
/// that planning and arming it do not come too late. It matters only when a pulse is overdue at
/// once: after a rate change, or when blocks were lost [twin].
inline constexpr std::int64_t arm_lead_cycles = 12'583;

/// The core counter. Reading its low word latches the high one for everybody: only with interrupts
/// disabled, or in the handler that none interrupts.
std::int64_t read_counter(hal::Bus& bus);

/// Serves the pulse timers' interrupt: counts every started pulse and arms its successor.
void serve_pulse_interrupt(State& state, hal::Bus& bus);

/// For tasks that want to know what is owed, with interrupts disabled: counts every pulse started
/// by now, also those whose interrupt still waits, and returns the core counter. Its instant is
/// before the counting: a pulse that starts between them is counted but not yet due.
std::int64_t count_pulses(State& state, hal::Bus& bus);

/// For tasks: gives the outputs a booked window to play and arms what is due in it.
void play_window(State& state, hal::Bus& bus, const energy::PlayWindow& window);

/// For tasks: makes `settings.s0_rate_centi` the rate of both S0 outputs from now on.
void apply_s0_rate(State& state, hal::Bus& bus);

/// For tasks: no output starts another pulse; one that is active ends as it would. Every started
/// one is counted when this returns.
void hold_pulses(State& state, hal::Bus& bus);

/// For tasks: outputs pulse again, what they owe first.
void release_pulses(State& state, hal::Bus& bus);

/// For tasks, once a second: looks for debt that keeps growing.
void watch_debts(State& state, hal::Bus& bus);

}  // namespace metrology::app
