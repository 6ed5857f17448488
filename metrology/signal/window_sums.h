// A phase's running sums of u², i², u·i, u and i, cut at the windows' ends.
#pragma once

#include <cstdint>

#include "metrology/signal/boundary.h"
#include "metrology/signal/window.h"

namespace metrology::signal {

/// Sums over samples in units of 1/16 LSB, or 1/256 LSB² for products. Even with codes that jump
/// between the ends of the range from sample to sample a window of 129 stays below 2^63.
struct SampleSums {
  std::int64_t u2;
  std::int64_t i2;
  std::int64_t ui;
  std::int64_t u;
  std::int64_t i;
};

struct WindowSumsState {
  SampleSums open;      ///< the window under way
  std::int32_t last_u;  ///< the block before's last sample
  std::int32_t last_i;
};

/// Adds a block and writes the sums of each window that a boundary closes to `closed[0…count-1]`.
/// `u` and `i` are one block long.
void add_block(WindowSumsState& state, const std::int32_t* u, const std::int32_t* i,
               const Boundary* boundaries, int count, SampleSums* closed);

/// The voltage channel's offset, learned from regular windows: a mean that weighs the first windows
/// equally and from then on forgets over 16 [twin]. A window's own mean would do for a steady load,
/// but a step of the voltage inside a window gives it a mean that is no offset.
struct VoltageOffset {
  std::int32_t value;    ///< 1/1024 LSB, limited to 1/8 of full scale
  std::int32_t windows;  ///< learned from, up to 16
};

/// What the path tells of a phase's window: u² and i² less their means' squares if `regular`, p
/// less the voltage's offset times the mean current always (so p needs no mean of its own, and a
/// half-wave current is metered as it should be). `q` is left 0. Learns the offset.
PhaseSums without_dc(VoltageOffset& offset, const SampleSums& sums, SampleTime length,
                     bool regular);

}  // namespace metrology::signal
