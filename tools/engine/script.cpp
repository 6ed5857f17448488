#include "tools/engine/script.h"

#include <algorithm>

namespace tools {

using sc_core::sc_time;

Script::Script(const sc_core::sc_module_name& name, Ps end) : sc_module(name), end_(end) {
  SC_METHOD(act);
  sensitive << wake_;
  dont_initialize();
}

void Script::add(Ps t, std::function<void()> action) {
  if (t < end_) events_.push_back({t, std::move(action)});
}

void Script::ready() {
  std::stable_sort(events_.begin(), events_.end(),
                   [](const Event& a, const Event& b) { return a.t < b.t; });
  arm();
}

Ps Script::next_event() const { return next_ < events_.size() ? events_[next_].t : end_; }

void Script::act() {
  if (!peripherals_done_) {
    peripherals_done_ = true;
    wake_.notify(sc_core::SC_ZERO_TIME);
    return;
  }
  peripherals_done_ = false;
  const Ps now = sc_core::sc_time_stamp().value();
  while (next_ < events_.size() && events_[next_].t <= now) {
    // Acted on from here: what the action posts may already look at the next event.
    const std::size_t index = next_++;
    events_[index].action();
  }
  arm();
}

void Script::arm() {
  if (next_ >= events_.size()) return;
  const Ps now = sc_core::sc_time_stamp().value();
  wake_.cancel();
  wake_.notify(sc_time::from_value(events_[next_].t - now));
}

}  // namespace tools
