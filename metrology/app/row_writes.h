// Writing rows: what every port does, and what follows from it in the hardware.
#pragma once

#include <cstdint>

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"
#include "metrology/registers/access.h"

namespace metrology::app {

/// Writes `row` through `port` (registers::write) and makes the new value hold: S0 rate, tariff,
/// what the panel goes by. The request is that of core clock `request_cycle` (request_time.h).
registers::WriteResult write_row(State& state, hal::Bus& bus, const registers::Row& row,
                                 registers::Port port, const std::uint8_t* bytes,
                                 std::int64_t request_cycle);

/// The same for the ports of the field: a value that the EEPROM should keep while it does not
/// answer is refused as not_stored, and nothing changes [twin].
registers::WriteResult write_kept_row(State& state, hal::Bus& bus, const registers::Row& row,
                                      registers::Port port, const std::uint8_t* bytes,
                                      std::int64_t request_cycle);

/// Makes `settings.ct_primary_A` the ratio from the next window on; what is booked stays as booked,
/// also the running second's mean values are the new ratio's.
void apply_ct_ratio(State& state);

}  // namespace metrology::app
