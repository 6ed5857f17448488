// A terminal whose value somebody's signal tells: it holds from one change to the next.
//
// That is the signal's own value, exactly. Whoever samples a sine of frequency f every h seconds to
// drive it has made a staircase: delayed by h/2, and lower by (π·f·h)²/6. At 50 Hz and h = 10 µs
// that is 5 µs and 4·10⁻⁷, in voltage and current alike, so power is 8·10⁻⁷ low. It costs a meter
// with six such signals 90 ms a simulated second, most of it the kernel's.
#pragma once

#include <deque>

#include "models/pins/analog_source.h"

namespace vmeter {

using models::pins::Ps;

class SampledSource final : public models::pins::AnalogSource {
 public:
  explicit SampledSource(double value) : steps_{{0, value}} {}

  /// The value from before the beginning on, until the first change.
  void begin_with(double value) { steps_.front().value = value; }
  /// From `at` on; `at` does not fall, and nobody has asked for it yet.
  void change(Ps at, double value);

  void piece_at(Ps t, models::pins::Piece& piece) const override;

 private:
  struct Step {
    Ps from;
    double value;
  };
  std::deque<Step> steps_;  ///< rising; never empty
};

}  // namespace vmeter
