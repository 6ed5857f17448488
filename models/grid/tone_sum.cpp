#include "models/grid/tone_sum.h"

#include <cmath>

namespace models::grid {

void add_tone(const pins::Tone& tone, std::vector<pins::Tone>& tones) {
  constexpr double two_pi = 6.283185307179586476925;
  for (pins::Tone& other : tones) {
    if (other.frequency_nHz != tone.frequency_nHz || other.origin != tone.origin) continue;
    const double a = two_pi * other.phase_turns;
    const double b = two_pi * tone.phase_turns;
    const double in_phase = other.amplitude * std::cos(a) + tone.amplitude * std::cos(b);
    const double ahead = other.amplitude * std::sin(a) + tone.amplitude * std::sin(b);
    other.amplitude = std::hypot(in_phase, ahead);
    other.phase_turns = std::atan2(ahead, in_phase) / two_pi;
    return;
  }
  tones.push_back(tone);
}

}  // namespace models::grid
