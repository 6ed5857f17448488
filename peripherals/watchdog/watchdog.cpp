#include "peripherals/watchdog/watchdog.h"

namespace peripherals {

namespace hal = metrology::hal;

namespace {
constexpr Watchdog::State reset_state{hal::rtc::ticks_per_second, cycle_never};
}

Watchdog::Watchdog(const sc_core::sc_module_name& name, Agenda& agenda, WatchdogReset& output)
    : RegisterTarget(name), output_(output), bite_due_(agenda, "bite_due"), state_(reset_state) {
  bite_due_.serve("bite", [this](Cycle at) {
    if (at != state_.due) {  // kicked since
      bite_due_.set(state_.due);
      return;
    }
    state_.due = cycle_never;
    output_.bite(at);
  });
}

void Watchdog::begin_anew(Cycle at) {
  state_.due = at + Cycle{state_.timeout} * hal::rtc::core_cycles_per_tick;
  // Kicks come often and put the bite off each time: the event stays where it is and is moved when
  // it finds that the bite is not due.
  if (bite_due_.cycle() > state_.due) bite_due_.set(state_.due);
}

bool Watchdog::read(std::uint32_t offset, Cycle, std::uint32_t& value) {
  switch (offset) {
    case hal::watchdog::control:
      value = running() ? hal::watchdog::control_run : 0;
      return true;
    case hal::watchdog::timeout:
      value = state_.timeout;
      return true;
    default:
      return false;
  }
}

bool Watchdog::write(std::uint32_t offset, Cycle at, std::uint32_t value) {
  switch (offset) {
    case hal::watchdog::control:
      if (value > hal::watchdog::control_run) return false;
      if (value != 0 && !running()) begin_anew(at);
      return true;
    case hal::watchdog::timeout:
      if (running() || value == 0 || value > hal::watchdog::timeout_max) return false;
      state_.timeout = value;
      return true;
    case hal::watchdog::kick:
      if (value == hal::watchdog::kick_key && running()) begin_anew(at);
      return true;
    default:
      return false;
  }
}

void Watchdog::reset(Cycle) { restore(reset_state); }

void Watchdog::restore(const State& state) {
  state_ = state;
  bite_due_.set(state_.due);
}

}  // namespace peripherals
