// The two wires of an I²C bus with one master, as its devices see them: edge by edge.
#pragma once

#include "models/pins/time.h"

namespace models::pins {

/// All of them are called at kernel time `t`, in order of time.
class I2cDevice {
 public:
  I2cDevice() = default;
  I2cDevice(const I2cDevice&) = delete;
  I2cDevice& operator=(const I2cDevice&) = delete;
  virtual ~I2cDevice() = default;

  /// SDA falls while SCL is high.
  virtual void start(Ps t) = 0;
  /// SDA rises while SCL is high.
  virtual void stop(Ps t) = 0;
  /// SCL falls: the device may change what it drives. Returns whether it lets SDA go (true) or
  /// pulls it low until the next falling edge.
  virtual bool scl_falls(Ps t) = 0;
  /// SCL rises while SDA, both drivers taken together, is `sda`.
  virtual void scl_rises(Ps t, bool sda) = 0;
  /// The WP pin's level.
  virtual void write_protect(Ps t, bool on) = 0;
  /// The supply of the device comes or goes. Without it the device lets SDA go and forgets
  /// everything but its cells; a write that is under way is torn.
  virtual void power(Ps t, bool on) = 0;
};

}  // namespace models::pins
