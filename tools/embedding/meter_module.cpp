#include "tools/embedding/meter_module.h"

#include <algorithm>
#include <stdexcept>

#include "metrology/storage/image.h"
#include "metrology/storage/layout.h"
#include "models/display/display.h"
#include "models/eeprom/eeprom.h"
#include "models/opto/opto_coupler.h"
#include "models/supply/supply.h"
#include "models/thermal/ambient.h"
#include "platform/event_log.h"
#include "platform/metering_firmware.h"
#include "tools/embedding/input_schedule.h"
#include "tools/embedding/mains_switch.h"
#include "tools/embedding/output_wire.h"
#include "tools/embedding/sampled_source.h"
#include "tools/embedding/serial_pins.h"

namespace vmeter {

namespace hal = metrology::hal;
namespace pins = models::pins;
namespace storage = metrology::storage;

namespace {

constexpr Ps longest_delay = 10 * pins::ps_per_ms;
constexpr double tariff_V = 230;
constexpr std::int64_t tariff_nHz = 50'000'000'000;

Ps checked_delay(const sc_core::sc_time& delay) {
  if (delay.value() > longest_delay) {
    throw std::invalid_argument("a meter's input delay is at most 10 ms");
  }
  return delay.value();
}

std::string id_of(const MeterOptions& options, const sc_core::sc_module& module) {
  if (!options.id.empty()) return options.id;
  std::string id = module.name();
  std::replace(id.begin(), id.end(), '.', '_');
  return id;
}

std::vector<std::uint8_t> image_of(const MeterOptions& options) {
  if (!options.eeprom_image.empty()) return options.eeprom_image;
  const hal::ParameterPage& page = options.parameters;
  storage::Calibration calibration{};
  std::copy(std::begin(page.calibration), std::end(page.calibration),
            std::begin(calibration.phase));
  std::vector<std::uint8_t> image(storage::eeprom_bytes);
  storage::make_image(options.settings.value_or(metrology::registers::factory_settings(page)),
                      calibration, storage::Counters{}, image.data());
  return image;
}

models::eeprom::EepromConfig eeprom_config(const std::string& id, std::uint64_t seed) {
  models::eeprom::EepromConfig config;
  config.instance = id + ".eeprom";
  config.device = storage::eeprom_device;
  config.seed = seed;
  return config;
}

}  // namespace

hal::ParameterPage factory_page(hal::MeterVariant variant, std::uint32_t s0_rate_centi) {
  hal::ParameterPage page{};
  page.magic = hal::parameter_page_magic;
  page.variant = variant;
  page.connection = hal::Connection::three_phase_four_wire;
  page.serial_hi = 0x0255;
  page.serial_lo = 0x1450'0001;
  page.s0_rate_centi = s0_rate_centi;
  return page;
}

struct Meter::Parts : sc_core::sc_module {
  Parts(const sc_core::sc_module_name& name, Meter& meter, const MeterOptions& options)
      : sc_module(name),
        ports(meter),
        id(id_of(options, meter)),
        sink(options.log != nullptr ? *options.log : no_log),
        schedule("inputs", checked_delay(options.input_delay)),
        sampled{SampledSource(0),
                SampledSource(0),
                SampledSource(0),
                SampledSource(0),
                SampledSource(0),
                SampledSource(0),
                SampledSource(options.temperature_C + models::thermal::zero_celsius_K)},
        s0_forward("s0_forward", meter.s0_forward),
        s0_reverse("s0_reverse", meter.s0_reverse),
        led_active("led_active", meter.led_active),
        led_reactive("led_reactive", meter.led_reactive),
        led_tariff("led_tariff", meter.led_tariff),
        backlight("backlight", meter.backlight),
        bus("bus", {meter.bus_rx, meter.bus_tx, &meter.bus_tx_enable}),
        ir("ir", {meter.ir_rx, meter.ir_tx, nullptr}),
        display(id + ".display", sink),
        eeprom(eeprom_config(id, options.seed), sink, image_of(options)),
        own_eeprom(options.eeprom == nullptr),
        inside(config_of(options), terminals_of(options), platform::metering_firmware(), sink,
               schedule),
        mains(true),
        supply({&mains, &mains, &mains}, inside.supply_input(), options.holdup.value()),
        tariff(inside.gpio_input(hal::GpioPin::tariff_input)) {
    bus.listen(inside.bus_receiver());
    ir.listen(inside.ir_receiver());
    schedule.add_actor([this] { return supply.next_event(); }, [this](Ps t) { supply.advance(t); });
    schedule.add_actor([this] { return tariff.next_event(); }, [this](Ps t) { tariff.advance(t); });
  }

  platform::MeterConfig config_of(const MeterOptions& options) const {
    platform::MeterConfig config;
    config.id = id;
    config.parameters = options.parameters;
    config.crystal_ppb = options.crystal_ppb;
    config.seed = options.seed;
    config.adc_noise_codes = options.adc_noise_codes;
    config.sync = options.sync;
    config.trace_bus = options.trace_bus;
    return config;
  }

  platform::MeterTerminals terminals_of(const MeterOptions& options) {
    platform::MeterTerminals terminals;
    for (std::size_t k = 0; k < sampled.size(); ++k) {
      terminals.analog[k] = options.analog[k] != nullptr ? options.analog[k] : &sampled[k];
    }
    const auto output = [&terminals](hal::PulseChannel channel) -> pins::DigitalInput*& {
      return terminals.pulse[static_cast<std::size_t>(channel)];
    };
    output(hal::PulseChannel::s0_forward) = &s0_forward;
    output(hal::PulseChannel::s0_reverse) = &s0_reverse;
    output(hal::PulseChannel::led_active) = &led_active;
    output(hal::PulseChannel::led_reactive) = &led_reactive;
    terminals.led_tariff = &led_tariff;
    terminals.backlight = &backlight;
    terminals.glass = &display;
    terminals.i2c_device = options.eeprom != nullptr ? options.eeprom : &eeprom;
    terminals.bus = &bus;
    terminals.ir = &ir;
    return terminals;
  }

  // --- what comes in

  OptionalIn<double>& analog_port(std::size_t channel) {
    if (channel < phases) return ports.volts[channel];
    if (channel < 2 * phases) return ports.amperes[channel - phases];
    return ports.temperature_C;
  }
  /// In the ADC's unit: volts, amperes, kelvin.
  double analog_value(std::size_t channel) {
    const double value = analog_port(channel)->read();
    return channel < 2 * phases ? value : value + models::thermal::zero_celsius_K;
  }
  void end_of_elaboration() override {
    for (std::size_t k = 0; k < sampled.size(); ++k) {
      follow(analog_port(k), "analog",
             [this, k] { sampled[k].change(schedule.acts_at(), analog_value(k)); });
    }
    follow(ports.supply, "supply", [this] { supply_changed(); });
    follow(ports.tariff_input, "tariff_input",
           [this] { set_tariff(ports.tariff_input->read(), &InputSchedule::post); });
    for (const auto& [port, pin] : buttons()) {
      follow(*port, "button",
             [this, port = port, pin = pin] { press(pin, (*port)->read(), &InputSchedule::post); });
    }
  }

  /// How the signals stand before anything happens is how they have always stood.
  void start_of_simulation() override {
    for (std::size_t k = 0; k < sampled.size(); ++k) {
      if (analog_port(k).size() > 0) sampled[k].begin_with(analog_value(k));
    }
    if (ports.supply.size() > 0) mains.set(0, ports.supply->read());
    schedule.post_first([this] { supply.advance(0); });
    if (stands(ports.tariff_input)) set_tariff(true, &InputSchedule::post_first);
    for (const auto& [port, pin] : buttons()) {
      if (stands(*port)) press(pin, true, &InputSchedule::post_first);
    }
  }

  std::array<std::pair<OptionalIn<bool>*, hal::GpioPin>, 2> buttons() {
    return {{{&ports.button_left, hal::GpioPin::button_left},
             {&ports.button_right, hal::GpioPin::button_right}}};
  }
  static bool stands(OptionalIn<bool>& port) { return port.size() > 0 && port->read(); }

  using Post = void (InputSchedule::*)(std::function<void()>);

  void supply_changed() {
    schedule.post([this, on = ports.supply->read()] {
      const Ps t = sc_core::sc_time_stamp().value();
      mains.set(t, on);
      supply.advance(t);
    });
  }
  void set_tariff(bool on, Post post) {
    (schedule.*post)([this, on] {
      tariff.set_voltage(sc_core::sc_time_stamp().value(), on ? tariff_V : 0, tariff_nHz);
    });
  }
  void press(hal::GpioPin pin, bool pressed, Post post) {
    (schedule.*post)([this, pin, pressed] {
      inside.gpio_input(pin).drive(sc_core::sc_time_stamp().value(), pressed);
    });
  }

  Meter& ports;
  std::string id;
  platform::NoLog no_log;
  pins::EventSink& sink;
  InputSchedule schedule;
  std::array<SampledSource, hal::adc_channel_count> sampled;
  OutputWire s0_forward;
  OutputWire s0_reverse;
  OutputWire led_active;
  OutputWire led_reactive;
  OutputWire led_tariff;
  OutputWire backlight;
  SerialPins bus;
  SerialPins ir;
  models::display::Display display;
  models::eeprom::Eeprom eeprom;
  bool own_eeprom;
  platform::Meter inside;
  MainsSwitch mains;
  models::supply::Supply supply;
  models::opto::OptoCoupler tariff;
};

Meter::Meter(const sc_core::sc_module_name& name, const MeterOptions& options)
    : sc_module(name), parts_(std::make_unique<Parts>("parts", *this, options)) {}

Meter::~Meter() = default;

void Meter::read_row(std::uint32_t address, platform::DebugPort::Callback callback) {
  parts_->schedule.post([this, address, callback = std::move(callback)] {
    parts_->inside.debug_port().read_row(address, callback);
  });
}

void Meter::write_row(std::uint32_t address, const platform::MailboxWords& words,
                      platform::DebugPort::Callback callback) {
  parts_->schedule.post([this, address, words, callback = std::move(callback)] {
    parts_->inside.debug_port().write_row(address, words, callback);
  });
}

pins::GlassSegments Meter::glass() const { return parts_->display.state().segments; }

std::vector<std::uint8_t> Meter::eeprom_image() const {
  if (!parts_->own_eeprom) return {};
  return parts_->eeprom.image();
}

const platform::Meter& Meter::inside() const { return parts_->inside; }

}  // namespace vmeter
