// The signal path: blocks of raw ADC codes in, measuring windows out. Integer arithmetic only.
//
//   codes → sinc³ droop compensation → Σu², Σi², Σu·i per window, d.c. removed
//                                    → decimation by 8 → 90° shift → Σq
//           reference phase → low-pass → rising zero crossings, interpolated → the windows' ends
#pragma once

#include <cstdint>

#include "metrology/hal/memory_map.h"
#include "metrology/signal/window.h"

namespace metrology::signal {

/// Delay of P's windows against the world, in core clocks times two: the sinc³ filter's
/// (766 − 1)/2 modulator clocks and the compensator's 2 samples. A window's end at SampleTime e
/// (sample set n = e / 65536 arrives at core clock n · 6144 after the ADC's start) bounds the
/// energy of the world up to that much earlier.
inline constexpr int signal_delay_half_cycles =
    765 * hal::core_cycles_per_modulator_clock + 2 * 2 * hal::core_cycles_per_sample;
/// Further delay of the reactive path, in samples: decimation and 90° filter.
inline constexpr int reactive_extra_delay_samples = 196;

/// Longest window; one that finds no crossing by then is closed by force.
inline constexpr int longest_window_samples = 128;
/// More windows than this never end within one block.
inline constexpr int max_windows_per_block = 4;

/// What the path must know of the meter.
struct SignalSetup {
  /// Fine delay of each phase's current against its voltage, in 1/65536 of a sample period.
  std::int32_t current_delay[3];
};

}  // namespace metrology::signal
