// One measured error: the meter's LED against the truth at its terminals.
//
//   e = (N/k − E_truth) / E_truth
//
// between the first and the last of N + 1 edges of the LED, the truth integrated between those
// instants.
#pragma once

#include <cstdint>
#include <string>

#include "tools/typetest/condition.h"

namespace tools::typetest {

struct Point {
  /// Unique in a campaign, a path of words: "intrinsic/forward/balanced/pf1/5A".
  std::string id;
  Condition condition;
  Kind kind = Kind::active;
  /// The limit that the error, or its change, is to be held against, in percent: what decides how
  /// long is measured, so that the timing of edges contributes less than 1/100 of it.
  double limit_percent = 1;
  /// Distinguishes repeated runs at one condition: it goes into the seed of the noise.
  int repetition = 0;
};

struct PointResult {
  std::string id;
  double error_percent = 0;
  std::int64_t pulses = 0;    ///< N
  double from_s = 0;          ///< the first edge, in simulated time
  double to_s = 0;            ///< the last
  double truth_Wh = 0;        ///< or varh, between them
  double timing_percent = 0;  ///< bound of what the edges' timing contributes to the error
  double simulated_s = 0;
  double wall_s = 0;
  /// Not empty: why there is no error (the LED kept dark, …).
  std::string fault;
};

}  // namespace tools::typetest
