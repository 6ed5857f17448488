#include "metrology/app/boot.h"

#include <cstring>

#include "metrology/app/charges.h"
#include "metrology/app/correction.h"
#include "metrology/app/mbus_port.h"
#include "metrology/app/panel_task.h"
#include "metrology/app/power_task.h"
#include "metrology/app/program_block.h"
#include "metrology/app/storage_task.h"
#include "metrology/app/tariff.h"
#include "metrology/app/tariff_input.h"
#include "metrology/app/watchdog.h"
#include "metrology/energy/pulse_width.h"
#include "metrology/hal/memory_map.h"
#include "metrology/registers/encode.h"

namespace metrology::app {

namespace {

/// From reset to sample 0: by then the boot is over, however fast the core runs it. [twin]
constexpr std::uint32_t adc_start_delay_cycles =
    hal::lcd::ticks_per_frame * hal::rtc::core_cycles_per_tick;

constexpr std::uint32_t default_s0_rate_centi = 100'000;
constexpr std::uint32_t default_ui_time_permille = 1000;
constexpr std::uint32_t largest_ui_time_permille = 1'000'000;
constexpr std::uint32_t default_modbus_reply_delay_ms = 20;
constexpr std::uint32_t default_mbus_reply_delay_ms = 10;
constexpr std::uint32_t largest_reply_delay_ms = 10'000;

void set_priority(hal::Bus& bus, hal::Irq irq, std::uint32_t priority) {
  bus.write(hal::intc::base + hal::intc::priority_0 + 4 * static_cast<std::uint32_t>(irq),
            priority);
}

std::int64_t read_start_time(hal::Bus& bus) {
  const std::uint64_t low = bus.read(hal::adc::base + hal::adc::start_time_lo);
  const std::uint64_t high = bus.read(hal::adc::base + hal::adc::start_time_hi);
  return static_cast<std::int64_t>((high << 32U) | low);
}

bool is_baud(std::uint16_t value) {
  for (const std::uint16_t baud : registers::bauds) {
    if (baud == value) return true;
  }
  return false;
}

bool is_combined_code(registers::CombinedCode value) {
  for (const registers::CombinedCode code : registers::combined_codes) {
    if (code == value) return true;
  }
  return false;
}

/// Stored settings with `factory`'s in place of values that no setting can have.
registers::Settings usable_settings(const registers::Settings& stored,
                                    const registers::Settings& factory,
                                    const hal::ParameterPage& page) {
  registers::Settings result = stored;
  if (!energy::is_s0_rate(stored.s0_rate_centi)) result.s0_rate_centi = factory.s0_rate_centi;
  if (!hal::is_ct(page.variant) || !hal::is_ct_primary(stored.ct_primary_A))
    result.ct_primary_A = 0;
  if (!registers::is_meter_id(stored.meter_id, hal::has_mbus(page.variant))) {
    result.meter_id = factory.meter_id;
  }
  if (!registers::is_bcd(stored.serial_bcd)) result.serial_bcd = factory.serial_bcd;
  if (!registers::is_bcd(stored.ir_password)) result.ir_password = factory.ir_password;
  result.scroll_mask[registers::scroll_mask_bytes - 1] = static_cast<std::uint8_t>(
      stored.scroll_mask[registers::scroll_mask_bytes - 1] & registers::last_scroll_bits);
  if (!is_baud(stored.baud)) result.baud = factory.baud;
  if (!is_combined_code(stored.combined_code)) result.combined_code = factory.combined_code;
  if (stored.lcd_cycle_s < 1 || stored.lcd_cycle_s > registers::lcd_cycle_max_s) {
    result.lcd_cycle_s = factory.lcd_cycle_s;
  }
  if (stored.backlight > registers::BacklightMode::on) result.backlight = factory.backlight;
  if (page.firmware != 2 || stored.parity != registers::Parity::none) {
    result.parity = factory.parity;
  }
  return result;
}

}  // namespace

hal::PhaseCalibration usable_calibration(const hal::PhaseCalibration& given) {
  hal::PhaseCalibration result{};
  for (const hal::CalibrationField& field : hal::calibration_fields) {
    const std::int32_t value = given.*field.value;
    if (hal::is_usable(field, value)) result.*field.value = value;
  }
  return result;
}

hal::ParameterPage usable_page(const hal::ParameterPage& page) {
  hal::ParameterPage result{};
  result.magic = hal::parameter_page_magic;
  result.variant = hal::MeterVariant::mod;
  result.connection = hal::Connection::three_phase_four_wire;
  result.serial_hi = 0x0257;
  result.serial_lo = 0x14500001;
  result.s0_rate_centi = default_s0_rate_centi;
  result.ui_time_permille = default_ui_time_permille;
  result.firmware = 1;
  result.reply_delay_ms = default_modbus_reply_delay_ms;
  if (page.magic != hal::parameter_page_magic) return result;

  if (page.variant <= hal::MeterVariant::mod_ct) result.variant = page.variant;
  if (hal::has_mbus(result.variant)) result.reply_delay_ms = default_mbus_reply_delay_ms;
  if (page.connection <= hal::Connection::one_phase_two_wire) result.connection = page.connection;
  result.serial_hi = page.serial_hi;
  if (registers::is_bcd(page.serial_lo)) result.serial_lo = page.serial_lo;
  if (hal::is_ct(result.variant)) {
    result.ct_primary_A = hal::is_ct_primary(page.ct_primary_A) ? page.ct_primary_A : 0;
  }
  if (energy::is_s0_rate(page.s0_rate_centi)) result.s0_rate_centi = page.s0_rate_centi;
  for (int channel = 0; channel < 6; ++channel) {
    if (page.adc_offset[channel] <= hal::adc::offset_max) {
      result.adc_offset[channel] = page.adc_offset[channel];
    }
  }
  for (int phase = 0; phase < energy::phase_count; ++phase) {
    result.calibration[phase] = usable_calibration(page.calibration[phase]);
  }
  if (page.ui_time_permille != 0 && page.ui_time_permille <= largest_ui_time_permille) {
    result.ui_time_permille = page.ui_time_permille;
  }
  if (page.firmware == 2) result.firmware = 2;
  if (page.reply_delay_ms != 0 && page.reply_delay_ms <= largest_reply_delay_ms) {
    result.reply_delay_ms = page.reply_delay_ms;
  }
  result.legacy_exceptions = page.legacy_exceptions == 1 ? 1 : 0;
  return result;
}

void configure(State& state, const registers::Settings& settings) {
  const registers::Settings factory = registers::factory_settings(state.page);
  state.settings = usable_settings(settings, factory, state.page);
  state.page.ct_primary_A = state.settings.ct_primary_A;
  state.page.s0_rate_centi = state.settings.s0_rate_centi;
  state.page = usable_page(state.page);
  apply_correction(state);
  energy::reset(state.pulses, state.settings.s0_rate_centi);
}

void boot(State& state, hal::Bus& bus) {
  hal::ParameterPage page{};
  std::memcpy(&page, bus.words(hal::parameter_page_base), sizeof(page));
  state = {};
  state.page = usable_page(page);
  state.pulses_held = true;
  state.conditions = energy::reference_conditions;
  configure(state, registers::factory_settings(state.page));
  signal::reset(state.signal);
  state.energy.booked_until = state.signal.window_begin;
  energy::reset(state.measurement);
  energy::reset(state.status.phases, state.page.connection);
  start_mbus(state);
  state.status.program_checksum = program_checksum();
  bus.charge(charges::boot);

  set_priority(bus, hal::Irq::power, priority_power);
  set_priority(bus, hal::Irq::pulse, priority_pulse);
  set_priority(bus, hal::Irq::dma_block, priority_dma_block);
  set_priority(bus, hal::Irq::gpio, priority_gpio);
  set_priority(bus, hal::Irq::rtc, priority_rtc);
  set_priority(bus, hal::Irq::i2c, priority_i2c);
  set_priority(bus, hal::Irq::uart_bus, priority_uart_bus);
  set_priority(bus, hal::Irq::uart_ir, priority_uart_ir);
  set_priority(bus, hal::Irq::debug_mailbox, priority_debug_mailbox);
  bus.write(hal::intc::base + hal::intc::threshold, 0);
  bus.write(hal::intc::base + hal::intc::enable,
            irq_bit(hal::Irq::power) | irq_bit(hal::Irq::pulse) | irq_bit(hal::Irq::dma_block) |
                irq_bit(hal::Irq::gpio) | irq_bit(hal::Irq::rtc) | irq_bit(hal::Irq::i2c) |
                irq_bit(hal::Irq::uart_bus) | irq_bit(hal::Irq::uart_ir) |
                irq_bit(hal::Irq::debug_mailbox));

  for (std::uint32_t channel = 0; channel < 6; ++channel) {
    bus.write(hal::adc::base + hal::adc::offset_0 + 4 * channel, state.page.adc_offset[channel]);
  }
  bus.write(hal::adc::base + hal::adc::start_delay, adc_start_delay_cycles);
  bus.write(hal::dma::base + hal::dma::destination, hal::sample_buffer_base);
  bus.write(hal::dma::base + hal::dma::control, hal::dma::control_enable);
  bus.write(hal::adc::base + hal::adc::control, hal::adc::control_run);
  state.adc_start_cycle = read_start_time(bus);
  start_tariff_input(state, bus);
  start_tariff(bus);
  start_power(state, bus);
  start_storage(state, bus);
  start_panel(state, bus);
  start_watchdog(bus);
  bus.charge(charges::start_tasks);
}

}  // namespace metrology::app
