// Where one window ends and the next begins, and how the samples beside that instant are shared.
#pragma once

#include <cstdint>

#include "metrology/signal/window.h"

namespace metrology::signal {

/// A window's end inside the block at hand: between the samples `first_after - 1` and
/// `first_after`, `fraction`/65536 of the way, 0 < fraction <= 65536. Sample -1 is the last one of
/// the block before.
struct Boundary {
  SampleTime time;
  std::int32_t first_after;
  std::int32_t fraction;
  bool crossing;     ///< a zero crossing of the reference; otherwise forced
  bool whole_cycle;  ///< the boundary before it was a crossing of the same reference, too
};

/// Shares of a boundary's two neighbours in 1/65536. A window's sum holds all its samples whole;
/// adding `before`·s[first_after - 1] + `after`·s[first_after] makes it the integral of the
/// straight line through the samples up to the boundary, and the same amount is taken from the next
/// window, so nothing is lost between them. Over whole cycles the straight line's own error
/// cancels.
struct SplitShares {
  std::int32_t before;
  std::int32_t after;
};

/// Shares for a boundary at fraction f of its cell: before = f - 1/2 - f²/2, after = f²/2.
constexpr SplitShares split_shares(std::int32_t fraction) {
  const auto half_square =
      static_cast<std::int32_t>((std::int64_t{fraction} * fraction + 65536) >> 17);
  return {fraction - 32768 - half_square, half_square};
}

/// The amount to move at a boundary between two neighbours of at most 2^62. They are cut to 1/65536
/// first: the sum moved is below the noise, and what one window gains the next one loses exactly.
constexpr std::int64_t split_amount(SplitShares shares, std::int64_t before, std::int64_t after) {
  return (before >> 16) * shares.before + (after >> 16) * shares.after;
}

}  // namespace metrology::signal
