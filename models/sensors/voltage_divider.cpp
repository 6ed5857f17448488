#include "models/sensors/voltage_divider.h"

#include <algorithm>

#include "models/sensors/front_end_checks.h"

namespace models::sensors {

VoltageDivider::VoltageDivider(const grid::StretchSource& source, const thermal::Body& body,
                               const DividerSpec& spec, const Reference& reference)
    : source_(source), body_(body), spec_(spec), reference_(reference), delay_(spec.delay_ps) {
  check(spec);
}

void VoltageDivider::piece_at(Ps t, pins::Piece& piece) const {
  const Ps asked = delay_.asked_at(t);
  source_.piece_at(asked, piece);
  const thermal::Held held = body_.held_at(asked);
  piece.start = std::max(piece.start, held.start);
  piece.end = std::min(piece.end, held.end);
  const double away_K = held.kelvin - reference_temperature_K;
  const double gain = 1 + spec_.ratio_error + spec_.ratio_per_K * away_K;
  const double shown = reference_.gain_at(held.kelvin);
  piece.dc = (piece.dc * gain + spec_.offset_V) * shown;
  for (pins::Tone& tone : piece.tones) tone.amplitude *= gain * shown;
  for (pins::Point& point : piece.line) point.value *= gain * shown;
  delay_.apply(piece);
}

}  // namespace models::sensors
