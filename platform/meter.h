// The assembled meter: MCU, peripherals and firmware behind their terminals. A process may hold
// many; each is one object, and nothing is shared but the kernel.
//
//   analog terminals ─▶ ADC ─ DMA ─▶ RAM        pulse timers ─▶ S0 18/19, S0 20/21, two LEDs
//   buttons, tariff input ─▶ GPIO ─▶ tariff LED, backlight    I²C master ◀─▶ EEPROM
//   supply ─▶ power monitor, everything else                  LCD controller ─▶ glass
//   two UARTs ◀─▶ bus terminals 22/23, infra-red port
//   debug mailbox ◀─▶ debug port (engine only)
#pragma once

#include <memory>

#include "models/pins/event_sink.h"
#include "models/pins/line.h"
#include "models/pins/supply.h"
#include "models/pins/world_schedule.h"
#include "platform/debug_port.h"
#include "platform/firmware_core.h"
#include "platform/meter_config.h"
#include "platform/meter_state.h"
#include "platform/parts_maker.h"
#include "platform/rv32/debug_view.h"

namespace platform {

class Meter {
 public:
  /// Builds the meter during elaboration. `firmware` is metering_firmware() but for tests. The
  /// terminals' partners, `log` and `schedule` must outlive the meter; the meter acts on nothing at
  /// or after schedule.next_event() before the kernel has reached it. Throws std::invalid_argument
  /// for a config that cannot be (a null analog source, a crystal beyond its limits).
  Meter(const MeterConfig& config, const MeterTerminals& terminals, FirmwareFactory firmware,
        models::pins::EventSink& log, const models::pins::WorldSchedule& schedule,
        const PartsMaker& maker = PartsMaker{});
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  ~Meter();

  // What the world does to a meter, through the next five, must come at an instant that
  // WorldSchedule announced or at one of the meter's own (an edge at its output, an answer's
  // callback): the CPU may be past any other, and then they throw std::logic_error. So a callback
  // of one meter must not post to another.

  /// What drives a GPIO pin from outside: buttons (true: pressed), the tariff input behind its
  /// detector (true: 230 V there).
  models::pins::DigitalInput& gpio_input(metrology::hal::GpioPin pin);
  /// The receiver behind terminals 22 and 23; its line may act at any time.
  models::pins::LineListener& bus_receiver();
  /// The receiver of the infra-red port, likewise.
  models::pins::LineListener& ir_receiver();
  /// What the meter's supply tells and gives it. Before the first call everything is on; a rail
  /// that is off before the run begins lets the meter begin without supply. Not announced, a call
  /// throws std::logic_error as above.
  models::pins::SupplyInput& supply_input();
  DebugPort& debug_port();
  /// What a debugger may see; to be asked while the CPU stands (rv32::Observer::before).
  rv32::DebugView& debug_view();

  /// The crystal is off by `ppb` from the first clock edge at or after the present kernel time on;
  /// −1 000 000 … 1 000 000, beyond it throws std::invalid_argument and changes nothing.
  void set_crystal_ppb(std::int32_t ppb);

  /// Bits of the flash word at `address` (a multiple of 4 inside flash, else std::out_of_range)
  /// fall over for good.
  void damage_flash(std::uint32_t address, std::uint32_t flipped_bits);

  /// Has MeterConfig::samples told of what was sampled before the present kernel time. Nothing that
  /// a meter does depends on when that is worked out.
  void work_out_samples();

  /// Nothing is half done but what the state tells: the CPU has gone to sleep in its outermost loop
  /// before the present kernel time, or has no supply; no request is on its way and the I²C bus is
  /// idle. To be asked between two sc_start calls.
  bool quiet() const;
  /// Whether the meter has its supply.
  bool powered() const;
  /// All that the meter is at the present kernel time, before what is due at it. Throws
  /// std::logic_error unless quiet().
  SavedMeter state() const;
  /// Goes on from `saved` as if nothing had been in between. For a meter that awaits a state
  /// (MeterConfig), once, while the kernel stands at the instant that was saved: at the same kernel
  /// time when `base` is the one of then, at the difference of the two else. Whoever stands around
  /// the meter is put back first. With another base what stands on the meter's lines is new: a
  /// character that it was receiving is lost, one that it was sending goes on. Throws
  /// std::logic_error for a meter that awaits none, at another instant, or whose firmware cannot be
  /// put back, std::invalid_argument for a state of another firmware.
  void restore(const SavedMeter& saved);

  const peripherals::CoreClock& clock() const;
  /// Core counter of the firmware (hal::sysctrl) at edge n is n − counter_origin().
  peripherals::Cycle counter_origin() const;
  /// The firmware object that runs now; a reset replaces it. Null before the first reset's end.
  const FirmwareCore* firmware() const;
  const MeterConfig& config() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace platform
