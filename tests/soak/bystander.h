// Somebody at the infra-red port while the bus is talked to: reads the meter out, or makes light at
// random, and looks what comes of it. The bus may feel nothing of it.
#pragma once

#include "tests/soak/world.h"

namespace soak {

class Bystander {
 public:
  Bystander(World& world, Random& random) : world_(world), random_(random) {}

  /// Begins, unless still at it; all of it is planned. `cuts` tells how often power has gone.
  std::string begin(std::function<int()> cuts);

 private:
  void read_out();
  void make_light();
  void judge_readout();

  World& world_;
  Random& random_;
  std::function<int()> cuts_;
  int cuts_before_ = 0;
  Ps busy_until_ = 0;
};

}  // namespace soak
