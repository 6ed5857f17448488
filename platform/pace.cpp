#include "platform/pace.h"

#include <algorithm>
#include <stdexcept>

namespace platform {

Pace::Pace(SyncMode mode, const ClockTree& clock, const EventAgenda& agenda,
           const models::pins::WorldSchedule& world)
    : mode_(mode), clock_(clock), agenda_(agenda), world_(world) {}

Cycle Pace::world_horizon() {
  const Ps event = world_.next_event();
  if (event != world_event_) {
    // The CPU acts at edge + 1 ps, so an event 1 ps after an edge already holds it there.
    const bool never = event == models::pins::ps_never;
    world_horizon_ = never ? cycle_never : clock_.at_or_after(event == 0 ? 0 : event - 1);
    world_event_ = event;
  }
  return world_horizon_;
}

Cycle Pace::compute_horizon() {
  const Cycle ahead = agenda_.run_ahead();
  const Cycle line = ahead == cycle_never ? cycle_never : reached_ + ahead;
  return std::min({agenda_.earliest(), line, world_horizon()});
}

void Pace::look_ahead() {
  agenda_version_ = agenda_.version();
  horizon_ = std::max(compute_horizon(), reached_ + 1);
  horizon_known_ = true;
}

void Pace::require_ahead(Ps t) const {
  if (passed_ >= clock_.at_or_after(t)) {
    throw std::logic_error("the world acts on a meter at an instant that was not announced to it");
  }
}

Cycle Pace::cycles_ahead(Cycle from) { return std::max<Cycle>(horizon() - from, 1); }

void Pace::wait_until(Cycle n) {
  awaited_ = mode_ == SyncMode::cycle ? reached_ + 1 : n;
  for (; awaited_ <= n; ++awaited_) {
    notify_resume();
    wait_resumed();
  }
  awaited_ = cycle_never;
  reached_ = n;
  horizon_known_ = false;
}

void Pace::notify_resume() {
  const Ps at = clock_.edge(awaited_) + 1;
  resume_.notify(sc_core::sc_time::from_value(at - sc_core::sc_time_stamp().value()));
}

Cycle Pace::sleep() {
  sleeping_ = true;
  wait_resumed();
  return awake();
}

Cycle Pace::sleep_on() {
  // What ended `begin` may come once more, even at the very edge of `wake`.
  do {
    wait_resumed();
  } while (sleeping_ || sc_core::sc_time_stamp().value() == clock_.edge(woken_at_));
  return awake();
}

Cycle Pace::awake() {
  reached_ = woken_at_;
  horizon_known_ = false;
  return woken_at_;
}

void Pace::wake() {
  if (!sleeping_) return;
  sleeping_ = false;
  const Ps now = sc_core::sc_time_stamp().value();
  woken_at_ = clock_.at_or_after(now);
  sc_assert(clock_.edge(woken_at_) == now);
  resume_.notify(sc_core::sc_time::from_value(1));
}

void Pace::wait_resumed() {
  sc_core::wait(resume_);
  if (!expelled_) return;
  awaited_ = cycle_never;
  sleeping_ = false;
  throw Restarted{};
}

Cycle Pace::begin() {
  beginning_ = true;
  while (halted_) sc_core::wait(resume_);
  beginning_ = false;
  expelled_ = false;
  reached_ = restart_at_;
  horizon_known_ = false;
  return restart_at_;
}

void Pace::resume_after_this_edge() {
  resume_.cancel();
  resume_.notify(sc_core::sc_time::from_value(1));
}

void Pace::halt() {
  halted_ = true;
  expelled_ = true;
  resume_after_this_edge();
}

void Pace::restart(Cycle at) {
  expelled_ = !halted_;
  halted_ = false;
  restart_at_ = at;
  resume_after_this_edge();
}

void Pace::sleep_since(Cycle n) {
  halted_ = false;
  sleeping_ = true;
  passed_ = n;
  restart_at_ = n;
  resume_.notify(sc_core::SC_ZERO_TIME);
}

void Pace::retime() {
  horizon_known_ = false;
  world_event_ = models::pins::ps_never;
  world_horizon_ = cycle_never;
  if (awaited_ == cycle_never || expelled_) return;
  // At the very instant that is awaited the wait is over, although the CPU has not run yet; another
  // notification would end its next wait.
  if (clock_.edge(awaited_) + 1 == sc_core::sc_time_stamp().value()) return;
  resume_.cancel();
  notify_resume();
}

}  // namespace platform
