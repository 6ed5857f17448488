#include "tools/profile/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "metrology/app/charge_table.h"
#include "metrology/hal/memory_map.h"

namespace tools::profile {
namespace {

using Json = nlohmann::ordered_json;
namespace app = metrology::app;
using metrology::hal::core_hz;

constexpr std::size_t charge_count = std::size(app::charge_table);
constexpr std::uint32_t external_interrupt = 0x8000'000B;

/// By metrology::hal::Irq.
constexpr std::array source_names = {"(none claimed)", "dma_block", "pulse", "gpio",
                                     "debug_mailbox",  "i2c",       "power", "rtc",
                                     "uart_bus",       "uart_ir"};

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

double microseconds(std::uint64_t cycles) { return static_cast<double>(cycles) * 1e6 / core_hz; }

/// Functions that were executed or called, those with the most cycles first.
std::vector<std::uint16_t> by_cycles(const MeterProfile& meter) {
  std::vector<std::uint16_t> order;
  for (std::uint16_t n = 0; n < meter.functions.size(); ++n) {
    if (meter.profile.functions[n].own != 0) order.push_back(n);
  }
  std::stable_sort(order.begin(), order.end(), [&meter](std::uint16_t a, std::uint16_t b) {
    return meter.profile.functions[a].own > meter.profile.functions[b].own;
  });
  return order;
}

std::string pair_name(const ChargeRecord::Pair& pair, std::uint32_t count) {
  if (pair.each == ChargeRecord::none) return charge_name(pair.base);
  return fmt::format("{} + {} {}", charge_name(pair.base), count, charge_name(pair.each));
}

std::uint64_t charged(const ChargeRecord::Pair& pair, std::uint32_t count) {
  const auto row = [](std::uint32_t number) -> std::uint64_t {
    return number < charge_count ? app::charge_table[number].cycles : 0;
  };
  return row(pair.base) + (pair.each == ChargeRecord::none ? 0 : count * row(pair.each));
}

/// Of each pair the count that comes nearest to its charge.
struct Nearest {
  ChargeRecord::Pair pair;
  std::uint32_t count;
  std::uint64_t times;
  std::uint64_t worst;
};

std::vector<Nearest> nearest_of(const ChargeRecord& record) {
  std::vector<Nearest> out;
  for (const auto& [pair, counts] : record.seen()) {
    Nearest nearest{pair, counts.begin()->first, 0, counts.begin()->second.worst};
    for (const auto& [count, seen] : counts) {
      nearest.times += seen.times;
      const double ratio = percent(seen.worst, charged(pair, count));
      if (ratio <= percent(nearest.worst, charged(pair, nearest.count))) continue;
      nearest.count = count;
      nearest.worst = seen.worst;
    }
    out.push_back(nearest);
  }
  return out;
}

std::string meter_text(const MeterProfile& meter) {
  const Profile& profile = meter.profile;
  const auto all = static_cast<std::uint64_t>(profile.end - profile.begin);
  std::string out =
      fmt::format("{}: image {:08X}, {} cycles ({:.6f} s), {} of them awake: CPU load {:.2f} %\n",
                  meter.meter, meter.image, all, static_cast<double>(all) / core_hz, profile.awake,
                  percent(profile.awake, all));
  if (profile.stack) {
    const StackUse& stack = *profile.stack;
    const std::string place = fmt::format("in {}, {} handlers nested",
                                          meter.functions[stack.function].name, stack.nested);
    out += fmt::format("stack: {} of {} bytes at most, {}{}\n", stack.top - stack.lowest,
                       stack.top - stack.limit, place,
                       stack.lowest < stack.limit ? ": IT RAN INTO THE VARIABLES" : "");
  }

  out += fmt::format("\n{:>8} {:>12} {:>7} {:>12} {:>7} {:>10}  {}\n", "calls", "own cycles", "%",
                     "inclusive", "%", "worst call", "function");
  for (const std::uint16_t n : by_cycles(meter)) {
    const FunctionCost& cost = profile.functions[n];
    out += fmt::format("{:>8} {:>12} {:>7.2f} {:>12} {:>7.2f} {:>10}  {}\n", cost.calls, cost.own,
                       percent(cost.own, profile.awake), cost.inclusive,
                       percent(cost.inclusive, profile.awake), cost.worst_call,
                       meter.functions[n].name);
  }

  out += fmt::format("\n{:>8} {:>12} {:>7} {:>10} {:>10} {:>12}  {}\n", "times", "cycles", "%",
                     "worst", "worst/us", "with nested", "handler");
  for (const auto& [key, cost] : profile.handlers) {
    out += fmt::format("{:>8} {:>12} {:>7.2f} {:>10} {:>10.1f} {:>12}  {}\n", cost.times,
                       cost.cycles, percent(cost.cycles, profile.awake), cost.worst,
                       microseconds(cost.worst), cost.worst_with_nested, handler_name(key));
  }

  out +=
      fmt::format("\n{:>8} {:>10} {:>10} {:>7}  {}\n", "times", "worst", "charged", "%", "charge");
  for (const Nearest& nearest : nearest_of(profile.charges)) {
    const std::uint64_t table = charged(nearest.pair, nearest.count);
    out += fmt::format("{:>8} {:>10} {:>10} {:>7.1f}  {}\n", nearest.times, nearest.worst, table,
                       percent(nearest.worst, table), pair_name(nearest.pair, nearest.count));
  }
  return out;
}

Json meter_json(const MeterProfile& meter) {
  const Profile& profile = meter.profile;
  Json out = {{"meter", meter.meter},
              {"image", fmt::format("{:08X}", meter.image)},
              {"cycles", profile.end - profile.begin},
              {"awake", profile.awake},
              {"asleep", profile.asleep}};
  if (profile.stack) {
    out["stack"] = {{"bytes", profile.stack->top - profile.stack->lowest},
                    {"of", profile.stack->top - profile.stack->limit},
                    {"in", meter.functions[profile.stack->function].name},
                    {"nested", profile.stack->nested}};
  }
  out["functions"] = Json::array();
  for (const std::uint16_t n : by_cycles(meter)) {
    const FunctionCost& cost = profile.functions[n];
    out["functions"].push_back({{"name", meter.functions[n].name},
                                {"calls", cost.calls},
                                {"own", cost.own},
                                {"inclusive", cost.inclusive},
                                {"worst_call", cost.worst_call}});
  }
  out["handlers"] = Json::array();
  for (const auto& [key, cost] : profile.handlers) {
    out["handlers"].push_back({{"name", handler_name(key)},
                               {"times", cost.times},
                               {"cycles", cost.cycles},
                               {"worst", cost.worst},
                               {"worst_with_nested", cost.worst_with_nested}});
  }
  out["charges"] = Json::array();
  for (const auto& [pair, counts] : profile.charges.seen()) {
    for (const auto& [count, seen] : counts) {
      Json charge = {{"number", pair.base}, {"name", charge_name(pair.base)}};
      if (pair.each != ChargeRecord::none) {
        charge["count"] = count;
        charge["of_number"] = pair.each;
        charge["of"] = charge_name(pair.each);
      }
      charge["times"] = seen.times;
      charge["worst"] = seen.worst;
      out["charges"].push_back(std::move(charge));
    }
  }
  return out;
}

}  // namespace

std::string handler_name(const HandlerKey& key) {
  if (key.cause >> 31 == 0) return fmt::format("exception {}", key.cause);
  if (key.cause != external_interrupt) {
    return fmt::format("interrupt {}", key.cause & 0x7FFF'FFFF);
  }
  return key.source < source_names.size() ? source_names[key.source]
                                          : fmt::format("source {}", key.source);
}

std::string charge_name(std::uint32_t number) {
  return number < charge_count ? app::charge_table[number].name : fmt::format("#{}", number);
}

std::string as_text(const std::vector<MeterProfile>& meters) {
  std::string out;
  for (const MeterProfile& meter : meters) {
    if (!out.empty()) out += "\n";
    out += meter_text(meter);
  }
  return out;
}

Json as_json(const std::vector<MeterProfile>& meters) {
  Json out = Json::array();
  for (const MeterProfile& meter : meters) out.push_back(meter_json(meter));
  return out;
}

ChargeRecord charges_of(const Json& document) {
  ChargeRecord out;
  for (const Json& meter : document) {
    for (const Json& charge : meter.at("charges")) {
      const bool counted = charge.contains("count");
      const ChargeRecord::Pair pair{
          charge.at("number"),
          counted ? charge.at("of_number").get<std::uint32_t>() : ChargeRecord::none};
      out.add(pair, counted ? charge.at("count").get<std::uint32_t>() : 0,
              {charge.at("times"), charge.at("worst")});
    }
  }
  return out;
}

}  // namespace tools::profile
