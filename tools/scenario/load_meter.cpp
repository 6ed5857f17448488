#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "metrology/energy/pulse_width.h"
#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

namespace hal = metrology::hal;
constexpr std::array<std::string_view, phase_count> phase_names = {"L1", "L2", "L3"};
constexpr std::int64_t meters_max = 256;
/// Of Modbus and of M-Bus.
constexpr std::int64_t highest_modbus_id = 247;
constexpr std::int64_t highest_mbus_id = 250;
/// Default serial numbers count up from here (pro380 §1).
constexpr std::uint32_t first_serial = 14500001;

std::uint32_t bcd(std::uint32_t value) {
  std::uint32_t out = 0;
  for (int shift = 0; value != 0 && shift < 32; shift += 4) {
    out |= (value % 10) << shift;
    value /= 10;
  }
  return out;
}

/// A ratio in parts of 10^decimals, whole, |value| <= limit.
std::int32_t load_parts_per(const TreeNode& node, std::string_view key, int decimals,
                            std::int64_t limit, const std::string& expected) {
  const std::optional<Int128> parts = read_quantity(node, key, "ratio").scaled(decimals);
  if (!parts || *parts < -limit || *parts > limit) refuse(node, key, expected);
  return static_cast<std::int32_t>(*parts);
}

std::uint32_t load_s0_rate(const TreeNode& node) {
  const std::optional<Int128> centi = read_quantity(node, "s0_rate", "pulse_rate").scaled(2);
  const bool known = centi && *centi > 0 && *centi <= UINT32_MAX &&
                     metrology::energy::is_s0_rate(static_cast<std::uint32_t>(*centi));
  if (!known) {
    refuse(node, "s0_rate", "10000, 2000, 1000, 100, 10, 1, 0.1 or 0.01 imp/kWh");
  }
  return static_cast<std::uint32_t>(*centi);
}

std::uint32_t load_ct_ratio(const TreeNode& node, bool ct_meter) {
  if (!ct_meter) refuse(node, "ct_ratio", "it only with a CT meter");
  const std::string text = read_text(node, "ct_ratio", 7);
  const std::size_t slash = text.find('/');
  std::uint32_t amperes = 0;
  const char* end = text.data() + std::min(slash, text.size());
  const auto parsed = std::from_chars(text.data(), end, amperes);
  const bool number = parsed.ec == std::errc{} && parsed.ptr == end;
  const bool to_5_A = slash != std::string::npos && text.substr(slash) == "/5";
  if (!number || !to_5_A || !hal::is_ct_primary(amperes)) {
    refuse(node, "ct_ratio", "one of the meter's ratios: 5/5, 40/5, 50/5 … 7500/5");
  }
  return amperes;
}

/// A constant of a phase's calibration, in the order of hal::calibration_fields.
struct ConstantKey {
  std::string_view key;
  std::string_view type;
  int decimals;  ///< the firmware counts in 10^-decimals of the base unit
  const char* expected;
};
constexpr std::array<ConstantKey, hal::calibration_field_count> constant_keys = {{
    {"voltage", "ratio", 6, "whole parts per million, -100000 ppm to 100000 ppm"},
    {"current", "ratio", 6, "whole parts per million, -100000 ppm to 100000 ppm"},
    {"delay", "time", 9, "whole nanoseconds, -32 us to 32 us"},
    {"lead", "lead", 6, "whole microradians, 0 urad to 10 mrad, or arc minutes up to that"},
    {"voltage_drift", "drift", 9, "whole parts per billion and kelvin, -500 ppm/K to 500 ppm/K"},
    {"current_drift", "drift", 9, "whole parts per billion and kelvin, -500 ppm/K to 500 ppm/K"},
    {"lead_drift", "drift", 6, "whole parts per million and kelvin, -2 %/K to 2 %/K"},
    {"active_offset", "active_power", 6, "whole microwatts, -1 W to 1 W"},
    {"reactive_offset", "reactive_power", 6, "whole microvars, -1 var to 1 var"},
}};

/// Arc minutes are rounded to the microradian, all other units must give a whole number.
std::optional<Int128> in_steps(const Quantity& quantity, int decimals) {
  if (quantity.dimension != Dimension::arc) return quantity.scaled(decimals);
  constexpr double urad_per_minute = 1e6 * 3.141592653589793 / (180 * 60);
  constexpr double beyond_every_range = 1e9;
  const double urad = std::round(quantity.value() * urad_per_minute);
  if (!(std::abs(urad) < beyond_every_range)) return std::nullopt;
  return static_cast<std::int64_t>(urad);
}

std::int32_t load_constant(const TreeNode& node, const ConstantKey& constant,
                           const hal::CalibrationField& field) {
  const Quantity quantity = read_quantity(node, constant.key, constant.type);
  const std::optional<Int128> steps = in_steps(quantity, constant.decimals);
  if (!steps || *steps < field.least || *steps > field.most) {
    refuse(node, constant.key, constant.expected);
  }
  return static_cast<std::int32_t>(*steps);
}

void load_calibration(const TreeNode& node, hal::ParameterPage& page) {
  const SectionReader reader(node, section("calibration"));
  for (std::size_t i = 0; i < phase_names.size(); ++i) {
    const TreeNode* n = reader.find(phase_names[i]);
    if (n == nullptr) continue;
    const SectionReader phase(*n, section("calibration_phase"));
    hal::PhaseCalibration& constants = page.calibration[i];
    for (std::size_t k = 0; k < constant_keys.size(); ++k) {
      const ConstantKey& constant = constant_keys[k];
      const TreeNode* v = phase.find(constant.key);
      if (v == nullptr) continue;
      const hal::CalibrationField& field = hal::calibration_fields[k];
      constants.*field.value = load_constant(*v, constant, field);
    }
  }
}

void load_serial(const TreeNode& node, hal::ParameterPage& page) {
  const std::string text = read_text(node, "serial", 12);
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (text.size() != 12 || !digits) refuse(node, "serial", "12 digits");
  page.serial_hi = static_cast<std::uint32_t>(std::stoul(text.substr(0, 4), nullptr, 16));
  page.serial_lo = static_cast<std::uint32_t>(std::stoul(text.substr(4), nullptr, 16));
}

void load_settings(const TreeNode& node, MeterSpec& meter) {
  const SectionReader reader(node, section("settings"));
  const bool ct = hal::is_ct(meter.page.variant);
  if (const TreeNode* n = reader.find("s0_rate")) meter.page.s0_rate_centi = load_s0_rate(*n);
  if (const TreeNode* n = reader.find("ct_ratio")) meter.page.ct_primary_A = load_ct_ratio(*n, ct);
  if (const TreeNode* n = reader.find("crystal")) meter.crystal_ppb = load_crystal(*n);
  if (const TreeNode* n = reader.find("serial")) load_serial(*n, meter.page);
  if (const TreeNode* n = reader.find("calibration")) load_calibration(*n, meter.page);
  load_factory_settings(reader, meter);
  load_bus_settings(reader, meter);
}

std::array<int, phase_count> load_order(const TreeNode& node, std::string_view key) {
  std::array<int, phase_count> out{};
  std::array<bool, phase_count> used{};
  const std::vector<TreeNode>& items = read_list(node, key, "phase_order");
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t phase = read_choice(items[i], key, "phase_name");
    if (used[phase]) refuse(items[i], key, "each of L1, L2 and L3 once");
    used[phase] = true;
    out[i] = static_cast<int>(phase);
  }
  return out;
}

void load_wiring(const TreeNode& node, models::wiring::Wiring& wiring) {
  const SectionReader reader(node, section("wiring"));
  if (const TreeNode* n = reader.find("reversed")) wiring.reversed_ct = load_phases(*n, "reversed");
  if (const TreeNode* n = reader.find("voltage_order")) {
    wiring.voltage_order = load_order(*n, "voltage_order");
  }
  if (const TreeNode* n = reader.find("current_order")) {
    wiring.current_order = load_order(*n, "current_order");
  }
  if (const TreeNode* n = reader.find("neutral")) {
    wiring.neutral_missing = read_choice(*n, "neutral", "neutral") == 1;
    if (wiring.neutral_missing && wiring.connection != models::wiring::Connection::four_wire) {
      refuse(*n, "neutral", "a neutral to be missing only with connection: 3p4w");
    }
  }
}

/// The world's parts, those of every meter before those of one.
void load_world(const SectionReader& reader, MeterSpec& meter) {
  if (const TreeNode* n = reader.find("wiring")) load_wiring(*n, meter.wiring);
  if (const TreeNode* n = reader.find("temperature")) {
    meter.grid.emplace_back().temperature_C = load_temperature(*n);
  }
  if (const TreeNode* n = reader.find("receivers")) meter.receivers.push_back(load_receivers(*n));
}

std::string load_id(const TreeNode& node) {
  std::string id = read_text(node, "id", 32);
  const bool letter = (id[0] >= 'a' && id[0] <= 'z') || (id[0] >= 'A' && id[0] <= 'Z');
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!letter || !plain) refuse(node, "id", "a letter, then letters, digits and underscores");
  return id;
}

/// What all meters share: a recording or a profile is read and kept once.
struct OfAll {
  Ps duration = 0;
  std::optional<GridChange> grid;
  std::shared_ptr<const Profile> profile;
};

/// Adds the `count` meters of one description.
void add_meters(const TreeNode& node, const SectionReader& root, std::uint64_t seed,
                const OfAll& of_all, const std::string& default_id,
                std::vector<MeterSpec>& meters) {
  const SectionReader reader(node, section("meter"));
  MeterSpec meter;
  meter.position = node.position;
  meter.page.magic = hal::parameter_page_magic;
  meter.page.s0_rate_centi = 100'000;
  const TreeNode& variant = reader.get("variant");
  meter.page.variant = static_cast<hal::MeterVariant>(read_choice(variant, "variant", "variant"));
  if (const TreeNode* n = reader.find("connection")) {
    const std::size_t connection = read_choice(*n, "connection", "connection");
    meter.page.connection = static_cast<hal::Connection>(connection);
    meter.wiring.connection = static_cast<models::wiring::Connection>(connection);
  }
  if (const TreeNode* n = reader.find("cpu")) {
    meter.cpu = static_cast<CpuKind>(read_choice(*n, "cpu", "cpu"));
  }
  if (const TreeNode* n = reader.find("settings")) load_settings(*n, meter);
  if (of_all.grid) meter.grid.push_back(*of_all.grid);
  if (const TreeNode* n = reader.find("grid")) meter.grid.push_back(load_grid(*n));
  meter.profile = of_all.profile;
  if (const TreeNode* n = reader.find("profile")) meter.profile = load_profile(*n, of_all.duration);
  load_world(root, meter);
  load_world(reader, meter);
  load_factory(reader, meter);
  if (const TreeNode* n = reader.find("bus")) meter.bus = load_bus_end(*n);

  const TreeNode* id = reader.find("id");
  const std::string stem = id != nullptr ? load_id(*id) : default_id;
  const TreeNode* count_node = reader.find("count");
  const std::int64_t count =
      count_node != nullptr ? read_count(*count_node, "count", 1, meters_max) : 1;
  const bool own_serial = meter.page.serial_lo != 0 || meter.page.serial_hi != 0;
  if (own_serial && count > 1) refuse(*count_node, "count", "1 beside a serial number");
  if (!meter.eeprom_file.empty() && count > 1) {
    refuse(*count_node, "count", "1 beside an EEPROM file");
  }
  const std::optional<std::uint16_t> first_meter_id = meter.settings.meter_id;
  const std::int64_t highest =
      hal::has_mbus(meter.page.variant) ? highest_mbus_id : highest_modbus_id;
  if (first_meter_id && *first_meter_id + count - 1 > highest) {
    refuse(*count_node, "count", fmt::format("meter IDs that end at {}", highest));
  }
  for (std::int64_t i = 1; i <= count; ++i) {
    if (first_meter_id) {
      meter.settings.meter_id = static_cast<std::uint16_t>(*first_meter_id + i - 1);
    }
    meter.id = count_node != nullptr ? fmt::format("{}{}", stem, i) : stem;
    meter.sensors = load_front_end(root.find("sensors"), reader.find("sensors"),
                                   hal::is_ct(meter.page.variant), seed, meter.id);
    for (const MeterSpec& other : meters) {
      if (!meter.eeprom_file.empty() && other.eeprom_file == meter.eeprom_file) {
        throw InputError(node.position,
                         fmt::format("found the EEPROM file {} of meter {}, "
                                     "expected a file of its own",
                                     in_quotes(meter.eeprom_file), in_quotes(other.id)));
      }
      if (other.id == meter.id) {
        throw InputError(
            node.position,
            fmt::format("found a second meter {}, expected each id once", in_quotes(meter.id)));
      }
    }
    if (!own_serial) {
      // Variants stand in the order of their serial numbers' prefixes.
      meter.page.serial_hi = bcd(255 + static_cast<std::uint32_t>(meter.page.variant));
      meter.page.serial_lo = bcd(first_serial + static_cast<std::uint32_t>(meters.size()));
    }
    meters.push_back(meter);
  }
}

}  // namespace

std::int32_t load_crystal(const TreeNode& node) {
  return load_parts_per(node, "crystal", 9, 1'000'000,
                        "whole parts per billion, -1000 ppm to 1000 ppm");
}

ReceiversChange load_receivers(const TreeNode& node) {
  const SectionReader reader(node, section("receivers"));
  ReceiversChange out;
  constexpr std::array<std::string_view, 2> names = {"s0_forward", "s0_reverse"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const TreeNode* n = reader.find(names[i]);
    if (n == nullptr) continue;
    const SectionReader one(*n, section("receiver"));
    if (const TreeNode* v = one.find("supply")) {
      out[i].supply_V = read_value(*v, "supply", "voltage", 0, 1000, "0 V to 1 kV");
    }
    if (const TreeNode* v = one.find("polarity")) {
      out[i].reversed = read_choice(*v, "polarity", "polarity") == 1;
    }
    if (const TreeNode* v = one.find("resistor")) {
      out[i].series_ohm = read_value(*v, "resistor", "resistance", 1, 1e9, "1 ohm to 1000000 kohm");
    }
  }
  return out;
}

std::vector<MeterSpec> load_meters(const SectionReader& root, std::uint64_t seed, Ps duration) {
  const TreeNode* one = root.find("meter");
  const TreeNode* several = root.find("meters");
  if ((one != nullptr) == (several != nullptr)) {
    throw InputError(several != nullptr ? several->position : root.position(),
                     one != nullptr ? "found meter and meters, expected one of them"
                                    : "found no meter, expected meter or meters");
  }
  OfAll of_all;
  of_all.duration = duration;
  if (const TreeNode* n = root.find("grid")) of_all.grid = load_grid(*n);
  if (const TreeNode* n = root.find("profile")) of_all.profile = load_profile(*n, duration);
  std::vector<MeterSpec> meters;
  if (one != nullptr) {
    add_meters(*one, root, seed, of_all, "m1", meters);
    return meters;
  }
  for (const TreeNode& node : read_list(*several, "meters", "meter_list")) {
    add_meters(node, root, seed, of_all, fmt::format("m{}", meters.size() + 1), meters);
    if (meters.size() > meters_max) {
      throw InputError(node.position,
                       fmt::format("found more than {} meters, expected fewer", meters_max));
    }
  }
  return meters;
}

}  // namespace tools
