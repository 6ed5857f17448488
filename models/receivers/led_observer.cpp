#include "models/receivers/led_observer.h"

#include <utility>

namespace models::receivers {

void rebase(LedState& state, Ps by) { state.last_edge = pins::rebased(state.last_edge, by); }

LedObserver::LedObserver(std::string instance, pins::EventSink& sink)
    : instance_(std::move(instance)), sink_(sink) {}

void LedObserver::drive(Ps t, bool on) {
  if (on == state_.on) return;
  state_.on = on;
  state_.last_edge = t;
  if (on) ++state_.flashes;
  sink_.record(t, instance_, "edge", {{"on", on}});
}

}  // namespace models::receivers
