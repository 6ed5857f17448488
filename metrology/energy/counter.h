// An energy counter: whole microwatt hours and what is left below one. Nothing booked is lost.
#pragma once

#include <cstdint>

namespace metrology::energy {

inline constexpr std::uint32_t picowatt_hours_per_microwatt_hour = 1'000'000;

/// counter_uWh · 10⁶ + residue_pWh is exactly the sum of all bookings (µvarh, pvarh likewise).
struct EnergyCounter {
  std::int64_t counter_uWh = 0;
  std::uint32_t residue_pWh = 0;  ///< 0 … 999 999
};

/// Books `energy_pWh`.
constexpr void add(EnergyCounter& counter, std::uint64_t energy_pWh) {
  const std::uint64_t sum = energy_pWh + counter.residue_pWh;
  counter.counter_uWh += static_cast<std::int64_t>(sum / picowatt_hours_per_microwatt_hour);
  counter.residue_pWh = static_cast<std::uint32_t>(sum % picowatt_hours_per_microwatt_hour);
}

}  // namespace metrology::energy
