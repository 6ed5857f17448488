// Accuracy at one load point: what the meter's raw values say against the exact truth at the
// terminals. The promises: energy, P, U and I within 0.01 %, Q within 0.05 % of itself for
// |sin φ| ≥ 0.25 and 0.02 % of S below, f within 0.0005 Hz; S and PF what follows from P and Q.
//
// A point takes 4 s: 1.2 s to settle, 2.4 s between two readings of the energy, then the values.
#pragma once

#include <string>
#include <vector>

#include "tests/end_to_end/error_table.h"
#include "tests/end_to_end/workbench.h"

namespace end_to_end {

inline constexpr Ps point_length = 4 * ps_per_s;

/// How the meter is connected and which of its phases draw current.
struct Place {
  const char* name;
  Connection connection;
  std::array<bool, 3> loaded;
};
inline constexpr Place balanced{"balanced", Connection::three_phase_four_wire, {true, true, true}};
inline constexpr Place l1_alone{
    "L1 alone", Connection::three_phase_four_wire, {true, false, false}};
inline constexpr Place l2_alone{
    "L2 alone", Connection::three_phase_four_wire, {false, true, false}};
inline constexpr Place l3_alone{
    "L3 alone", Connection::three_phase_four_wire, {false, false, true}};
inline constexpr Place aron{"Aron", Connection::aron, {true, true, true}};
inline constexpr Place one_phase{
    "one phase, two wire", Connection::one_phase_two_wire, {true, false, false}};

struct LoadPoint {
  std::string name;
  bool exports = false;
  double frequency_Hz = 50;
  double i_limit = 1e-4;
  /// Known errors beyond the promises: of P and energy as a share of P, of Q as a share of S.
  double p_allowance = 0;
  double q_allowance = 0;
};

/// Visits the load point that is scheduled from now on, and notes the errors of energy, P, Q, S and
/// PF of the total and (but for Aron) of every loaded phase, and of U, I and f. What carries no
/// current must read exactly nothing.
void measure_point(Workbench& bench, const Place& place, const LoadPoint& point, ErrorTable& table);

}  // namespace end_to_end
