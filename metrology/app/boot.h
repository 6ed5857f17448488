// What a parameter page means for the firmware, and how the hardware is set up from it.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"
#include "metrology/hal/parameter_page.h"

namespace metrology::app {

/// Interrupt priorities [twin].
inline constexpr std::uint32_t priority_power = 6;
inline constexpr std::uint32_t priority_pulse = 5;
inline constexpr std::uint32_t priority_dma_block = 4;
inline constexpr std::uint32_t priority_gpio = 3;
inline constexpr std::uint32_t priority_rtc = 3;
inline constexpr std::uint32_t priority_i2c = 3;
inline constexpr std::uint32_t priority_uart_bus = 3;
inline constexpr std::uint32_t priority_uart_ir = 3;
inline constexpr std::uint32_t priority_debug_mailbox = 2;

/// The page as the firmware uses it: a blank page gives a PRO380-Mod in four-wire connection, and
/// values out of range give their defaults.
hal::ParameterPage usable_page(const hal::ParameterPage& page);

/// The constants as the firmware uses them: those out of range correct nothing.
hal::PhaseCalibration usable_calibration(const hal::PhaseCalibration& given);

/// Bit of an interrupt source in the controller's ENABLE.
constexpr std::uint32_t irq_bit(hal::Irq irq) { return 1U << static_cast<unsigned>(irq); }

/// Makes `settings` and the calibration in `state.page` hold, before anything is metered. A value
/// out of range gives that of the parameter page, a correction out of range none.
void configure(State& state, const registers::Settings& settings);

/// Reads the parameter page, fills `state`, sets up interrupt controller, DMA and ADC, and starts
/// them.
void boot(State& state, hal::Bus& bus);

}  // namespace metrology::app
