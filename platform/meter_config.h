// What makes one meter of the many: nameplate, imperfections, and how it is to be simulated.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "metrology/hal/memory_map.h"
#include "metrology/hal/parameter_page.h"
#include "models/pins/analog_source.h"
#include "models/pins/digital_pin.h"
#include "models/pins/display.h"
#include "models/pins/i2c.h"
#include "models/pins/line.h"
#include "peripherals/adc/adc.h"
#include "platform/cycle_costs.h"
#include "platform/firmware_image.h"
#include "platform/rv32/observer.h"
#include "platform/wide_time.h"

namespace platform {

/// How often the CPU yields to the kernel. Both give byte-identical event logs; `cycle` yields on
/// every cycle in which the CPU is awake and is some thousand times slower. It is there to prove
/// the other right.
enum class SyncMode : std::uint8_t { horizon, cycle };

struct MeterConfig {
  /// First part of every instance name in the event log: "m1" gives "m1.s0_forward".
  std::string id = "m1";
  /// What production wrote into this meter: variant, connection, settings, calibration.
  metrology::hal::ParameterPage parameters{};
  /// Frequency error of the crystal at the start, in 10⁻⁹: −1 000 000 … 1 000 000.
  std::int32_t crystal_ppb = 0;
  /// Every generator of this meter's randomness is seeded by (seed, id, its own name).
  std::uint64_t seed = 0;
  /// Gaussian noise of each ADC channel, r.m.s. in codes (LSB); 0 is an ideal converter.
  std::array<double, metrology::hal::adc_channel_count> adc_noise_codes{};
  SyncMode sync = SyncMode::horizon;
  /// What is flashed: the CPU runs it instruction by instruction. Null: the firmware that was
  /// compiled for the host runs natively.
  SharedImage image;
  /// Looks at each instruction of the image; must outlive the meter; null: nobody.
  rv32::Observer* observer = nullptr;
  /// Reports every bus access and interrupt entry and exit as events of "<id>.cpu".
  bool trace_bus = false;
  /// Reports every slot of the LCD's frames as an event of "<id>.lcd".
  bool trace_lcd = false;
  CycleCosts costs{};
  /// Kernel time 0, counted from the beginning of the world. A meter that begins anew begins there.
  WideTime base = 0;
  /// The meter will be given a saved state: until Meter::restore nothing happens in it.
  bool awaits_state = false;
  /// Is told of every sample set of the ADC; must outlive the meter; null: nobody.
  peripherals::SampleObserver* samples = nullptr;
};

/// What is connected outside. All must outlive the meter.
struct MeterTerminals {
  /// Per hal::AdcChannel, referred to the terminals: volts, amperes, kelvin. None may be null.
  std::array<const models::pins::AnalogSource*, metrology::hal::adc_channel_count> analog{};
  /// Per hal::PulseChannel, who sees the output; null when nobody does.
  std::array<models::pins::DigitalInput*, metrology::hal::pulse::channel_count> pulse{};
  models::pins::DigitalInput* led_tariff = nullptr;
  models::pins::DigitalInput* backlight = nullptr;
  /// Who looks at the display; null for nobody.
  models::pins::Glass* glass = nullptr;
  /// The device on the I²C bus, its WP pin and its supply; null when there is none: nobody answers.
  models::pins::I2cDevice* i2c_device = nullptr;
  /// The line at terminals 22 and 23 (pins of the RS-485 or M-Bus transceiver); null when there is
  /// none. What it tells goes to Meter::bus_receiver().
  models::pins::LinePort* bus = nullptr;
  /// The light before the infra-red port; null when no head stands there. What it tells goes to
  /// Meter::ir_receiver().
  models::pins::LinePort* ir = nullptr;
};

}  // namespace platform
