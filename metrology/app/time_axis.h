// From the signal path's time to the core counter's. A sample set's number times 6144 is exact in
// core clocks, 1/65536 of a sample is 3 ticks of 1/32 clock: nothing is rounded here.
#pragma once

#include <cstdint>

#include "metrology/energy/pulse_width.h"
#include "metrology/hal/memory_map.h"
#include "metrology/signal/signal_path.h"
#include "metrology/signal/window.h"

namespace metrology::app {

using energy::ticks_per_core_cycle;
using signal::SampleTime;

static_assert(ticks_per_core_cycle * hal::core_cycles_per_sample == 3 * signal::one_sample);
static_assert(signal::signal_delay_half_cycles % 2 == 0);

/// Ticks of 1/32 core clock, counted like the core counter, at which the world had what the window
/// boundary `time` bounds. Start offsets of single channels, 30 µs at most, are not in it.
constexpr std::int64_t world_ticks(SampleTime time, std::int64_t adc_start_cycle) {
  return (adc_start_cycle - signal::signal_delay_half_cycles / 2) * ticks_per_core_cycle + 3 * time;
}

/// The world's energy is played this much later: the longest window, a block, and the delays of
/// the filters and of computing (pro380 §7).
inline constexpr int play_latency_samples = 320;
constexpr std::int64_t play_ticks(SampleTime time, std::int64_t adc_start_cycle) {
  return world_ticks(time + play_latency_samples * signal::one_sample, adc_start_cycle);
}

}  // namespace metrology::app
