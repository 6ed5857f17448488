// The 90° filter's coefficients and the gain of the reactive path.
//
// Problem they solve (least squares, all weights one, grid 0.1 Hz in the pass band and 0.25 Hz in
// the stop bands; coefficients then rounded to 2^-24):
//   47 antisymmetric taps at 512 Hz, response A(f) = Σ 2·c[k]·sin(2π·f·(k + 1)/512), k = 0…22,
//   A(f) = 1/D(f)² for 44…61.5 Hz, D being the decimator's droop,
//   A(f) = 0 for 0…30 Hz and for 89…256 Hz.
// The phase is exact by symmetry. What is left of ripple in the pass band (2 %) is taken out by
// `gain_correction`, which frees the 23 coefficients for the stop band: |A| < 0.7 % from 89 Hz,
// < 0.38 % at twice 45…60 Hz, < 0.15 % from 135 Hz on and < 10 % below 30 Hz.
#pragma once

#include <cstdint>

#include "metrology/signal/window.h"

namespace metrology::signal {

/// Samples per decimated sample, and the decimator's gain for d.c. (triangle of height 8).
inline constexpr int quadrature_decimation = 8;
inline constexpr int decimator_gain = 64;

inline constexpr int quadrature_half_taps = 23;
inline constexpr int quadrature_taps = 2 * quadrature_half_taps + 1;
inline constexpr int quadrature_coefficient_bits = 24;

/// In 2^-24; [k] belongs to the taps k + 1 before (minus) and after (plus) the middle.
inline constexpr std::int32_t quadrature_coefficients[quadrature_half_taps] = {
    1782864, 2641097, 2198568, 817458,  -677521, -1530229, -1475648, -798591,
    -45744,  364077,  358850,  153731,  16502,   60981,    206845,   293740,
    228122,  45482,   -138858, -227375, -202325, -115656,  -33791};

/// 1/(A·D²) in 2^-24 for a fundamental whose cycle has this length in 1/65536 sample; held at the
/// ends of 64…96 samples (64…42.7 Hz).
std::int32_t gain_correction(SampleTime cycle);
inline constexpr std::int32_t unit_gain = std::int32_t{1} << 24;

/// sum · gain / 2^24 without a wider type; |sum| < 2^61.
constexpr std::int64_t scaled_by_gain(std::int64_t sum, std::int32_t gain) {
  return (sum >> 24) * gain + (((sum & 0xFF'FFFF) * gain) >> 24);
}

}  // namespace metrology::signal
