#include "models/sensors/production.h"
#include "models/thermal/ambient.h"
#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

using models::sensors::CrystalSpec;
using models::sensors::DividerSpec;
using models::sensors::FrontEndSpec;
using models::sensors::ThermalSpec;
using models::sensors::TransformerSpec;

constexpr double radians_per_minute = 3.14159265358979323846 / 180 / 60;

/// A key that says one number of a part, in the unit of both.
template <typename Part>
struct Value {
  std::string_view key;
  std::string_view type;
  double Part::*value;
  double low;
  double high;
  const char* limits;
};

constexpr const char* ratio_limits = "-50 % to 50 %";
constexpr const char* drift_limits = "-1 %/K to 1 %/K";
constexpr const char* temperature_limits = "-60 degC to 100 degC";

constexpr std::array divider_values = {
    Value<DividerSpec>{"voltage_ratio", "ratio", &DividerSpec::ratio_error, -0.5, 0.5,
                       ratio_limits},
    Value<DividerSpec>{"voltage_drift", "drift", &DividerSpec::ratio_per_K, -0.01, 0.01,
                       drift_limits},
    Value<DividerSpec>{"voltage_offset", "voltage", &DividerSpec::offset_V, -1000, 1000,
                       "-1 kV to 1 kV"},
};

constexpr std::array transformer_values = {
    Value<TransformerSpec>{"current_ratio", "ratio", &TransformerSpec::ratio_error, -0.5, 0.5,
                           ratio_limits},
    Value<TransformerSpec>{"current_drift", "drift", &TransformerSpec::ratio_per_K, -0.01, 0.01,
                           drift_limits},
    Value<TransformerSpec>{"current_offset", "current", &TransformerSpec::offset_A, -1000, 1000,
                           "-1 kA to 1 kA"},
    Value<TransformerSpec>{"lead_drift", "drift", &TransformerSpec::lead_per_K, -0.009, 0.009,
                           "-0.9 %/K to 0.9 %/K"},
    Value<TransformerSpec>{"low_current_rise", "ratio", &TransformerSpec::low_current_rise, 0, 10,
                           "0 % to 1000 %"},
    Value<TransformerSpec>{"low_current_knee", "current", &TransformerSpec::knee_A, 1e-6, 1000,
                           "1 uA to 1 kA"},
    Value<TransformerSpec>{"saturation", "current", &TransformerSpec::saturation_A, 1e-6, 100e3,
                           "1 uA to 100 kA"},
    Value<TransformerSpec>{"crosstalk", "crosstalk", &TransformerSpec::crosstalk_A_per_V, -1, 1,
                           "-1000 mA/V to 1000 mA/V"},
};

constexpr std::array front_end_values = {
    Value<FrontEndSpec>{"reference", "ratio", &FrontEndSpec::reference_error, -0.5, 0.5,
                        ratio_limits},
    Value<FrontEndSpec>{"reference_drift", "drift", &FrontEndSpec::reference_per_K, -0.001, 0.001,
                        "-0.1 %/K to 0.1 %/K"},
    Value<FrontEndSpec>{"adc_noise", "number", &FrontEndSpec::modulator_noise_codes, 0, 100'000,
                        "0 to 100000"},
    Value<FrontEndSpec>{"voltage_noise", "voltage", &FrontEndSpec::thermal_noise_V, 0, 10,
                        "0 V to 10 V"},
    Value<FrontEndSpec>{"current_noise", "current", &FrontEndSpec::thermal_noise_A, 0, 10,
                        "0 A to 10 A"},
    Value<FrontEndSpec>{"temperature_error", "temperature_difference",
                        &FrontEndSpec::temperature_error_K, -100, 100, "-100 K to 100 K"},
};

constexpr std::array thermal_values = {
    Value<ThermalSpec>{"rise", "temperature_difference", &ThermalSpec::rise_K, 0, 200,
                       "0 K to 200 K"},
    Value<ThermalSpec>{"current", "current", &ThermalSpec::rise_current_A, 1e-3, 1000,
                       "1 mA to 1 kA"},
    Value<ThermalSpec>{"time_constant", "time", &ThermalSpec::time_constant_s, 1, 1e6,
                       "1 s to 1000000 s"},
};

constexpr std::array crystal_values = {
    Value<CrystalSpec>{"error", "ratio", &CrystalSpec::error, -0.001, 0.001,
                       "-1000 ppm to 1000 ppm"},
    Value<CrystalSpec>{"curvature", "curvature", &CrystalSpec::curvature_per_K2, -1e-6, 1e-6,
                       "-1 ppm/K2 to 1 ppm/K2"},
};

template <typename Part, std::size_t count>
void lay(const SectionReader& reader, const std::array<Value<Part>, count>& values, Part& part) {
  for (const Value<Part>& row : values) {
    if (const TreeNode* n = reader.find(row.key)) {
      part.*row.value = read_value(*n, row.key, row.type, row.low, row.high, row.limits);
    }
  }
}

void lay_delay(const SectionReader& reader, std::string_view key, std::int64_t& delay_ps) {
  const TreeNode* n = reader.find(key);
  if (n == nullptr) return;
  const std::optional<Int128> ps = read_quantity(*n, key, "time").scaled(12);
  constexpr auto limit = static_cast<Int128>(models::pins::ps_per_ms);
  if (!ps || *ps < -limit || *ps > limit) refuse(*n, key, "whole picoseconds, -1 ms to 1 ms");
  delay_ps = static_cast<std::int64_t>(*ps);
}

double load_lead(const TreeNode& node) {
  const Quantity lead = read_quantity(node, "current_lead", "lead");
  const double scale = lead.dimension == Dimension::arc ? radians_per_minute : 1;
  const double radians = lead.value() * scale;
  if (!(radians >= 0 && radians <= 0.2)) refuse(node, "current_lead", "0 mrad to 200 mrad");
  return radians;
}

void lay_phase(const TreeNode& node, DividerSpec& divider, TransformerSpec& transformer) {
  const SectionReader reader(node, section("sensor_phase"));
  lay(reader, divider_values, divider);
  lay(reader, transformer_values, transformer);
  lay_delay(reader, "voltage_delay", divider.delay_ps);
  lay_delay(reader, "current_delay", transformer.delay_ps);
  if (const TreeNode* n = reader.find("current_lead")) transformer.lead_rad = load_lead(*n);
  if (transformer.low_current_rise > 0 && transformer.knee_A == 0) {
    refuse(*reader.find("low_current_rise"), "low_current_rise", "low_current_knee beside it");
  }
}

void lay_errors(const TreeNode& node, FrontEndSpec& spec) {
  const SectionReader reader(node, section("sensors"));
  constexpr std::array<std::string_view, phase_count> phases = {"L1", "L2", "L3"};
  for (std::size_t i = 0; i < phases.size(); ++i) {
    for (const std::string_view key : {std::string_view("every_phase"), phases[i]}) {
      if (const TreeNode* n = reader.find(key)) lay_phase(*n, spec.voltage[i], spec.current[i]);
    }
  }
  lay(reader, front_end_values, spec);
  if (const TreeNode* n = reader.find("self_heating")) {
    lay(SectionReader(*n, section("self_heating")), thermal_values, spec.thermal);
  }
  if (const TreeNode* n = reader.find("crystal")) {
    const SectionReader crystal(*n, section("crystal_part"));
    lay(crystal, crystal_values, spec.crystal);
    if (const TreeNode* t = crystal.find("turnover")) {
      spec.crystal.turnover_K =
          read_value(*t, "turnover", "temperature", -60, 100, temperature_limits) +
          models::thermal::zero_celsius_K;
    }
  }
}

FrontEndSpec parts_of(const TreeNode* sensors, bool ct, std::uint64_t seed, const std::string& id) {
  enum Parts : std::size_t { ideal, typical, drawn };
  std::size_t parts = ideal;
  if (sensors != nullptr) {
    const SectionReader reader(*sensors, section("sensors"));
    if (const TreeNode* n = reader.find("parts")) parts = read_choice(*n, "parts", "parts");
  }
  if (parts == typical) return models::sensors::typical_front_end(ct);
  if (parts == drawn) return models::sensors::draw_front_end(ct, seed, id);
  return {};
}

}  // namespace

FrontEndSpec load_front_end(const TreeNode* of_all, const TreeNode* own, bool ct,
                            std::uint64_t seed, const std::string& id) {
  const bool own_parts = own != nullptr && SectionReader(*own, section("sensors")).has("parts");
  FrontEndSpec spec = parts_of(own_parts ? own : of_all, ct, seed, id);
  if (of_all != nullptr) lay_errors(*of_all, spec);
  if (own != nullptr) lay_errors(*own, spec);
  return spec;
}

}  // namespace tools
