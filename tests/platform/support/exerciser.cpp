#include "tests/platform/support/exerciser.h"

#include <memory>

#include "metrology/hal/memory_map.h"

namespace test {

namespace {

namespace hal = metrology::hal;

/// Tariff LED, backlight, and the EEPROM's WP.
constexpr std::uint32_t output_pins = 0x38;

class Exerciser : public platform::FirmwareCore {
 public:
  Exerciser(metrology::hal::Bus& bus, const ExerciserSettings& settings, std::uint64_t life)
      : bus_(bus), settings_(settings), dice_(settings.seed * 1'000'003 + life) {}

  [[noreturn]] void run() override {
    boot();
    while (true) act();
  }

  void external_interrupt() override {
    bus_.charge(dice_.below(20));
    const std::uint32_t source = read(hal::intc::base + hal::intc::claim);
    if (source == 0) return;
    if (!dice_.once_in(4)) bus_.enable_interrupts();
    bus_.charge(dice_.below(60));
    serve(static_cast<hal::Irq>(source));
    bus_.charge(dice_.below(30));
    bus_.disable_interrupts();
    bus_.write(hal::intc::base + hal::intc::complete, source);
  }

 private:
  std::uint32_t read(std::uint32_t address) {
    const std::uint32_t value = bus_.read(address);
    dice_.stir(value);
    return value;
  }

  void boot() {
    const hal::Irq sources[] = {hal::Irq::dma_block,     hal::Irq::pulse,    hal::Irq::gpio,
                                hal::Irq::debug_mailbox, hal::Irq::i2c,      hal::Irq::power,
                                hal::Irq::rtc,           hal::Irq::uart_bus, hal::Irq::uart_ir};
    for (const hal::Irq source : sources) {
      const auto number = static_cast<std::uint32_t>(source);
      bus_.write(hal::intc::base + hal::intc::priority_0 + 4 * number, 1 + dice_.below(7));
      sources_ |= 1u << number;
    }
    bus_.write(hal::intc::base + hal::intc::enable, sources_);
    bus_.write(hal::gpio::base + hal::gpio::rise_enable, 0x7);
    bus_.write(hal::gpio::base + hal::gpio::fall_enable, 0x7);
    bus_.write(hal::gpio::base + hal::gpio::direction, output_pins);
    bus_.write(hal::power::base + hal::power::enable, dice_.below(8));
    bus_.write(hal::i2c::base + hal::i2c::divider, hal::i2c::divider_min + dice_.below(13));
    bus_.write(hal::i2c::base + hal::i2c::control, hal::i2c::control_enable);
    bus_.write(hal::lcd::base + hal::lcd::control, hal::lcd::control_enable);
    watched_ = false;
    for (std::uint32_t k = 0; k < hal::adc_channel_count; ++k) {
      bus_.write(hal::adc::base + hal::adc::offset_0 + 4 * k, dice_.below(32));
    }
    const bool dma_first = dice_.once_in(2);
    if (dma_first) bus_.write(hal::dma::base + hal::dma::control, 1);
    bus_.write(hal::adc::base + hal::adc::control, 1);
    if (!dma_first) bus_.write(hal::dma::base + hal::dma::control, 1);
    bus_.enable_interrupts();
  }

  void serve(hal::Irq source) {
    switch (source) {
      case hal::Irq::dma_block:
        take_block();
        break;
      case hal::Irq::pulse:
        for (std::uint32_t channel = 0; channel < 4; ++channel) {
          const std::uint32_t registers = hal::pulse::base + hal::pulse::stride * channel;
          const std::uint32_t status = read(registers + hal::pulse::status);
          if ((status & hal::pulse::status_started) == 0) continue;
          bus_.write(registers + hal::pulse::status, status);
          if (dice_.once_in(2)) arm(channel);
        }
        break;
      case hal::Irq::gpio:
        bus_.write(hal::gpio::base + hal::gpio::status, read(hal::gpio::base + hal::gpio::status));
        break;
      case hal::Irq::debug_mailbox:
        answer();
        break;
      case hal::Irq::i2c:
        bus_.write(hal::i2c::base + hal::i2c::status,
                   read(hal::i2c::base + hal::i2c::status) & ~1u);
        read(hal::i2c::base + hal::i2c::buffer_0);
        if (!dice_.once_in(3)) command_i2c();
        break;
      case hal::Irq::power:
        read(hal::power::base + hal::power::state);
        bus_.write(hal::power::base + hal::power::events,
                   read(hal::power::base + hal::power::events));
        break;
      case hal::Irq::rtc:
        bus_.write(hal::rtc::base + hal::rtc::status, 1);
        if (dice_.once_in(2)) arm_alarm();
        break;
      case hal::Irq::uart_bus:
        take_characters(serial_[0]);
        break;
      case hal::Irq::uart_ir:
        take_characters(serial_[1]);
        break;
      case hal::Irq::none:
        break;
    }
  }

  /// A UART, as far as the exerciser knows.
  struct Serial {
    std::uint32_t base;
    bool enabled = false;
    bool sending = false;
  };

  Serial& any_serial() { return serial_[dice_.below(2)]; }

  void take_characters(Serial& serial) {
    const std::uint32_t status = read(serial.base + hal::uart::status);
    bus_.write(serial.base + hal::uart::status, status);
    if ((status & hal::uart::status_tx_done) != 0) serial.sending = false;
    for (std::uint32_t count = dice_.below(6); count > 0; --count) {
      read(serial.base + hal::uart::rx_data);
    }
    read(serial.base + hal::uart::rx_end);
    if (dice_.once_in(4)) bus_.write(serial.base + hal::uart::rx_flush, 1);
    if (dice_.once_in(3)) send(serial);
  }

  void send(Serial& serial) {
    // A handler may have begun to send; what must not be while busy is an error.
    bus_.disable_interrupts();
    if (!serial.sending && serial.enabled) {
      for (std::uint32_t count = 1 + dice_.below(4); count > 0; --count) {
        bus_.write(serial.base + hal::uart::tx_data, dice_.below(256));
      }
      bus_.write(serial.base + hal::uart::tx_driver, dice_.below(100) | dice_.below(100) << 16);
      const std::uint32_t now = read(hal::sysctrl::base + hal::sysctrl::counter_lo);
      bus_.write(serial.base + hal::uart::tx_start, now + dice_.below(400));
      bus_.write(serial.base + hal::uart::command, 1 + dice_.below(2));
      serial.sending = true;
    } else if (dice_.once_in(20)) {
      bus_.write(serial.base + hal::uart::command, hal::uart::command_abort);
      bus_.charge(4);
      serial.sending = false;
    }
    bus_.enable_interrupts();
  }

  void set_uart(Serial& serial) {
    bus_.disable_interrupts();
    if (!serial.sending) {
      const std::uint32_t formats[] = {0x10, 0x20, 0x00, 0x50, 0x80};
      bus_.write(serial.base + hal::uart::divider,
                 hal::uart::divider_min + dice_.below(dice_.once_in(3) ? 4000 : 100));
      bus_.write(serial.base + hal::uart::control,
                 formats[dice_.below(5)] | dice_.below(2) << 1 | hal::uart::control_enable);
      serial.enabled = true;
    }
    bus_.write(serial.base + hal::uart::rx_gap, dice_.below(300));
    bus_.write(serial.base + hal::uart::rx_idle, dice_.below(900));
    bus_.write(serial.base + hal::uart::rx_threshold, dice_.below(4));
    bus_.write(serial.base + hal::uart::irq_enable, dice_.below(8));
    bus_.enable_interrupts();
  }

  void arm_alarm() {
    const std::uint32_t now = read(hal::rtc::base + hal::rtc::count);
    bus_.write(hal::rtc::base + hal::rtc::alarm, now + dice_.below(4) - 1);
    bus_.write(hal::rtc::base + hal::rtc::control, dice_.once_in(8) ? 0 : 1);
  }

  void command_i2c() {
    // A handler may have begun one since STATUS was read, and a command while busy is an error.
    bus_.disable_interrupts();
    if ((read(hal::i2c::base + hal::i2c::status) & hal::i2c::status_busy) == 0) {
      bus_.write(hal::i2c::base + hal::i2c::buffer_0, dice_.below(4) << 16);
      bus_.write(hal::i2c::base + hal::i2c::command,
                 (dice_.once_in(10) ? 0x51u : 0x50u) | dice_.below(5) << 8 | dice_.below(3) << 16);
    } else if (dice_.once_in(30)) {
      bus_.write(hal::i2c::base + hal::i2c::control, 0);
      bus_.write(hal::i2c::base + hal::i2c::control, hal::i2c::control_enable);
    }
    bus_.enable_interrupts();
  }

  void write_glass() {
    if (dice_.once_in(12)) {
      bus_.write(hal::lcd::base + hal::lcd::control, dice_.below(2));
    } else {
      bus_.write(hal::lcd::base + hal::lcd::segment_0 + 4 * dice_.below(4), dice_.below(1u << 20));
    }
  }

  void watch() {
    if (watched_) {
      bus_.write(hal::watchdog::base + hal::watchdog::kick, hal::watchdog::kick_key);
    } else if (settings_.starts_watchdog && dice_.once_in(4)) {
      bus_.write(hal::watchdog::base + hal::watchdog::timeout, 1 + dice_.below(8));
      bus_.write(hal::watchdog::base + hal::watchdog::control, 1);
      watched_ = true;
    }
  }

  void take_block() {
    read(hal::dma::base + hal::dma::blocks_done);
    block_waits_ = settings_.lets_blocks_overrun && dice_.once_in(2);
    if (block_waits_) {
      // DONE stays, so its interrupt must not come again and again.
      const auto source = static_cast<std::uint32_t>(hal::Irq::dma_block);
      bus_.write(hal::intc::base + hal::intc::enable, sources_ & ~(1u << source));
    } else {
      bus_.write(hal::dma::base + hal::dma::status, 1 + 2 * dice_.below(2));
    }
  }

  void look_for_overrun() {
    const std::uint32_t status = read(hal::dma::base + hal::dma::status);
    read(hal::dma::base + hal::dma::blocks_done);
    if (!block_waits_ || (status & hal::dma::status_overrun) == 0) return;
    block_waits_ = false;
    bus_.write(hal::dma::base + hal::dma::status, status);
    bus_.write(hal::intc::base + hal::intc::enable, sources_);
  }

  void answer() {
    const std::uint32_t row = read(hal::mailbox::base + hal::mailbox::row);
    const std::uint32_t word = dice_.below(8);
    bus_.write(hal::mailbox::base + hal::mailbox::response_0 + 4 * word, row ^ dice_.below(1000));
    bus_.write(hal::mailbox::base + hal::mailbox::reply, 1 + dice_.below(5));
  }

  void arm(std::uint32_t channel) {
    const std::uint32_t registers = hal::pulse::base + hal::pulse::stride * channel;
    bus_.write(registers + hal::pulse::width, 1 + dice_.below(dice_.once_in(3) ? 4 : 900));
    const std::uint32_t now = read(hal::sysctrl::base + hal::sysctrl::counter_lo);
    // The arming write commits 8 cycles after the counter's, if nothing comes between.
    const std::uint32_t ahead = dice_.once_in(3) ? dice_.below(24) : dice_.below(2000);
    bus_.write(registers + hal::pulse::compare, now + ahead);
    bus_.write(registers + hal::pulse::control, 1);
  }

  void act() {
    if (settings_.one_sleep_in != 0 && dice_.once_in(settings_.one_sleep_in)) {
      sleep();
      return;
    }
    if (settings_.one_reset_in != 0 && dice_.once_in(settings_.one_reset_in)) {
      die();
      return;
    }
    switch (dice_.below(28)) {
      case 0:
        read(hal::adc::base + hal::adc::data_0 + 4 * dice_.below(7));
        break;
      case 1:
        read(hal::adc::base + hal::adc::sample_count);
        break;
      case 2:
        look_at_clips();
        break;
      case 3:
        read_block_word();
        break;
      case 4:
        read_block_directly();
        break;
      case 5:
        read(hal::gpio::base + hal::gpio::input);
        break;
      case 6:
        bus_.write(hal::gpio::base + hal::gpio::output, dice_.below(8) * 8 & output_pins);
        break;
      case 7:
        read(hal::gpio::base + hal::gpio::status);
        break;
      case 8:
        arm(dice_.below(4));
        break;
      case 9:
        read(hal::pulse::base + hal::pulse::stride * dice_.below(4) + hal::pulse::status);
        break;
      case 10:
        read(hal::intc::base + hal::intc::pending);
        break;
      case 11:
        mask_for_a_while();
        break;
      case 12:
        read(hal::sysctrl::base + hal::sysctrl::counter_lo);
        break;
      case 13:
        touch_memory();
        break;
      case 14:
        if (settings_.lets_blocks_overrun) {
          look_for_overrun();
        } else {
          switch_conversion();
        }
        break;
      case 15:
        read(hal::gpio::base + hal::gpio::high_time_0 + 4 * dice_.below(6));
        break;
      case 16:
        arm_alarm();
        break;
      case 17:
        read(hal::rtc::base + hal::rtc::status);
        break;
      case 18:
        command_i2c();
        break;
      case 19:
        write_glass();
        break;
      case 20:
        read(hal::power::base + hal::power::state);
        break;
      case 21:
        watch();
        break;
      case 22:
        send(any_serial());
        break;
      case 23: {
        Serial& serial = any_serial();
        if (dice_.once_in(serial.enabled ? 8 : 2)) set_uart(serial);
        break;
      }
      case 24: {
        const std::uint32_t base = any_serial().base;
        read(base + hal::uart::rx_level);
        read(base + hal::uart::tx_level);
        break;
      }
      case 25:
        read(any_serial().base + hal::uart::rx_data);
        break;
      default:
        bus_.charge(1 + dice_.below(dice_.once_in(20) ? 8000 : 120));
        break;
    }
  }

  void sleep() {
    bus_.disable_interrupts();
    // Something must end the sleep, whatever the world does.
    arm(dice_.below(4));
    bus_.wait_for_interrupt();
    bus_.charge(dice_.below(10));
    bus_.enable_interrupts();
  }

  void die() {
    switch (dice_.below(4)) {
      case 0:
        bus_.write(hal::sysctrl::base + hal::sysctrl::reset_request, hal::sysctrl::reset_key);
        break;
      case 1:
        bus_.read(hal::adc::base + 0xF00);
        break;
      case 2:
        bus_.write(0x7000'0000, 1);
        break;
      default:
        bus_.read(hal::gpio::base + 1);
        break;
    }
  }

  void look_at_clips() {
    const std::uint32_t status = read(hal::adc::base + hal::adc::clip_status);
    bus_.write(hal::adc::base + hal::adc::clip_status, status);
    read(hal::adc::base + hal::adc::clip_count_0 + 4 * dice_.below(7));
  }

  void read_block_word() { read(hal::sample_buffer_base + 4 * dice_.below(2 * hal::block_words)); }

  void read_block_directly() {
    const std::int32_t* block = bus_.words(hal::sample_buffer_base);
    bus_.charge(dice_.below(50));
    for (int channel = 0; channel < hal::adc_channel_count; ++channel) {
      const std::uint32_t sample = dice_.below(2 * hal::block_samples);
      const std::uint32_t buffer = sample / hal::block_samples * hal::block_words;
      dice_.stir(static_cast<std::uint32_t>(
          block[buffer + static_cast<std::uint32_t>(channel) * hal::block_samples +
                sample % hal::block_samples]));
    }
  }

  void mask_for_a_while() {
    if (dice_.once_in(2)) {
      bus_.disable_interrupts();
      bus_.charge(1 + dice_.below(300));
      read(hal::intc::base + hal::intc::pending);
      bus_.enable_interrupts();
      return;
    }
    const std::uint32_t threshold = dice_.below(4);
    bus_.write(hal::intc::base + hal::intc::threshold, threshold);
    bus_.charge(1 + dice_.below(300));
    bus_.write(hal::intc::base + hal::intc::threshold, 0);
  }

  void touch_memory() {
    const std::uint32_t address =
        hal::ram_base + hal::sample_buffer_bytes + dice_.below(4000);  // misaligned too
    bus_.write(address, dice_.below(1'000'000));
    read(address);
    read(hal::parameter_page_base + 4 * dice_.below(30));
    read(hal::flash_base + 4 * dice_.below(30));
  }

  void switch_conversion() {
    if (!dice_.once_in(12)) return;
    const std::uint32_t control =
        dice_.once_in(2) ? hal::adc::base + hal::adc::control : hal::dma::base + hal::dma::control;
    bus_.write(control, 0);
    bus_.charge(dice_.below(7000));
    bus_.write(control, 1);
  }

  metrology::hal::Bus& bus_;
  ExerciserSettings settings_;
  Dice dice_;
  std::uint32_t sources_ = 0;  ///< enabled interrupts, a bit each
  bool block_waits_ = false;
  bool watched_ = false;
  Serial serial_[2] = {{hal::uart::bus_base}, {hal::uart::ir_base}};
};

}  // namespace

platform::FirmwareFactory exerciser(const ExerciserSettings& settings) {
  // Each life after a reset does something else.
  return [settings, life = std::make_shared<std::uint64_t>(0)](metrology::hal::Bus& bus) {
    return std::make_unique<Exerciser>(bus, settings, (*life)++);
  };
}

}  // namespace test
