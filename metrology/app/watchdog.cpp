#include "metrology/app/watchdog.h"

#include "metrology/hal/memory_map.h"

namespace metrology::app {

void start_watchdog(hal::Bus& bus) {
  bus.write(hal::watchdog::base + hal::watchdog::timeout, watchdog_ticks);
  bus.write(hal::watchdog::base + hal::watchdog::control, hal::watchdog::control_run);
}

void kick_watchdog(State& state, hal::Bus& bus) {
  if (state.blocks_kicked == state.pending.blocks_done) return;
  state.blocks_kicked = state.pending.blocks_done;
  bus.write(hal::watchdog::base + hal::watchdog::kick, hal::watchdog::kick_key);
}

}  // namespace metrology::app
