// Who listens to a line in the tests, and a driver of plain bits.
#pragma once

#include <vector>

#include "models/lines/segment.h"

namespace tests {

class CountingListener final : public models::pins::LineListener {
 public:
  void line_changed(models::pins::Ps from) override { told.push_back(from); }

  std::vector<models::pins::Ps> told;
};

/// What the receiver of a port sees at one instant.
inline bool mark_at(const models::pins::LinePort& port, models::pins::Ps t) {
  return port.marks_at(&t, 1) == 1;
}

/// All edges that an end sees from `from` on.
inline std::vector<models::pins::Ps> edges_of(const models::lines::Segment& segment, int end,
                                              models::pins::Ps from = 0) {
  std::vector<models::pins::Ps> edges;
  for (auto t = segment.next_edge(end, from); t != models::pins::ps_never;
       t = segment.next_edge(end, t + 1)) {
    edges.push_back(t);
  }
  return edges;
}

}  // namespace tests
