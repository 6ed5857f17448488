// A pin that remembers how it was driven.
#pragma once

#include <vector>

#include "models/pins/digital_pin.h"

namespace tests {

struct LevelChange {
  models::pins::Ps t;
  bool level;
};

class LevelChanges final : public models::pins::DigitalInput {
 public:
  void drive(models::pins::Ps t, bool level) override { changes.push_back({t, level}); }

  std::vector<LevelChange> changes;
};

/// Lets a model act at each of its instants before `end`.
template <typename Model>
void run_until(Model& model, models::pins::Ps end) {
  while (model.next_event() < end) model.advance(model.next_event());
}

}  // namespace tests
