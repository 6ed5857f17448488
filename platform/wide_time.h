// Picoseconds since the beginning of the world, beyond the 213 days that 64 bits hold.
#pragma once

#include <cstdint>
#include <string>

namespace platform {

__extension__ using WideTime = unsigned __int128;

/// Plain decimal digits.
std::string to_decimal(WideTime t);

}  // namespace platform
