#include "metrology/signal/crossing_detector.h"

namespace metrology::signal {
namespace {

constexpr SampleTime longest = longest_window_samples * one_sample;
constexpr SampleTime shortest = shortest_window_samples * one_sample;

// The block's time axis: `at` is relative to the instant of the block's first sample set.
Boundary boundary_at(SampleTime block_begin, SampleTime at, bool crossing, bool whole_cycle) {
  const auto first_after = static_cast<std::int32_t>((at + one_sample - 1) >> 16);
  const SampleTime cell_begin = (SampleTime{first_after} - 1) * one_sample;
  return {block_begin + at, first_after, static_cast<std::int32_t>(at - cell_begin), crossing,
          whole_cycle};
}

// Collects a block's boundaries and keeps the rules of distance.
struct BoundaryList {
  CrossingDetectorState& state;
  SampleTime block_begin;
  Boundary* boundaries;
  int count;

  SampleTime since_last(SampleTime at) const { return block_begin + at - state.last_boundary; }

  void add(SampleTime at, bool crossing) {
    boundaries[count] = boundary_at(block_begin, at, crossing, crossing && state.last_was_crossing);
    state.last_boundary = boundaries[count].time;
    state.last_was_crossing = crossing;
    ++count;
  }

  // Ends windows by force that have grown too long by `at`.
  void force_until(SampleTime at) {
    while (since_last(at) >= longest) add(state.last_boundary + longest - block_begin, false);
  }

  void crossing_at(SampleTime at) {
    force_until(at);
    if (since_last(at) >= shortest) add(at, true);
  }
};

}  // namespace

void begin_at(CrossingDetectorState& state, std::int64_t first_set) {
  state.last_boundary = first_set * one_sample - longest;
  restart(state);
}

void restart(CrossingDetectorState& state) {
  state.low_pass_1 = 0;
  state.low_pass_2 = 0;
  state.settling = reference_settling_samples;
  state.last_was_crossing = false;
}

int find_boundaries(CrossingDetectorState& state, std::int64_t first_set, const std::int32_t* codes,
                    bool listen, Boundary* boundaries) {
  BoundaryList list{state, first_set * one_sample, boundaries, 0};
  if (listen) {
    std::int32_t low_pass_1 = state.low_pass_1;
    std::int32_t low_pass_2 = state.low_pass_2;
    for (int n = 0; n < hal::block_samples; ++n) {
      const std::int32_t before = low_pass_2;
      // Two poles at 87 Hz; 24-bit codes and 4 fraction bits leave 3 bits of headroom.
      low_pass_1 += (16 * codes[n] - low_pass_1) >> 3;
      low_pass_2 += (low_pass_1 - low_pass_2) >> 3;
      if (before < 0 && low_pass_2 >= 0 && n >= state.settling) {
        // Rounded up: 1 … 65536 of this very cell, however close to its begin the crossing is. All
        // crossings are late by half a step then, so no window is longer or shorter for it.
        const std::int64_t rise = std::int64_t{low_pass_2} - before;
        const std::int64_t fraction = (-std::int64_t{before} * one_sample + rise - 1) / rise;
        list.crossing_at((SampleTime{n} - 1) * one_sample + fraction);
      }
    }
    state.low_pass_1 = low_pass_1;
    state.low_pass_2 = low_pass_2;
    state.settling = state.settling > hal::block_samples ? state.settling - hal::block_samples : 0;
  }
  list.force_until((SampleTime{hal::block_samples} - 1) * one_sample);
  return list.count;
}

}  // namespace metrology::signal
