// Which phases the meter calls present in its status "S pe abc" (pro380 §11): a phase is present
// from 100 V on and gone below 80 V, once either has lasted for half a second.
#pragma once

#include <cstdint>

#include "metrology/energy/accounts.h"
#include "metrology/hal/memory_map.h"
#include "metrology/hal/parameter_page.h"
#include "metrology/signal/window.h"

namespace metrology::energy {

/// How long a phase's voltage must contradict what is said of it.
inline constexpr signal::SampleTime presence_duration =
    signal::one_sample * hal::samples_per_second / 2;

struct PhaseWatch {
  bool present[phase_count];
  /// Length of the windows in a row that say otherwise, ended by the first that agrees.
  signal::SampleTime contradicted[phase_count];
};

/// At power-up every phase of the connection counts as present until it has been missing for half a
/// second [twin]. The others never are, but L2 in Aron, which always is.
void reset(PhaseWatch& watch, hal::Connection connection);

/// Judges the phases by a window's voltages.
void judge(PhaseWatch& watch, hal::Connection connection, const signal::Window& window);

}  // namespace metrology::energy
