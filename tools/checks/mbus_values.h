// What the records of an M-Bus telegram say: quantity, number and unit, by the VIF and VIFE of
// EN 13757-3 in its edition of 2013, and which row of the register table that is, by the family's
// use of storage number, function and tariff. Knows nothing of the firmware's own table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "metrology/registers/row.h"
#include "models/masters/mbus_records.h"

namespace tools {

enum class MbusQuantity {
  active_energy,    ///< kWh
  reactive_energy,  ///< kvarh
  apparent_energy,  ///< kVAh
  active_power,     ///< kW
  reactive_power,   ///< kvar
  apparent_power,   ///< kVA
  voltage,          ///< V
  current,          ///< A
  frequency,        ///< Hz
  dimensionless,
  identification,
  fabrication,
  bus_address,
  baud,
  makers,  ///< the maker's own, of number `code`
  other,
};

struct MbusValue {
  MbusQuantity quantity = MbusQuantity::other;
  int code = 0;
  models::masters::MbusFunction function = models::masters::MbusFunction::instant;
  std::uint64_t storage = 0;
  unsigned tariff = 0;
  unsigned subunit = 0;
  std::optional<double> number;  ///< in the quantity's unit
  bool single = false;           ///< it came as a float of 32 bits
  std::string text;              ///< of a text
  std::string digits;            ///< the data as hexadecimal digits, highest first
  bool overflow = false;         ///< the meter said so
  bool qualified = false;        ///< by a VIFE that is not known here
};

MbusValue mbus_value_of(const models::masters::MbusRecord& record);

/// Whether the record is that row's.
bool is_row(const MbusValue& value, const metrology::registers::Row& row);

}  // namespace tools
