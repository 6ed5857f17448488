// Everything the firmware knows: one plain struct without pointers, so that it can be saved, copied
// to another process and compared.
#pragma once

#include <cstdint>
#include <type_traits>

#include "metrology/app/ir_state.h"
#include "metrology/app/mbus_state.h"
#include "metrology/app/modbus_state.h"
#include "metrology/app/panel_state.h"
#include "metrology/app/program_block.h"
#include "metrology/app/rate_changes.h"
#include "metrology/app/storage_state.h"
#include "metrology/app/timers.h"
#include "metrology/energy/booking.h"
#include "metrology/energy/correction.h"
#include "metrology/energy/debt_watch.h"
#include "metrology/energy/mains_input.h"
#include "metrology/energy/measurements.h"
#include "metrology/energy/pulse_output.h"
#include "metrology/hal/memory_map.h"
#include "metrology/hal/parameter_page.h"
#include "metrology/registers/diagnostics.h"
#include "metrology/registers/settings.h"
#include "metrology/registers/status.h"
#include "metrology/signal/signal_path.h"

namespace metrology::app {

/// What interrupt handlers leave for the tasks of the main loop.
struct Pending {
  std::uint32_t blocks_done;          ///< the DMA's count at the newest block interrupt
  energy::MainsReading tariff_input;  ///< at the same interrupt
  bool request;                       ///< a mailbox request waits
};

struct State {
  hal::ParameterPage
      page;  ///< as the firmware uses it; CT ratio and calibration are those in force
  registers::Settings settings;
  registers::Diagnostics diagnostics;
  registers::Status status;
  energy::TariffState tariff;
  energy::Tariff tariff_led;  ///< what the LED says
  energy::MainsInput tariff_input;

  std::int64_t adc_start_cycle;                      ///< core counter at sample set 0
  std::uint32_t blocks_processed;                    ///< of the DMA's count
  std::uint32_t blocks_kicked;                       ///< … at the watchdog's last kick
  std::uint32_t clip_count[hal::adc_channel_count];  ///< the ADC's counts as last read
  Pending pending;
  Timers timers;
  PanelTask panel;
  StorageTask storage;
  PowerTask power;
  ModbusPort modbus;
  IrPort ir;
  MbusPort mbus;

  signal::SignalSetup signal_setup;
  signal::SignalState signal;
  energy::Conditions conditions;  ///< what the corrections go by
  bool correction_begun;          ///< the first block after power-up has been looked at
  bool constants_changed;         ///< since the setups were made
  bool constants_unsaved;         ///< the store has not been given the newest
  energy::BookingSetup booking_setup;
  energy::EnergyState energy;
  energy::MeasurementSetup measurement_setup;
  energy::MeasurementState measurement;
  std::uint32_t refreshes;  ///< of the measured values since reset
  ProgramCheck program_check;
  bool debts_due;                         ///< to be watched, once a refresh
  bool phase_moved[energy::phase_count];  ///< any window of the running second booked P or Q
  energy::PulseState pulses;
  RateChanges rate_changes;  ///< of the S0 outputs
  bool pulses_held;          ///< none is armed: the counters are not loaded yet, or mains fail
  energy::DebtWatch debt_watch[hal::pulse::channel_count];
};
static_assert(std::is_trivially_copyable_v<State>);
static_assert(std::is_standard_layout_v<State>);

}  // namespace metrology::app
