// The meter's own temperature: a body of one time constant that follows the air around it and the
// heat of the currents through it,
//
//   τ · dT/dt = T_air + rise · (I1² + I2² + I3²) / (3 · I_rise²) − T
//
// solved in closed form from one change of the air or of a current to the next; I² is the mean over
// a stretch of the waveform, switches included. At time 0 the body has the temperature of its air,
// without load. [twin]
//
// What is told of it are steps of 5 mK, whole ones from 23 °C, each the nearest to the exact value:
// so it is off by 2.5 mK at most, and the pieces of the waveforms that depend on it stay long.
// [twin] A body that nothing heats stands at one value for ever.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/grid/stretch.h"
#include "models/sensors/front_end_spec.h"
#include "models/thermal/ambient.h"

namespace models::thermal {

inline constexpr double step_K = 0.005;

/// Where neither the air nor a current changes.
struct BodySpan {
  Ps start;
  Ps end;
  double begin_K;   ///< at its start
  double target_K;  ///< where it would end
};

struct BodyState {
  std::vector<BodySpan> spans;  ///< without a gap up to what was asked for last
  Ps asked_until = 0;
};

class Body {
 public:
  /// A body that has its air's temperature at any time. The air must outlive it.
  explicit Body(const Ambient& air);
  /// `currents`: those that heat it; all must outlive it. Throws std::invalid_argument for a
  /// specification out of its range.
  Body(const Ambient& air,
       const std::array<const grid::StretchSource*, sensors::phase_count>& currents,
       const sensors::ThermalSpec& spec);
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  /// The step that holds at `t`. What is told stays: neither air nor currents may change at or
  /// before `t` any more. What lies more than a second before the latest instant asked for may be
  /// forgotten: to ask for that throws std::logic_error.
  Held held_at(Ps t) const;
  /// As held_at() without telling: the step that holds at `t` as all is scheduled now.
  Held planned_at(Ps t) const;
  /// Notes that `t` has been asked for and returns a number that differs whenever steps told before
  /// are no longer right.
  std::uint64_t note_asked(Ps t) const;

  /// What was told so far. It follows from air and currents alone; with it a body need not live
  /// through all that was before.
  const BodyState& state() const { return state_; }
  /// With air and currents scheduled as they were.
  void restore(const BodyState& state);

 private:
  using Span = BodySpan;

  Span first_span() const;
  const Span& told_span(Ps t) const;
  void forget() const;
  Span next_span(Ps start, double begin_K) const;
  Ps planned_end(Ps t) const;
  double value(const Span& span, Ps t) const;
  Ps leaves(const Span& span, std::int64_t level, int direction) const;
  Held step_in(const Span& span, Ps t) const;

  const Ambient& air_;
  std::array<const grid::StretchSource*, sensors::phase_count> currents_{};
  double kelvin_per_A2_ = 0;  ///< 0: no current heats it
  double time_constant_s_ = 0;

  mutable BodyState state_;
  mutable std::uint64_t revision_ = 0;
  mutable Held last_told_{};  ///< empty at first; most often asked for again
  mutable grid::Stretch stretch_{};
};

}  // namespace models::thermal
