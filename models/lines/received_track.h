// What one receiver on the cable sees over time: the voltage at its end as a chain of first-order
// approaches and impulses on top, and the edges that its thresholds make of them.
//
//   target ┈┈┈┈┈┈┈┈┈┈┈┈┈       a step begins when a change of the cable arrives, or an impulse
//          ╱‾‾‾                begins or ends; in it the voltage is monotone, so the receiver
//   ──────┘                    changes at most once, besides at the step's very begin
#pragma once

#include <cstdint>
#include <vector>

#include "models/lines/line_spec.h"

namespace models::lines {

/// A disturbance of [from, to) at one receiver.
struct Impulse {
  Ps from;
  Ps to;
  double volts;
};

/// The cable goes for another voltage, as it arrives at this end.
struct Arrival {
  Ps t;
  double target_V;
  double tau_ps;
  Ps ringing_until;  ///< an impulse that is felt before counts for more:
  double ringing_V;
};

struct TrackStep {
  Ps t;             ///< from here on
  Ps edge;          ///< when the voltage makes the receiver change; ps_never
  double volts;     ///< of the cable at `t`
  double target_V;  ///< … which it approaches
  double tau_ps;
  double disturbance_V;
  double ringing_V;
  Ps ringing_until;
  Ps arrived;              ///< when the last change of the cable arrived
  std::uint64_t changes;   ///< of the cable that have arrived, ever
  std::uint64_t impulses;  ///< that have begun, ever
  bool disturbed;          ///< the last of them has not ended
  bool mark;               ///< seen from `t` on
  bool jump;               ///< at `t` the receiver changes to it
};

struct TrackState {
  std::vector<TrackStep> steps;  ///< never empty
  std::vector<Impulse> impulses;
  std::uint64_t forgotten_impulses = 0;  ///< before the first of `impulses`
};

class ReceivedTrack {
 public:
  /// At 0 the cable has been at `volts` for ever.
  ReceivedTrack(const Thresholds& thresholds, double volts);

  /// The cable's next change arrives, not before the one before it. What impulses make of the
  /// voltage later is to be found by settle().
  void arrive(const Arrival& arrival);
  /// Works out the impulses still to come.
  void settle();
  /// Forgets all that came of the cable's changes from number `change` on, and of impulses after
  /// `t`, or after the last change left, whichever is later.
  void rewind(std::uint64_t change, Ps t);
  /// Forgets all that has been worked out for `t` and later.
  void rewind_to(Ps t);
  /// An impulse that begins after all others have ended, and after the last step: rewind_to() its
  /// begin first. Throws std::invalid_argument else.
  void disturb(const Impulse& impulse);

  bool quiet() const { return state_.impulses.empty(); }
  const TrackStep& last() const { return state_.steps.back(); }
  Ps impulse_end() const { return state_.impulses.empty() ? 0 : state_.impulses.back().to; }

  bool mark_at(Ps t) const;
  std::uint64_t marks_at(const Ps* instants, int count) const;
  Ps next_fall(Ps from) const { return next_edge(from, true); }
  /// The first edge at or after `from`; `falls_only`: to a space.
  Ps next_edge(Ps from, bool falls_only) const;
  struct Edge {
    Ps t;
    bool mark;
  };
  /// Adds to `out` the edges from step number `step` on.
  void edges_from(std::size_t step, std::vector<Edge>& out) const;
  /// The last step that rewind() and rewind_to() would leave.
  std::size_t left_by_rewind(std::uint64_t change, Ps t) const;
  std::size_t left_by_rewind_to(Ps t) const;

  /// Forgets what nobody asks for after `t`.
  void forget_before(Ps t);

  const TrackState& state() const { return state_; }
  void restore(const TrackState& state) { state_ = state; }

 private:
  using Steps = std::vector<TrackStep>;

  double volts_at(const TrackStep& step, Ps t) const;
  double disturbance_at(Ps t, const TrackStep& step) const;
  void push(TrackStep step);
  void pass_impulse();
  Ps next_impulse_edge() const;
  const Impulse& impulse(std::uint64_t number) const {
    return state_.impulses[number - state_.forgotten_impulses];
  }
  Ps crossing(const TrackStep& step);
  std::size_t step_at(Ps t) const;

  Thresholds thresholds_;
  TrackState state_;

  /// Crossings worked out lately: a line goes from one voltage to another over and over.
  struct Crossing {
    double from_V = 0;
    double to_V = 0;
    double tau_ps = 0;
    double level_V = 0;
    Ps after = 0;
  };
  static constexpr std::size_t crossings = 4;
  Crossing known_[crossings];
  std::size_t next_known_ = 0;
};

}  // namespace models::lines
