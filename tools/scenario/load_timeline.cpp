#include <fmt/format.h>

#include <algorithm>

#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

/// All instants of a timeline together; a scenario that wants more is a mistake.
constexpr std::size_t instants_max = 100'000;

class TimelineLoader {
 public:
  TimelineLoader(const std::vector<MeterSpec>& meters, Ps duration)
      : meters_(meters), duration_(duration) {}

  std::vector<TimelineEntry> load(const TreeNode& node) {
    for (const TreeNode& item : read_list(node, "timeline", "timeline")) {
      const SectionReader reader(item, section("timeline_entry"));
      TimelineEntry entry;
      entry.position = item.position;
      if (const TreeNode* n = reader.find("name")) entry.name = load_name(*n);
      load_when(reader, entry);
      if (const TreeNode* n = reader.find("meter")) entry.meter = load_meter_name(*n, meters_);
      load_action(reader, entry);
      refuse_beyond_segment(entry);
      entries_.push_back(std::move(entry));
    }
    return std::move(entries_);
  }

 private:
  std::string load_name(const TreeNode& node) {
    std::string name = read_text(node, "name", 80);
    if (find(name) != nullptr) {
      refuse(node, "name", "a name that no other entry of the timeline has");
    }
    return name;
  }

  const TimelineEntry* find(const std::string& name) const {
    for (const TimelineEntry& entry : entries_) {
      if (entry.name == name) return &entry;
    }
    return nullptr;
  }

  void load_when(const SectionReader& reader, TimelineEntry& entry) {
    const TreeNode* at = reader.find("at");
    const TreeNode* every = reader.find("every");
    const TreeNode* after = reader.find("after");
    const int given =
        (at != nullptr ? 1 : 0) + (every != nullptr ? 1 : 0) + (after != nullptr ? 1 : 0);
    if (given != 1) {
      throw InputError(reader.position(),
                       fmt::format("found {} of at, every and after, expected one", given));
    }
    for (const std::string_view key : {"from", "until"}) {
      if (every == nullptr && reader.has(key)) refuse(*reader.find(key), key, "it only with every");
    }
    if (after == nullptr && reader.has("of"))
      refuse(*reader.find("of"), "of", "it only with after");
    if (at != nullptr) {
      entry.at.push_back(read_time(*at, "at"));
    } else if (every != nullptr) {
      load_every(reader, *every, entry);
    } else {
      load_after(reader, *after, entry);
    }
    instants_ += entry.at.size();
    if (instants_ > instants_max) {
      throw InputError(reader.position(),
                       fmt::format("found more than {} instants, expected fewer", instants_max));
    }
  }

  void load_every(const SectionReader& reader, const TreeNode& every, TimelineEntry& entry) const {
    const Ps period = read_duration(every, "every");
    Ps first = period;
    Ps last = duration_ - 1;
    if (const TreeNode* n = reader.find("from")) first = read_time(*n, "from");
    if (const TreeNode* n = reader.find("until")) {
      last = read_time(*n, "until");
      if (last < first) refuse(*n, "until", "a time at or after " + show_time(first));
    } else {
      entry.endless = true;
    }
    if (last >= first && (last - first) / period >= instants_max) {
      refuse(every, "every", fmt::format("a period with at most {} instants", instants_max));
    }
    entry.at.push_back(first);  // after the end: never reached
    // Asked before it is added: a sum may be more than 64 bits hold.
    for (Ps t = first; t < last && last - t >= period;) entry.at.push_back(t += period);
  }

  void load_after(const SectionReader& reader, const TreeNode& after, TimelineEntry& entry) const {
    const Ps delay = read_time(after, "after");
    const TimelineEntry* base = entries_.empty() ? nullptr : &entries_.back();
    if (const TreeNode* of = reader.find("of")) {
      base = find(read_text(*of, "of", 80));
      if (base == nullptr) refuse(*of, "of", "the name of an entry further up");
    } else if (base == nullptr) {
      refuse(after, "after", "an entry before this one, or at");
    }
    const Ps start = base->at.front();
    if (delay > models::pins::ps_max_segment - start) refuse(after, "after", "a time below 200 d");
    entry.at.push_back(start + delay);
  }

  static void refuse_beyond_segment(const TimelineEntry& entry) {
    Ps longest = entry.ramp ? entry.ramp->over : 0;
    for (const Sag& sag : entry.sags) longest = std::max(longest, sag.duration);
    if (entry.press) longest = std::max(longest, entry.press->duration);
    if (entry.supply_cut) longest = std::max(longest, *entry.supply_cut);
    if (entry.mbus) longest = std::max(longest, entry.mbus->power_off);
    if (entry.ir) longest = std::max(longest, entry.ir->session.break_time);
    if (longest > models::pins::ps_max_segment - entry.at.back()) {
      throw InputError(entry.position, "found an end after 200 d, expected a sooner one");
    }
  }

  /// An entry's name must tell whose answers are meant.
  static void refuse_two_masters(const SectionReader& reader) {
    std::string_view first;
    for (const std::string_view key : {"modbus", "mbus", "ir"}) {
      const TreeNode* n = reader.find(key);
      if (n == nullptr) continue;
      if (!first.empty()) {
        throw InputError(n->position,
                         fmt::format("found {} beside {}, expected an entry for each", key, first));
      }
      first = key;
    }
  }

  static void load_action(const SectionReader& reader, TimelineEntry& entry) {
    bool any = false;
    const auto with = [&](std::string_view key, auto load) {
      const TreeNode* n = reader.find(key);
      if (n == nullptr) return;
      any = true;
      load(*n);
    };
    with("set", [&](const TreeNode& n) { entry.set = load_change(n); });
    with("ramp", [&](const TreeNode& n) { entry.ramp = load_ramp(n); });
    for (const std::string_view key : {"dip", "swell", "interruption"}) {
      with(key, [&](const TreeNode& n) { entry.sags.push_back(load_sag(n, key)); });
    }
    with("crystal", [&](const TreeNode& n) { entry.crystal_ppb = load_crystal(n); });
    with("receivers", [&](const TreeNode& n) { entry.receivers = load_receivers(n); });
    with("write", [&](const TreeNode& n) { entry.write = load_register_write(n); });
    with("press", [&](const TreeNode& n) { entry.press = load_press(n); });
    with("tariff_input", [&](const TreeNode& n) { entry.tariff_input = load_tariff_voltage(n); });
    with("supply_cut", [&](const TreeNode& n) { entry.supply_cut = load_supply_cut(n); });
    with("fault", [&](const TreeNode& n) { entry.fault = load_fault(n); });
    with("modbus", [&](const TreeNode& n) { entry.modbus = load_modbus(n); });
    with("ir", [&](const TreeNode& n) { entry.ir = load_ir(n); });
    with("mbus", [&](const TreeNode& n) { entry.mbus = load_mbus(n); });
    refuse_two_masters(reader);
    if (!any) {
      throw InputError(reader.position(),
                       "found nothing that happens, expected set, ramp, dip, "
                       "swell, interruption, crystal, receivers, write, press, tariff_input, "
                       "supply_cut, fault, modbus, mbus or ir");
    }
  }

  const std::vector<MeterSpec>& meters_;
  Ps duration_;
  std::vector<TimelineEntry> entries_;
  std::size_t instants_ = 0;
};

}  // namespace

int load_meter_name(const TreeNode& node, const std::vector<MeterSpec>& meters) {
  const std::string id = read_text(node, "meter", 80);
  for (std::size_t i = 0; i < meters.size(); ++i) {
    if (meters[i].id == id) return static_cast<int>(i);
  }
  refuse(node, "meter", "the id of a meter of this scenario");
}

std::vector<TimelineEntry> load_timeline(const TreeNode& node, const std::vector<MeterSpec>& meters,
                                         Ps duration) {
  return TimelineLoader(meters, duration).load(node);
}

}  // namespace tools
