#include "tools/typetest/test.h"

#include <algorithm>

namespace tools::typetest {

void Plan::add(const Point& point) {
  for (Point& planned : points) {
    if (planned.id != point.id) continue;
    planned.limit_percent = std::min(planned.limit_percent, point.limit_percent);
    return;
  }
  points.push_back(point);
}

const PointResult* Results::point(const std::string& id) const {
  const auto found = points.find(id);
  if (found == points.end() || !found->second.fault.empty()) return nullptr;
  return &found->second;
}

}  // namespace tools::typetest
