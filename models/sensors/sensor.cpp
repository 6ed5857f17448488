#include "models/sensors/sensor.h"

#include <cmath>
#include <stdexcept>

namespace models::sensors {

namespace {

constexpr std::int64_t most_delay_ps = std::int64_t{1} * pins::ps_per_ms;

/// t + shift, not below 0 and never past ps_never.
Ps shifted(Ps t, std::int64_t shift) {
  if (t == 0 || t == pins::ps_never) return t;
  const auto distance = static_cast<Ps>(std::abs(shift));
  if (shift >= 0) return t + distance;
  return t > distance ? t - distance : 0;
}

}  // namespace

std::int64_t delay_of_minutes(double minutes, std::int64_t frequency_nHz) {
  const double turns = minutes / 60 / 360;
  return std::llround(turns / (static_cast<double>(frequency_nHz) * 1e-21));
}

Sensor::Sensor(const pins::AnalogSource& source, const SensorErrors& errors)
    : source_(source), errors_(errors) {
  if (!(std::abs(errors.ratio_error) <= 0.5)) {
    throw std::invalid_argument("a sensor's ratio error lies between -0.5 and 0.5");
  }
  if (errors.delay_ps > most_delay_ps || errors.delay_ps < -most_delay_ps) {
    throw std::invalid_argument("a sensor's delay lies between -1 and 1 ms");
  }
  if (!std::isfinite(errors.offset)) {
    throw std::invalid_argument("a sensor's offset must be a number");
  }
}

void Sensor::piece_at(Ps t, pins::Piece& piece) const {
  const std::int64_t delay = errors_.delay_ps;
  const auto distance = static_cast<Ps>(std::abs(delay));
  // Before the waveform's first instant its first piece is taken to hold.
  const Ps asked = delay < 0 ? t + distance : (t > distance ? t - distance : 0);
  source_.piece_at(asked, piece);
  piece.start = shifted(piece.start, delay);
  piece.end = shifted(piece.end, delay);
  const double gain = 1 + errors_.ratio_error;
  piece.dc = piece.dc * gain + errors_.offset;
  for (pins::Point& point : piece.line) {
    point.at = shifted(point.at, delay);
    point.value *= gain;
  }
  for (pins::Tone& tone : piece.tones) {
    tone.amplitude *= gain;
    tone.phase_turns -=
        static_cast<double>(tone.frequency_nHz) * 1e-9 * (static_cast<double>(delay) * 1e-12);
  }
}

}  // namespace models::sensors
