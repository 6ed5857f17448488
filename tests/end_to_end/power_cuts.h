// The instants of an operation at which the power is cut, and what every cut has to leave behind.
//
//   a parent simulates up to each instant in turn and forks a branch there (branches.h):
//   ──┬──┬──┬──┬── … operation …
//     └──└──└──└──▶ cut, dark, back, loaded: judged
//
// PRO380_POWER_CUTS=n adds n random instants to every sweep, by the seed PRO380_POWER_CUT_SEED.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/end_to_end/branches.h"
#include "tests/end_to_end/power_bench.h"

namespace end_to_end {

/// Something that is to be interrupted.
struct Operation {
  std::string name;
  Ps at;  ///< when it begins
  std::function<void(PowerBench&)> begin;
  Ps duration;
};
/// 3 × 230 V, a saved state behind it and something booked since: each runs the bench to 20 ms
/// before it.
Operation periodic_save(PowerBench& bench);
Operation settings_write(PowerBench& bench);
Operation power_fail_save(PowerBench& bench);
/// The meter number that settings_write() writes; before it is 1.
inline constexpr std::uint16_t new_meter_id = 77;

struct Instant {
  Ps t;
  std::string what;
  std::size_t number = 0;  ///< within the course
};

/// An operation that nobody interrupts, as it went in a branch.
struct Course {
  std::vector<Instant> instants;  ///< in order of time
  /// The page that makes the save count: handed over, and written.
  Ps counts_from = 0;
  Ps counts_for_sure = 0;
  Kept before;  ///< the newest record at its begin
  Kept after;   ///< … and at its end
};

/// The operation's I²C bits (each of a single page, of several pages each position once), begin,
/// middle and end of each page's write time, and every change of state in the storage code.
Course course_of(PowerBench& bench, const Operation& operation);

/// After the power is back: runs until everything is loaded, before anything is booked.
void run_loaded(PowerBench& bench);
/// The mains are gone: runs until the meter has taken the warning, right behind the interrupt's
/// handler, and returns what is booked then.
Kept run_warned(PowerBench& bench);
/// Mains are gone for good and the counters stood as `warned` at the last warning: lets the meter
/// die, brings the mains back and says what is wrong then.
std::string judge_mains_cut(PowerBench& bench, const Kept& warned);

/// What happens in a branch. `begin` is to be called when time may go on: if the operation is yet
/// to begin, it runs the bench to there and begins it.
using Future =
    std::function<std::string(const Instant& instant, const std::function<void()>& begin)>;
/// Branches `lead`, at most 20 ms, before every instant of `course`.
void sweep(PowerBench& bench, const Operation& operation, const Course& course, Ps lead,
           const Future& future);

}  // namespace end_to_end
