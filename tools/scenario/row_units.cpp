#include "tools/scenario/row_units.h"

#include <fmt/format.h>

namespace tools {

using metrology::registers::Row;
using metrology::registers::Unit;

RowUnit unit_of(const Row& row) {
  switch (row.unit) {
    case Unit::V:
      return {Dimension::voltage, 1};
    case Unit::A:
      return {Dimension::current, 1};
    case Unit::kW:
      return {Dimension::active_power, 1000};
    case Unit::kvar:
      return {Dimension::reactive_power, 1000};
    case Unit::kVA:
      return {Dimension::apparent_power, 1000};
    case Unit::Hz:
      return {Dimension::frequency, 1};
    case Unit::kWh:
      return {Dimension::active_energy, 1000};
    case Unit::kvarh:
      return {Dimension::reactive_energy, 1000};
    case Unit::imp_per_kWh:
      return {Dimension::pulse_rate, 1};
    // Whole numbers of the factory rows: written and compared as they stand.
    case Unit::ppm:
    case Unit::ns:
    case Unit::urad:
    case Unit::ppb_per_K:
    case Unit::ppm_per_K:
    case Unit::uW:
    case Unit::uvar:
    case Unit::mdegC:
    case Unit::none:
      break;
  }
  return {Dimension::number, 1};
}

std::string show_row_number(double value, const Row& row) {
  const char* unit = metrology::registers::text(row.unit);
  return *unit == '\0' ? fmt::format("{:.9g}", value) : fmt::format("{:.9g} {}", value, unit);
}

std::string show_row_exactly(double value, const Row& row) {
  const char* unit = metrology::registers::text(row.unit);
  return fmt::format("{}{}{}", value, *unit == '\0' ? "" : " ", unit);
}

std::string show_row_float(double value, const Row& row) {
  if (row.type != metrology::registers::ValueType::floating) return show_row_number(value, row);
  const char* unit = metrology::registers::text(row.unit);
  return fmt::format("{}{}{}", static_cast<float>(value), *unit == '\0' ? "" : " ", unit);
}

std::string label_of(const Row& row) { return fmt::format("{} (0x{:04X})", row.name, row.address); }

}  // namespace tools
