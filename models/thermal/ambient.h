// The temperature of the air around a meter, by script: constant, or on its way to the next value
// in the steps of a staircase, as grid/staircase.h has them.
//
// What somebody has already asked for is past: a change at or before it throws
// std::invalid_argument, as does a temperature that no air has.
#pragma once

#include <cstdint>

#include "models/grid/rms_track.h"
#include "models/sensors/front_end_spec.h"

namespace models::thermal {

using pins::Ps;

inline constexpr double zero_celsius_K = 273.15;
/// What a climatic chamber reaches: −60 °C … 100 °C.
inline constexpr double coldest_K = zero_celsius_K - 60;
inline constexpr double hottest_K = zero_celsius_K + 100;

/// A temperature on [start, end).
struct Held {
  double kelvin;
  Ps start;
  Ps end;
};

class Ambient {
 public:
  /// Starts at 23 °C.
  Ambient();
  Ambient(const Ambient&) = delete;
  Ambient& operator=(const Ambient&) = delete;

  /// From `at` on.
  void schedule(Ps at, double kelvin);
  /// In a straight line over [from, to), from what has been reached by then.
  void schedule_ramp(Ps from, Ps to, double kelvin);

  /// As it is scheduled now; fixes nothing.
  Held planned_at(Ps t) const;
  /// Notes that `t` has been asked for and returns a number that differs whenever what was told
  /// before is no longer right.
  std::uint64_t note_asked(Ps t) const;

 private:
  void check(Ps at, double kelvin) const;

  grid::RmsTrack kelvin_;  ///< a staircase is one, whatever climbs it
  std::uint64_t revision_ = 0;
  mutable Ps asked_until_ = 0;
};

}  // namespace models::thermal
