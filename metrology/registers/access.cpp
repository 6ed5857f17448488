#include "metrology/registers/access.h"

#include "metrology/energy/pulse_width.h"
#include "metrology/hal/saturate.h"
#include "metrology/registers/encode.h"
#include "metrology/registers/table.h"

namespace metrology::registers {

namespace {

/// Versions [obs], the second generation's below; meter codes and rated currents (pro380 §1).
constexpr std::uint32_t version_centi[][3] = {{101, 101, 101}, {320, 218, 132}};
constexpr std::uint32_t meter_code_direct = 0x0102;
constexpr std::uint32_t meter_code_ct = 0x0103;
constexpr std::uint32_t amps_direct = 100;
constexpr std::uint32_t amps_ct = 5;
constexpr std::uint32_t ct_secondary_A = 5;

constexpr int variant_name_size = 16;
constexpr char variant_names[][variant_name_size] = {
    "PRO380-S", "PRO380-Mb", "PRO380-Mod", "PRO380-S CT", "PRO380-Mb CT", "PRO380-Mod CT"};

constexpr double kilo = 1000.0;

/// The energy of one kind and direction that the row's index stands for.
energy::EnergyCounter energy_at(const energy::Accounts& accounts, int index, energy::Kind kind,
                                energy::Direction direction) {
  if (index < energy::phase_count) return accounts.phase[index].of(kind, direction);
  if (index == all_tariffs_index) return accounts.total.of(kind, direction);
  return accounts.total.of(kind, direction,
                           static_cast<energy::Tariff>(index - first_tariff_index));
}

/// The energy of an energy row; false for others.
bool energy_of(const MeterData& data, const Row& row, energy::EnergyCounter& energy) {
  const energy::Accounts& accounts = data.energy.accounts;
  const auto booked = [&](energy::Kind kind, energy::Direction direction) {
    return energy_at(accounts, row.index, kind, direction);
  };
  const auto combined = [&](energy::Kind kind) {
    return combine(data.settings.combined_code, booked(kind, energy::Direction::forward),
                   booked(kind, energy::Direction::reverse));
  };
  switch (row.content) {
    case Content::active_total:
      energy = combined(energy::Kind::active);
      return true;
    case Content::active_forward:
      energy = booked(energy::Kind::active, energy::Direction::forward);
      return true;
    case Content::active_reverse:
      energy = booked(energy::Kind::active, energy::Direction::reverse);
      return true;
    case Content::reactive_total:
      energy = combined(energy::Kind::reactive);
      return true;
    case Content::reactive_forward:
      energy = booked(energy::Kind::reactive, energy::Direction::forward);
      return true;
    case Content::reactive_reverse:
      energy = booked(energy::Kind::reactive, energy::Direction::reverse);
      return true;
    case Content::day_counter:
      energy = energy::day_energy(accounts);
      return true;
    default:
      return false;
  }
}

/// The value of a measured row in its unit; false for others.
bool measured(const MeterData& data, const Row& row, double& value) {
  const energy::Measurements& m = data.measurements;
  switch (row.content) {
    case Content::voltage:
      value = m.voltage_V[row.index];
      return true;
    case Content::current:
      value = m.current_A[row.index];
      return true;
    case Content::frequency:
      value = m.frequency_Hz;
      return true;
    case Content::active_power:
      value = m.active_W[row.index] / kilo;
      return true;
    case Content::reactive_power:
      value = m.reactive_var[row.index] / kilo;
      return true;
    case Content::apparent_power:
      value = m.apparent_VA[row.index] / kilo;
      return true;
    case Content::power_factor:
      value = m.power_factor[row.index];
      return true;
    default:
      return false;
  }
}

/// Pulses owed; none are while one that is due within this very clock has started already.
std::uint64_t owed(std::int64_t debt) { return debt < 0 ? 0 : static_cast<std::uint64_t>(debt); }

std::uint32_t clamp_to(std::uint32_t most, std::uint64_t value) {
  return value > most ? most : static_cast<std::uint32_t>(value);
}

/// Whether the display shows the power of `phase`, or with index 3 the total, as negative.
bool is_negative(const double (&power)[energy::phase_count + 1], int index) {
  constexpr int decimals = 3;
  return quantised_steps(power[index] / kilo, decimals) < 0;
}

/// 1 P>0 Q>0, 2 P<0 Q>0, 3 P<0 Q<0, 4 P>0 Q<0, of the powers as shown; 0 counts as positive [twin].
std::uint32_t quadrant(const energy::Measurements& m, int index) {
  const bool reverse = is_negative(m.active_W, index);
  if (is_negative(m.reactive_var, index)) return reverse ? 3 : 4;
  return reverse ? 2 : 1;
}

/// "1F", "2R".
std::uint32_t direction(const energy::Measurements& m, int phase) {
  const auto digit = static_cast<std::uint32_t>('1' + phase);
  return digit << 8U | static_cast<std::uint32_t>(is_negative(m.active_W, phase) ? 'R' : 'F');
}

/// The number of a factory row.
std::int32_t factory_number(const MeterData& data, const Row& row) {
  if (row.content == Content::temperature) {
    constexpr double milli = 1e-3;
    return hal::saturating_round<std::int32_t>(data.measurements.temperature_C / milli);
  }
  if (row.content == Content::constants_pending) return data.status.constants_pending ? 1 : 0;
  return data.page.calibration[row.index / factory_fields].*
         hal::calibration_fields[row.index % factory_fields].value;
}

/// The number of a row that is neither text, measured nor energy, in 10^-decimals of its unit.
std::uint32_t number_of(const MeterData& data, const Row& row) {
  const bool ct = hal::is_ct(data.page.variant);
  switch (row.content) {
    case Content::serial_number:
      return from_bcd(data.settings.serial_bcd);
    case Content::meter_code:
      return ct ? meter_code_ct : meter_code_direct;
    case Content::version:
      return version_centi[data.page.firmware == 2 ? 1 : 0][row.index];
    case Content::meter_amps:
      return ct ? amps_ct : amps_direct;
    case Content::ct_ratio:
      if (!ct) return 0;
      return data.settings.ct_primary_A == 0 ? amps_ct : data.settings.ct_primary_A;
    case Content::s0_rate:
      return data.settings.s0_rate_centi;
    case Content::meter_id:
      return data.settings.meter_id;
    case Content::baud:
      return data.settings.baud;
    case Content::combined_code:
      return static_cast<std::uint32_t>(data.settings.combined_code);
    case Content::lcd_cycle:
      return data.settings.lcd_cycle_s;
    case Content::tariff:
      return data.tariff.active == energy::Tariff::t1 ? 1 : 2;
    case Content::power_downs:
      return clamp_to(INT16_MAX, data.status.power_downs);
    case Content::status_word:
      return status_word(data.status);
    case Content::parity:
      return static_cast<std::uint32_t>(data.settings.parity);
    case Content::direction:
      return direction(data.measurements, row.index);
    case Content::error_code:
      return error_code(data.status, data.page.connection);
    case Content::quadrant:
      return quadrant(data.measurements, row.index);
    case Content::program_checksum:
      return data.status.program_checksum;
    case Content::ct_secondary:
      return ct_secondary_A;
    case Content::pulse_debt:
      return clamp_to(INT32_MAX, owed(energy::debt(data.pulses, row.index, data.now_cycle)));
    case Content::pulse_count:
      return clamp_to(INT32_MAX, data.pulses.output[row.index].pulses);
    case Content::growing_debt:
      return data.diagnostics.growing_debt;
    case Content::clipped_samples:
      return clamp_to(INT32_MAX, data.diagnostics.clipped_samples[row.index]);
    case Content::lost_blocks:
      return clamp_to(INT32_MAX, data.diagnostics.lost_blocks);
    case Content::late_pulses:
      return clamp_to(INT32_MAX, data.diagnostics.late_pulses);
    case Content::calibration:
    case Content::temperature:
    case Content::constants_pending:
      return static_cast<std::uint32_t>(factory_number(data, row));
    default:
      return 0;
  }
}

/// The bits of a row of at most four bytes that is neither measured nor energy.
std::uint32_t word_of(const MeterData& data, const Row& row) {
  const std::uint32_t number = number_of(data, row);
  switch (row.type) {
    case ValueType::floating:
      return steps_float(number, row.decimals);
    case ValueType::bcd:
      return to_bcd(number);
    case ValueType::integer:
    case ValueType::ascii:
    case ValueType::bits:
      break;
  }
  return number;
}

// --- writing ------------------------------------------------------------------------------------

/// Gives `held` the value, and says whether that changed it.
template <typename Value>
WriteResult take(Value& held, Value value) {
  if (held == value) return WriteResult::unchanged;
  held = value;
  return WriteResult::ok;
}

WriteResult write_s0_rate(Settings& settings, std::uint32_t word) {
  for (const std::uint32_t rate_centi : energy::s0_rates_centi) {
    if (steps_float(rate_centi, 2) == word) return take(settings.s0_rate_centi, rate_centi);
  }
  return WriteResult::bad_value;
}

WriteResult write_meter_id(const Writable& target, Port port, std::uint32_t word) {
  const bool mbus =
      port == Port::mbus || (port == Port::debug && hal::has_mbus(target.page.variant));
  if (!is_meter_id(word, mbus)) return WriteResult::bad_value;
  return take(target.settings.meter_id, static_cast<std::uint16_t>(word));
}

WriteResult write_baud(Settings& settings, std::uint32_t word) {
  for (const std::uint16_t baud : bauds) {
    if (baud == word) return take(settings.baud, baud);
  }
  return WriteResult::bad_value;
}

WriteResult write_parity(const Writable& target, std::uint32_t word) {
  const bool even = word == static_cast<std::uint32_t>(Parity::even);
  const bool none = word == static_cast<std::uint32_t>(Parity::none) && target.page.firmware == 2;
  if (!even && !none) return WriteResult::bad_value;
  return take(target.settings.parity, static_cast<Parity>(word));
}

WriteResult write_combined_code(Settings& settings, std::uint32_t word) {
  if (settings.combined_code == CombinedCode::forward_minus_reverse_for_ever) {
    return WriteResult::locked;
  }
  for (const CombinedCode code : combined_codes) {
    if (static_cast<std::uint32_t>(code) == word) return take(settings.combined_code, code);
  }
  return WriteResult::bad_value;
}

WriteResult write_lcd_cycle(Settings& settings, std::uint32_t word) {
  const std::uint32_t seconds = from_bcd(word);
  if (!is_bcd(word) || seconds < 1 || seconds > lcd_cycle_max_s) return WriteResult::bad_value;
  return take(settings.lcd_cycle_s, static_cast<std::uint8_t>(seconds));
}

/// Pages that the variant lacks may be among them: they do not scroll. Beyond P67 there is none.
WriteResult write_scroll_mask(Settings& settings, const std::uint8_t* bytes) {
  if ((bytes[scroll_mask_bytes - 1] & ~unsigned{last_scroll_bits}) != 0) {
    return WriteResult::bad_value;
  }
  WriteResult result = WriteResult::unchanged;
  for (int n = 0; n < scroll_mask_bytes; ++n) {
    if (take(settings.scroll_mask[n], bytes[n]) == WriteResult::ok) result = WriteResult::ok;
  }
  return result;
}

WriteResult write_tariff(energy::TariffState& tariff, std::uint32_t word) {
  const energy::TariffState before = tariff;
  if (!energy::written(tariff, word)) return WriteResult::bad_value;
  const bool same = tariff.active == before.active && tariff.saved == before.saved;
  return same ? WriteResult::unchanged : WriteResult::ok;
}

WriteResult clear_day_counter(energy::Accounts& accounts, std::uint32_t word) {
  if (word != 0) return WriteResult::bad_value;
  if (energy::day_energy(accounts) == energy::EnergyCounter{}) return WriteResult::unchanged;
  energy::reset_day(accounts);
  return WriteResult::ok;
}

WriteResult clear_power_downs(Status& status, std::uint32_t word) {
  return word == 0 ? take(status.power_downs, word) : WriteResult::bad_value;
}

}  // namespace

WriteResult write_constant(hal::ParameterPage& page, const Row& row, Port port,
                           const std::uint8_t* bytes) {
  if (row.content != Content::calibration || !may_write(access(row, port), page.variant)) {
    return WriteResult::read_only;
  }
  const auto value = static_cast<std::int32_t>(get_big_endian(bytes, row.bytes));
  const hal::CalibrationField& field = hal::calibration_fields[row.index % factory_fields];
  if (!hal::is_usable(field, value)) return WriteResult::bad_value;
  return take(page.calibration[row.index / factory_fields].*field.value, value);
}

const char* variant_name(hal::MeterVariant variant) {
  return variant_names[static_cast<int>(variant)];
}

void read(const MeterData& data, const Row& row, std::uint8_t* bytes) {
  if (row.content == Content::meter_name) {
    // The name's array is filled up with zeros itself.
    const char(&name)[variant_name_size] = variant_names[static_cast<int>(data.page.variant)];
    for (int n = 0; n < row.bytes; ++n) {
      bytes[n] = n < variant_name_size ? static_cast<std::uint8_t>(name[n]) : 0;
    }
    return;
  }
  if (row.content == Content::scroll_mask) {
    for (int n = 0; n < row.bytes; ++n) bytes[n] = data.settings.scroll_mask[n];
    return;
  }
  std::uint32_t word = 0;
  double value = 0.0;
  energy::EnergyCounter energy;
  if (energy_of(data, row, energy)) {
    word = energy_float(energy_steps(energy));
  } else if (measured(data, row, value)) {
    word = quantised_float(value, row.decimals);
  } else {
    word = word_of(data, row);
  }
  put_big_endian(bytes, row.bytes, word);
}

std::int64_t steps(const MeterData& data, const Row& row) {
  constexpr std::int64_t negative_roll_over = 10'000'000;  // −99 999.99 is the last
  double value = 0.0;
  energy::EnergyCounter energy;
  if (energy_of(data, row, energy)) {
    const std::int64_t shown = energy_steps(energy);
    return shown < 0 ? shown % negative_roll_over : shown;
  }
  if (measured(data, row, value)) return quantised_steps(value, row.decimals);
  if (is_factory_row(row)) return factory_number(data, row);
  return number_of(data, row);
}

Raw read_raw(const MeterData& data, const Row& row) {
  Raw raw{};
  if (energy_of(data, row, raw.energy)) {
    raw.kind = Raw::Kind::energy;
    raw.reactive = row.unit == Unit::kvarh;
  } else if (measured(data, row, raw.value)) {
    raw.kind = Raw::Kind::value;
  }
  return raw;
}

WriteResult write(const Writable& target, const Row& row, Port port, const std::uint8_t* bytes) {
  if (!may_write(access(row, port), target.page.variant)) return WriteResult::read_only;
  if (row.content == Content::scroll_mask) return write_scroll_mask(target.settings, bytes);
  const std::uint32_t word = get_big_endian(bytes, row.bytes);
  switch (row.content) {
    case Content::serial_number:
      return is_bcd(word) ? take(target.settings.serial_bcd, word) : WriteResult::bad_value;
    case Content::ir_password:
      return is_bcd(word) ? take(target.settings.ir_password, word) : WriteResult::bad_value;
    case Content::s0_rate:
      return write_s0_rate(target.settings, word);
    case Content::meter_id:
      return write_meter_id(target, port, word);
    case Content::baud:
      return write_baud(target.settings, word);
    case Content::parity:
      return write_parity(target, word);
    case Content::combined_code:
      return write_combined_code(target.settings, word);
    case Content::lcd_cycle:
      return write_lcd_cycle(target.settings, word);
    case Content::tariff:
      return write_tariff(target.tariff, word);
    case Content::day_counter:
      return clear_day_counter(target.accounts, word);
    case Content::power_downs:
      return clear_power_downs(target.status, word);
    default:
      return WriteResult::read_only;
  }
}

}  // namespace metrology::registers
