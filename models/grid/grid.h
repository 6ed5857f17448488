// The three phases of the mains and what is drawn from them, by script.
//
// All phases share one frequency, whose phase is counted in integers and never jumps. Phases are
// 0 (L1), 1 (L2), 2 (L3). Every change has an instant in picoseconds and holds until the next one
// of its kind for that phase. Changes may be given in any order; one given for an instant that has
// one replaces it. What somebody has already asked for is past: a change at or before it throws
// std::invalid_argument, as does a specification that makes no sense.
//
// Ramps are staircases (see staircase.h) whose steps take the ramp's value at their middle, so
// that means over the ramp are exact. A ramp starts from what has been reached by then; give the
// step first where one shall come at the same instant.
//
// A recording takes the place of the voltages and currents it has channels for, until a voltage or
// current of that phase is scheduled again or another recording begins: these, other than the rest,
// are to be given in order of time. When a recording is over they are 0.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "models/grid/stretch.h"
#include "models/grid/waveform_spec.h"

namespace models::grid {

inline constexpr int phase_count = 3;
inline constexpr std::int64_t nHz_per_Hz = 1'000'000'000;

/// What is played from an instant on. Channels are those of the playback; none: not played.
struct RecordingSpec {
  std::shared_ptr<const recordings::Playback> playback;
  std::array<std::optional<int>, phase_count> voltage;
  std::array<std::optional<int>, phase_count> current;
  Ps skip = 0;  ///< the recording is this far in when it begins; less than its length
};

struct GridState;

class Grid {
 public:
  /// Starts with no voltage and no current: angles 0, −120, −240.
  explicit Grid(std::int64_t frequency_nHz = 50 * nHz_per_Hz);
  ~Grid();
  Grid(const Grid&) = delete;
  Grid& operator=(const Grid&) = delete;

  /// From `at` on this voltage stands (0 … 100 kV; harmonics 0 … 1000 %).
  void schedule_voltage(int phase, Ps at, const VoltageSpec& spec);
  /// The fundamental's rms goes to `rms_V` in a straight line; harmonics keep their percentage.
  void schedule_voltage_ramp(int phase, Ps from, Ps to, double rms_V);
  /// For `duration` the whole voltage is multiplied by `residual`: 0 interrupts, below 1 is a dip,
  /// above a swell; then it returns to what is scheduled. Two on one phase must not overlap.
  void schedule_dip(int phase, Ps at, Ps duration, double residual);
  /// From `at` on this current flows (0 … 100 kA), whatever its voltage does.
  void schedule_current(int phase, Ps at, const CurrentSpec& spec);
  void schedule_current_ramp(int phase, Ps from, Ps to, double rms_A);
  /// From `at` on the recording is played, and no other; lines it does not name are as scheduled.
  void schedule_recording(Ps at, const RecordingSpec& spec);
  /// Frequency, 1 … 1000 Hz, of all phases; their angles go on without a jump.
  void schedule_frequency(Ps at, std::int64_t frequency_nHz);
  void schedule_frequency_ramp(Ps from, Ps to, std::int64_t frequency_nHz);
  /// While reversed, L2 and L3 have each other's angle, and their currents follow.
  void schedule_sequence(Ps at, bool reversed);

  const StretchSource& voltage(int phase) const;
  const StretchSource& current(int phase) const;

  /// What is scheduled at `t`, with the rms that a ramp has reached and without dips.
  VoltageSpec voltage_spec(int phase, Ps t) const;
  CurrentSpec current_spec(int phase, Ps t) const;
  std::int64_t frequency_nHz(Ps t) const;

 private:
  std::unique_ptr<GridState> state_;
  std::array<std::unique_ptr<StretchSource>, phase_count> voltages_;
  std::array<std::unique_ptr<StretchSource>, phase_count> currents_;
};

}  // namespace models::grid
