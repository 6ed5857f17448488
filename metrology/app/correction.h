// The calibration constants at work: when gains, delays and offsets are made anew.
//
//   power-up, EEPROM loaded, first block ─┐
//   once a second: temperature, frequency ┼▶ apply_correction() ─▶ scales from the next window on,
//   a constant written: with that second ─┘                        delays from the next block on
//
// Without constants that follow temperature or frequency nothing is computed but when one changes.
#pragma once

#include <cstdint>

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// Makes the constants in `state.page` hold at `state.conditions`, from the next window on: what is
/// booked stays as booked.
void apply_correction(State& state);

/// With the first block after power-up: a cold meter's lead is corrected by its own temperature
/// from the first window on, its gains from the second block on (storage_task.h).
void begin_correction(State& state, hal::Bus& bus, const std::int32_t* block);

/// What the meter's own sensor says in a block of all channels, in °C.
double block_temperature_C(const std::int32_t* block);

/// With the measured values, once a second.
void follow_conditions(State& state, hal::Bus& bus, double temperature_C);

}  // namespace metrology::app
