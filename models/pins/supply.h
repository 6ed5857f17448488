// What a meter's power supply tells and gives its microcontroller.
#pragma once

#include "models/pins/time.h"

namespace models::pins {

/// All of them are called at kernel time `t`, at instants that the world's schedule announced, when
/// the level changes only. Before the first call everything is on: a meter whose supply nobody
/// models is simply powered.
class SupplyInput {
 public:
  SupplyInput() = default;
  SupplyInput(const SupplyInput&) = delete;
  SupplyInput& operator=(const SupplyInput&) = delete;
  virtual ~SupplyInput() = default;

  /// Any phase feeds the meter; falling is the brown-out warning.
  virtual void mains(Ps t, bool present) = 0;
  /// The hold-up capacitor's voltage is above the level that a save of everything needs.
  virtual void charged(Ps t, bool charged) = 0;
  /// The microcontroller's supply: without it nothing in the meter runs or shows.
  virtual void rail(Ps t, bool on) = 0;
};

}  // namespace models::pins
