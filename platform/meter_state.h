// The whole hardware of a quiet meter as plain data: what a saved state will hold besides the
// firmware's own State. Cycle numbers count from the beginning of the world, so they will mean the
// same in a kernel that is started later. Each peripheral restores its part; loading a whole meter
// into a new process, with a new base of kernel time, comes later.
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
  Cycle asleep_since;  ///< the edge at which the CPU went to sleep
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
