#include "metrology/registers/access.h"

#include "metrology/energy/pulse_width.h"
#include "metrology/registers/encode.h"
#include "metrology/registers/table.h"

namespace metrology::registers {

namespace {

/// Default versions 1.01 [obs], and meter codes and rated currents (pro380 §1).
constexpr double version = 1.01;
constexpr std::uint32_t meter_code_direct = 0x0102;
constexpr std::uint32_t meter_code_ct = 0x0103;
constexpr std::uint32_t amps_direct = 100;
constexpr std::uint32_t amps_ct = 5;

constexpr int variant_name_size = 16;
constexpr char variant_names[][variant_name_size] = {
    "PRO380-S", "PRO380-Mb", "PRO380-Mod", "PRO380-S CT", "PRO380-Mb CT", "PRO380-Mod CT"};

constexpr double kilo = 1000.0;

const energy::EnergyCounter* energy_of(const MeterData& data, const Row& row) {
  const energy::Account& account = row.index == energy::total_index
                                       ? data.energy.total
                                       : data.energy.phase[row.index % energy::phase_count];
  switch (row.content) {
    case Content::active_forward:
      return &account.of(energy::Kind::active, energy::Direction::forward);
    case Content::active_reverse:
      return &account.of(energy::Kind::active, energy::Direction::reverse);
    case Content::reactive_forward:
      return &account.of(energy::Kind::reactive, energy::Direction::forward);
    case Content::reactive_reverse:
      return &account.of(energy::Kind::reactive, energy::Direction::reverse);
    default:
      return nullptr;
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

std::uint32_t clamp_to_int32(std::uint64_t value) {
  return value > INT32_MAX ? INT32_MAX : static_cast<std::uint32_t>(value);
}

std::uint32_t rate_float(std::uint32_t rate_centi) {
  return quantised_float(static_cast<double>(rate_centi) / 100.0, 2);
}

/// The bits of a row of at most four bytes that is neither measured nor energy.
std::uint32_t word_of(const MeterData& data, const Row& row) {
  const bool ct = hal::is_ct(data.page.variant);
  switch (row.content) {
    case Content::serial_number:
      return data.settings.serial_bcd;
    case Content::meter_code:
      return ct ? meter_code_ct : meter_code_direct;
    case Content::version:
      return quantised_float(version, row.decimals);
    case Content::meter_amps:
      return ct ? amps_ct : amps_direct;
    case Content::ct_ratio:
      if (!ct) return 0;
      return data.page.ct_primary_A == 0 ? amps_ct : data.page.ct_primary_A;
    case Content::s0_rate:
      return rate_float(data.settings.s0_rate_centi);
    case Content::pulse_debt:
      return clamp_to_int32(owed(energy::debt(data.pulses, row.index, data.now_cycle)));
    case Content::pulse_count:
      return clamp_to_int32(data.pulses.output[row.index].pulses);
    case Content::growing_debt:
      return data.diagnostics.growing_debt;
    case Content::clipped_samples:
      return clamp_to_int32(data.diagnostics.clipped_samples[row.index]);
    case Content::lost_blocks:
      return clamp_to_int32(data.diagnostics.lost_blocks);
    case Content::late_pulses:
      return clamp_to_int32(data.diagnostics.late_pulses);
    default:
      return 0;
  }
}

bool is_bcd(std::uint32_t word) {
  for (; word != 0; word >>= 4U) {
    if ((word & 0xFU) > 9) return false;
  }
  return true;
}

}  // namespace

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
  std::uint32_t word = 0;
  double value = 0.0;
  if (const energy::EnergyCounter* counter = energy_of(data, row); counter != nullptr) {
    word = energy_float(counter->counter_uWh);
  } else if (measured(data, row, value)) {
    word = quantised_float(value, row.decimals);
  } else {
    word = word_of(data, row);
  }
  put_big_endian(bytes, row.bytes, word);
}

Raw read_raw(const MeterData& data, const Row& row) {
  Raw raw{};
  if (const energy::EnergyCounter* counter = energy_of(data, row); counter != nullptr) {
    raw.kind = Raw::Kind::energy;
    raw.energy = *counter;
    raw.reactive = row.unit == Unit::kvarh;
  } else if (measured(data, row, raw.value)) {
    raw.kind = Raw::Kind::value;
  }
  return raw;
}

WriteResult write(Settings& settings, const Row& row, Port port, const std::uint8_t* bytes) {
  if (access(row, port) != Access::read_write) return WriteResult::read_only;
  const std::uint32_t word = get_big_endian(bytes, row.bytes);
  if (row.content == Content::serial_number) {
    if (!is_bcd(word)) return WriteResult::bad_value;
    settings.serial_bcd = word;
    return WriteResult::ok;
  }
  if (row.content == Content::s0_rate) {
    for (const std::uint32_t rate_centi : energy::s0_rates_centi) {
      if (rate_float(rate_centi) != word) continue;
      settings.s0_rate_centi = rate_centi;
      return WriteResult::ok;
    }
    return WriteResult::bad_value;
  }
  return WriteResult::read_only;
}

}  // namespace metrology::registers
