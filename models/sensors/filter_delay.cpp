#include "models/sensors/filter_delay.h"

#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace models::sensors {

std::int64_t delay_of_minutes(double minutes, std::int64_t frequency_nHz) {
  const double turns = minutes / 60 / 360;
  return std::llround(turns / (static_cast<double>(frequency_nHz) * 1e-21));
}

FilterDelay::FilterDelay(std::int64_t delay_ps) : delay_ps_(delay_ps) {
  if (delay_ps > most_delay_ps || delay_ps < -most_delay_ps) {
    throw std::invalid_argument("a sensor's delay lies between -1 and 1 ms");
  }
}

Ps FilterDelay::asked_at(Ps t) const {
  const auto distance = static_cast<Ps>(std::abs(delay_ps_));
  if (delay_ps_ < 0) return t + distance;
  return t > distance ? t - distance : 0;
}

void FilterDelay::apply(pins::Piece& piece) const {
  if (delay_ps_ == 0) return;
  piece.start = moved(piece.start);
  piece.end = moved(piece.end);
  for (pins::Point& point : piece.line) point.at = moved(point.at);
  for (pins::Tone& tone : piece.tones) {
    tone.phase_turns -=
        static_cast<double>(tone.frequency_nHz) * 1e-9 * (static_cast<double>(delay_ps_) * 1e-12);
  }
}

/// Not below 0 and never past ps_never.
Ps FilterDelay::moved(Ps t) const {
  if (t == 0 || t == pins::ps_never) return t;
  const auto distance = static_cast<Ps>(std::abs(delay_ps_));
  if (delay_ps_ >= 0) return t + distance;
  return t > distance ? t - distance : 0;
}

}  // namespace models::sensors
