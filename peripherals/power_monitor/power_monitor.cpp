#include "peripherals/power_monitor/power_monitor.h"

namespace peripherals {

namespace power = metrology::hal::power;

namespace {
constexpr int synchroniser_stages = metrology::hal::gpio::synchroniser_stages;
constexpr std::uint32_t all_levels = power::state_mains | power::state_charged;
constexpr std::uint32_t all_events =
    power::event_mains_lost | power::event_mains_back | power::event_charged;
}  // namespace

PowerMonitor::PowerMonitor(const sc_core::sc_module_name& name, Agenda& agenda,
                           const CoreClock& clock, IrqLine& irq)
    : RegisterTarget(name), clock_(clock), irq_(irq), captures_due_(agenda, "captures_due") {
  state_.outside = all_levels;
  state_.levels = all_levels;
  state_.powered = true;
  captures_due_.serve("show_capture", [this](Cycle) { show_first_capture(); });
}

void PowerMonitor::drive(Ps t, std::uint32_t bit, bool level) {
  state_.outside = level ? state_.outside | bit : state_.outside & ~bit;
  if (!state_.powered) return;
  const Cycle edge = clock_.at_or_after(t);
  if (state_.capture_count > 0 && state_.captures[state_.capture_count - 1].edge == edge) {
    state_.captures[state_.capture_count - 1].levels = state_.outside;
    return;
  }
  state_.captures.at(state_.capture_count++) = Capture{edge, state_.outside};
  if (state_.capture_count == 1) schedule();
}

void PowerMonitor::schedule() {
  captures_due_.set(state_.capture_count > 0 ? state_.captures[0].edge + synchroniser_stages
                                             : cycle_never);
}

void PowerMonitor::show_first_capture() {
  const std::uint32_t levels = state_.captures[0].levels;
  for (std::uint32_t i = 1; i < state_.capture_count; ++i) {
    state_.captures[i - 1] = state_.captures[i];
  }
  --state_.capture_count;
  schedule();
  const std::uint32_t rises = levels & ~state_.levels;
  const std::uint32_t falls = state_.levels & ~levels;
  state_.levels = levels;
  if ((falls & power::state_mains) != 0) state_.events |= power::event_mains_lost;
  if ((rises & power::state_mains) != 0) state_.events |= power::event_mains_back;
  if ((rises & power::state_charged) != 0) state_.events |= power::event_charged;
  tell_irq();
}

void PowerMonitor::tell_irq() { irq_.set((state_.events & state_.enable) != 0); }

bool PowerMonitor::read(std::uint32_t offset, Cycle, std::uint32_t& value) {
  switch (offset) {
    case power::state:
      value = state_.levels;
      return true;
    case power::events:
      value = state_.events;
      return true;
    case power::enable:
      value = state_.enable;
      return true;
    default:
      return false;
  }
}

bool PowerMonitor::write(std::uint32_t offset, Cycle, std::uint32_t value) {
  if ((value & ~all_events) != 0) return false;
  switch (offset) {
    case power::events:
      state_.events &= ~value;
      break;
    case power::enable:
      state_.enable = value;
      break;
    default:
      return false;
  }
  tell_irq();
  return true;
}

void PowerMonitor::reset(Cycle) {
  state_.events = 0;
  state_.enable = 0;
  tell_irq();
}

void PowerMonitor::power_off(Cycle at) {
  state_.powered = false;
  state_.levels = 0;
  state_.capture_count = 0;
  schedule();
  reset(at);
}

void PowerMonitor::power_on(Cycle at) {
  state_.powered = true;
  state_.levels = state_.outside;
  reset(at);
}

void PowerMonitor::restore(const State& state) {
  state_ = state;
  schedule();
  tell_irq();
}

}  // namespace peripherals
