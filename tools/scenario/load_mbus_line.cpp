#include <fmt/format.h>

#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

namespace hal = metrology::hal;

using models::lines::most_mbus_meters;

models::lines::MbusCableSpec load_cable(const TreeNode& node) {
  const SectionReader reader(node, section("mbus_cable"));
  models::lines::MbusCableSpec out;
  if (const TreeNode* n = reader.find("length")) {
    out.length_m =
        read_value(*n, "length", "length", 0, models::lines::longest_cable_m, "0 m to 5 km");
  }
  if (const TreeNode* n = reader.find("resistance")) {
    out.loop_ohm_per_km = read_value(*n, "resistance", "resistance", 1, 1000, "1 ohm to 1 kohm");
  }
  return out;
}

void load_master(const TreeNode& node, MbusLineSpec& line) {
  const SectionReader reader(node, section("mbus_master"));
  if (const TreeNode* n = reader.find("baud")) line.format.baud = load_baud(*n);
  if (const TreeNode* n = reader.find("mark_voltage")) {
    line.cable.mark_V = read_value(*n, "mark_voltage", "voltage", 24, 42, "24 V to 42 V");
  }
  if (const TreeNode* n = reader.find("timeout")) line.timeout = read_duration(*n, "timeout");
  if (const TreeNode* n = reader.find("tries")) {
    line.tries = static_cast<int>(read_count(*n, "tries", 1, 10));
  }
  if (const TreeNode* n = reader.find("break_collisions")) {
    line.breaks_collisions = read_choice(*n, "break_collisions", "on_or_off") == 0;
  }
  if (const TreeNode* n = reader.find("power")) {
    line.powered = read_choice(*n, "power", "on_or_off") == 0;
  }
}

void check_entry(const Scenario& scenario, const TimelineEntry& entry, int connected) {
  if (!scenario.mbus) {
    throw InputError(entry.position,
                     "found mbus without an M-Bus, expected an mbus: at the top level, such as "
                     "mbus: {}");
  }
  if (entry.meter && !entry.mbus->asks_each()) {
    throw InputError(entry.position,
                     "found a meter beside what is done to the whole line, expected none");
  }
  if (entry.meter && !on_mbus(scenario.meters[static_cast<std::size_t>(*entry.meter)])) {
    throw InputError(entry.position,
                     "found a meter that is not on the M-Bus, expected one that is");
  }
  if (!entry.meter && !entry.mbus->to && connected == 0 && entry.mbus->asks_each()) {
    throw InputError(entry.position,
                     "found no meter on the M-Bus to be asked, expected one, or to: an address");
  }
}

}  // namespace

MbusLineSpec load_mbus_line(const TreeNode& node) {
  const SectionReader reader(node, section("mbus_line"));
  MbusLineSpec out;
  out.position = node.position;
  if (const TreeNode* n = reader.find("cable")) out.cable = load_cable(*n);
  if (const TreeNode* n = reader.find("noise")) out.noise = load_noise(*n);
  if (const TreeNode* n = reader.find("master")) load_master(*n, out);
  return out;
}

bool on_mbus(const MeterSpec& meter) {
  return hal::has_mbus(meter.page.variant) && meter.bus.wires != Wires::open;
}

std::uint8_t mbus_address(const MeterSpec& meter) {
  const std::uint16_t usual = meter.page.firmware == 2 ? 0 : 1;
  return static_cast<std::uint8_t>(meter.settings.meter_id.value_or(usual));
}

std::uint32_t mbus_baud(const MeterSpec& meter) {
  const std::uint16_t usual = meter.page.firmware == 2 ? 2400 : 9600;
  return meter.settings.baud.value_or(usual);
}

void check_mbus(const Scenario& scenario) {
  int connected = 0;
  for (const MeterSpec& meter : scenario.meters) {
    if (meter.bus.position && hal::has_mbus(meter.page.variant)) {
      const Position& position = *meter.bus.position;
      if (!scenario.mbus) {
        throw InputError(position,
                         "bus: found a place on an M-Bus, expected an mbus: at the top level");
      }
      if (meter.bus.position_m.value_or(0) > scenario.mbus->cable.length_m) {
        throw InputError(position,
                         fmt::format("position: found {} m, expected one within the "
                                     "cable's {} m",
                                     *meter.bus.position_m, scenario.mbus->cable.length_m));
      }
    }
    if (scenario.mbus && meter.id == "mbus") {
      throw InputError(meter.position,
                       "found a meter called mbus beside an M-Bus, expected another id");
    }
    if (scenario.mbus && on_mbus(meter)) ++connected;
  }
  if (connected > most_mbus_meters) {
    throw InputError(scenario.mbus->position,
                     fmt::format("found {} meters on the M-Bus, expected at most {}", connected,
                                 most_mbus_meters));
  }
  for (const TimelineEntry& entry : scenario.timeline) {
    if (entry.mbus) check_entry(scenario, entry, connected);
  }
}

}  // namespace tools
