#include "tools/engine/actor_process.h"

#include <algorithm>

namespace tools {

using models::pins::Ps;

ActorProcess::ActorProcess(const sc_core::sc_module_name& name, ScriptActor& actor, bool waits)
    : sc_module(name), actor_(actor), waits_(waits) {
  SC_METHOD(act);
  sensitive << wake_;
  dont_initialize();
  rearm();
}

void ActorProcess::act() {
  const Ps now = sc_core::sc_time_stamp().value();
  while (actor_.next_event() <= now) actor_.advance(now);
  rearm();
}

void ActorProcess::begin() {
  waits_ = false;
  rearm();
}

void ActorProcess::rearm() {
  wake_.cancel();
  if (waits_) return;
  const Ps next = actor_.next_event();
  if (next == models::pins::ps_never) return;
  const Ps now = sc_core::sc_time_stamp().value();
  wake_.notify(sc_core::sc_time::from_value(std::max(next, now) - now));
}

}  // namespace tools
