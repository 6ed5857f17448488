// The tariff that holds, made to hold: booking, tariff LED.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// The tariff LED's pin becomes an output.
void start_tariff(hal::Bus& bus);

/// Makes `state.tariff.active` the tariff that is booked and shown by the LED, if it is not yet.
/// Booking changes at the first block boundary at or after the event: an edge of the input, which
/// is judged at a block's end, at that end; a write at the end of the block that is being sampled.
void apply_tariff(State& state, hal::Bus& bus);

/// The EEPROM's counters are known: adds them to what was booked since power-up, which goes to the
/// tariff that holds since then. Once after power-up, before any port is answered; with zeros if
/// nothing was stored.
void restore_counters(State& state, hal::Bus& bus, const energy::Accounts& stored,
                      const energy::StoredTariff& tariff);

}  // namespace metrology::app
