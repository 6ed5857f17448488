// Everything that is scheduled, and how far it has been told.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/grid/frequency_track.h"
#include "models/grid/grid.h"
#include "models/grid/rms_track.h"
#include "models/grid/track.h"

namespace models::grid {

/// The whole voltage is multiplied by `residual` on [at, end).
struct Dip {
  Ps at;
  Ps end;
  double residual;
};

/// A channel of a recording that is played in place of what is specified; none: playback is null.
struct PlayedChannel {
  std::shared_ptr<const recordings::Playback> playback;
  int channel = 0;
  Ps begun = 0;  ///< the instant at which it was started
  Ps skip = 0;   ///< into the recording, then
};

/// Specifications keep their shape here; their rms stands in tracks of its own, which can ramp.
struct PhaseSchedule {
  Track<VoltageSpec> voltage{VoltageSpec{}};
  RmsTrack voltage_rms;
  std::vector<Dip> dips;  ///< by time, never overlapping
  Track<CurrentSpec> current{CurrentSpec{}};
  RmsTrack current_rms;
  Track<PlayedChannel> voltage_played{PlayedChannel{}};
  Track<PlayedChannel> current_played{PlayedChannel{}};
};

struct GridState {
  explicit GridState(std::int64_t frequency_nHz) : frequency(frequency_nHz) {}

  FrequencyTrack frequency;
  Track<bool> sequence_reversed{false};
  std::array<PhaseSchedule, phase_count> phases;
  std::uint64_t revision = 0;  ///< counts changes
  mutable Ps asked_until = 0;  ///< one past the latest instant asked for
};

}  // namespace models::grid
