// Counts of pulses against the truth, for every test that counts them.
#pragma once

#include <functional>
#include <string>

#include "tests/end_to_end/workbench.h"

namespace end_to_end {

inline constexpr Ps sample_ps = 244'140'625;
/// pro380 §7: what the world delivered by t has been played by t + 320 samples; reactive energy 196
/// samples, its filter's delay, later.
inline constexpr Ps active_latency = 320 * sample_ps;
inline constexpr Ps reactive_latency = 516 * sample_ps;

/// Widths of the S0 table (manual §5).
inline constexpr double s0_widths_ms[] = {40, 20, 10, 5, 2.5};
inline constexpr double core_clock_s = 1.0 / 25'165'824;

/// The power itself is a little off: the droop compensator's gain at 50 Hz is 1 + 1.3e-8, twice in
/// a power. Over an hour that adds up to more than jitter.
inline constexpr double compensator_error = 3e-8;

using models::truth::Direction;

/// Pulses that `imp_per_kWh` makes of an energy.
constexpr double pulses_of(double Ws, double imp_per_kWh) { return Ws / 3.6e6 * imp_per_kWh; }

/// How far an output may be from the truth, in pulses, when the world has come to an instant.
struct CountLimits {
  /// Either way: a window's energy is played evenly, however it came.
  std::function<double(Ps)> stray;
  /// Beside the fraction of the next one: pulses that wait for a wide one to end.
  double owed = 0;
};

/// Stray of a window of length `window_s` in which the power steps by `step_W`: the true line
/// bends by ΔP·T/4 at most; and in which the apparent power of phases without their like in the
/// others ripples: S·T/4π about the mean, so twice that from the line through the window's ends.
double uneven_pulses(double step_W, double ripple_VA, double window_s, double imp_per_kWh);

/// Pulses that one of 40 ms, the widest, and its gap of 1 ms can hold up at `power_W`, without
/// itself.
double held_up_pulses(double power_W, double imp_per_kWh);

/// Just before each start, at it, and at the run's end: what the phases' truth makes is the count,
/// with less than one pulse beside it.
void check_counts(Workbench& bench, const std::string& output, double imp_per_kWh,
                  Direction direction, const CountLimits& limits);

/// Every pulse has a width of the table, to one core clock, and 1 ms before it.
void check_shapes(Workbench& bench, const std::string& output);

}  // namespace end_to_end
