// The grid's frequency over time and the phase it has run up: integers throughout, so that after
// any number of ramps the phase is what the frequencies add up to.
#pragma once

#include <cstdint>
#include <vector>

#include "models/grid/exact_phase.h"
#include "models/grid/staircase.h"

namespace models::grid {

class FrequencyTrack {
 public:
  struct Found {
    std::int64_t frequency_nHz;
    Ps start;
    Ps end;
    Phase phase_at_start;  ///< 0 at kernel time 0, whole turns counted
  };

  explicit FrequencyTrack(std::int64_t frequency_nHz)
      : moves_{{0, 0, frequency_nHz, frequency_nHz, true, 0}} {}

  /// From `at` on the frequency goes to `frequency_nHz` in a straight line until `until`; at once
  /// if they are equal. A ramp starts from what the move before has reached by then, or from the
  /// step that was set for the same instant.
  void set(Ps at, Ps until, std::int64_t frequency_nHz);
  Found find(Ps t) const;

 private:
  struct Move {
    Ps at;
    Ps until;
    std::int64_t begin_nHz;
    std::int64_t frequency_nHz;
    bool begins_itself;  ///< else `begin_nHz` follows from the move before
    Phase phase;         ///< at `at`; follows from the move before
  };
  static Found holding(const Move& move, Ps t);
  static std::int64_t line_nHz(const Move& move, Ps t);

  std::vector<Move> moves_;
};

}  // namespace models::grid
