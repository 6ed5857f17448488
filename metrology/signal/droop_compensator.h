// Undoes the sinc³ filter's droop: five taps, maximally flat at 0 Hz.
//
// The ADC's filter (three moving sums of 256 modulator clocks) weakens 50 Hz by 0.074 % and 250 Hz
// by 1.8 %. With d2 and d4 the second and fourth difference around a sample,
//   y = x + (d2 + d4 · 79/512) / 8        (d2 = -x'' taken positive: 2x0 - x-1 - x+1)
// cancels the terms in f² and f⁴ of that: 0.01 ppm are left at 60 Hz, 0.2 ‰ at 420 Hz. Shifts only.
#pragma once

#include <cstdint>

#include "metrology/hal/memory_map.h"

namespace metrology::signal {

/// Samples by which the compensator's output lags its input.
inline constexpr int compensator_delay_samples = 2;
/// Outputs carry 4 more bits than the codes: without them rounding would not average out where a
/// cycle is a whole number of samples.
inline constexpr int compensator_fraction_bits = 4;
/// Largest fine delay in 1/65536 sample, 40.7 µs: beyond, the outputs could leave their bound, and
/// the delay's accuracy.
inline constexpr std::int32_t fine_delay_max = 10'922;

/// What the compensator remembers of a channel: its last four codes.
struct CompensatorState {
  std::int32_t codes[4];
};

/// A voltage channel's block: `output[n]` in 1/16 LSB belongs to the instant 2 samples before
/// `codes[n]`. Codes are 24 bit; any sequence of them is safe. |output| < 1.82 · 2^27.
void compensate(CompensatorState& state, const std::int32_t* codes, std::int32_t* output);

/// The same for a current channel, delayed by t = `delay`/65536 sample (limited to
/// ±fine_delay_max):
///   y − t · slope − t²/2 · d2,   slope = (38 (x1 − x-1) − 7 (x2 − x-2)) / 48
/// The slope is that of the signal with its droop undone: its series 1 + w²/8 is the compensator's.
/// Against the same channel without delay, w = 2πf/4096, θ = wt:
///   phase: θ³/6 too late (0.29 µrad of 12 mrad at 60 Hz and 32 µs), and 0.073·w⁴ of θ too early,
///   the slope's own error (0.06 µrad there; 250 Hz: 0.16 % of the delay, 420 Hz: 1.2 %);
///   amplitude: within 0.14 ppm up to 60 Hz and 32 µs. Without the t² term it would be θ²/2 too
///   large: 51 ppm at 50 Hz, 73 ppm at 60 Hz.
/// Without a delay the same as compensate().
void compensate_and_delay(CompensatorState& state, std::int32_t delay, const std::int32_t* codes,
                          std::int32_t* output);

}  // namespace metrology::signal
