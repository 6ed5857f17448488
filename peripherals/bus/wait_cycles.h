// Wait cycles g of the bus: an access occupies g + 1 cycles up to its commit edge, then the CPU
// takes one for the response.
#pragma once

namespace peripherals {

/// Flash, RAM, parameter page, and what stands directly on the AHB-like bus.
inline constexpr int ahb_wait_cycles = 0;
/// What stands behind the APB bridge: one cycle to cross it, one for APB's set-up phase.
inline constexpr int apb_wait_cycles = 2;

}  // namespace peripherals
