// A waveform as its maker knows it: stretches in which nothing is scheduled to change, a sum of
// tones and perhaps a switch (half-wave, phase-fired, burst-fired) that opens and closes with the
// fundamental. The pieces that a sampler sees, two a half-cycle with such a switch, are worked out
// from it when they are asked for; the truth integrates it whole.
//
// What is played from a recording comes in stretches of one nominal cycle each: within it nothing
// can be known of the next one.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/grid/exact_phase.h"
#include "models/pins/analog_source.h"
#include "models/recordings/playback.h"

namespace models::grid {

using pins::Ps;

/// A switch in series. It repeats every `period_turns` turns of its frequency and conducts while
/// the phase within the period lies in [on[0], off[0]) or [on[1], off[1]). Closed for ever when
/// `intervals` is 0. Switching instants are rounded to the nearest picosecond.
struct Gate {
  int intervals = 0;
  int period_turns = 1;
  std::array<Phase, 2> on{};
  std::array<Phase, 2> off{};
  std::int64_t frequency_nHz = 0;
  Ps origin = 0;
  Phase phase_at_origin = 0;
};

/// Channels of a recording as a part of a waveform.
struct Played {
  const recordings::Playback* playback = nullptr;  ///< null: none; else at least one share
  Int128 origin = 0;                               ///< where its 0 lies; may be before 0
  std::vector<recordings::Share> shares;
};

struct Stretch {
  Ps start;
  Ps end;
  std::int64_t fundamental_nHz;
  double dc;                      ///< before the switch
  std::vector<pins::Tone> tones;  ///< before the switch
  Gate gate;
  Played played{};  ///< on top, behind the switch
};

/// An analog source that also tells its stretches.
class StretchSource : public pins::AnalogSource {
 public:
  /// Writes the stretch that holds at `t` to `stretch`, reusing its storage.
  virtual void stretch_at(Ps t, Stretch& stretch) const = 0;
  /// The same as it is scheduled now, for who only looks: `t` does not count as asked for, so what
  /// is said may still change.
  virtual void planned_at(Ps t, Stretch& stretch) const { stretch_at(t, stretch); }
  /// Notes that `t` has been asked for (what is told of the past may no longer change) and returns
  /// a number that differs whenever stretches told before are no longer right.
  virtual std::uint64_t note_asked(Ps t) const = 0;

  void piece_at(Ps t, pins::Piece& piece) const final;

 private:
  void find_gate_interval(Ps t) const;

  // What was last asked for, to answer the next question without a search.
  mutable bool known_ = false;
  mutable bool gate_known_ = false;
  mutable std::uint64_t revision_ = 0;
  mutable Stretch stretch_{};
  mutable Int128 gate_index_ = 0;
  mutable Int128 gate_from_ = 0;
  mutable Int128 gate_to_ = 0;
};

/// Leaves nothing played.
void clear(Played& played);

/// The instant at which edge `index` of a gate comes: even indices close the switch, odd ones open
/// it; 2·intervals edges a period; index 0 is the first closing of the period that holds phase 0.
/// Before kernel time 0 the result is negative.
Int128 gate_edge(const Gate& gate, Int128 index);

/// The edge index whose interval (from it to the next edge) holds `t`.
Int128 gate_index_at(const Gate& gate, Ps t);

}  // namespace models::grid
