// The meter as a module of somebody else's SystemC model: terminals are ports, what no port can say
// is in MeterOptions. A model may hold as many as it likes.
//
//   port                    type         meaning; when it is left open
//   volts[0 … 2]            in double    L1 … L3 to neutral, V;                              0 V
//   amperes[0 … 2]          in double    L1 … L3 at the terminals, A, of a CT meter the      0 A
//                                        secondary side's
//   temperature_C           in double    inside the meter, °C;       MeterOptions::temperature_C
//   supply                  in bool      the meter is fed; the hold-up capacitor is built in and
//                                        full at first, its warning comes 10 ms after a fall; fed
//   tariff_input            in bool      230 V stand at the tariff input;                     no
//   button_left, _right     in bool      pressed, a contact without bounce;                   no
//   s0_forward, s0_reverse  out bool     the output conducts (18/19, 20/21)
//   led_active, led_reactive out bool    the LED shines
//   led_tariff, backlight   out bool     likewise
//   bus_rx                  in bool      terminals 22/23, of a meter with Modbus or M-Bus, as the
//                                        transceiver's receiver tells it: true is mark;     mark
//   bus_tx, bus_tx_enable   out bool     … what its driver sends, and whether it is on
//   ir_rx, ir_tx            in/out bool  the infra-red port: true is dark;                  dark
//
// Time. What comes in at volts, amperes, temperature, supply, tariff input and buttons acts
// MeterOptions::input_delay later (input_schedule.h says why); voltage and current are delayed
// alike, so no power is lost by it. bus_rx and ir_rx act at once. Outputs change at the picosecond
// of their edge. A double holds from one change to the next (sampled_source.h states the error of a
// sampled sine). Values that signals have when simulation starts are taken to have stood before it.
//
// In place of a port an analog terminal may have a source that knows its waveform in closed form (a
// models::grid::Grid, say): exact, and faster. What such a source changes of its future during the
// run must lie input_delay after the kernel's time or later.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "metrology/registers/settings.h"
#include "models/display/glass.h"
#include "platform/meter.h"
#include "tools/embedding/ports.h"

namespace vmeter {

/// A parameter page of a direct-connected or CT meter in four wires, uncalibrated, as production
/// makes it for ideal sensors. `s0_rate_centi`: 0.01 imp/kWh.
metrology::hal::ParameterPage factory_page(metrology::hal::MeterVariant variant,
                                           std::uint32_t s0_rate_centi = 100'000);

struct MeterOptions {
  /// What production wrote into the meter.
  metrology::hal::ParameterPage parameters = factory_page(metrology::hal::MeterVariant::mod);
  /// What a user has set since; none: the factory's.
  std::optional<metrology::registers::Settings> settings;
  /// How long what comes in at a port is kept: 0 … 10 ms. A short delay costs speed, for the CPU
  /// runs ahead of the kernel by no more than it: of 1 ms, a meter runs at 2 600 times real time on
  /// one core, of 100 µs at 1 000, of 10 µs at 220, of 0, waiting at each cycle it is awake, at
  /// 0.8.
  sc_core::sc_time input_delay{1, sc_core::SC_MS};
  /// Per hal::AdcChannel: a source in place of the port, which then stays open; null: the port.
  std::array<const models::pins::AnalogSource*, metrology::hal::adc_channel_count> analog{};
  double temperature_C = 23;
  /// How long the meter goes on without supply; at most 60 s.
  sc_core::sc_time holdup{500, sc_core::SC_MS};
  /// The EEPROM's 32 768 bytes as they were read from a meter; none: as production leaves it.
  std::vector<std::uint8_t> eeprom_image;
  /// A device of your own at the I²C bus; null: a 24C256 is built in.
  models::pins::I2cDevice* eeprom = nullptr;
  /// Frequency error of the crystal, 10⁻⁹.
  std::int32_t crystal_ppb = 0;
  /// Noise of each ADC channel, r.m.s. in codes.
  std::array<double, metrology::hal::adc_channel_count> adc_noise_codes{};
  std::uint64_t seed = 0;
  /// Where everything observable is reported, a platform::EventLog say; null: nowhere.
  models::pins::EventSink* log = nullptr;
  /// First part of its instances there; empty: the module's name with _ for its dots.
  std::string id;
  platform::SyncMode sync = platform::SyncMode::horizon;
  /// Reports every bus access and interrupt.
  bool trace_bus = false;
};

class Meter : public sc_core::sc_module {
 public:
  static constexpr std::size_t phases = 3;

  sc_core::sc_vector<OptionalIn<double>> volts{"volts", phases};
  sc_core::sc_vector<OptionalIn<double>> amperes{"amperes", phases};
  OptionalIn<double> temperature_C{"temperature_C"};
  OptionalIn<bool> supply{"supply"};
  OptionalIn<bool> tariff_input{"tariff_input"};
  OptionalIn<bool> button_left{"button_left"};
  OptionalIn<bool> button_right{"button_right"};
  OptionalOut<bool> s0_forward{"s0_forward"};
  OptionalOut<bool> s0_reverse{"s0_reverse"};
  OptionalOut<bool> led_active{"led_active"};
  OptionalOut<bool> led_reactive{"led_reactive"};
  OptionalOut<bool> led_tariff{"led_tariff"};
  OptionalOut<bool> backlight{"backlight"};
  OptionalIn<bool> bus_rx{"bus_rx"};
  OptionalOut<bool> bus_tx{"bus_tx"};
  OptionalOut<bool> bus_tx_enable{"bus_tx_enable"};
  OptionalIn<bool> ir_rx{"ir_rx"};
  OptionalOut<bool> ir_tx{"ir_tx"};

  /// During elaboration. What `options` points at must outlive this. Throws std::invalid_argument
  /// for options that cannot be.
  explicit Meter(const sc_core::sc_module_name& name, const MeterOptions& options = {});
  ~Meter() override;

  /// The engineer's way in, which no real meter has: asks for the row at `address` of the register
  /// map; `callback` gets its bytes, big endian, four a word, some 100 µs to 32 ms later. To be
  /// called during the simulation or between two sc_start.
  void read_row(std::uint32_t address, platform::DebugPort::Callback callback);
  /// The same for a write. `words`: the row's new bytes, big endian, four a word.
  void write_row(std::uint32_t address, const platform::MailboxWords& words,
                 platform::DebugPort::Callback callback);

  /// What the glass shows now; models::display::text() reads it.
  models::pins::GlassSegments glass() const;
  /// The built-in EEPROM's bytes as they stand now; none when there is one of your own.
  std::vector<std::uint8_t> eeprom_image() const;
  /// The meter behind the ports: its clock, its state, whether it is powered.
  const platform::Meter& inside() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace vmeter
