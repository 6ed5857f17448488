#include <fmt/format.h>

#include <cmath>

#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

using models::grid::Harmonic;

constexpr double volts_max = 100e3;
constexpr double amperes_max = 100e3;
constexpr double harmonic_max = 10;
constexpr std::int64_t disturbance_max_nHz = 150'000 * models::grid::nHz_per_Hz;
constexpr std::array<std::string_view, phase_count> phase_names = {"L1", "L2", "L3"};

double load_volts(const TreeNode& node, std::string_view key) {
  return read_value(node, key, "voltage", 0, volts_max, "0 V to 100 kV");
}

double load_amperes(const TreeNode& node, std::string_view key) {
  return read_value(node, key, "current", 0, amperes_max, "0 A to 100 kA");
}

double load_angle(const TreeNode& node, std::string_view key) {
  return read_value(node, key, "angle", -360, 360, "-360 deg to 360 deg");
}

std::int64_t load_nanohertz(const TreeNode& node, std::string_view key, std::int64_t low,
                            std::int64_t high, const std::string& limits) {
  const std::optional<Int128> nHz = read_quantity(node, key, "frequency").scaled(9);
  if (!nHz) refuse(node, key, "a whole number of nanohertz");
  if (*nHz < low || *nHz > high) refuse(node, key, limits);
  return static_cast<std::int64_t>(*nHz);
}

std::int64_t load_mains_frequency(const TreeNode& node) {
  return load_nanohertz(node, "frequency", models::grid::nHz_per_Hz,
                        1000 * models::grid::nHz_per_Hz, "1 Hz to 1 kHz");
}

double load_share(const TreeNode& node) {
  return 100 * read_value(node, "rms", "ratio", 0, harmonic_max, "0 % to 1000 %");
}

std::vector<Harmonic> load_harmonics(const TreeNode& node) {
  std::vector<Harmonic> out;
  for (const TreeNode& item : read_list(node, "harmonics", "harmonics")) {
    const SectionReader reader(item, section("harmonic"));
    Harmonic harmonic;
    const TreeNode& order = reader.get("order");
    const std::optional<Int128> milli = read_quantity(order, "order", "number").scaled(3);
    if (!milli || *milli <= 0 || *milli > 2'500'000 || *milli == 1000) {
      refuse(order, "order", "a number up to 2500 with at most three decimals, but not 1");
    }
    harmonic.order_milli = static_cast<std::int64_t>(*milli);
    harmonic.percent = load_share(reader.get("rms"));
    if (const TreeNode* angle = reader.find("angle"))
      harmonic.angle_deg = load_angle(*angle, "angle");
    out.push_back(harmonic);
  }
  return out;
}

std::vector<Harmonic> load_interharmonics(const TreeNode& node) {
  std::vector<Harmonic> out;
  for (const TreeNode& item : read_list(node, "interharmonics", "interharmonics")) {
    const SectionReader reader(item, section("interharmonic"));
    Harmonic tone;
    tone.frequency_nHz = load_nanohertz(reader.get("frequency"), "frequency", 1'000'000,
                                        disturbance_max_nHz, "0.001 Hz to 150 kHz");
    tone.percent = load_share(reader.get("rms"));
    if (const TreeNode* angle = reader.find("angle")) tone.angle_deg = load_angle(*angle, "angle");
    out.push_back(tone);
  }
  return out;
}

VoltageChange load_voltage(const TreeNode& node) {
  VoltageChange out;
  if (node.kind == TreeNode::Kind::scalar) {
    out.rms_V = load_volts(node, "voltage");
    return out;
  }
  const SectionReader reader(node, section("voltage_map"));
  if (const TreeNode* n = reader.find("rms")) out.rms_V = load_volts(*n, "rms");
  if (const TreeNode* n = reader.find("angle")) out.lead_deg = load_angle(*n, "angle");
  if (const TreeNode* n = reader.find("harmonics")) out.harmonics = load_harmonics(*n);
  if (const TreeNode* n = reader.find("interharmonics"))
    out.interharmonics = load_interharmonics(*n);
  return out;
}

/// "0.5 ind", "0.8 cap", "1".
double load_power_factor_lag(const TreeNode& node) {
  const std::string expected = "a power factor such as 0.5 ind, 0.8 cap or 1";
  if (node.kind != TreeNode::Kind::scalar) refuse(node, "pf", expected);
  const std::size_t length = decimal_prefix(node.text);
  const std::optional<Decimal> number = parse_decimal(node.text.substr(0, length));
  std::string kind = node.text.substr(length);
  if (!kind.empty() && kind.front() == ' ') kind.erase(0, 1);
  if (!number || (kind != "ind" && kind != "cap" && !kind.empty())) refuse(node, "pf", expected);
  const double pf = number->to_double();
  if (!(pf >= 0 && pf <= 1)) refuse(node, "pf", "a power factor from 0 to 1");
  if (kind.empty() && pf != 1) refuse(node, "pf", "ind or cap behind a power factor below 1");
  return models::grid::lag_of_power_factor(
      pf, kind == "cap" ? models::grid::Reactance::capacitive : models::grid::Reactance::inductive,
      models::grid::Flow::import);
}

/// The waveform with the keys that belong to it; any other's are refused.
models::grid::Switching load_switching(const SectionReader& reader) {
  enum Waveform : std::size_t { sine, half_positive, half_negative, phase_fired, burst_fired };
  const std::size_t waveform = read_choice(reader.get("waveform"), "waveform", "waveform");
  const auto only_for = [&](std::string_view key, Waveform which, const char* name) {
    if (reader.has(key) && waveform != which) {
      refuse(*reader.find(key), key, fmt::format("it only beside waveform: {}", name));
    }
  };
  only_for("firing_angle", phase_fired, "phase_fired");
  only_for("cycles_on", burst_fired, "burst_fired");
  only_for("cycles_off", burst_fired, "burst_fired");
  switch (waveform) {
    case half_positive:
      return models::grid::HalfWave::positive;
    case half_negative:
      return models::grid::HalfWave::negative;
    case phase_fired: {
      models::grid::PhaseFired fired;
      if (const TreeNode* n = reader.find("firing_angle")) {
        fired.firing_deg = read_value(*n, "firing_angle", "angle", 0, 179, "0 deg to 179 deg");
      }
      return fired;
    }
    case burst_fired: {
      models::grid::BurstFired burst;
      if (const TreeNode* n = reader.find("cycles_on")) {
        burst.cycles_on = static_cast<int>(read_count(*n, "cycles_on", 1, 1000));
      }
      if (const TreeNode* n = reader.find("cycles_off")) {
        burst.cycles_off = static_cast<int>(read_count(*n, "cycles_off", 1, 1000));
      }
      return burst;
    }
    default:
      return std::monostate{};
  }
}

CurrentChange load_current(const TreeNode& node) {
  CurrentChange out;
  if (node.kind == TreeNode::Kind::scalar) {
    out.rms_A = load_amperes(node, "current");
    return out;
  }
  const SectionReader reader(node, section("current_map"));
  if (const TreeNode* n = reader.find("rms")) out.rms_A = load_amperes(*n, "rms");
  if (const TreeNode* n = reader.find("pf")) out.lag_deg = load_power_factor_lag(*n);
  if (const TreeNode* n = reader.find("angle")) {
    if (out.lag_deg) refuse(*n, "angle", "either pf or angle, not both");
    out.lag_deg = load_angle(*n, "angle");
  }
  if (const TreeNode* n = reader.find("direction")) {
    out.flow = read_choice(*n, "direction", "direction") == 0 ? models::grid::Flow::import
                                                              : models::grid::Flow::export_;
  }
  if (reader.has("waveform")) {
    out.switching = load_switching(reader);
  } else {
    for (const std::string_view key : {"firing_angle", "cycles_on", "cycles_off"}) {
      if (reader.has(key)) refuse(*reader.find(key), key, "it only beside a waveform");
    }
  }
  if (const TreeNode* n = reader.find("rms_meaning")) {
    out.meaning = read_choice(*n, "rms_meaning", "rms_meaning") == 0
                      ? models::grid::RmsMeaning::before_switching
                      : models::grid::RmsMeaning::after_switching;
  }
  if (const TreeNode* n = reader.find("harmonics")) out.harmonics = load_harmonics(*n);
  if (const TreeNode* n = reader.find("interharmonics"))
    out.interharmonics = load_interharmonics(*n);
  return out;
}

template <typename T>
void overlay(std::optional<T>& value, const std::optional<T>& own) {
  if (own) value = own;
}

void overlay(VoltageChange& value, const VoltageChange& own) {
  overlay(value.rms_V, own.rms_V);
  overlay(value.lead_deg, own.lead_deg);
  overlay(value.harmonics, own.harmonics);
  overlay(value.interharmonics, own.interharmonics);
}

void overlay(CurrentChange& value, const CurrentChange& own) {
  overlay(value.rms_A, own.rms_A);
  overlay(value.lag_deg, own.lag_deg);
  overlay(value.flow, own.flow);
  overlay(value.switching, own.switching);
  overlay(value.meaning, own.meaning);
  overlay(value.harmonics, own.harmonics);
  overlay(value.interharmonics, own.interharmonics);
}

GridChange read_change(const SectionReader& reader) {
  GridChange out;
  if (const TreeNode* n = reader.find("frequency")) out.frequency_nHz = load_mains_frequency(*n);
  if (const TreeNode* n = reader.find("sequence")) {
    out.reversed_sequence = read_choice(*n, "sequence", "sequence") == 1;
  }
  if (const TreeNode* n = reader.find("voltage")) out.voltage.fill(load_voltage(*n));
  if (const TreeNode* n = reader.find("current")) out.current.fill(load_current(*n));
  for (std::size_t i = 0; i < phase_names.size(); ++i) {
    const TreeNode* n = reader.find(phase_names[i]);
    if (n == nullptr) continue;
    const SectionReader phase(*n, section("phase"));
    if (const TreeNode* v = phase.find("voltage")) overlay(out.voltage[i], load_voltage(*v));
    if (const TreeNode* c = phase.find("current")) overlay(out.current[i], load_current(*c));
  }
  if (const TreeNode* n = reader.find("recording")) out.recording = load_recording(*n);
  return out;
}

}  // namespace

GridChange load_grid(const TreeNode& node) {
  return read_change(SectionReader(node, section("grid")));
}

GridChange load_change(const TreeNode& node) {
  const SectionReader reader(node, section("change"));
  GridChange out = read_change(reader);
  if (const TreeNode* n = reader.find("temperature")) out.temperature_C = load_temperature(*n);
  return out;
}

double load_temperature(const TreeNode& node) {
  return read_value(node, "temperature", "temperature", -60, 100, "-60 degC to 100 degC");
}

Ramp load_ramp(const TreeNode& node) {
  const SectionReader reader(node, section("ramp"));
  Ramp out;
  out.over = read_duration(reader.get("over"), "over");
  const TreeNode& to = reader.get("to");
  const SectionReader target(to, section("ramp_target"));
  if (const TreeNode* n = target.find("frequency")) out.frequency_nHz = load_mains_frequency(*n);
  if (const TreeNode* n = target.find("temperature")) out.temperature_C = load_temperature(*n);
  if (const TreeNode* n = target.find("voltage")) out.voltage_V.fill(load_volts(*n, "voltage"));
  if (const TreeNode* n = target.find("current")) out.current_A.fill(load_amperes(*n, "current"));
  for (std::size_t i = 0; i < phase_names.size(); ++i) {
    const TreeNode* n = target.find(phase_names[i]);
    if (n == nullptr) continue;
    const SectionReader phase(*n, section("ramp_phase"));
    if (const TreeNode* v = phase.find("voltage")) out.voltage_V[i] = load_volts(*v, "voltage");
    if (const TreeNode* c = phase.find("current")) out.current_A[i] = load_amperes(*c, "current");
  }
  if (to.entries.empty())
    refuse(to, "to", "something to ramp: frequency, voltage, current or temperature");
  return out;
}

std::array<bool, phase_count> load_phases(const TreeNode& node, std::string_view key) {
  std::array<bool, phase_count> out{};
  for (const TreeNode& item : read_list(node, key, "phases")) {
    const std::size_t phase = read_choice(item, key, "phase_name");
    if (out[phase]) refuse(item, key, "each phase once");
    out[phase] = true;
  }
  return out;
}

Sag load_sag(const TreeNode& node, std::string_view key) {
  const bool interruption = key == "interruption";
  const SectionReader reader(node, section(interruption ? "interruption" : "dip"));
  Sag out;
  out.phases.fill(true);
  if (const TreeNode* n = reader.find("phases")) out.phases = load_phases(*n, "phases");
  out.duration = read_duration(reader.get("for"), "for");
  if (interruption) return out;
  const TreeNode& to = reader.get("to");
  out.residual = key == "dip" ? read_value(to, "to", "ratio", 0, 1, "0 % to 100 %")
                              : read_value(to, "to", "ratio", 1, 5, "100 % to 500 %");
  return out;
}

}  // namespace tools
