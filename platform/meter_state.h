// A quiet meter as plain data: its whole hardware, its firmware's State, the cells of its flash
// that have fallen over. Cycle numbers count from the beginning of the world, so they mean the same
// in a kernel that is started later, with another base; what is counted in kernel time says so.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

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
#include "platform/cpu.h"
#include "platform/supervisor.h"

namespace platform {

struct MeterState {
  Cpu::State cpu;
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

/// A word of flash that is no longer what production wrote.
struct DamagedWord {
  std::uint32_t address;
  std::uint32_t flipped_bits;
};

/// What Meter::state gives and Meter::restore takes. What MeterConfig says (parameter page, seeds,
/// noise, traces) and what stands around the meter is not in it.
struct SavedMeter {
  MeterState hardware;
  /// The clock's stretches that may still be asked for, the oldest first.
  std::vector<ClockState> clock;
  /// The ADC with all that it has taken up to the instant worked out, for a world that begins anew.
  peripherals::Adc::State adc_worked_out;
  /// Cpu::program_state(): FirmwareCore::state() of a native CPU, the core's registers of one that
  /// runs an image, whose variables stand in RAM; empty for a meter without supply.
  std::vector<std::uint8_t> firmware;
  std::vector<DamagedWord> damaged_flash;  ///< by rising address
  WideTime base;                           ///< MeterConfig::base of the meter that was saved
  WideTime instant;                        ///< at which it was, since the beginning of the world
};

}  // namespace platform
