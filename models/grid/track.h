// A list of values, each of which holds from its instant to the next one's.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "models/pins/time.h"

namespace models::grid {

using pins::Ps;

template <typename Value>
class Track {
 public:
  struct Entry {
    Ps at;
    Value value;
  };
  /// What holds at an instant, and for how long.
  struct Found {
    const Value& value;
    Ps start;
    Ps end;
  };

  /// `initial` holds from 0 on.
  explicit Track(Value initial) { entries_.push_back({0, std::move(initial)}); }

  /// `value` holds from `at` on, in place of what was set for the same instant.
  void set(Ps at, Value value) {
    const auto place = std::lower_bound(entries_.begin(), entries_.end(), at,
                                        [](const Entry& entry, Ps t) { return entry.at < t; });
    if (place != entries_.end() && place->at == at) {
      place->value = std::move(value);
    } else {
      entries_.insert(place, Entry{at, std::move(value)});
    }
  }

  Found find(Ps t) const {
    const auto next = std::upper_bound(entries_.begin(), entries_.end(), t,
                                       [](Ps when, const Entry& entry) { return when < entry.at; });
    const Entry& entry = *(next - 1);
    return {entry.value, entry.at, next == entries_.end() ? pins::ps_never : next->at};
  }

 private:
  std::vector<Entry> entries_;
};

}  // namespace models::grid
