#include "models/buttons/button.h"

#include <algorithm>
#include <stdexcept>

namespace models::buttons {

Button::Button(pins::DigitalInput& pin, std::uint64_t run_seed, std::string_view instance)
    : pin_(pin), random_(run_seed, instance) {}

void Button::add_bouncing(Ps t, bool pressed, Ps longest) {
  edges_.push_back({t, pressed});
  const std::uint64_t bounces = random_.below(most_bounces + 1);
  if (longest < 2 * most_bounces + 2) return;
  // Two instants a bounce, all different, in order.
  std::vector<Ps> instants;
  while (instants.size() < 2 * bounces) {
    const Ps at = t + 1 + random_.below(longest - 1);
    if (std::find(instants.begin(), instants.end(), at) == instants.end()) instants.push_back(at);
  }
  std::sort(instants.begin(), instants.end());
  for (const Ps at : instants) {
    pressed = !pressed;
    edges_.push_back({at, pressed});
  }
}

void Button::press(Ps t, Ps duration) {
  if (duration == 0) throw std::invalid_argument("a button is pressed for no time");
  if (next_ < edges_.size() && edges_.back().t >= t) {
    throw std::invalid_argument("a button is pressed again before it has come to rest");
  }
  if (duration > pins::ps_max_segment - std::min(t, pins::ps_max_segment)) {
    throw std::invalid_argument("a button is held beyond the end of the segment");
  }
  if (next_ == edges_.size()) {
    edges_.clear();
    next_ = 0;
  }
  add_bouncing(t, true, std::min(bounce_ps, duration));
  add_bouncing(t + duration, false, std::min(bounce_ps, duration));
}

Ps Button::next_event() const { return next_ < edges_.size() ? edges_[next_].t : pins::ps_never; }

void Button::advance(Ps t) {
  if (t != next_event()) return;
  pressed_ = edges_[next_].pressed;
  ++next_;
  pin_.drive(t, pressed_);
}

}  // namespace models::buttons
