// Break- and watchpoints, and whether an instruction or an access meets one.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <vector>

#include "tools/gdb/data_access.h"
#include "tools/gdb/target.h"

namespace tools::gdb {

class Breakpoints {
 public:
  void set(const Point& point);
  void clear(const Point& point);
  void clear_all();

  bool any() const { return !points_.empty(); }
  bool any_watchpoint() const { return points_.size() != breakpoints_; }

  /// The breakpoint at `pc`.
  std::optional<PointKind> at(std::uint32_t pc) const {
    if (!likely_[place(pc)]) return std::nullopt;
    return find(pc);
  }

  struct Met {
    PointKind kind;
    std::uint32_t address;  ///< the first byte of the access that is watched
  };
  /// The watchpoint that an access meets.
  std::optional<Met> by(const DataAccess& access) const;

  const std::vector<Point>& all() const { return points_; }

 private:
  static constexpr std::size_t places = 4096;
  static std::size_t place(std::uint32_t pc) { return pc / 2 % places; }
  std::optional<PointKind> find(std::uint32_t pc) const;
  void count();

  std::vector<Point> points_;
  std::size_t breakpoints_ = 0;  ///< of all points, how many
  std::bitset<places> likely_;   ///< where breakpoints may be
};

}  // namespace tools::gdb
