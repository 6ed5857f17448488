// The crystal and what is derived from it: 32 768 Hz · 768 = 25.165824 MHz, off by a whole number
// of 10⁻⁹. No event ever ticks; edges are computed.
//
// Between two changes of the crystal's error lies a stretch, in which edge n stands at
//
//   start + (n − first) · 244140625/6144 · 10⁹/(10⁹ + ppb) ps
//
// with 128-bit integers, rounded once, halves up. A stretch begins at an edge of the one before;
// its start is kept with a fraction of 2⁻⁶⁴ ps, so a change of the error costs at most that much.
// Edge numbers run from the beginning of the world; a saved state is loaded with the same numbers,
// also where kernel time 0 is another instant.
#pragma once

#include <vector>

#include "peripherals/bus/core_clock.h"
#include "platform/wide_time.h"

namespace platform {

using peripherals::ClockStretch;
using peripherals::Cycle;
using peripherals::cycle_never;
using peripherals::Ps;

/// Where a clock stands: its newest stretch. Plain data, for saved states.
struct ClockState {
  Cycle first;               ///< first edge of the stretch
  WideTime start;            ///< its whole picoseconds since the beginning of the world …
  std::uint64_t start_rest;  ///< … and the rest in 2⁻⁶⁴ ps
  std::int32_t ppb;          ///< error of the crystal's frequency in 10⁻⁹
};

/// Throws std::out_of_range with a sentence unless `duration` is at most 200 days: kernel time ends
/// after 213.
void require_segment(Ps duration);

class ClockTree : public peripherals::CoreClock {
 public:
  /// A clock whose edge 0 stands at kernel time 0, which is `base` after the beginning of the
  /// world. Errors beyond ±1 000 000·10⁻⁹ throw std::invalid_argument.
  explicit ClockTree(std::int32_t ppb = 0, WideTime base = 0);
  /// A clock that goes on from `state` in a kernel whose time 0 is `base`.
  ClockTree(const ClockState& state, WideTime base);

  Ps edge(Cycle n) const override;
  std::int64_t since_zero(Cycle n) const override;
  Cycle first_edge() const override { return first_edge_; }
  Cycle at_or_after(Ps t) const override;
  ClockStretch stretch(Cycle n) const override;

  /// From the first edge at or after `t` on, the crystal is off by `ppb`; `t` must not lie before
  /// an earlier change. Errors beyond ±1 000 000·10⁻⁹ throw std::invalid_argument and change
  /// nothing. Whoever waits for an edge after it must be told (Agenda, Pace).
  void set_ppb(Ps t, std::int32_t ppb);
  std::int32_t ppb() const { return stretches_.back().state.ppb; }

  const ClockState& state() const { return stretches_.back().state; }
  /// All stretches that reach beyond `t`, the oldest first: what was before `t` can then no more be
  /// asked for.
  std::vector<ClockState> state_since(Ps t) const;
  /// Goes on from `stretches` with the base that it has. None throws std::invalid_argument.
  void restore(const std::vector<ClockState>& stretches);

 private:
  struct Stretch {
    ClockState state;
    std::uint64_t numerator;  ///< period = numerator / denominator ps, in lowest terms
    std::uint64_t denominator;
    std::uint64_t period_whole;  ///< the same in whole picoseconds …
    std::uint64_t period_rest;   ///< … and 2⁻⁶⁴ ps, cut off
    double edges_per_ps;         ///< the same the other way round, for a first guess
  };
  /// An instant with its fraction.
  struct Instant {
    WideTime whole;
    std::uint64_t rest;  ///< 2⁻⁶⁴ ps
  };

  void begin_stretch(const ClockState& state);
  const Stretch& holding(Cycle n) const;
  static Instant instant(const Stretch& stretch, Cycle n);
  static Instant start_of(const Stretch& stretch) {
    return Instant{stretch.state.start, stretch.state.start_rest};
  }
  static WideTime rounded(const Instant& exact);
  /// Since the beginning of the world.
  WideTime absolute_edge(Cycle n) const;

  std::vector<Stretch> stretches_;
  WideTime base_ = 0;
  Cycle first_edge_ = 0;
};

}  // namespace platform
