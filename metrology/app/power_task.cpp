#include "metrology/app/power_task.h"

#include "metrology/app/charges.h"
#include "metrology/app/panel_task.h"
#include "metrology/app/pulse_driver.h"
#include "metrology/app/storage_task.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

namespace {

constexpr std::uint32_t all_events =
    hal::power::event_mains_lost | hal::power::event_mains_back | hal::power::event_charged;

bool is_supplied(hal::Bus& bus) {
  constexpr std::uint32_t wanted = hal::power::state_mains | hal::power::state_charged;
  return (bus.read(hal::power::base + hal::power::state) & wanted) == wanted;
}

/// The counters stand since the interrupt; pulses that start until here are counted as such.
void go_down(State& state, hal::Bus& bus) {
  state.power.snapshot_due = false;
  bus.charge(charges::task_entry);
  hold_pulses(state, bus);
  save_at_power_fail(state, bus);
  darken_panel(state, bus);
}

/// A brown-out that comes while the levels are looked at interrupts afterwards.
bool take_supplied(State& state, hal::Bus& bus) {
  bus.disable_interrupts();
  state.power.look = false;
  const bool supplied = is_supplied(bus);
  if (supplied) state.power.failing = false;
  bus.enable_interrupts();
  return supplied;
}

}  // namespace

void start_power(State& state, hal::Bus& bus) {
  bus.write(hal::power::base + hal::power::events, all_events);
  bus.write(hal::power::base + hal::power::enable, all_events);
  state.power.failing = !is_supplied(bus);
  state.power.look = state.power.failing;
}

void note_power(State& state, hal::Bus& bus) {
  const std::uint32_t events = bus.read(hal::power::base + hal::power::events);
  bus.write(hal::power::base + hal::power::events, events);
  if ((events & hal::power::event_mains_lost) != 0) {
    state.power.failing = true;
    state.power.snapshot_due = true;
  }
  state.power.look = true;
}

bool power_work_pending(const State& state) {
  return state.power.look || (state.power.snapshot_due && state.storage.loaded);
}

void run_power(State& state, hal::Bus& bus) {
  if (state.power.snapshot_due && state.storage.loaded) go_down(state, bus);
  if (!state.power.look) return;
  if (!state.power.failing) {
    state.power.look = false;
    return;
  }
  bus.charge(charges::task_entry);
  if (!take_supplied(state, bus)) return;
  light_panel(state, bus);
  if (state.storage.loaded) release_pulses(state, bus);
}

}  // namespace metrology::app
