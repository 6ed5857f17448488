// Finds the windows' ends: rising zero crossings of the reference voltage behind a low-pass that
// keeps harmonics from making crossings of their own. Works on raw codes: neither the droop nor the
// low-pass' own lag matters, as only the distance of one crossing from the next counts.
#pragma once

#include <cstdint>

#include "metrology/hal/memory_map.h"
#include "metrology/signal/boundary.h"
#include "metrology/signal/window.h"

namespace metrology::signal {

/// A window that finds no crossing by then is closed by force (32 Hz).
inline constexpr int longest_window_samples = 128;
/// No crossing counts sooner after a window's end than this (82 Hz) [twin].
inline constexpr int shortest_window_samples = 50;
/// Time the low-pass is given to forget, after a change of the reference [twin].
inline constexpr int reference_settling_samples = 96;
/// More boundaries never fall into one block.
inline constexpr int max_boundaries_per_block = hal::block_samples / shortest_window_samples + 1;

struct CrossingDetectorState {
  std::int32_t low_pass_1;  ///< 1/16 LSB
  std::int32_t low_pass_2;  ///< 1/16 LSB
  std::int32_t settling;    ///< samples until crossings count
  bool last_was_crossing;   ///< the last boundary was one, of this same reference
  SampleTime last_boundary;
};

/// The state in which a forced boundary at the instant of set `first_set`, which is in the block to
/// come, is the first one, and nothing is known of the reference.
void begin_at(CrossingDetectorState& state, std::int64_t first_set);

/// Forgets the low-pass, as on a change of the reference. The time axis goes on.
void restart(CrossingDetectorState& state);

/// Looks through one block of the reference's codes whose first sample set is number `first_set`.
/// `listen` false: nothing but forced ends (no phase is live). Returns the number of boundaries
/// found, in order of time.
int find_boundaries(CrossingDetectorState& state, std::int64_t first_set, const std::int32_t* codes,
                    bool listen, Boundary* boundaries);

}  // namespace metrology::signal
