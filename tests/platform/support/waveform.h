// Analog sources for tests: tones whose amplitude steps at given instants.
#pragma once

#include <vector>

#include "models/pins/analog_source.h"

namespace test {

/// 50 Hz sine of constant frequency and phase; each step changes its amplitude from an instant on.
class SteppedSine : public models::pins::AnalogSource {
 public:
  struct Step {
    models::pins::Ps at;
    double amplitude;
  };

  explicit SteppedSine(std::vector<Step> steps, double phase_turns = 0)
      : steps_(std::move(steps)), phase_turns_(phase_turns) {}

  void piece_at(models::pins::Ps t, models::pins::Piece& piece) const override {
    std::size_t i = 0;
    while (i + 1 < steps_.size() && steps_[i + 1].at <= t) ++i;
    piece.start = i == 0 ? 0 : steps_[i].at;
    piece.end = i + 1 < steps_.size() ? steps_[i + 1].at : models::pins::ps_never;
    piece.dc = 0;
    piece.tones.assign(1, models::pins::Tone{steps_[i].amplitude, frequency_nHz, 0, phase_turns_});
  }

 private:
  static constexpr std::int64_t frequency_nHz = 50'000'000'000;
  std::vector<Step> steps_;
  double phase_turns_;
};

}  // namespace test
