// How long the energy registers last before they begin at 0 again.
#pragma once

namespace tools {

/// The display's 999 999.99 kWh and the step after it (manual 6.4).
inline constexpr double register_capacity_kWh = 1e6;
/// So long they must last at full load (MID Annex V).
inline constexpr double least_hours_to_roll_over = 4000;

/// At a steady load of `primary_W` (above 0), in h.
constexpr double hours_to_roll_over(double primary_W) {
  return register_capacity_kWh * 1000 / primary_W;
}

}  // namespace tools
