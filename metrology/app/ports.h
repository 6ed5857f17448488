// The ports that masters speak to, as the main loop sees them: which one a variant has stands in
// each port's own file.
#pragma once

#include "metrology/app/mbus_port.h"
#include "metrology/app/modbus_port.h"
#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// The interrupt of the UART at terminals 22/23.
inline void note_bus(State& state, hal::Bus& bus) {
  if (hal::has_mbus(state.page.variant)) {
    note_mbus(state, bus);
  } else {
    note_modbus(state, bus);
  }
}

/// For the main loop: whether run_ports() has something to do.
inline bool port_work_pending(const State& state) {
  return modbus_work_pending(state) || mbus_work_pending(state);
}

/// For the main loop and between the long parts of its tasks: answers are due a fixed time after
/// their requests, the shortest after mbus_processing_allowance_cycles.
inline void run_ports(State& state, hal::Bus& bus) {
  run_modbus(state, bus);
  run_mbus(state, bus);
}

}  // namespace metrology::app
