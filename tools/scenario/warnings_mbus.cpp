#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

class MbusWarner {
 public:
  MbusWarner(const Scenario& scenario, std::vector<std::string>& out)
      : scenario_(scenario), out_(out) {
    for (const MeterSpec& meter : scenario.meters) {
      if (on_mbus(meter)) meters_.push_back(&meter);
    }
  }

  void check() {
    const MbusLineSpec& line = *scenario_.mbus;
    if (meters_.empty()) {
      warn(line.position, "found an M-Bus without a meter on it");
      return;
    }
    check_format(line);
    check_power(line);
    check_serials();
    for (const TimelineEntry& entry : scenario_.timeline) {
      if (entry.mbus) check_entry(entry);
    }
  }

 private:
  void warn(const Position& position, const std::string& what) {
    out_.push_back(to_string(position) + ": " + what);
  }

  /// Nobody could understand the master.
  void check_format(const MbusLineSpec& line) {
    const bool changes = std::any_of(
        scenario_.timeline.begin(), scenario_.timeline.end(),
        [](const TimelineEntry& entry) { return entry.mbus && entry.mbus->baud.has_value(); });
    const bool understood = std::any_of(
        meters_.begin(), meters_.end(),
        [&line](const MeterSpec* meter) { return mbus_baud(*meter) == line.format.baud; });
    if (!understood && !changes) {
      warn(line.position, fmt::format("found a master at {} Bd, as no meter on the M-Bus has it",
                                      line.format.baud));
    }
  }

  void check_power(const MbusLineSpec& line) {
    if (line.powered) return;
    for (const TimelineEntry& entry : scenario_.timeline) {
      if (entry.mbus && entry.mbus->action == MbusAction::power_off) return;
    }
    warn(line.position, "found an M-Bus that nobody ever feeds: power_off feeds it at its end");
  }

  /// Two meters that no search can tell apart.
  void check_serials() {
    std::map<std::uint32_t, const MeterSpec*> seen;
    for (const MeterSpec* meter : meters_) {
      const auto [other, is_new] = seen.emplace(meter->page.serial_lo, meter);
      if (is_new) continue;
      warn(meter->position, fmt::format("found {} and {} with one secondary address, {:08X}",
                                        other->second->id, meter->id, meter->page.serial_lo));
    }
  }

  void check_entry(const TimelineEntry& entry) {
    check_addresses(entry);
    const Ps last = entry.at.back();
    // At 9600 Bd: a short frame, 33 bit times, the default delay and an acknowledge.
    constexpr Ps shortest_exchange = 20 * models::pins::ps_per_ms;
    const bool asks = entry.mbus->action != MbusAction::power_off;
    if (asks && last < scenario_.duration && last + shortest_exchange > scenario_.duration) {
      warn(entry.position, fmt::format("found a request at {}, and its answer needs {} at the "
                                       "least before the run's end at {}",
                                       show_time(last), show_time(shortest_exchange),
                                       show_time(scenario_.duration)));
    }
  }

  /// Several meters are asked one after the other, and all answer each time.
  void check_addresses(const TimelineEntry& entry) {
    if (entry.mbus->to || !entry.mbus->asks_each()) return;
    for (std::size_t i = 0; i < meters_.size(); ++i) {
      if (entry.meter && meters_[i] != &scenario_.meters[static_cast<std::size_t>(*entry.meter)]) {
        continue;
      }
      for (std::size_t j = 0; j < meters_.size(); ++j) {
        const bool shared = i != j && mbus_address(*meters_[i]) == mbus_address(*meters_[j]);
        if (!shared) continue;
        warn(entry.position,
             fmt::format("found {} asked at address {}, which {} has too: both will answer",
                         meters_[i]->id, mbus_address(*meters_[i]), meters_[j]->id));
        return;
      }
    }
  }

  const Scenario& scenario_;
  std::vector<std::string>& out_;
  std::vector<const MeterSpec*> meters_;
};

}  // namespace

void warn_of_mbus(const Scenario& scenario, std::vector<std::string>& out) {
  if (scenario.mbus) MbusWarner(scenario, out).check();
}

}  // namespace tools
