// How values become the bytes of a row. Pure functions.
#pragma once

#include <cstdint>

namespace metrology::registers {

/// The low `count` bytes of `value`, big endian.
void put_big_endian(std::uint8_t* bytes, int count, std::uint64_t value);
std::uint32_t get_big_endian(const std::uint8_t* bytes, int count);

/// Bits of the float nearest to `value` rounded to `decimals` (0 … 3), halves away from zero; never
/// minus zero.
std::uint32_t quantised_float(double value, int decimals);

/// Bits of the float that shows a counter of 1 µWh in kWh: cut to 0.01, rolled over at 10⁶, and of
/// the floats the nearest one that is not greater.
std::uint32_t energy_float(std::int64_t counter_uWh);

}  // namespace metrology::registers
