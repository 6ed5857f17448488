// The firmware's sign of life: the watchdog is kicked from the main loop for every block of samples
// that the DMA has reported. So it bites when the loop hangs, when interrupts stay away, and when
// the ADC or the DMA has stopped.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// How long the watchdog waits [twin]: 1 s, in ticks of the 32 768 Hz crystal; blocks come every
/// 31.25 ms.
inline constexpr std::uint32_t watchdog_ticks = 32'768;

/// At the end of the boot: the watchdog runs from here on.
void start_watchdog(hal::Bus& bus);

/// In the main loop.
void kick_watchdog(State& state, hal::Bus& bus);

}  // namespace metrology::app
