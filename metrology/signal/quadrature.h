// Reactive power of the fundamental: u and i are decimated by 8 (sinc²), shifted by 90° with an
// antisymmetric filter, and multiplied crosswise: i·u90 - u·i90 is free of the ripple that a single
// product would have. Harmonics are stopped by the filter.
#pragma once

#include <cstdint>

#include "metrology/hal/memory_map.h"
#include "metrology/signal/boundary.h"
#include "metrology/signal/quadrature_filter.h"
#include "metrology/signal/window.h"

namespace metrology::signal {

/// Delay of q against p, in samples: decimation and 90° filter.
inline constexpr int reactive_extra_delay_samples = 196;

/// Decimated samples of one channel that the filter still needs, and the half-done next one.
struct DecimatedChannel {
  std::int32_t history[quadrature_taps - 1];
  std::int32_t rising_half;  ///< the last group's part of the next triangle
};

/// A phase's reactive path. `recent` are the last two products: they are stamped half a group late,
/// so that the path's delay against p is exactly `reactive_extra_delay_samples`.
struct QuadratureState {
  DecimatedChannel u;
  DecimatedChannel i;
  std::int64_t recent[2];
  std::int64_t open;  ///< sum of the window under way
};

/// Adds a block of a phase's compensated samples (1/16 LSB) and writes for each window that a
/// boundary closes the uncorrected sum of products to `closed[0…count-1]`.
void add_block(QuadratureState& state, const std::int32_t* u, const std::int32_t* i,
               const Boundary* boundaries, int count, std::int64_t* closed);

/// A window's sum of products as PhaseSums::q: samples times 1/256 LSB², freed of the path's gain
/// by `gain` (see gain_correction).
std::int64_t reactive_sum(std::int64_t products, std::int32_t gain);

}  // namespace metrology::signal
