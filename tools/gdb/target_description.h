// What gdb is told of the registers: the protocol's target description.
#pragma once

#include <string>

namespace tools::gdb {

/// XML: RV32 with x0 … x31 and pc, and the CSRs that the hart has.
std::string target_description();

}  // namespace tools::gdb
