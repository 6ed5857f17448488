#define SC_INCLUDE_DYNAMIC_PROCESSES  // the kernel's headers offer sc_spawn only then
#include "platform/supervisor.h"

namespace platform {

namespace {
// The peripherals act in the first delta cycle of an instant, the script in the second.
constexpr int deltas_to_settle = 2;
}  // namespace

Supervisor::Supervisor(const sc_core::sc_module_name& name, EventAgenda& agenda,
                       const ClockTree& clock, Pace& pace, Supervised& hardware, bool awaits_state)
    : sc_core::sc_module(name),
      clock_(clock),
      pace_(pace),
      hardware_(hardware),
      rail_due_(agenda, "rail_due"),
      state_{true, false, awaits_state ? cycle_never : 0} {
  rail_due_.serve("look_at_rail", [this](Cycle at) {
    state_.due = cycle_never;
    settle_at(at);
  });
  sc_core::sc_spawn_options options;
  options.spawn_method();
  options.dont_initialize();
  options.set_sensitivity(&settle_);
  sc_core::sc_spawn([this] { settle(); }, "settle_instant", &options);
  rail_due_.set(state_.due);
}

void Supervisor::rail(Ps t, bool on) {
  state_.rail = on;
  state_.due = clock_.at_or_after(t);
  rail_due_.set(state_.due);
}

void Supervisor::bite(Cycle at) {
  bitten_ = true;
  settle_at(at);
}

void Supervisor::settle_at(Cycle at) {
  settling_ = at;
  deltas_left_ = deltas_to_settle;
  settle_.notify(sc_core::SC_ZERO_TIME);
}

void Supervisor::settle() {
  if (--deltas_left_ > 0) {
    settle_.notify(sc_core::SC_ZERO_TIME);
  } else {
    act(settling_);
  }
}

void Supervisor::restore(const State& state) {
  state_ = state;
  begun_ = true;
  rail_due_.set(state_.due);
}

void Supervisor::act(Cycle at) {
  const bool bitten = bitten_;
  bitten_ = false;
  if (!begun_ || state_.rail != state_.powered) {
    begun_ = true;
    state_.powered = state_.rail;
    if (state_.powered) {
      hardware_.power_on(at);
      pace_.restart(at);
    } else {
      pace_.halt();
      hardware_.power_off(at);
    }
  } else if (bitten && state_.powered) {
    hardware_.watchdog_reset(at);
    pace_.restart(at);
  }
}

}  // namespace platform
