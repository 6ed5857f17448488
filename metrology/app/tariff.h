// The tariff that holds, made to hold: booking, tariff LED. Both change with a block of samples,
// whose time is the hardware's, not when the code comes to it.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// The tariff LED's pin becomes an output.
void start_tariff(hal::Bus& bus);

/// Makes `state.tariff.active` the tariff that is booked from the block boundary `boundary` on, if
/// it is not yet; not before a change that is known already. An edge of the input, which is judged
/// at a block's end, counts from that end on, a write from boundary_after() on.
void apply_tariff(State& state, signal::SampleTime boundary);

/// The first block boundary at or after the request of core clock `request_cycle` plus
/// `request_allowance_cycles`: 31.25 ms to 62.5 ms after it [twin].
signal::SampleTime boundary_after(const State& state, std::int64_t request_cycle);

/// Some milliseconds into the processing of the block that ends before sample set `end`: lets the
/// LED show the tariff that holds from there on. Its pin changes with the display's next frame,
/// 15.625 ms after that end.
void show_tariff(State& state, hal::Bus& bus, std::int64_t end);

/// The EEPROM's counters are known: adds them to what was booked since power-up, which goes to the
/// tariff that holds since then. Once after power-up, before any port is answered; with zeros if
/// nothing was stored.
void restore_counters(State& state, const energy::Accounts& stored,
                      const energy::StoredTariff& tariff);

}  // namespace metrology::app
