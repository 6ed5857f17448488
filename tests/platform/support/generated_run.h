// One generated scenario: the exerciser in a meter whose world does random things at and next to
// clock edges. Everything follows from the seed.
#pragma once

#include <memory>

#include "platform/event_log.h"
#include "platform/meter_config.h"
#include "platform/parts_maker.h"

namespace test {

struct GeneratedRun {
  std::uint64_t seed;
  models::pins::Ps duration;
  platform::SyncMode sync;
  /// Meters in one process; each has its own seed derived from `seed` and its number.
  int meters = 1;
  /// Only the meter of this number is built; −1 for all. Its life must be the same.
  int only = -1;
  const platform::PartsMaker* maker = nullptr;
  /// Ends the run here instead; the world's plan is still that of `duration`.
  models::pins::Ps end = 0;
  /// No resets, no cuts of the supply, no stop of the conversion, and the DMA's blocks sometimes
  /// overrun.
  bool steady = false;
  /// All meters are on one serial line; else each has its own. Somebody disturbs every line.
  bool one_line = false;
  /// The meters run this image in the exerciser's place.
  platform::SharedImage image;
};

/// Simulates in this process; returns the end of the run. For log_of().
models::pins::Ps simulate(const GeneratedRun& run, platform::EventLog& log);

/// The log of the run, simulated in a process of its own.
std::string log_of(const GeneratedRun& run);

}  // namespace test
