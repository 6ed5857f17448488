#include "models/sensors/magnetising_branch.h"

#include <algorithm>
#include <cmath>

#include "models/truth/product.h"

namespace models::sensors {

namespace {

constexpr double two_pi = 6.283185307179586476925;
constexpr double s_per_ps = 1e-12;
constexpr double lead_frequency_nHz = 50e9;

/// What decides how much inductance is left.
struct Level {
  double rms_A;  ///< of the alternating part
  double dc_A;
};

struct Window {
  Ps from;
  Ps to;
};

/// A nominal cycle from the stretch's begin on, or the last one that a recording has. A stretch may
/// be cut short, and the mean of a part of a cycle is no direct current.
Window cycle_of(const grid::Stretch& stretch) {
  const grid::Played& played = stretch.played;
  const auto cycle = static_cast<Ps>(
      grid::round_div(grid::one_turn, grid::Int128{played.playback->frequency_nHz()}));
  Ps to = stretch.start + cycle;
  Ps begun = 0;
  if (!played.playback->loop()) {
    const grid::Int128 over = played.origin + grid::Int128{played.playback->length()};
    if (over < grid::Int128{to}) to = static_cast<Ps>(over);
    if (played.origin > 0) begun = static_cast<Ps>(played.origin);
  }
  return {to > begun + cycle ? to - cycle : begun, to};
}

Level level_of(const grid::Stretch& waveform) {
  grid::Stretch one{};
  one.start = waveform.start;
  one.end = waveform.end;
  one.dc = 1;
  const truth::Product itself(one, waveform);
  const truth::Product square(waveform, waveform);
  double dc_A = 0;
  double square_A2 = 0;
  if (waveform.played.playback == nullptr) {
    dc_A = itself.mean();
    square_A2 = square.mean();
  } else {
    const Window cycle = cycle_of(waveform);
    const double duration_s = static_cast<double>(cycle.to - cycle.from) * s_per_ps;
    dc_A = static_cast<double>(itself.integral(cycle.from, cycle.to)) / duration_s;
    square_A2 = static_cast<double>(square.integral(cycle.from, cycle.to)) / duration_s;
  }
  return {std::sqrt(std::max(square_A2 - dc_A * dc_A, 0.0)), dc_A};
}

double gain_of(double tangent) { return 1 / std::sqrt(1 + tangent * tangent); }

}  // namespace

MagnetisingBranch::MagnetisingBranch(const grid::StretchSource& primary, const thermal::Body& body,
                                     const TransformerSpec& spec)
    : primary_(primary), body_(body), spec_(spec), tangent_(std::tan(spec.lead_rad)) {}

std::uint64_t MagnetisingBranch::note_asked(Ps t) const {
  return primary_.note_asked(t) + body_.note_asked(t);
}

double MagnetisingBranch::tangent_at_50_Hz(double rms_A, double dc_A, double kelvin) const {
  double tangent = tangent_ * (1 + spec_.lead_per_K * (kelvin - reference_temperature_K));
  if (spec_.low_current_rise != 0) {
    tangent *= 1 + spec_.low_current_rise / (1 + rms_A / spec_.knee_A);
  }
  if (spec_.saturation_A != 0) {
    const double share = dc_A / spec_.saturation_A;
    tangent *= 1 + share * share;
  }
  return tangent;
}

void MagnetisingBranch::stretch_at(Ps t, grid::Stretch& stretch) const {
  primary_.stretch_at(t, stretch);
  const Level level = tangent_ == 0 ? Level{} : level_of(stretch);
  const thermal::Held held = body_.held_at(t);
  stretch.start = std::max(stretch.start, held.start);
  stretch.end = std::min(stretch.end, held.end);
  blocked_dc_A_ = 0;
  if (tangent_ == 0) return;
  const double tangent = tangent_at_50_Hz(level.rms_A, level.dc_A, held.kelvin);
  if (stretch.played.playback != nullptr) move_played(tangent, stretch);
  if (stretch.gate.intervals == 0) {
    turn_tones(tangent, stretch);
  } else {
    move_switched(tangent, level.dc_A, stretch);
  }
}

void MagnetisingBranch::turn_tones(double tangent, grid::Stretch& stretch) const {
  stretch.dc = 0;
  for (pins::Tone& tone : stretch.tones) {
    const double own = tangent * lead_frequency_nHz / static_cast<double>(tone.frequency_nHz);
    tone.amplitude *= gain_of(own);
    tone.phase_turns += std::atan(own) / two_pi;
  }
}

void MagnetisingBranch::move_switched(double tangent, double dc_A, grid::Stretch& stretch) const {
  grid::Gate& gate = stretch.gate;
  const double own = tangent * lead_frequency_nHz / static_cast<double>(gate.frequency_nHz);
  const double gain = gain_of(own);
  const double turns = std::atan(own) / two_pi;  // of the fundamental
  for (pins::Tone& tone : stretch.tones) {
    tone.amplitude *= gain;
    tone.phase_turns +=
        turns * static_cast<double>(tone.frequency_nHz) / static_cast<double>(gate.frequency_nHz);
  }
  stretch.dc *= gain;
  gate.phase_at_origin = grid::floor_mod(gate.phase_at_origin + grid::phase_of_degrees(360 * turns),
                                         gate.period_turns * grid::one_turn);
  blocked_dc_A_ = dc_A * gain;
}

void MagnetisingBranch::move_played(double tangent, grid::Stretch& stretch) {
  const auto frequency_nHz = static_cast<double>(stretch.fundamental_nHz);
  const double own = tangent * lead_frequency_nHz / frequency_nHz;
  const double lead_ps = std::atan(own) / two_pi / (frequency_nHz * 1e-21);
  stretch.played.origin -= std::llround(lead_ps);
  for (recordings::Share& share : stretch.played.shares) share.weight *= gain_of(own);
}

}  // namespace models::sensors
