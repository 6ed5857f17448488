// How a ramp is cut into steps, so that the waveform stays a sum of tones of constant amplitude and
// frequency. [twin] Steps last 10 ms, or a ten-thousandth of the ramp if that is longer; the last
// one may be shorter. A step takes the ramp's value at the step's own middle.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/pins/time.h"

namespace models::grid {

using pins::Ps;

inline constexpr Ps shortest_step_ps = 10 * pins::ps_per_ms;
inline constexpr Ps most_steps = 10'000;

struct Step {
  std::int64_t index;
  Ps start;
  Ps end;
};

constexpr Ps step_length(Ps from, Ps to) {
  return std::max(shortest_step_ps, (to - from + most_steps - 1) / most_steps);
}

/// The step of the ramp over [from, to) that holds at `t`, from <= t < to.
constexpr Step step_at(Ps from, Ps to, Ps t) {
  const Ps length = step_length(from, to);
  const Ps index = (t - from) / length;
  const Ps start = from + index * length;
  return {static_cast<std::int64_t>(index), start, std::min(start + length, to)};
}

}  // namespace models::grid
