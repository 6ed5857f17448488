#include "models/grid/line_sum.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace models::grid {

namespace {

/// Value at `t` on the part that ends with point `next`, or on the first or last one.
double value_at(const std::vector<pins::Point>& line, std::size_t next, pins::Ps t) {
  if (line.size() == 1) return line.front().value;
  next = std::clamp<std::size_t>(next, 1, line.size() - 1);
  const pins::Point& a = line[next - 1];
  const pins::Point& b = line[next];
  const auto since = static_cast<double>(static_cast<std::int64_t>(t - a.at));
  return a.value + since / static_cast<double>(b.at - a.at) * (b.value - a.value);
}

}  // namespace

void add_line(const std::vector<pins::Point>& line, double weight, std::vector<pins::Point>& sum) {
  if (line.empty()) return;
  const std::vector<pins::Point> before = sum;
  sum.clear();
  std::size_t i = 0;
  std::size_t k = 0;
  while (i < before.size() || k < line.size()) {
    pins::Ps at = pins::ps_never;
    if (i < before.size()) at = before[i].at;
    if (k < line.size()) at = std::min(at, line[k].at);
    const bool on_before = i < before.size() && before[i].at == at;
    const bool on_line = k < line.size() && line[k].at == at;
    double value = weight * (on_line ? line[k].value : value_at(line, k, at));
    if (!before.empty()) value += on_before ? before[i].value : value_at(before, i, at);
    sum.push_back({at, value});
    if (on_before) ++i;
    if (on_line) ++k;
  }
}

}  // namespace models::grid
