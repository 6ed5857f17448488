#include "models/buttons/button.h"

#include <algorithm>
#include <stdexcept>

namespace models::buttons {

Button::Button(pins::DigitalInput& pin, std::uint64_t run_seed, std::string_view instance)
    : pin_(pin) {
  state_.random = random::Random(run_seed, instance).state();
}

void Button::add_bouncing(random::Random& random, Ps t, bool pressed, Ps longest) {
  state_.edges.push_back({t, pressed});
  const std::uint64_t bounces = random.below(most_bounces + 1);
  if (longest < 2 * most_bounces + 2) return;
  // Two instants a bounce, all different, in order.
  std::vector<Ps> instants;
  while (instants.size() < 2 * bounces) {
    const Ps at = t + 1 + random.below(longest - 1);
    if (std::find(instants.begin(), instants.end(), at) == instants.end()) instants.push_back(at);
  }
  std::sort(instants.begin(), instants.end());
  for (const Ps at : instants) {
    pressed = !pressed;
    state_.edges.push_back({at, pressed});
  }
}

void Button::press(Ps t, Ps duration) {
  if (duration == 0) throw std::invalid_argument("a button is pressed for no time");
  const bool at_rest = state_.next == state_.edges.size();
  if (!at_rest && state_.edges.back().t >= t) {
    throw std::invalid_argument("a button is pressed again before it has come to rest");
  }
  if (duration > pins::ps_max_segment - std::min(t, pins::ps_max_segment)) {
    throw std::invalid_argument("a button is held beyond the end of the segment");
  }
  if (at_rest) {
    state_.edges.clear();
    state_.next = 0;
  }
  random::Random random(state_.random);
  add_bouncing(random, t, true, std::min(bounce_ps, duration));
  add_bouncing(random, t + duration, false, std::min(bounce_ps, duration));
  state_.random = random.state();
}

Ps Button::next_event() const {
  return state_.next < state_.edges.size() ? state_.edges[state_.next].t : pins::ps_never;
}

void Button::advance(Ps t) {
  if (t != next_event()) return;
  state_.pressed = state_.edges[state_.next].pressed;
  ++state_.next;
  pin_.drive(t, state_.pressed);
}

}  // namespace models::buttons
