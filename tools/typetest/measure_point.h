// Measures the error at one point, as a laboratory does: with the load on and settled, the flashes
// of the meter's LED are timed, and the reference standard says what flowed between the first and
// the last of them.
#pragma once

#include "tools/typetest/laboratory.h"
#include "tools/typetest/point.h"
#include "tools/typetest/task_pool.h"

namespace tools::typetest {

/// Nothing is counted before this has passed since the load came on.
inline constexpr Ps settling_ps = 1'500 * models::pins::ps_per_ms;
/// No error is taken from less.
inline constexpr std::int64_t least_pulses = 2;
inline constexpr Ps least_measured_ps = 2 * models::pins::ps_per_s;

/// What the meter may put an edge of its LED off by, without noise: it stands on an edge of the
/// core clock, and the energy of a mains cycle is played out within 5.3 µs of where it fell [twin].
inline constexpr double edge_jitter_s = 5.3e-6 + 2 / 25.165824e6;

/// Between two flashes so far apart, what their timing contributes to the error at most, in
/// percent. Of a burst-fired load, whose energy comes in bursts, the LED follows the bursts: then
/// what the distance is off whole periods of the bursts counts too.
double timing_percent(const Condition& condition, Ps from, Ps to);

/// In a process of its own, inside the kernel: measures one point from power-up on. A meter that
/// keeps dark for three times as long as it should take, and 5 s, has a fault instead of an error,
/// and so has one that books more than a hundredth of its energy in the wrong direction.
PointResult measure(const Subject& subject, const Point& point);

/// Measures where the laboratory stands, after settling; `result.id` stays empty.
PointResult measure_here(Laboratory& laboratory, const Ratings& ratings, const Point& point);

/// The point as a piece of work for the pool, and what came of it.
Task task_of(const Subject& subject, const Point& point);
PointResult point_result(const Point& point, const TaskOutcome& outcome);

/// How long the point will be simulated, about.
double estimated_s(const Ratings& ratings, const Point& point);

}  // namespace tools::typetest
