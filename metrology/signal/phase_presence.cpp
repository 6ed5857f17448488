#include "metrology/signal/phase_presence.h"

namespace metrology::signal {

void reset(PhasePresence& presence) { presence = {{true, false, false}, 0}; }

bool any_live(const PhasePresence& presence) {
  return presence.live[0] || presence.live[1] || presence.live[2];
}

bool mean_reaches(std::int64_t sum, SampleTime length, std::int64_t limit) {
  return sum >= (limit >> 16) * length;
}

void judge(PhasePresence& presence, const Window& window) {
  const SampleTime length = window.end - window.begin;
  for (int phase = 0; phase < 3; ++phase) {
    const std::int64_t limit = presence.live[phase] ? lost_mean_square : live_mean_square;
    presence.live[phase] = mean_reaches(window.phase[phase].u2, length, limit);
  }
}

bool choose_reference(PhasePresence& presence) {
  for (std::uint8_t phase = 0; phase < 3; ++phase) {
    if (presence.live[phase]) {
      const bool changed = phase != presence.reference;
      presence.reference = phase;
      return changed;
    }
  }
  return false;
}

}  // namespace metrology::signal
