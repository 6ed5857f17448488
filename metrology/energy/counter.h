// An energy counter: whole microwatt hours and what is left below one. Nothing booked is lost.
#pragma once

#include <cstdint>

namespace metrology::energy {

inline constexpr std::uint32_t picowatt_hours_per_microwatt_hour = 1'000'000;

/// counter_uWh · 10⁶ + residue_pWh is exactly the sum of all bookings (µvarh, pvarh likewise). A
/// counter never falls; only differences of counters may be negative, and theirs is a negative
/// counter_uWh with a residue that counts upwards all the same.
struct EnergyCounter {
  std::int64_t counter_uWh = 0;
  std::uint32_t residue_pWh = 0;  ///< 0 … 999 999
};

constexpr bool operator==(const EnergyCounter& a, const EnergyCounter& b) {
  return a.counter_uWh == b.counter_uWh && a.residue_pWh == b.residue_pWh;
}
constexpr bool operator!=(const EnergyCounter& a, const EnergyCounter& b) { return !(a == b); }

/// Books `energy_pWh`.
constexpr void add(EnergyCounter& counter, std::uint64_t energy_pWh) {
  const std::uint64_t sum = energy_pWh + counter.residue_pWh;
  counter.counter_uWh += static_cast<std::int64_t>(sum / picowatt_hours_per_microwatt_hour);
  counter.residue_pWh = static_cast<std::uint32_t>(sum % picowatt_hours_per_microwatt_hour);
}

/// Exact sum and difference.
constexpr EnergyCounter operator+(const EnergyCounter& a, const EnergyCounter& b) {
  const std::uint32_t residue = a.residue_pWh + b.residue_pWh;
  const bool carry = residue >= picowatt_hours_per_microwatt_hour;
  return {a.counter_uWh + b.counter_uWh + (carry ? 1 : 0),
          carry ? residue - picowatt_hours_per_microwatt_hour : residue};
}
constexpr EnergyCounter operator-(const EnergyCounter& a, const EnergyCounter& b) {
  const bool borrow = a.residue_pWh < b.residue_pWh;
  return {a.counter_uWh - b.counter_uWh - (borrow ? 1 : 0),
          a.residue_pWh + (borrow ? picowatt_hours_per_microwatt_hour : 0) - b.residue_pWh};
}

}  // namespace metrology::energy
