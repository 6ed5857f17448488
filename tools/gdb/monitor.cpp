// What gdb's `monitor` command can ask: a row each.
#include <fmt/format.h>

#include "tools/gdb/hart_target.h"

namespace tools::gdb {

struct HartTarget::Order {
  const char* words;
  const char* help;
  std::string (HartTarget::*carry_out)();
};

const HartTarget::Order HartTarget::orders[] = {
    {"help", "this list", &HartTarget::tell_orders},
    {"time", "simulated time", &HartTarget::tell_time},
    {"cycles", "core clocks and instructions since the reset", &HartTarget::tell_cycles},
    {"points", "break- and watchpoints that are set", &HartTarget::tell_points},
    {"interrupts skip", "a step runs through interrupt handlers (at first)",
     &HartTarget::skip_handlers},
    {"interrupts step", "a step halts in interrupt handlers", &HartTarget::step_into_handlers},
};

std::string HartTarget::monitor(std::string_view command) {
  for (const Order& order : orders) {
    if (command == order.words) return (this->*order.carry_out)();
  }
  return fmt::format("found \"{}\", expected one of:\n", command) + tell_orders();
}

std::string HartTarget::tell_orders() {
  std::string text;
  for (const Order& order : orders) {
    text += fmt::format("monitor {:<16}{}\n", order.words, order.help);
  }
  return text;
}

std::string HartTarget::tell_time() {
  const auto instant = view_ == nullptr ? std::nullopt : view_->debug_instant(hart_->state().now);
  if (!instant) return "this machine counts core clocks only: monitor cycles\n";
  constexpr std::size_t decimals = 12;  // picoseconds
  std::string digits = platform::to_decimal(*instant);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  return digits.insert(digits.size() - decimals, ".") + " s\n";
}

std::string HartTarget::tell_cycles() {
  const platform::rv32::Hart::State& state = hart_->state();
  return fmt::format("{} core clocks, {} instructions\n", state.now - state.reset_at,
                     state.csr.minstret());
}

std::string HartTarget::tell_points() {
  constexpr const char* names[point_kinds] = {"break", "hbreak", "watch", "rwatch", "awatch"};
  std::string text;
  for (const Point& point : points_.all()) {
    text +=
        fmt::format("{:<7}0x{:08x}", names[static_cast<std::size_t>(point.kind)], point.address);
    if (point.kind >= PointKind::write_watchpoint) text += fmt::format(", {} bytes", point.length);
    text += '\n';
  }
  return text.empty() ? "none\n" : text;
}

std::string HartTarget::skip_handlers() {
  skips_handlers_ = true;
  return "a step runs through interrupt handlers\n";
}

std::string HartTarget::step_into_handlers() {
  skips_handlers_ = false;
  return "a step halts in interrupt handlers\n";
}

}  // namespace tools::gdb
