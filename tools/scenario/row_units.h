// Between the register table's units and the language's.
#pragma once

#include "metrology/registers/row.h"
#include "tools/scenario/units.h"

namespace tools {

/// A row's unit as a dimension and a number of base units: kW is 1000 W.
struct RowUnit {
  Dimension dimension;
  double base_units;
};
RowUnit unit_of(const metrology::registers::Row& row);

/// "230.1 V": a number in the row's own unit with the unit behind it.
std::string show_row_number(double value, const metrology::registers::Row& row);

/// The same with the fewest digits that name just that value.
std::string show_row_exactly(double value, const metrology::registers::Row& row);

/// The same for what a register's four bytes held: the fewest digits that name that float.
std::string show_row_float(double value, const metrology::registers::Row& row);

/// The table's name of the row with its address: "U L1 (0x2008)".
std::string label_of(const metrology::registers::Row& row);

}  // namespace tools
