// What held at an instant, of records of what changed when.
#pragma once

#include <vector>

#include "models/pins/time.h"

namespace tools {

/// The last change at or before `t`, or null; `changes` are in order of time.
template <typename Change>
const Change* at_instant(const std::vector<Change>& changes, models::pins::Ps t) {
  const Change* found = nullptr;
  for (const Change& change : changes) {
    if (change.t > t) break;
    found = &change;
  }
  return found;
}

}  // namespace tools
