#include "tools/engine/script.h"

#include <algorithm>

namespace tools {

using sc_core::sc_time;

namespace {
/// So many events that have happened are dropped together.
constexpr std::size_t forgotten_at = 1024;
}  // namespace

Script::Script(const sc_core::sc_module_name& name, Ps end, Ps horizon)
    : sc_module(name), end_(end), horizon_(horizon) {
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
  const Ps now = sc_core::sc_time_stamp().value();
  while (next_ < events_.size() && events_[next_].t < now) ++next_;
  arm();
}

void Script::post(Ps t, std::function<void()> action) {
  if (t >= end_) return;
  if (next_ >= forgotten_at) {
    events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(next_));
    next_ = 0;
  }
  const auto place =
      std::upper_bound(events_.begin() + static_cast<std::ptrdiff_t>(next_), events_.end(), t,
                       [](Ps instant, const Event& event) { return instant < event.t; });
  events_.insert(place, {t, std::move(action)});
  arm();
}

Ps Script::next_event() const { return std::min(next_instant_, granted_); }

void Script::act() {
  if (!peripherals_done_) {
    peripherals_done_ = true;
    wake_.notify(sc_core::SC_ZERO_TIME);
    return;
  }
  peripherals_done_ = false;
  act_on(sc_core::sc_time_stamp().value());
  arm();
}

void Script::act_on(Ps now) {
  // Acted on from here: what an action posts may already look at what comes after this instant.
  next_instant_ = now + 1;
  while (next_ < events_.size() && events_[next_].t <= now) events_[next_++].action();
  for (ScriptActor* actor : actors_) {
    while (actor->next_event() <= now) actor->advance(now);
  }
}

void Script::arm() {
  next_instant_ = horizon_;
  if (next_ < events_.size()) next_instant_ = events_[next_].t;
  for (const ScriptActor* actor : actors_) {
    next_instant_ = std::min(next_instant_, actor->next_event());
  }
  wake_.cancel();
  if (next_instant_ >= horizon_) return;
  wake_.notify(sc_time::from_value(next_instant_ - sc_core::sc_time_stamp().value()));
}

}  // namespace tools
