// The core counter: core clocks since power-on. Kept once, for all who show it or compare with it.
#pragma once

#include "peripherals/bus/core_clock.h"

namespace peripherals {

class CoreCounter {
 public:
  /// The edge of the last power-on, at which the counter is 0.
  Cycle origin() const { return origin_; }
  /// What it shows at edge `n`, not before the origin.
  std::uint64_t at(Cycle n) const { return static_cast<std::uint64_t>(n - origin_); }
  /// Power comes at edge `n`, or a saved state is put back.
  void begin(Cycle n) { origin_ = n; }

 private:
  Cycle origin_ = 0;
};

}  // namespace peripherals
