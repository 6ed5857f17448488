// Notices an output that owes more and more: its power is beyond what its pulses can carry.
#pragma once

#include <cstdint>

namespace metrology::energy {

/// Seconds for which debt must stand without falling before its growth is said [twin]. A load step
/// leaves a few pulses that drain within one.
inline constexpr std::uint32_t debt_watch_seconds = 5;
/// Between a pulse that becomes due and one that starts a steady debt goes up and down by one:
/// that much is neither growth nor fall.
inline constexpr std::int64_t debt_play = 1;

struct DebtWatch {
  std::int64_t debt_at_first;  ///< at the first of the seconds in a row in which it did not fall
  std::int64_t highest;        ///< of them
  std::uint32_t seconds;       ///< their number, up to debt_watch_seconds
  bool growing;                ///< the diagnostic; stands until the debt falls
};

/// Once a second, with the debt of that moment.
constexpr void watch(DebtWatch& state, std::int64_t debt) {
  if (debt <= 0) {
    state = {};
    return;
  }
  if (state.seconds == 0 || debt < state.highest - debt_play) {
    state = {debt, debt, 1, false};
    return;
  }
  if (debt > state.highest) state.highest = debt;
  if (state.seconds < debt_watch_seconds) ++state.seconds;
  if (state.seconds == debt_watch_seconds && debt > state.debt_at_first + debt_play) {
    state.growing = true;
  }
}

}  // namespace metrology::energy
