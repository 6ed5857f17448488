// What the native CPU runs: a firmware as an object that is built at reset and thrown away at the
// next.
#pragma once

#include <functional>
#include <memory>

#include "metrology/hal/bus.h"

namespace platform {

class FirmwareCore {
 public:
  FirmwareCore() = default;
  FirmwareCore(const FirmwareCore&) = delete;
  FirmwareCore& operator=(const FirmwareCore&) = delete;
  /// Runs after a reset has been thrown through the object's functions: must not touch the bus.
  virtual ~FirmwareCore() = default;

  /// Entered after reset with interrupts disabled; never returns.
  virtual void run() = 0;
  /// The external interrupt's handler, entered with interrupts disabled and left so.
  virtual void external_interrupt() = 0;
};

/// Builds a firmware on the bus of one CPU, which outlives it.
using FirmwareFactory = std::function<std::unique_ptr<FirmwareCore>(metrology::hal::Bus&)>;

}  // namespace platform
