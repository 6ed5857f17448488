// How values become the bytes of a row. Pure functions.
#pragma once

#include <cstdint>

#include "metrology/energy/counter.h"

namespace metrology::registers {

/// The low `count` bytes of `value`, big endian.
void put_big_endian(std::uint8_t* bytes, int count, std::uint64_t value);
std::uint32_t get_big_endian(const std::uint8_t* bytes, int count);

/// `value` in steps of 10^-decimals (0 … 3), rounded to nearest, halves away from zero.
std::int64_t quantised_steps(double value, int decimals);
/// Bits of the float nearest to so many steps of 10^-decimals; never minus zero.
std::uint32_t steps_float(std::int64_t steps, int decimals);
/// Both: the float nearest to `value` rounded to `decimals`.
std::uint32_t quantised_float(double value, int decimals);

/// A counter, or a negative total, in steps of 0.01 kWh: what is below a step is cut, towards zero,
/// and the magnitude rolls over at 10⁶ kWh.
std::int64_t energy_steps(const energy::EnergyCounter& energy);
/// Bits of the float that shows so many steps of 0.01 kWh: of the floats the nearest one whose
/// magnitude is not greater; never minus zero.
std::uint32_t energy_float(std::int64_t steps);

/// Four bits a digit, of a number of at most eight digits, and back.
std::uint32_t to_bcd(std::uint32_t number);
std::uint32_t from_bcd(std::uint32_t digits);
/// Whether each digit is 0 … 9.
bool is_bcd(std::uint32_t word);

}  // namespace metrology::registers
