// The power factors at which meters are tested, and the angles that stand for them.
#pragma once

#include <array>
#include <string_view>

#include "tools/typetest/condition.h"

namespace tools::typetest {

/// As the tables of limits name them: cos φ of active energy, sin φ of reactive energy, the latter
/// inductive or capacitive.
enum class Factor : std::uint8_t {
  one,
  inductive_05,
  capacitive_08,
  inductive_025,
  capacitive_05,
  sine_1,
  sine_05,
  sine_025,
};

struct Angle {
  Kind kind;
  double lag_deg;         ///< of the current
  Factor factor;          ///< the row of the tables
  std::string_view word;  ///< in ids
  std::string_view text;  ///< for people
};

/// arccos 0.8, arccos 0.25, arcsin 0.25.
inline constexpr double arccos_08_deg = 36.86989764584402;
inline constexpr double arccos_025_deg = 75.52248781407008;
inline constexpr double arcsin_025_deg = 14.477512185929925;

inline constexpr std::array<Angle, 11> angles = {{
    {Kind::active, 0, Factor::one, "pf1", "PF 1"},
    {Kind::active, 60, Factor::inductive_05, "pf0.5ind", "PF 0.5 ind"},
    {Kind::active, -arccos_08_deg, Factor::capacitive_08, "pf0.8cap", "PF 0.8 cap"},
    {Kind::active, arccos_025_deg, Factor::inductive_025, "pf0.25ind", "PF 0.25 ind"},
    {Kind::active, -60, Factor::capacitive_05, "pf0.5cap", "PF 0.5 cap"},
    {Kind::reactive, 90, Factor::sine_1, "sin1ind", "sin φ 1 ind"},
    {Kind::reactive, -90, Factor::sine_1, "sin1cap", "sin φ 1 cap"},
    {Kind::reactive, 30, Factor::sine_05, "sin0.5ind", "sin φ 0.5 ind"},
    {Kind::reactive, -30, Factor::sine_05, "sin0.5cap", "sin φ 0.5 cap"},
    {Kind::reactive, arcsin_025_deg, Factor::sine_025, "sin0.25ind", "sin φ 0.25 ind"},
    {Kind::reactive, -arcsin_025_deg, Factor::sine_025, "sin0.25cap", "sin φ 0.25 cap"},
}};

/// The row of `angles` of an energy and a lag, or null for another angle.
const Angle* angle_of(Kind kind, double lag_deg);
/// The angle of active energy at a factor, the inductive one of reactive energy.
const Angle& angle_at(Factor factor);

}  // namespace tools::typetest
