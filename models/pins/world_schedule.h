// What a meter must know of the script around it: not what comes next, only when.
#pragma once

#include "models/pins/time.h"

namespace models::pins {

class WorldSchedule {
 public:
  WorldSchedule() = default;
  WorldSchedule(const WorldSchedule&) = delete;
  WorldSchedule& operator=(const WorldSchedule&) = delete;
  virtual ~WorldSchedule() = default;

  /// The next instant, not yet acted on, at which the world may act on a terminal, or the end of
  /// the run if that is sooner. No CPU runs ahead of it.
  virtual Ps next_event() const = 0;
};

}  // namespace models::pins
