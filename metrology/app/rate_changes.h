// Rates of the S0 outputs that were written and do not hold yet: part of app::State.
#pragma once

#include <cstdint>

#include "metrology/app/request_time.h"

namespace metrology::app {

/// For so long after a change no S0 output starts a pulse [twin], 15.625 ms: by then the pulse that
/// comes first at the new rate is planned and armed, however late the code comes to it.
inline constexpr std::int64_t rate_change_pause_cycles = frame_cycles;

struct RateChange {
  std::int64_t at_cycle;     ///< energy played from this core clock on counts at …
  std::uint32_t rate_centi;  ///< … this rate, 0.01 imp/kWh
};

/// A request waits at most three frames for its change, so that at most as many can be pending.
struct RateChanges {
  static constexpr int capacity = 4;
  RateChange change[capacity];  ///< oldest first
  int count;
};

/// Adds a change, which takes the place of one at the same instant; it never comes before an
/// earlier one. With every place taken it stands for the newest one as well.
inline void append(RateChanges& changes, const RateChange& change) {
  RateChange* const newest = changes.count == 0 ? nullptr : &changes.change[changes.count - 1];
  const bool replaces = newest != nullptr && (newest->at_cycle >= change.at_cycle ||
                                              changes.count == RateChanges::capacity);
  if (replaces) {
    newest->rate_centi = change.rate_centi;
  } else {
    changes.change[changes.count++] = change;
  }
}

constexpr bool rate_change_is_due(const RateChanges& changes, std::int64_t now_cycle) {
  return changes.count != 0 && changes.change[0].at_cycle <= now_cycle;
}

/// Takes the oldest change out; there is one.
inline RateChange take_first(RateChanges& changes) {
  const RateChange first = changes.change[0];
  --changes.count;
  for (int n = 0; n < changes.count; ++n) changes.change[n] = changes.change[n + 1];
  return first;
}

}  // namespace metrology::app
