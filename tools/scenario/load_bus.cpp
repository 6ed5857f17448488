#include <fmt/format.h>

#include <algorithm>

#include "metrology/registers/settings.h"
#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

namespace hal = metrology::hal;
namespace lines = models::lines;
namespace registers = metrology::registers;

double load_position(const TreeNode& node) {
  return read_value(node, "position", "length", 0, lines::longest_cable_m, "0 m to 5 km");
}

lines::CableSpec load_cable(const TreeNode& node) {
  const SectionReader reader(node, section("cable"));
  lines::CableSpec out;
  if (const TreeNode* n = reader.find("length")) {
    out.length_m = read_value(*n, "length", "length", 0, lines::longest_cable_m, "0 m to 5 km");
  }
  if (const TreeNode* n = reader.find("termination")) {
    out.termination =
        static_cast<lines::Termination>(read_choice(*n, "termination", "termination"));
  }
  if (const TreeNode* n = reader.find("bias")) {
    out.bias_ohm = read_value(*n, "bias", "resistance", 10, 1e6, "10 ohm to 1000 kohm");
  }
  return out;
}

void load_master(const TreeNode& node, BusSpec& bus) {
  const SectionReader reader(node, section("master"));
  if (const TreeNode* n = reader.find("baud")) bus.format.baud = load_baud(*n);
  if (const TreeNode* n = reader.find("parity")) bus.format.parity = load_parity(*n);
  if (const TreeNode* n = reader.find("position")) {
    bus.master_position_m = load_position(*n);
    if (bus.master_position_m > bus.cable.length_m) {
      refuse(*n, "position", fmt::format("one within the cable's {} m", bus.cable.length_m));
    }
  }
  if (const TreeNode* n = reader.find("wires")) {
    bus.master_wires = static_cast<Wires>(read_choice(*n, "wires", "wires"));
  }
  if (const TreeNode* n = reader.find("timeout")) bus.timeout = read_duration(*n, "timeout");
  if (const TreeNode* n = reader.find("turnaround")) {
    bus.turnaround = read_duration(*n, "turnaround");
  }
}

}  // namespace

lines::NoiseSpec load_noise(const TreeNode& node) {
  const SectionReader reader(node, section("line_noise"));
  lines::NoiseSpec out;
  out.per_s = read_value(reader.get("rate"), "rate", "frequency", 0, 1e5, "0 Hz to 100 kHz");
  out.width = read_duration(reader.get("width"), "width");
  if (out.width > 10 * models::pins::ps_per_ms) {
    refuse(reader.get("width"), "width", "a time up to 10 ms");
  }
  out.volts = read_value(reader.get("amplitude"), "amplitude", "voltage", 0, 100, "0 V to 100 V");
  return out;
}

std::uint32_t load_baud(const TreeNode& node) {
  return static_cast<std::uint32_t>(read_count(node, "baud", 110, 1'000'000));
}

BusSpec load_bus(const TreeNode& node) {
  const SectionReader reader(node, section("bus"));
  BusSpec out;
  out.position = node.position;
  if (const TreeNode* n = reader.find("cable")) out.cable = load_cable(*n);
  if (const TreeNode* n = reader.find("noise")) out.noise = load_noise(*n);
  if (const TreeNode* n = reader.find("master")) load_master(*n, out);
  return out;
}

BusEnd load_bus_end(const TreeNode& node) {
  const SectionReader reader(node, section("bus_end"));
  BusEnd out;
  out.position = node.position;
  if (const TreeNode* n = reader.find("position")) out.position_m = load_position(*n);
  if (const TreeNode* n = reader.find("wires")) {
    out.wires = static_cast<Wires>(read_choice(*n, "wires", "wires"));
  }
  if (const TreeNode* n = reader.find("noise")) out.noise = load_noise(*n);
  return out;
}

void load_bus_settings(const SectionReader& settings, MeterSpec& meter) {
  if (const TreeNode* n = settings.find("firmware")) {
    meter.page.firmware = static_cast<std::uint32_t>(read_count(*n, "firmware", 1, 2));
  }
  const bool mbus = hal::has_mbus(meter.page.variant);
  const bool modbus = hal::has_modbus(meter.page.variant);
  for (const std::string_view key :
       {"meter_id", "baud", "parity", "reply_delay", "legacy_exceptions"}) {
    const TreeNode* n = settings.find(key);
    const bool known =
        modbus || (mbus && (key == "meter_id" || key == "baud" || key == "reply_delay"));
    if (n != nullptr && !known) refuse(*n, key, "it only with a meter that has such a bus");
  }
  if (const TreeNode* n = settings.find("meter_id")) {
    meter.settings.meter_id =
        static_cast<std::uint16_t>(read_count(*n, "meter_id", mbus ? 0 : 1, mbus ? 250 : 247));
  }
  if (const TreeNode* n = settings.find("baud")) {
    const std::int64_t baud = read_count(*n, "baud", 1, 65535);
    const auto* last = std::end(registers::bauds);
    if (std::find(std::begin(registers::bauds), last, baud) == last) {
      refuse(*n, "baud", "9600, 4800, 2400, 1200, 600 or 300");
    }
    meter.settings.baud = static_cast<std::uint16_t>(baud);
  }
  if (const TreeNode* n = settings.find("parity")) {
    const bool even = read_choice(*n, "parity", "parity") == 0;
    if (!even && meter.page.firmware != 2) refuse(*n, "parity", "even, or firmware: 2 beside it");
    meter.settings.parity = even ? registers::Parity::even : registers::Parity::none;
  }
  if (const TreeNode* n = settings.find("reply_delay")) {
    const Ps delay = read_time(*n, "reply_delay");
    if (delay % models::pins::ps_per_ms != 0 || delay < models::pins::ps_per_ms ||
        delay > 10 * models::pins::ps_per_s) {
      refuse(*n, "reply_delay", "whole milliseconds, 1 ms to 10 s");
    }
    meter.page.reply_delay_ms = static_cast<std::uint32_t>(delay / models::pins::ps_per_ms);
  }
  if (const TreeNode* n = settings.find("legacy_exceptions")) {
    const bool on = read_choice(*n, "legacy_exceptions", "on_or_off") == 0;
    meter.page.legacy_exceptions = on ? 1 : 0;
  }
}

bool on_bus(const MeterSpec& meter) {
  return hal::has_modbus(meter.page.variant) && meter.bus.wires != Wires::open;
}

void check_bus(const Scenario& scenario) {
  int connected = 0;
  for (const MeterSpec& meter : scenario.meters) {
    if (meter.bus.position && !hal::has_mbus(meter.page.variant)) {
      const Position& position = *meter.bus.position;
      if (!scenario.bus) {
        throw InputError(position, "bus: found a place on a bus, expected a bus: at the top level");
      }
      if (!hal::has_modbus(meter.page.variant)) {
        throw InputError(position,
                         "bus: found a meter without a bus, expected a Mod or an Mb variant");
      }
      if (meter.bus.position_m.value_or(0) > scenario.bus->cable.length_m) {
        throw InputError(position,
                         fmt::format("position: found {} m, expected one within the "
                                     "cable's {} m",
                                     *meter.bus.position_m, scenario.bus->cable.length_m));
      }
    }
    if (scenario.bus && meter.id == "bus") {
      throw InputError(meter.position,
                       "found a meter called bus beside a bus, expected another id");
    }
    if (scenario.bus && on_bus(meter)) ++connected;
  }
  if (connected > most_bus_meters) {
    throw InputError(
        scenario.bus->position,
        fmt::format("found {} meters on the bus, expected at most {}", connected, most_bus_meters));
  }
  for (const TimelineEntry& entry : scenario.timeline) {
    if (!entry.modbus) continue;
    if (!scenario.bus) {
      throw InputError(entry.position,
                       "found modbus without a bus, expected a bus: at the top "
                       "level, such as bus: {}");
    }
    if (entry.meter && !on_bus(scenario.meters[static_cast<std::size_t>(*entry.meter)])) {
      throw InputError(entry.position,
                       "found a meter that is not on the bus, expected one that is");
    }
    if (!entry.meter && !entry.modbus->to && connected == 0 &&
        entry.modbus->action != ModbusAction::bytes) {
      throw InputError(entry.position,
                       "found no meter on the bus to be asked, expected one, or to: an ID");
    }
  }
}

}  // namespace tools
