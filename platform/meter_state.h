// The whole hardware of a meter as plain data: what a saved state holds besides the firmware's own
// State. Cycle numbers count from the beginning of the world, so they mean the same in a kernel
// that was started later.
#pragma once

#include <type_traits>

#include "peripherals/adc/adc.h"
#include "peripherals/debug_mailbox/debug_mailbox.h"
#include "peripherals/dma/dma.h"
#include "peripherals/gpio/gpio.h"
#include "peripherals/interrupt_controller/interrupt_controller.h"
#include "peripherals/memory/ram.h"
#include "peripherals/pulse_timers/pulse_timers.h"
#include "peripherals/system_control/system_control.h"
#include "platform/clock_tree.h"

namespace platform {

struct MeterState {
  ClockState clock;
  Cycle cpu_now;  ///< the last edge that the CPU has acted on
  peripherals::Adc::State adc;
  peripherals::Dma::State dma;
  peripherals::InterruptController::State interrupt_controller;
  peripherals::SystemControl::State system_control;
  peripherals::PulseTimers::State pulse_timers;
  peripherals::Gpio::State gpio;
  peripherals::DebugMailbox::State debug_mailbox;
  peripherals::Ram::State ram;
};
static_assert(std::is_trivially_copyable_v<MeterState>);

}  // namespace platform
