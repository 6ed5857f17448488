// The signal path: blocks of raw ADC codes in, measuring windows out. Integer arithmetic only.
//
//   codes → sinc³ droop compensation → Σu², Σi², Σu·i per window, d.c. removed
//                                    → decimation by 8 → 90° shift → Σq
//           reference phase → low-pass → rising zero crossings, interpolated → the windows' ends
#pragma once

#include <cstdint>
#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "metrology/signal/crossing_detector.h"
#include "metrology/signal/droop_compensator.h"
#include "metrology/signal/phase_presence.h"
#include "metrology/signal/quadrature.h"
#include "metrology/signal/window.h"
#include "metrology/signal/window_sums.h"

namespace metrology::signal {

/// Delay of P's windows against the world, in core clocks times two: the sinc³ filter's
/// (766 − 1)/2 modulator clocks and the compensator's 2 samples. A window's end at SampleTime e
/// (sample set n = e / 65536 arrives at core clock n · 6144 after the ADC's start) bounds the
/// energy of the world up to that much earlier.
inline constexpr int signal_delay_half_cycles =
    765 * hal::core_cycles_per_modulator_clock +
    2 * compensator_delay_samples * hal::core_cycles_per_sample;

/// Sets after a reset whose windows would lack what came before: the compensator needs four.
inline constexpr int sets_before_first_window = 2 * compensator_delay_samples;

/// More windows than this never end within one block.
inline constexpr int max_windows_per_block = 4;
static_assert(max_boundaries_per_block <= max_windows_per_block);

/// What the path must know of the meter.
struct SignalSetup {
  /// Fine delay of each phase's current against its voltage, in 1/65536 of a sample period.
  /// Limited to ±fine_delay_max.
  std::int32_t current_delay[3];
};

/// All that the path remembers from one block to the next.
struct SignalState {
  std::int64_t next_set;  ///< number of the sample set the next block begins with
  SampleTime window_begin;
  bool window_open;     ///< the first boundary, at `window_begin`, has been passed
  std::int32_t q_gain;  ///< correction of the window before, 1/2^24: irregular windows keep it
  PhasePresence presence;
  CrossingDetectorState crossings;
  CompensatorState compensator_u[3];
  CompensatorState compensator_i[3];
  WindowSumsState sums[3];
  VoltageOffset offset[3];
  QuadratureState quadrature[3];
};
static_assert(std::is_trivially_copyable_v<SignalState> && std::is_standard_layout_v<SignalState>);

/// What is called in the middle of a block.
struct Pause {
  void (*call)(void* context);
  void* context;
};

/// Puts the path before sample set `first_set`, with nothing known: at the start, and after blocks
/// that were lost. The first window will begin with set `first_set + sets_before_first_window`.
void reset(SignalState& state, std::int64_t first_set = 0);

/// Takes the next block of `hal::block_samples` sample sets, `block[channel * block_samples + n]`
/// in 24-bit codes (the temperature channel is not read), and writes the windows that ended in it
/// to `windows`, which has room for `max_windows_per_block`. Returns their number. Windows follow
/// each other without gap. The first one begins by force as soon as its sums are exact: what flows
/// between a start and the first crossing is metered, too.
/// Judging by its windows, the block may end with another phase as reference: the next windows are
/// irregular until that phase has shown two crossings.
/// A block takes long: behind each phase of it `pause` is called, which may do what cannot wait. It
/// finds `state.next_set` behind the block already, and must leave `state` alone.
int process_block(SignalState& state, const SignalSetup& setup, const std::int32_t* block,
                  Window* windows, const Pause* pause = nullptr);

}  // namespace metrology::signal
