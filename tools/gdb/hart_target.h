// A hart that is halted, as the protocol's target: its registers, the memory around it, and what
// the client has set on it.
#pragma once

#include "platform/rv32/debug_view.h"
#include "platform/rv32/hart.h"
#include "tools/gdb/breakpoints.h"
#include "tools/gdb/target.h"

namespace tools::gdb {

class HartTarget final : public Target {
 public:
  /// Where memory is read and the time is asked for; must outlive this. Before, there is none.
  void look_at(platform::rv32::DebugView& view) { view_ = &view; }
  /// What is asked about until the next call; null: nothing may be asked.
  void halted(platform::rv32::Hart* hart) { hart_ = hart; }

  Breakpoints& points() { return points_; }
  /// Whether a step runs through interrupt handlers.
  bool skips_handlers() const { return skips_handlers_; }
  /// What the instruction that `hart` is about to carry out would meet, before anything of it.
  std::optional<Breakpoints::Met> point_at(const platform::rv32::Hart& hart) const;

  std::optional<std::uint32_t> read_register(std::uint32_t number) override;
  bool write_register(std::uint32_t number, std::uint32_t value) override;
  std::string read_memory(std::uint32_t address, std::uint32_t length) override;
  bool write_memory(std::uint32_t address, std::string_view bytes) override;
  void set(const Point& point) override { points_.set(point); }
  void clear(const Point& point) override { points_.clear(point); }
  std::string monitor(std::string_view command) override;

 private:
  /// Orders by `monitor`: each returns what is to be printed.
  struct Order;
  static const Order orders[];
  std::string tell_orders();
  std::string tell_time();
  std::string tell_cycles();
  std::string tell_points();
  std::string skip_handlers();
  std::string step_into_handlers();

  platform::rv32::DebugView* view_ = nullptr;
  platform::rv32::Hart* hart_ = nullptr;
  Breakpoints points_;
  bool skips_handlers_ = true;
};

}  // namespace tools::gdb
