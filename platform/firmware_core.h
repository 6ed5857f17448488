// What the native CPU runs: a firmware as an object that is built at reset and thrown away at the
// next, or put back as it was saved.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

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

  // For a meter that is saved and put back. A firmware that offers none of the three cannot be, and
  // they throw std::logic_error.

  /// All that the firmware knows, while it sleeps in its outermost loop.
  virtual std::vector<std::uint8_t> state() const;
  /// Called once in place of run(), before resume(): touches no bus. Throws std::invalid_argument
  /// for what is no state of this firmware.
  virtual void restore(const std::vector<std::uint8_t>& state);
  /// Entered, in place of run(), where its outermost loop's wait_for_interrupt returns; never
  /// returns.
  virtual void resume();
};

/// Builds a firmware on the bus of one CPU, which outlives it.
using FirmwareFactory = std::function<std::unique_ptr<FirmwareCore>(metrology::hal::Bus&)>;

}  // namespace platform
