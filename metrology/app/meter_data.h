// The firmware's state as the register table sees it.
#pragma once

#include "metrology/app/state.h"
#include "metrology/registers/access.h"

namespace metrology::app {

/// What rows show. `now_cycle` is the core counter for the pulse debt; no other row needs it.
inline registers::MeterData data_of(const State& state, std::int64_t now_cycle = 0) {
  return {state.page,   state.settings, state.measurement.values,
          state.energy, state.pulses,   state.diagnostics,
          state.tariff, state.status,   now_cycle};
}

}  // namespace metrology::app
