// What a script may ask of a voltage or a current: plain data, in the units people use.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

namespace models::grid {

/// A tone beside the fundamental. An order (2.5 is an interharmonic) follows the fundamental's
/// frequency; its angle is its phase at the rising zero crossing of its own fundamental. A fixed
/// frequency does not follow; its angle is its phase at kernel time 0.
struct Harmonic {
  std::int64_t order_milli = 0;    ///< order × 1000, > 0; or 0 and
  std::int64_t frequency_nHz = 0;  ///< a fixed frequency, up to 150 kHz
  double percent = 0;              ///< amplitude in % of the fundamental's
  double angle_deg = 0;
};

/// √2·rms·[sin(ωt + angle) + Σ harmonics]; at angle 0 the fundamental crosses zero rising at time
/// 0.
struct VoltageSpec {
  double rms_V = 0;      ///< of the fundamental
  double angle_deg = 0;  ///< L1 0, L2 −120, L3 −240 in a symmetric grid
  std::vector<Harmonic> harmonics;
};

/// Which half of each cycle flows.
enum class HalfWave : std::uint8_t { positive, negative };
/// Nothing flows in a half-cycle before this angle, 0 … 180° after its zero crossing.
struct PhaseFired {
  double firing_deg = 90;
};
/// So many cycles flow, then so many do not, counted from the zero crossing nearest time 0.
struct BurstFired {
  int cycles_on = 2;
  int cycles_off = 2;
};
using Switching = std::variant<std::monostate, HalfWave, PhaseFired, BurstFired>;

/// Whether rms_A is what flows while the switch conducts all the time, or what is left of it.
enum class RmsMeaning : std::uint8_t { before_switching, after_switching };

/// The switch acts on the current's own fundamental: with lag 0 it opens at the voltage's
/// crossings.
struct CurrentSpec {
  double rms_A = 0;    ///< of the fundamental
  double lag_deg = 0;  ///< behind the voltage of its own phase: 60 is 0.5 ind, 180 exports
  std::vector<Harmonic> harmonics;
  Switching switching;
  RmsMeaning meaning = RmsMeaning::before_switching;
};

enum class Reactance : std::uint8_t { inductive, capacitive };
enum class Flow : std::uint8_t { import, export_ };

/// The lag of a power factor, 0 … 1. Export turns the current round: 0.5 inductive imports with
/// Q > 0 (quadrant 1) and exports with Q < 0 (quadrant 3), as IEC 62053-23 draws it.
/// Throws std::invalid_argument for a power factor outside 0 … 1.
double lag_of_power_factor(double power_factor, Reactance reactance, Flow flow);

}  // namespace models::grid
