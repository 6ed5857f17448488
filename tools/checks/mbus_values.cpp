#include "tools/checks/mbus_values.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace tools {
namespace {

using metrology::registers::Content;
using metrology::registers::Row;
using models::masters::MbusFunction;
using models::masters::MbusRecord;

/// VIFs of one table from `first` on, so many decades of a quantity: code − first + exponent is the
/// power of ten in its unit.
struct VifRange {
  std::uint8_t first;
  int decades;
  MbusQuantity quantity;
  int exponent;
};

using Q = MbusQuantity;

constexpr std::array<VifRange, 5> primary_table = {{
    {0x00, 8, Q::active_energy, -6},  // 10^(n−3) Wh
    {0x28, 8, Q::active_power, -6},   // 10^(n−3) W
    {0x78, 1, Q::fabrication, 0},
    {0x79, 1, Q::identification, 0},
    {0x7A, 1, Q::bus_address, 0},
}};
constexpr std::uint8_t first_extension = 0x7D;   // FD
constexpr std::uint8_t second_extension = 0x7B;  // FB
constexpr std::uint8_t makers_extension = 0x7F;  // FF

constexpr std::array<VifRange, 4> first_table = {{
    {0x1C, 1, Q::baud, 0},
    {0x3A, 1, Q::dimensionless, 0},
    {0x40, 16, Q::voltage, -9},   // 10^(n−9) V
    {0x50, 16, Q::current, -12},  // 10^(n−12) A
}};
constexpr std::array<VifRange, 5> second_table = {{
    {0x02, 2, Q::reactive_energy, 0},  // 10^n kvarh
    {0x04, 2, Q::apparent_energy, 0},  // 10^n kVAh
    {0x14, 4, Q::reactive_power, -3},  // 10^(n−3) kvar
    {0x2C, 4, Q::frequency, -3},       // 10^(n−3) Hz
    {0x34, 4, Q::apparent_power, -3},  // 10^(n−3) kVA
}};

template <std::size_t count>
const VifRange* find(const std::array<VifRange, count>& table, std::uint8_t code) {
  for (const VifRange& range : table) {
    if (code >= range.first && code < range.first + range.decades) return &range;
  }
  return nullptr;
}

/// Rounded once.
double times_power_of_ten(double value, int exponent) {
  const double factor = std::pow(10.0, std::abs(exponent));
  return exponent < 0 ? value / factor : value * factor;
}

/// VIFE behind the quantity's own.
void qualify(std::uint8_t vife, MbusValue& value, int& exponent) {
  if (vife >= 0x70 && vife <= 0x77) {
    exponent += vife - 0x76;
  } else if (vife == 0x7D) {
    exponent += 3;
  } else if (vife == 0x16) {
    value.overflow = true;
  } else {
    value.qualified = true;
  }
}

/// Where a row stands: quantity and maker's code, and whether reverse is meant.
struct Place {
  Content content;
  MbusQuantity quantity;
  int code;
  MbusFunction function;
};

constexpr std::array<Place, 23> places = {{
    {Content::serial_number, Q::identification, 0, MbusFunction::instant},
    {Content::meter_id, Q::bus_address, 0, MbusFunction::instant},
    {Content::baud, Q::baud, 0, MbusFunction::instant},
    {Content::s0_rate, Q::makers, 0x01, MbusFunction::instant},
    {Content::combined_code, Q::makers, 0x02, MbusFunction::instant},
    {Content::lcd_cycle, Q::makers, 0x03, MbusFunction::instant},
    {Content::tariff, Q::makers, 0x04, MbusFunction::instant},
    {Content::meter_code, Q::makers, 0x05, MbusFunction::instant},
    {Content::ct_ratio, Q::makers, 0x06, MbusFunction::instant},
    {Content::meter_amps, Q::makers, 0x07, MbusFunction::instant},
    {Content::meter_name, Q::makers, 0x08, MbusFunction::instant},
    {Content::voltage, Q::voltage, 0, MbusFunction::instant},
    {Content::current, Q::current, 0, MbusFunction::instant},
    {Content::frequency, Q::frequency, 0, MbusFunction::instant},
    {Content::active_power, Q::active_power, 0, MbusFunction::instant},
    {Content::reactive_power, Q::reactive_power, 0, MbusFunction::instant},
    {Content::apparent_power, Q::apparent_power, 0, MbusFunction::instant},
    {Content::power_factor, Q::dimensionless, 0, MbusFunction::instant},
    {Content::active_total, Q::active_energy, 0, MbusFunction::instant},
    {Content::active_forward, Q::active_energy, 0, MbusFunction::maximum},
    {Content::active_reverse, Q::active_energy, 0, MbusFunction::minimum},
    {Content::reactive_total, Q::reactive_energy, 0, MbusFunction::instant},
    {Content::reactive_forward, Q::reactive_energy, 0, MbusFunction::maximum},
}};
constexpr Place reactive_reverse = {Content::reactive_reverse, Q::reactive_energy, 0,
                                    MbusFunction::minimum};
constexpr int first_version_code = 0x09;

std::optional<Place> place_of(const Row& row) {
  if (row.content == Content::version) {
    return Place{row.content, Q::makers, first_version_code + row.index, MbusFunction::instant};
  }
  if (row.content == reactive_reverse.content) return reactive_reverse;
  for (const Place& place : places) {
    if (place.content == row.content) return place;
  }
  return std::nullopt;
}

bool is_energy(MbusQuantity quantity) {
  return quantity == Q::active_energy || quantity == Q::reactive_energy;
}

bool has_phases(MbusQuantity quantity) {
  return is_energy(quantity) || quantity == Q::voltage || quantity == Q::current ||
         quantity == Q::active_power || quantity == Q::reactive_power ||
         quantity == Q::apparent_power || quantity == Q::dimensionless;
}

}  // namespace

MbusValue mbus_value_of(const MbusRecord& record) {
  MbusValue out;
  out.function = record.function;
  out.storage = record.storage;
  out.tariff = record.tariff;
  out.subunit = record.subunit;
  std::size_t next = 1;
  int exponent = 0;
  const std::uint8_t vif = record.vif.front();
  const std::uint8_t code = record.vif.size() > 1 ? record.vif[1] : std::uint8_t{0};
  const VifRange* range = nullptr;
  if (vif == first_extension || vif == second_extension) {
    range = vif == first_extension ? find(first_table, code) : find(second_table, code);
    next = 2;
  } else if (vif == makers_extension) {
    out.quantity = Q::makers;
    out.code = code;
    next = 2;
  } else {
    range = find(primary_table, vif);
  }
  if (range != nullptr) {
    out.quantity = range->quantity;
    exponent = range->exponent + (next == 2 ? code : vif) - range->first;
  }
  for (; next < record.vif.size(); ++next) qualify(record.vif[next], out, exponent);
  if (const auto number = models::masters::mbus_number_of(record)) {
    out.overflow = out.overflow || number->overflow;
    if (!out.overflow) out.number = times_power_of_ten(number->value, exponent);
    out.single = record.coding == 5;
  }
  out.text = models::masters::mbus_text_of(record).value_or("");
  for (std::size_t i = record.data.size(); i-- > 0;) {
    out.digits += fmt::format("{:02X}", record.data[i]);
  }
  return out;
}

bool is_row(const MbusValue& value, const Row& row) {
  const std::optional<Place> place = place_of(row);
  if (!place || value.quantity != place->quantity || value.code != place->code ||
      value.function != place->function || value.qualified || value.subunit != 0) {
    return false;
  }
  using metrology::registers::first_tariff_index;
  if (!has_phases(value.quantity) || row.index == 3) {
    return value.storage == 0 && value.tariff == 0;
  }
  if (row.index < 3) return value.storage == std::uint64_t{row.index} + 1 && value.tariff == 0;
  return value.storage == 0 && value.tariff == unsigned{row.index} - first_tariff_index + 1;
}

}  // namespace tools
