// Every value of a scenario carries its unit; these are the units.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/pins/time.h"
#include "tools/scenario/decimal.h"

namespace tools {

using models::pins::Ps;

/// What a value can be. `number` has no unit; `count` is a whole number without one.
enum class Dimension {
  number,
  count,
  time,
  voltage,
  current,
  active_power,
  reactive_power,
  apparent_power,
  active_energy,
  reactive_energy,
  frequency,
  angle,
  resistance,
  ratio,
  pulse_rate,
  length,
  temperature,
  temperature_difference,
  per_kelvin,
  per_square_kelvin,
  arc,      ///< small angles, in minutes
  radians,  ///< small angles, in radians
  coupling,
};

/// The dimension in a sentence ("a voltage"), an example of it ("230 V"), and the unit that
/// `Quantity::value` is in ("V").
std::string_view name_of(Dimension dimension);
std::string_view example_of(Dimension dimension);
std::string_view base_unit_of(Dimension dimension);

/// Every unit of a dimension as it may be written, in the order of the table.
std::vector<std::string_view> units_of(Dimension dimension);

/// A number with its unit, still exact: value = number · factor · 10^shift base units.
struct Quantity {
  Decimal number;
  Dimension dimension = Dimension::number;
  std::int64_t factor = 1;  ///< 60 for min, 1 for units that are powers of ten
  int shift = 0;

  /// In base units, rounded once to the nearest double if the unit is a power of ten, twice else.
  double value() const;
  /// In 10^-decimals base units, if that is a whole number.
  std::optional<Int128> scaled(int decimals) const;
};

/// Why a text is not the quantity asked for.
enum class QuantityFault { not_a_number, no_unit, unknown_unit, other_dimension };

struct ParsedQuantity {
  std::optional<Quantity> quantity;
  QuantityFault fault = QuantityFault::not_a_number;
  std::string unit;  ///< as found
};

/// Reads "230 V" or "230V" as a quantity of one of `allowed`.
ParsedQuantity parse_quantity(std::string_view text, const std::vector<Dimension>& allowed);

/// The fewest digits that give `value` back, with its unit scaled for reading: "1.5 kW".
std::string show(double value, Dimension dimension);
/// Picoseconds as an exact time in the largest unit that it holds one of: "40 ms", "1.5 s".
std::string show_time(Ps t);

}  // namespace tools
