// What lines of any kind share: the cable of a building, what a receiver makes of what reaches it,
// and noise.
#pragma once

#include "models/pins/time.h"

namespace models::lines {

using pins::Ps;

/// A line of any kind carries at most so many ends.
inline constexpr int most_ends = 128;

// --- the cable; 73 Ω and 100 nF a kilometre of JYSTY
// -----------------------------------------------

inline constexpr double cable_loop_ohm_per_km = 73;
inline constexpr double cable_nF_per_km = 100;
/// Two thirds of the speed of light.
inline constexpr Ps cable_ps_per_m = 5000;
inline constexpr double longest_cable_m = 5000;

// --- receivers
// ------------------------------------------------------------------------------------

/// What a receiver makes of the voltage: above the one a mark, below the other a space. Between the
/// two it stays at what it was.
struct Thresholds {
  double mark_from_V;
  double space_to_V;
};

/// Impulses on the wires as one receiver alone sees them, added to the voltage, either sign alike.
struct NoiseSpec {
  double per_s = 0;  ///< mean rate, 0 … 100 000; the silence between two is exponential
  Ps width = 0;      ///< of each, 1 ps … 10 ms
  double volts = 0;  ///< of each, 0 … 100
};

}  // namespace models::lines
