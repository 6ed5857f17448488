// Notices an output that owes more and more: its power is beyond what its pulses can carry.
#pragma once

#include <cstdint>

namespace metrology::energy {

/// Seconds for which debt must last before its growth is said [twin]. A load step leaves a few
/// pulses that drain within one.
inline constexpr std::uint32_t debt_watch_seconds = 5;

struct DebtWatch {
  std::int64_t debt_at_first;  ///< at the first of the seconds in a row with debt
  std::uint32_t seconds;       ///< in a row with debt
  bool growing;                ///< the diagnostic; stands until the debt is gone
};

/// Once a second, with the debt of that moment.
constexpr void watch(DebtWatch& state, std::int64_t debt) {
  if (debt <= 0) {
    state = {};
    return;
  }
  if (state.seconds == 0) state.debt_at_first = debt;
  if (state.seconds < debt_watch_seconds) ++state.seconds;
  if (state.seconds == debt_watch_seconds && debt > state.debt_at_first) state.growing = true;
}

}  // namespace metrology::energy
