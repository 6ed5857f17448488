// An rms value over time: constant, or on its way to the next one in the steps of a staircase.
#pragma once

#include <cstddef>
#include <vector>

#include "models/grid/staircase.h"

namespace models::grid {

class RmsTrack {
 public:
  struct Found {
    double rms;
    Ps start;
    Ps end;
  };

  RmsTrack() : moves_{{0, 0, 0, 0, true}} {}

  /// From `at` on the value goes to `rms` in a straight line until `until`; at once if they are
  /// equal. A ramp starts from what the move before has reached by then, or from the step that was
  /// set for the same instant.
  void set(Ps at, Ps until, double rms);
  Found find(Ps t) const;

 private:
  struct Move {
    Ps at;
    Ps until;
    double begin;
    double rms;
    bool begins_itself;  ///< else `begin` follows from the move before
  };
  static double line(const Move& move, double from_start_ps);

  std::vector<Move> moves_;
};

}  // namespace models::grid
