// The pulses that came out of one output, as edges at the terminals.
#pragma once

#include <vector>

#include "models/pins/time.h"

namespace tools {

using models::pins::Ps;

struct Pulse {
  Ps start;
  Ps end;  ///< ps_never while it lasts
};

/// In order of time.
using PulseTrain = std::vector<Pulse>;

/// The pulses of `train` that start in [from, to), as positions [first, last).
struct PulseRange {
  std::size_t first;
  std::size_t last;
};
PulseRange starting_in(const PulseTrain& train, Ps from, Ps to);

}  // namespace tools
