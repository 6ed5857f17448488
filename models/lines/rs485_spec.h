// What an RS-485 segment is built of: the cable, what closes it, and the ends on it.
//
// Voltages are those between the two wires, A against B as a driver of unswapped wires sees them:
// positive is a mark. Everything a data sheet or the meter's manual leaves open is decided here
// [twin].
#pragma once

#include "models/lines/line_spec.h"

namespace models::lines {

/// One segment carries at most so many ends.
inline constexpr int most_rs485_ends = 64;
/// Of the cable, and what terminates it.
inline constexpr double cable_wave_ohm = 120;

// --- the transceivers
// -------------------------------------------------------------------------------

/// A driver is ±4 V behind 54 Ω: 2 V into the 54 Ω that RS-485 tests it with, where 1.5 V are asked
/// for; 4 V without a load, 74 mA into a short.
inline constexpr double driver_V = 4;
inline constexpr double driver_ohm = 54;
/// A unit load is 12 kΩ; 32 of them are allowed, so 60 meters must be half ones.
inline constexpr double unit_load_ohm = 12'000;
inline constexpr double meter_unit_loads = 0.5;
/// What a transceiver and its clamps add to the cable.
inline constexpr double end_pF = 50;

/// Nobody driving reads as a mark.
inline constexpr Thresholds fail_safe_receiver{-0.05, -0.2};
/// The standard's own, worst case: nobody driving leaves it as it was, a mark at first.
inline constexpr Thresholds plain_receiver{0.2, -0.2};

// --- what closes it -----------------------------------------------------------------------------

inline constexpr double terminator_ohm = 120;

/// Terminators at the cable's two ends, position 0 (near) and its length (far).
enum class Termination { both, near, far, none };

/// A resistor to +5 V and one to 0 V at position 0, which keep an undriven line at a mark.
inline constexpr double bias_V = 5;

struct CableSpec {
  double length_m = 10;  ///< 0 … longest_cable_m
  Termination termination = Termination::both;
  double bias_ohm = 0;  ///< each of the two; 0: none
};

struct EndSpec {
  double position_m = 0;                 ///< along the cable
  bool swapped = false;                  ///< A and B the wrong way round
  double unit_loads = meter_unit_loads;  ///< 0 … 8
  Thresholds receiver = fail_safe_receiver;
  NoiseSpec noise;
};

}  // namespace models::lines
