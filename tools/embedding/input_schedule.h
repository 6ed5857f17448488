// When what comes in at a meter's ports reaches it: always one `delay` after it came.
//
// A signal of somebody else's model changes without a word before. The meter's CPU, though, runs
// ahead of the kernel, and may not be told of what lies in its past. So everything that comes in
// unannounced is kept for the delay, and the CPU runs ahead by no more than that:
//
//   signal changes at t ──▶ acts on the meter at t + delay          CPU: at most kernel time +
//   delay
//
// With a delay of 0 nothing is kept, and the CPU waits for the kernel at every cycle it is awake.
#pragma once

#include <deque>
#include <functional>
#include <systemc>
#include <vector>

#include "models/pins/world_schedule.h"

namespace vmeter {

using models::pins::Ps;

class InputSchedule : public sc_core::sc_module, public models::pins::WorldSchedule {
 public:
  SC_HAS_PROCESS(InputSchedule);

  InputSchedule(const sc_core::sc_module_name& name, Ps delay);

  Ps delay() const { return delay_; }
  /// When what comes in now acts.
  Ps acts_at() const { return sc_core::sc_time_stamp().value() + delay_; }

  /// `action` is to happen at acts_at(). Actions keep their order.
  void post(std::function<void()> action) { post_at(acts_at(), std::move(action)); }
  /// … at kernel time 0: before the simulation, for how things stood from the beginning.
  void post_first(std::function<void()> action) { post_at(0, std::move(action)); }
  /// Somebody who acts on the meter by himself; both functions must be usable as long as this
  /// lives. `next` changes by acting or by a posted action only.
  void add_actor(std::function<Ps()> next, std::function<void(Ps)> advance);

  Ps next_event() const override;

 private:
  struct Posted {
    Ps t;
    std::function<void()> action;
  };
  struct Actor {
    std::function<Ps()> next;
    std::function<void(Ps)> advance;
  };

  void post_at(Ps t, std::function<void()> action);
  Ps next_known() const;
  void act();
  void arm();

  Ps delay_;
  std::deque<Posted> posted_;
  std::vector<Actor> actors_;
  sc_core::sc_event wake_{"wake"};
  bool meter_done_ = false;  ///< the delta cycle of what the meter does at this instant is over
};

}  // namespace vmeter
