// The register matrix as a document.
#pragma once

#include <string>

#include "metrology/registers/row.h"

namespace tools {

/// "integer", "float", …
std::string type_name(metrology::registers::ValueType type);
/// "R", "R/W", "-", …
std::string access_name(metrology::registers::Access access);

/// tools/REGISTERS.md: every row with its addresses on Modbus, its M-Bus record and its OBIS codes.
std::string register_reference();

}  // namespace tools
