// The core clock as its users see it: a number of cycles, an exact instant for each edge, never a
// stream of events.
#pragma once

#include <cstdint>

#include "models/pins/time.h"

namespace peripherals {

using models::pins::Ps;

/// Number of a core clock edge since the clock began. Edge 0 lies at kernel time 0, but for a clock
/// that was put back in a kernel with another base.
using Cycle = std::int64_t;
inline constexpr Cycle cycle_never = INT64_MAX;

/// A stretch of constant frequency: edge n lies at start + (n − first)·period, exactly, and is
/// rounded once, to the picosecond.
struct ClockStretch {
  Cycle first;  ///< first edge of the stretch
  Cycle last;   ///< one past its last edge; cycle_never for the newest stretch
  Ps start;     ///< whole picoseconds of the first edge, or of the first after kernel time 0 …
  double start_rest;  ///< … and the fraction below one
  double period_ps;   ///< for waveform phases; edges come from `edge`
};

class CoreClock {
 public:
  CoreClock() = default;
  CoreClock(const CoreClock&) = delete;
  CoreClock& operator=(const CoreClock&) = delete;
  virtual ~CoreClock() = default;

  /// The instant of edge `n`, n >= 0, rounded to the nearest picosecond.
  virtual Ps edge(Cycle n) const = 0;
  /// The same for an edge that may lie before kernel time 0: a clock that was put back in a kernel
  /// with another base goes on with its numbers.
  virtual std::int64_t since_zero(Cycle n) const { return static_cast<std::int64_t>(edge(n)); }
  /// The first edge that does not lie before kernel time 0.
  virtual Cycle first_edge() const { return 0; }
  /// The first edge at or after `t`.
  virtual Cycle at_or_after(Ps t) const = 0;
  /// The stretch that edge `n` lies in.
  virtual ClockStretch stretch(Cycle n) const = 0;
};

}  // namespace peripherals
