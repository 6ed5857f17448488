#include "platform/meter.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "metrology/app/program_block.h"
#include "peripherals/adc/full_scale.h"
#include "peripherals/memory/read_only_memory.h"
#include "platform/debug_access.h"
#include "platform/instance_seed.h"
#include "platform/native_cpu.h"
#include "platform/output_pin.h"
#include "platform/router.h"
#include "platform/rv32_cpu.h"

namespace platform {

namespace hal = metrology::hal;
namespace pins = models::pins;

namespace {

// In the order of hal::AdcChannel and hal::PulseChannel: the instances' names in log and seeds.
constexpr const char* adc_channel_names[hal::adc_channel_count] = {"u1", "u2", "u3",         "i1",
                                                                   "i2", "i3", "temperature"};
constexpr const char* pulse_names[hal::pulse::channel_count] = {"led_active", "led_reactive",
                                                                "s0_forward", "s0_reverse"};

std::array<peripherals::Adc::Channel, hal::adc_channel_count> adc_inputs(
    const MeterConfig& config, const MeterTerminals& terminals) {
  const auto full_scale = peripherals::adc_full_scale(hal::is_ct(config.parameters.variant));
  std::array<peripherals::Adc::Channel, hal::adc_channel_count> inputs{};
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    if (terminals.analog[k] == nullptr) {
      throw std::invalid_argument(config.id + ": nothing is connected to analog input " +
                                  adc_channel_names[k]);
    }
    inputs[k].source = terminals.analog[k];
    inputs[k].settings.full_scale = full_scale[k];
    inputs[k].settings.noise_lsb_rms = config.adc_noise_codes[k];
    inputs[k].settings.noise_seed =
        instance_seed(config.seed, config.id + ".adc." + adc_channel_names[k]);
  }
  return inputs;
}

std::vector<std::uint32_t> page_image(const hal::ParameterPage& page) {
  std::vector<std::uint32_t> words(sizeof page / 4);
  std::memcpy(words.data(), &page, sizeof page);
  return words;
}

/// Flash as production leaves it: the image; without one erased, but for the program's constants,
/// as the code itself runs natively.
FirmwareImage flash_image(const MeterConfig& config) {
  if (config.image != nullptr) {
    if (config.image->size() != hal::flash_size / 4) {
      throw std::invalid_argument(config.id + ": an image is as large as flash");
    }
    return *config.image;
  }
  FirmwareImage words(hal::flash_size / 4, 0xFFFF'FFFF);
  std::copy_n(metrology::app::program_block(), metrology::app::program_block_words(),
              words.begin() + (hal::program_block_base - hal::flash_base) / 4);
  return words;
}

/// A pin as the world reaches it: only at instants that the CPU has not passed.
struct WorldInput : pins::DigitalInput {
  void drive(pins::Ps t, bool level) override {
    pace->require_ahead(t);
    pin->drive(t, level);
  }
  const Pace* pace = nullptr;
  pins::DigitalInput* pin = nullptr;
};

/// The EEPROM's WP pin as the GPIO pin that is wired to it.
struct WriteProtectPin : pins::DigitalInput {
  explicit WriteProtectPin(pins::I2cDevice* device_in) : device(device_in) {}
  void drive(pins::Ps t, bool level) override {
    if (device != nullptr) device->write_protect(t, level);
  }
  pins::I2cDevice* device;
};

constexpr std::uint32_t pin_bit(hal::GpioPin pin) { return 1u << static_cast<int>(pin); }

}  // namespace

struct Meter::Parts : sc_core::sc_module, DirectMemory, pins::SupplyInput, Supervised {
  Parts(const sc_core::sc_module_name& name, const MeterConfig& config_in,
        const MeterTerminals& terminals, FirmwareFactory factory, pins::EventSink& log,
        const pins::WorldSchedule& schedule, const PartsMaker& maker)
      : sc_core::sc_module(name),
        config(config_in),
        awaits_state(config.awaits_state),
        event_log(log),
        i2c_device(terminals.i2c_device),
        clock(config.crystal_ppb, config.base),
        agenda(maker.make_agenda(clock)),
        pace(config.sync, clock, *agenda, schedule),
        resets(config.id, clock, log),
        led_tariff(config.id + ".led_tariff", log, terminals.led_tariff),
        backlight(config.id + ".backlight", log, terminals.backlight),
        write_protect(terminals.i2c_device),
        cpu(make_cpu(std::move(factory), log)),
        interrupt_controller("interrupt_controller", *cpu),
        adc("adc", *agenda, clock, counter, adc_inputs(config, terminals)),
        ram("ram"),
        dma("dma", *agenda, interrupt_controller.line(hal::Irq::dma_block), adc, ram),
        system_control("system_control", counter, resets),
        gpio("gpio", *agenda, clock, counter, interrupt_controller.line(hal::Irq::gpio),
             gpio_listeners(),
             {pin_bit(hal::GpioPin::eeprom_write_protect),
              pin_bit(hal::GpioPin::led_tariff) | pin_bit(hal::GpioPin::backlight)}),
        mailbox("debug_mailbox", *agenda, clock,
                interrupt_controller.line(hal::Irq::debug_mailbox)),
        rtc("rtc", *agenda, counter, interrupt_controller.line(hal::Irq::rtc)),
        i2c_master("i2c_master", *agenda, clock, interrupt_controller.line(hal::Irq::i2c),
                   terminals.i2c_device),
        lcd("lcd", *agenda, clock, counter, terminals.glass,
            peripherals::LcdTrace{config.id + ".lcd", config.trace_lcd ? &log : nullptr}),
        power_monitor("power_monitor", *agenda, clock, interrupt_controller.line(hal::Irq::power)),
        supervisor("supervisor", *agenda, clock, pace, *this, config.awaits_state),
        watchdog("watchdog", *agenda, supervisor),
        uart_bus("uart_bus", *agenda, clock, counter, interrupt_controller.line(hal::Irq::uart_bus),
                 terminals.bus, log, config.id + ".uart_bus"),
        uart_ir("uart_ir", *agenda, clock, counter, interrupt_controller.line(hal::Irq::uart_ir),
                terminals.ir, log, config.id + ".uart_ir"),
        parameter_page("parameter_page", hal::parameter_page_size, page_image(config.parameters)),
        flash("flash", hal::flash_size, flash_image(config)),
        router("router", dma, pace),
        debug_port(mailbox, pace),
        debug_access(*cpu, clock, config.base) {
    for (std::size_t k = 0; k < gpio_inputs.size(); ++k) {
      gpio_inputs[k].pace = &pace;
      gpio_inputs[k].pin = &gpio.pin(static_cast<int>(k));
    }
    PartsMaker::PulseOutputs outputs{};
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      pulse_pins[k] =
          std::make_unique<OutputPin>(config.id + "." + pulse_names[k], log, terminals.pulse[k]);
      outputs[k] = pulse_pins[k].get();
    }
    pulse_timers = maker.make_pulse_timers(*agenda, clock, counter,
                                           interrupt_controller.line(hal::Irq::pulse), outputs);
    bind_bus();
    if (auto* core = dynamic_cast<Rv32Cpu*>(cpu.get())) {
      core->connect({ram, dma, flash, parameter_page}, config.observer);
    }
    adc.observe(config.samples);
    debug_port.observe(
        [this, &log](const DebugRequest& request, pins::Ps at, hal::MailboxReply reply) {
          if (request.operation != hal::MailboxOperation::write_row) return;
          log.record(at, config.id + ".registers", "write",
                     {{"port", std::string_view("debug")},
                      {"row", std::uint64_t{request.row}},
                      {"accepted", reply == hal::MailboxReply::ok}});
        });
    resets.set_system_control(system_control);
    for (peripherals::RegisterTarget* target : register_targets()) resets.add(*target);
  }

  std::array<pins::DigitalInput*, hal::gpio::pin_count> gpio_listeners() {
    std::array<pins::DigitalInput*, hal::gpio::pin_count> listeners{};
    listeners[static_cast<std::size_t>(hal::GpioPin::led_tariff)] = &led_tariff;
    listeners[static_cast<std::size_t>(hal::GpioPin::backlight)] = &backlight;
    listeners[static_cast<std::size_t>(hal::GpioPin::eeprom_write_protect)] = &write_protect;
    return listeners;
  }

  std::array<peripherals::RegisterTarget*, 14> register_targets() {
    return {&adc,
            &dma,
            &interrupt_controller,
            &system_control,
            pulse_timers.get(),
            &gpio,
            &mailbox,
            &rtc,
            &i2c_master,
            &lcd,
            &power_monitor,
            &watchdog,
            &uart_bus,
            &uart_ir};
  }

  // What the supply tells and gives.

  void mains(pins::Ps t, bool present) override {
    pace.require_ahead(t);
    event_log.record(t, config.id + ".supply", "mains", {{"on", present}});
    power_monitor.mains(t, present);
  }
  void charged(pins::Ps t, bool charged) override {
    pace.require_ahead(t);
    event_log.record(t, config.id + ".supply", "charged", {{"on", charged}});
    power_monitor.charged(t, charged);
  }
  void rail(pins::Ps t, bool on) override {
    pace.require_ahead(t);
    event_log.record(t, config.id + ".supply", "rail", {{"on", on}});
    supervisor.rail(t, on);
  }

  // What comes of it, for the whole meter at one edge.

  void power_on(Cycle at) override {
    counter.begin(at);
    ram.power_on();
    resets.act(at, ResetCause::power_on);
    if (i2c_device != nullptr) i2c_device->power(clock.edge(at), true);
  }
  void power_off(Cycle at) override {
    // The device forgets before the wires are let go, or it would take that for a condition.
    if (i2c_device != nullptr) i2c_device->power(clock.edge(at), false);
    const peripherals::PulseTimers::State running = pulse_timers->state();
    resets.power_off(at);
    for (std::size_t k = 0; k < running.channel.size(); ++k) {
      if (running.channel[k].end == peripherals::cycle_never) continue;
      event_log.record(clock.edge(at), config.id + "." + pulse_names[k], "cut", {});
    }
  }
  void watchdog_reset(Cycle at) override { resets.act(at, ResetCause::watchdog); }

  std::unique_ptr<Cpu> make_cpu(FirmwareFactory factory, pins::EventSink& log) {
    const CpuTrace trace{config.id + ".cpu", config.trace_bus ? &log : nullptr};
    if (config.image != nullptr) {
      return std::make_unique<Rv32Cpu>("cpu", pace, resets, clock, trace);
    }
    return std::make_unique<NativeCpu>("cpu", std::move(factory), config.costs, pace, resets, *this,
                                       clock, trace);
  }

  void damage_flash(std::uint32_t address, std::uint32_t flipped_bits) {
    flash.damage(address - hal::flash_base, flipped_bits);
    cpu->code_changed(address, 4);
  }

  void bind_bus() {
    cpu->socket.bind(router.from_cpu);
    router.to(BusTarget::adc).bind(adc.socket);
    router.to(BusTarget::dma).bind(dma.socket);
    router.to(BusTarget::interrupt_controller).bind(interrupt_controller.socket);
    router.to(BusTarget::system_control).bind(system_control.socket);
    router.to(BusTarget::pulse_timers).bind(pulse_timers->socket);
    router.to(BusTarget::gpio).bind(gpio.socket);
    router.to(BusTarget::debug_mailbox).bind(mailbox.socket);
    router.to(BusTarget::rtc).bind(rtc.socket);
    router.to(BusTarget::i2c_master).bind(i2c_master.socket);
    router.to(BusTarget::lcd).bind(lcd.socket);
    router.to(BusTarget::power_monitor).bind(power_monitor.socket);
    router.to(BusTarget::watchdog).bind(watchdog.socket);
    router.to(BusTarget::uart_bus).bind(uart_bus.socket);
    router.to(BusTarget::uart_ir).bind(uart_ir.socket);
    router.to(BusTarget::ram).bind(ram.socket);
    router.to(BusTarget::parameter_page).bind(parameter_page.socket);
    router.to(BusTarget::flash).bind(flash.socket);
    router.share(BusTarget::uart_bus, uart_bus);
    router.share(BusTarget::uart_ir, uart_ir);
  }

  const std::int32_t* words(std::uint32_t address, Cycle at) override {
    const BusRegion* region = decode(address);
    if (region == nullptr || address % 4 != 0) return nullptr;
    const std::uint32_t index = (address - region->base) / 4;
    if (region->target == BusTarget::ram) {
      ram.catch_up(at);
      return ram.words() + index;
    }
    if (region->target == BusTarget::parameter_page) return words_of(parameter_page, index);
    if (region->target == BusTarget::flash) return words_of(flash, index);
    return nullptr;
  }

  static const std::int32_t* words_of(const peripherals::ReadOnlyMemory& memory,
                                      std::uint32_t index) {
    if (index >= memory.image().size()) return nullptr;
    return reinterpret_cast<const std::int32_t*>(memory.image().data()) + index;
  }

  // Saved states.

  static Ps now() { return sc_core::sc_time_stamp().value(); }
  WideTime instant() const { return config.base + now(); }
  /// Asleep already before the present instant: a CPU that runs ahead of the kernel is not.
  bool has_slept() const { return cpu->quiet() && clock.edge(cpu->now()) + 1 < now(); }
  bool is_dead() const { return supervisor.begun() && !supervisor.powered() && pace.halted(); }

  MeterState hardware() const {
    return MeterState{cpu->state(),
                      counter.origin(),
                      supervisor.state(),
                      adc.state(),
                      dma.state(),
                      interrupt_controller.state(),
                      system_control.state(),
                      pulse_timers->state(),
                      gpio.state(),
                      mailbox.state(),
                      rtc.state(),
                      i2c_master.state(),
                      lcd.state(),
                      power_monitor.state(),
                      watchdog.state(),
                      uart_bus.state(),
                      uart_ir.state(),
                      ram.state()};
  }

  /// All of this kernel's: whoever judges a run asks for pulses of its begin, too.
  std::vector<ClockState> clock_stretches() const { return clock.state_since(0); }

  /// The ADC itself stays as it is: how its samples are cut into blocks is not to hang on saving.
  peripherals::Adc::State adc_worked_out() {
    const peripherals::Adc::State before = adc.state();
    adc.convert_up_to(clock.at_or_after(now()) - 1);
    const peripherals::Adc::State worked_out = adc.state();
    adc.restore(before);
    return worked_out;
  }

  std::vector<DamagedWord> damaged_flash() const {
    const FirmwareImage produced = flash_image(config);
    std::vector<DamagedWord> damaged;
    for (std::uint32_t index = 0; index < produced.size(); ++index) {
      const std::uint32_t flipped = flash.image()[index] ^ produced[index];
      if (flipped != 0) damaged.push_back(DamagedWord{hal::flash_base + 4 * index, flipped});
    }
    return damaged;
  }

  /// Clock and counter first, by which all others count; the ADC before the DMA, who looks at it.
  void restore(const SavedMeter& saved) {
    const MeterState& state = saved.hardware;
    const bool world_is_new = saved.base != config.base;
    clock.restore(saved.clock);
    agenda->retime();
    counter.begin(state.counter_origin);
    cpu->restore(state.cpu, state.supervisor.powered ? &saved.firmware : nullptr);
    interrupt_controller.restore(state.interrupt_controller);
    adc.restore(world_is_new ? saved.adc_worked_out : state.adc);
    ram.restore(state.ram);
    dma.restore(state.dma);
    system_control.restore(state.system_control);
    pulse_timers->restore(state.pulse_timers);
    gpio.restore(state.gpio);
    mailbox.restore(state.debug_mailbox);
    rtc.restore(state.rtc);
    i2c_master.restore(state.i2c_master);
    const Cycle next = clock.at_or_after(now());
    lcd.restore(state.lcd, next);
    power_monitor.restore(state.power_monitor);
    watchdog.restore(state.watchdog);
    uart_bus.restore(state.uart_bus);
    uart_ir.restore(state.uart_ir);
    if (world_is_new) {
      uart_bus.join_new_line(next);
      uart_ir.join_new_line(next);
    }
    for (const DamagedWord& word : saved.damaged_flash) {
      damage_flash(word.address, word.flipped_bits);
    }
    supervisor.restore(state.supervisor);
  }

  MeterConfig config;
  bool awaits_state;
  pins::EventSink& event_log;
  pins::I2cDevice* i2c_device;
  ClockTree clock;
  peripherals::CoreCounter counter;
  std::unique_ptr<EventAgenda> agenda;
  Pace pace;
  ResetUnit resets;
  OutputPin led_tariff;
  OutputPin backlight;
  WriteProtectPin write_protect;
  std::array<std::unique_ptr<OutputPin>, hal::pulse::channel_count> pulse_pins;
  std::unique_ptr<Cpu> cpu;
  peripherals::InterruptController interrupt_controller;
  peripherals::Adc adc;
  peripherals::Ram ram;
  peripherals::Dma dma;
  peripherals::SystemControl system_control;
  std::unique_ptr<peripherals::PulseTimers> pulse_timers;
  peripherals::Gpio gpio;
  peripherals::DebugMailbox mailbox;
  peripherals::Rtc rtc;
  peripherals::I2cMaster i2c_master;
  peripherals::Lcd lcd;
  peripherals::PowerMonitor power_monitor;
  Supervisor supervisor;
  peripherals::Watchdog watchdog;
  peripherals::Uart uart_bus;
  peripherals::Uart uart_ir;
  peripherals::ReadOnlyMemory parameter_page;
  peripherals::ReadOnlyMemory flash;
  Router router;
  DebugPort debug_port;
  DebugAccess debug_access;
  std::array<WorldInput, hal::gpio::pin_count> gpio_inputs;
};

Meter::Meter(const MeterConfig& config, const MeterTerminals& terminals, FirmwareFactory firmware,
             pins::EventSink& log, const pins::WorldSchedule& schedule, const PartsMaker& maker)
    : parts_(std::make_unique<Parts>(config.id.c_str(), config, terminals, std::move(firmware), log,
                                     schedule, maker)) {}

Meter::~Meter() = default;

pins::DigitalInput& Meter::gpio_input(hal::GpioPin pin) {
  return parts_->gpio_inputs.at(static_cast<std::size_t>(pin));
}

pins::LineListener& Meter::bus_receiver() { return parts_->uart_bus; }

pins::LineListener& Meter::ir_receiver() { return parts_->uart_ir; }

pins::SupplyInput& Meter::supply_input() { return *parts_; }

DebugPort& Meter::debug_port() { return parts_->debug_port; }

rv32::DebugView& Meter::debug_view() { return parts_->debug_access; }

void Meter::damage_flash(std::uint32_t address, std::uint32_t flipped_bits) {
  if (address % 4 != 0 || address - hal::flash_base >= hal::flash_size) {
    throw std::out_of_range("flash has no word at this address");
  }
  parts_->pace.require_ahead(sc_core::sc_time_stamp().value());
  parts_->damage_flash(address, flipped_bits);
}

void Meter::set_crystal_ppb(std::int32_t ppb) {
  parts_->pace.require_ahead(sc_core::sc_time_stamp().value());
  parts_->clock.set_ppb(sc_core::sc_time_stamp().value(), ppb);
  parts_->agenda->retime();
  parts_->pace.retime();
}

void Meter::work_out_samples() {
  parts_->adc.convert_up_to(parts_->clock.at_or_after(sc_core::sc_time_stamp().value()) - 1);
}

bool Meter::quiet() const {
  const Parts& parts = *parts_;
  return (parts.has_slept() || parts.is_dead()) && parts.mailbox.idle() &&
         parts.debug_port.waiting() == 0 &&
         parts.i2c_master.state().step == peripherals::I2cMaster::Step::none;
}

bool Meter::powered() const { return parts_->supervisor.powered(); }

SavedMeter Meter::state() const {
  if (!quiet()) throw std::logic_error("a meter that is busy has no state to save");
  Parts& parts = *parts_;
  return SavedMeter{parts.hardware(),       parts.clock_stretches(),
                    parts.adc_worked_out(), parts.cpu->program_state(),
                    parts.damaged_flash(),  parts.config.base,
                    parts.instant()};
}

void Meter::restore(const SavedMeter& saved) {
  Parts& parts = *parts_;
  if (!std::exchange(parts.awaits_state, false)) {
    throw std::logic_error("a meter that has begun cannot be given a state");
  }
  if (saved.instant != parts.instant()) {
    throw std::logic_error("a saved state goes on at the instant at which it was saved");
  }
  parts.restore(saved);
}

const peripherals::CoreClock& Meter::clock() const { return parts_->clock; }
peripherals::Cycle Meter::counter_origin() const { return parts_->counter.origin(); }
const FirmwareCore* Meter::firmware() const { return parts_->cpu->firmware(); }
const MeterConfig& Meter::config() const { return parts_->config; }

}  // namespace platform
