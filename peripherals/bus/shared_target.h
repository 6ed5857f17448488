// A target on which others act unannounced, through a line: how soon that can show decides how far
// the CPU's accesses to it may run ahead of the kernel.
#pragma once

#include <cstdint>

#include "peripherals/bus/core_clock.h"

namespace peripherals {

class SharedTarget {
 public:
  SharedTarget() = default;
  SharedTarget(const SharedTarget&) = delete;
  SharedTarget& operator=(const SharedTarget&) = delete;
  virtual ~SharedTarget() = default;

  /// How many clocks at least pass from an unannounced act until an access to the register at
  /// `offset` could show it, or treat it otherwise than one made when it had been known; 0 for an
  /// access that must find the kernel at its commit edge.
  virtual Cycle shows_after(std::uint32_t offset, bool is_write) const = 0;
};

}  // namespace peripherals
