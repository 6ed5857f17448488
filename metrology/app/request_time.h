// When a request was made, whoever carries it out and however fast.
//
// A request's time is the hardware's: the end of the silence that ends a frame, or the edge at
// which the mailbox showed it. What the request changes at a terminal changes at an instant that
// follows from this time alone, so late that the code is through with it, and is armed in hardware
// or waits for it; nothing there is timed by how long code takes [twin].
#pragma once

#include <cstdint>

#include "metrology/hal/bus.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

/// One frame of the display, in core clocks: what shows at a terminal changes in this grid.
inline constexpr std::int64_t frame_cycles =
    std::int64_t{hal::lcd::ticks_per_frame} * hal::rtc::core_cycles_per_tick;

/// The longest from a request's time until it has been carried out [twin], 31.25 ms: a block of
/// 128 samples. By charge_table.h a request of the debug or the infra-red port waits at most for a
/// block with two windows in which all outputs are planned, the second's values and a correction
/// (380 000 clocks or 0.48 of this), and for a block that is done behind it (295 000 or 0.38). Its
/// own work is 20 000. One of the bus is through after 215 000 (tests/metrology/app_mbus.cpp).
inline constexpr std::int64_t request_allowance_cycles = 2 * frame_cycles;

/// The core counter near `now` whose bits 31…0 are `low`.
constexpr std::int64_t near_cycle(std::int64_t now, std::uint32_t low) {
  return now + static_cast<std::int32_t>(low - static_cast<std::uint32_t>(now));
}

/// The first multiple of `step` (> 0) at or after `least`, both in core clocks and not negative.
constexpr std::int64_t first_multiple(std::int64_t least, std::int64_t step) {
  return (least + step - 1) / step * step;
}

/// For tasks: the core counter of a recent event, 85 s at most, whose bits 31…0 are `low`.
/// Interrupts are enabled afterwards.
std::int64_t time_of(hal::Bus& bus, std::uint32_t low);

}  // namespace metrology::app
