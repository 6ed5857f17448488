#include "models/sensors/magnetising_branch.h"

#include <algorithm>
#include <cmath>

#include "models/truth/product.h"

namespace models::sensors {

namespace {

constexpr double two_pi = 6.283185307179586476925;
constexpr double lead_frequency_nHz = 50e9;

double mean_of(const grid::Stretch& waveform) {
  grid::Stretch one{};
  one.start = waveform.start;
  one.end = waveform.end;
  one.dc = 1;
  return truth::Product(one, waveform).mean();
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
  const thermal::Held held = body_.held_at(t);
  stretch.start = std::max(stretch.start, held.start);
  stretch.end = std::min(stretch.end, held.end);
  blocked_dc_A_ = 0;
  if (tangent_ == 0) return;
  const double dc_A = mean_of(stretch);
  const double square_A2 = truth::Product(stretch, stretch).mean() - dc_A * dc_A;
  const double tangent = tangent_at_50_Hz(std::sqrt(std::max(square_A2, 0.0)), dc_A, held.kelvin);
  if (stretch.played.playback != nullptr) move_played(tangent, stretch);
  if (stretch.gate.intervals == 0) {
    turn_tones(tangent, stretch);
  } else {
    move_switched(tangent, dc_A, stretch);
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
