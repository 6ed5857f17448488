#include "tools/embedding/input_schedule.h"

#include <algorithm>

namespace vmeter {

InputSchedule::InputSchedule(const sc_core::sc_module_name& name, Ps delay)
    : sc_module(name), delay_(delay) {
  SC_METHOD(act);
  sensitive << wake_;
  dont_initialize();
}

void InputSchedule::post_at(Ps t, std::function<void()> action) {
  const auto place = std::upper_bound(posted_.begin(), posted_.end(), t,
                                      [](Ps at, const Posted& posted) { return at < posted.t; });
  const bool first = place == posted_.begin();
  posted_.insert(place, {t, std::move(action)});
  if (first && !meter_done_) arm();
}

void InputSchedule::add_actor(std::function<Ps()> next, std::function<void(Ps)> advance) {
  actors_.push_back({std::move(next), std::move(advance)});
}

Ps InputSchedule::next_event() const { return std::min(next_known(), acts_at()); }

Ps InputSchedule::next_known() const {
  Ps next = posted_.empty() ? models::pins::ps_never : posted_.front().t;
  for (const Actor& actor : actors_) next = std::min(next, actor.next());
  return next;
}

void InputSchedule::act() {
  // What the meter does at this picosecond by itself comes first, whatever order the kernel takes.
  if (!meter_done_) {
    meter_done_ = true;
    wake_.notify(sc_core::SC_ZERO_TIME);
    return;
  }
  const Ps now = sc_core::sc_time_stamp().value();
  while (!posted_.empty() && posted_.front().t <= now) {
    const std::function<void()> action = std::move(posted_.front().action);
    posted_.pop_front();
    action();
  }
  for (const Actor& actor : actors_) {
    while (actor.next() <= now) actor.advance(now);
  }
  meter_done_ = false;
  arm();
}

void InputSchedule::arm() {
  wake_.cancel();
  const Ps next = next_known();
  if (next == models::pins::ps_never) return;
  wake_.notify(sc_core::sc_time::from_value(next - sc_core::sc_time_stamp().value()));
}

}  // namespace vmeter
