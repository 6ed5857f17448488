#include "models/sensors/current_transformer.h"

#include <algorithm>

#include "models/grid/tone_sum.h"
#include "models/sensors/front_end_checks.h"

namespace models::sensors {

CurrentTransformer::CurrentTransformer(const grid::StretchSource& current,
                                       const grid::StretchSource& voltage,
                                       const thermal::Body& body, const TransformerSpec& spec,
                                       const Reference& reference)
    : secondary_(current, body, spec),
      voltage_(voltage),
      body_(body),
      spec_(spec),
      reference_(reference),
      delay_(spec.delay_ps) {
  check(spec);
}

void CurrentTransformer::piece_at(Ps t, pins::Piece& piece) const {
  const Ps asked = delay_.asked_at(t);
  secondary_.piece_at(asked, piece);
  const thermal::Held held = body_.held_at(asked);
  piece.start = std::max(piece.start, held.start);
  piece.end = std::min(piece.end, held.end);
  const double away_K = held.kelvin - reference_temperature_K;
  const double gain = 1 + spec_.ratio_error + spec_.ratio_per_K * away_K;
  const double shown = reference_.gain_at(held.kelvin);
  piece.dc = (piece.dc - secondary_.blocked_dc_A()) * gain;
  for (pins::Tone& tone : piece.tones) tone.amplitude *= gain;
  for (pins::Point& point : piece.line) point.value *= gain;
  if (spec_.crosstalk_A_per_V != 0) add_crosstalk(asked, piece);
  piece.dc = (piece.dc + spec_.offset_A) * shown;
  for (pins::Tone& tone : piece.tones) tone.amplitude *= shown;
  for (pins::Point& point : piece.line) point.value *= shown;
  delay_.apply(piece);
}

void CurrentTransformer::add_crosstalk(Ps t, pins::Piece& piece) const {
  voltage_.piece_at(t, crosstalk_);
  piece.start = std::max(piece.start, crosstalk_.start);
  piece.end = std::min(piece.end, crosstalk_.end);
  piece.dc += spec_.crosstalk_A_per_V * crosstalk_.dc;
  for (pins::Tone tone : crosstalk_.tones) {
    tone.amplitude *= spec_.crosstalk_A_per_V;
    grid::add_tone(tone, piece.tones);
  }
  grid::add_line(crosstalk_.line, spec_.crosstalk_A_per_V, piece.start, piece.end, piece.line);
}

}  // namespace models::sensors
