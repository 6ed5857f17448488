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
#include "peripherals/i2c_master/i2c_master.h"
#include "peripherals/interrupt_controller/interrupt_controller.h"
#include "peripherals/lcd/lcd.h"
#include "peripherals/memory/ram.h"
#include "peripherals/power_monitor/power_monitor.h"
#include "peripherals/pulse_timers/pulse_timers.h"
#include "peripherals/rtc/rtc.h"
#include "peripherals/system_control/system_control.h"
#include "peripherals/uart/uart.h"
#include "peripherals/watchdog/watchdog.h"
#include "platform/clock_tree.h"
#include "platform/supervisor.h"

namespace platform {

struct MeterState {
  ClockState clock;
  Cycle asleep_since;    ///< the edge at which the CPU went to sleep
  Cycle counter_origin;  ///< the edge of the last power-on
  Supervisor::State supervisor;
  peripherals::Adc::State adc;
  peripherals::Dma::State dma;
  peripherals::InterruptController::State interrupt_controller;
  peripherals::SystemControl::State system_control;
  peripherals::PulseTimers::State pulse_timers;
  peripherals::Gpio::State gpio;
  peripherals::DebugMailbox::State debug_mailbox;
  peripherals::Rtc::State rtc;
  peripherals::I2cMaster::State i2c_master;
  peripherals::Lcd::State lcd;
  peripherals::PowerMonitor::State power_monitor;
  peripherals::Watchdog::State watchdog;
  peripherals::Uart::State uart_bus;
  peripherals::Uart::State uart_ir;
  peripherals::Ram::State ram;
};
static_assert(std::is_trivially_copyable_v<MeterState>);

}  // namespace platform
