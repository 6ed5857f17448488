#include "platform/agenda.h"

#include <algorithm>

namespace platform {

EventAgenda::EventAgenda(const ClockTree& clock)
    : clock_(clock), last_edge_(clock.at_or_after(models::pins::ps_max_segment)) {}

void EventAgenda::add(peripherals::DueTime& slot) { slots_.push_back(&slot); }

void EventAgenda::add(peripherals::RunAhead& limit) { limits_.push_back(&limit); }

Cycle EventAgenda::run_ahead() const {
  Cycle found = cycle_never;
  for (const peripherals::RunAhead* limit : limits_) found = std::min(found, limit->cycles());
  return found;
}

void EventAgenda::arm(peripherals::DueTime& slot) {
  ++version_;
  slot.event().cancel();
  if (slot.cycle() != cycle_never) notify(slot);
}

void EventAgenda::notify(peripherals::DueTime& slot) const {
  if (slot.cycle() > last_edge_) return;
  const Ps at = clock_.edge(slot.cycle());
  const Ps now = sc_core::sc_time_stamp().value();
  sc_assert(at >= now);
  slot.event().notify(sc_core::sc_time::from_value(at - now));
}

Cycle EventAgenda::earliest() const {
  Cycle found = cycle_never;
  for (const peripherals::DueTime* slot : slots_) found = std::min(found, slot->cycle());
  return found;
}

void EventAgenda::retime() {
  last_edge_ = clock_.at_or_after(models::pins::ps_max_segment);
  // What is due at this very instant keeps its edge and is about to be served.
  const Ps now = sc_core::sc_time_stamp().value();
  for (peripherals::DueTime* slot : slots_) {
    if (slot->cycle() != cycle_never && clock_.at_or_after(now) != slot->cycle()) arm(*slot);
  }
  ++version_;
}

}  // namespace platform
