// The scripted events that act on a meter by themselves, not through a waveform: requests at the
// debug port, supplies of receivers, the crystal, buttons; and the actors that they set going. One
// kernel process wakes at each.
//
// The kernel promises no order among processes that wake at one instant. So the script acts one
// delta cycle after it wakes: whatever a meter does at that picosecond by itself (a pulse's edge,
// a level at a pin, an answer) has happened, and the script's actions follow in their own order,
// those of the actors after them in the order in which they were added.
#pragma once

#include <functional>
#include <systemc>
#include <vector>

#include "models/pins/world_schedule.h"
#include "tools/engine/script_actor.h"

namespace tools {

using models::pins::Ps;

class Script : public sc_core::sc_module, public models::pins::WorldSchedule {
 public:
  SC_HAS_PROCESS(Script);

  /// `end`: of the run; no event at or after it happens. `horizon`: no CPU runs ahead of it.
  Script(const sc_core::sc_module_name& name, Ps end, Ps horizon);
  Script(const sc_core::sc_module_name& name, Ps end) : Script(name, end, end) {}

  /// Before the run: `action` is to happen at `t`. Actions of one instant keep their order.
  void add(Ps t, std::function<void()> action);
  /// Before the run: `actor`, who must outlive the script, is woken at each of his instants.
  void add(ScriptActor& actor) { actors_.push_back(&actor); }
  /// During the run: `action` is to happen at `t`, which lies after kernel time and at or after
  /// what was granted last, behind what is to happen then already.
  void post(Ps t, std::function<void()> action);
  /// Nobody knows what the world will do at `t` and later: no CPU runs ahead of it. Without a call
  /// everything is known before the run.
  void grant(Ps t) { granted_ = t; }
  /// All added: sorts them and waits for the first. To be called once, before simulation starts or,
  /// in a run that goes on, when the kernel stands where that does: what lies before has happened.
  void ready();

  Ps next_event() const override;

 private:
  struct Event {
    Ps t;
    std::function<void()> action;
  };

  void act();
  void act_on(Ps now);
  void arm();

  Ps end_;
  Ps horizon_;
  std::vector<Event> events_;
  std::size_t next_ = 0;
  std::vector<ScriptActor*> actors_;
  Ps granted_ = models::pins::ps_never;
  Ps next_instant_ = 0;  ///< of events and actors, at most the horizon
  sc_core::sc_event wake_;
  bool peripherals_done_ = false;  ///< the delta cycle of the present instant's peripherals is over
};

}  // namespace tools
