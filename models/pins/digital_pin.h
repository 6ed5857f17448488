// What crosses a digital terminal: a level that changes at a picosecond.
#pragma once

#include "models/pins/time.h"

namespace models::pins {

/// Somebody who is driven: a pulse receiver, an LED, a GPIO pin of the MCU.
class DigitalInput {
 public:
  DigitalInput() = default;
  DigitalInput(const DigitalInput&) = delete;
  DigitalInput& operator=(const DigitalInput&) = delete;
  virtual ~DigitalInput() = default;

  /// The driver's level is `level` from `t` on. Called at kernel time `t`.
  virtual void drive(Ps t, bool level) = 0;
};

}  // namespace models::pins
