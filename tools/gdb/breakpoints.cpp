#include "tools/gdb/breakpoints.h"

#include <algorithm>

namespace tools::gdb {
namespace {

bool is_breakpoint(const Point& point) { return point.kind < PointKind::write_watchpoint; }

bool watches(PointKind kind, bool is_write) {
  switch (kind) {
    case PointKind::write_watchpoint:
      return is_write;
    case PointKind::read_watchpoint:
      return !is_write;
    case PointKind::access_watchpoint:
      return true;
    case PointKind::software_breakpoint:
    case PointKind::hardware_breakpoint:
      return false;
  }
  return false;
}

}  // namespace

void Breakpoints::set(const Point& point) {
  if (std::find(points_.begin(), points_.end(), point) == points_.end()) points_.push_back(point);
  count();
}

void Breakpoints::clear(const Point& point) {
  points_.erase(std::remove(points_.begin(), points_.end(), point), points_.end());
  count();
}

void Breakpoints::clear_all() {
  points_.clear();
  count();
}

void Breakpoints::count() {
  breakpoints_ = 0;
  likely_.reset();
  for (const Point& point : points_) {
    if (!is_breakpoint(point)) continue;
    ++breakpoints_;
    likely_.set(place(point.address));
  }
}

std::optional<PointKind> Breakpoints::find(std::uint32_t pc) const {
  for (const Point& point : points_) {
    if (is_breakpoint(point) && point.address == pc) return point.kind;
  }
  return std::nullopt;
}

std::optional<Breakpoints::Met> Breakpoints::by(const DataAccess& access) const {
  for (const Point& point : points_) {
    if (!watches(point.kind, access.is_write)) continue;
    // In 64 bits: either may end at the top of the address space.
    const std::uint64_t begin = std::max<std::uint64_t>(access.address, point.address);
    const std::uint64_t end = std::min(std::uint64_t{access.address} + access.length,
                                       std::uint64_t{point.address} + point.length);
    if (begin < end) return Met{point.kind, static_cast<std::uint32_t>(begin)};
  }
  return std::nullopt;
}

}  // namespace tools::gdb
