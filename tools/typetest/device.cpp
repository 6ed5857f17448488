#include "tools/typetest/device.h"

#include <fmt/format.h>

#include "models/sensors/production.h"
#include "tools/cli/commands.h"
#include "tools/scenario/keys.h"

namespace tools::typetest {
namespace {

namespace hal = metrology::hal;
namespace sensors = models::sensors;

constexpr double ppm = 1e-6;
constexpr double arc_minute_rad = 3.14159265358979323846 / 180 / 60;

/// 12 digits, as the scenario language numbers meters: prefixes in the order of the variants.
void number(hal::ParameterPage& page) {
  constexpr std::uint32_t prefixes_bcd[] = {0x0255, 0x0256, 0x0257, 0x0258, 0x0259, 0x0260};
  page.serial_hi = prefixes_bcd[static_cast<std::size_t>(page.variant)];
  page.serial_lo = 0x1450'0001;
}

const std::vector<std::string_view>& variant_names() { return choice_type("variant").words; }

std::string of_phases(const MeterSpec& meter, double scale,
                      double (*value)(const sensors::FrontEndSpec&, std::size_t)) {
  std::string out;
  for (std::size_t p = 0; p < phase_count; ++p) {
    out += fmt::format("{}{:+.4g}", p == 0 ? "" : " / ", value(meter.sensors, p) / scale);
  }
  return out;
}

}  // namespace

hal::MeterVariant variant_of(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < variant_names().size(); ++i) {
    if (variant_names()[i] == name) return static_cast<hal::MeterVariant>(i);
    known += fmt::format("{}{}", known.empty() ? "" : ", ", variant_names()[i]);
  }
  throw UsageError(
      fmt::format("--variant: found {}, expected one of {}", in_quotes(std::string(name)), known));
}

std::string_view name_of(hal::MeterVariant variant) {
  return variant_names().at(static_cast<std::size_t>(variant));
}

AccuracyClass class_of(std::string_view text) {
  if (text == "B") return AccuracyClass::b;
  if (text == "C") return AccuracyClass::c;
  throw UsageError("--class: found " + in_quotes(std::string(text)) + ", expected B or C");
}

std::string_view name_of(AccuracyClass accuracy_class) {
  return accuracy_class == AccuracyClass::b ? "B" : "C";
}

MeterSpec new_meter(hal::MeterVariant variant) {
  MeterSpec meter;
  meter.page.magic = hal::parameter_page_magic;
  meter.page.variant = variant;
  meter.page.s0_rate_centi = 100'000;
  number(meter.page);
  return meter;
}

void give_typical_parts(MeterSpec& meter) {
  meter.sensors = sensors::typical_front_end(hal::is_ct(meter.page.variant));
}

void draw_parts(MeterSpec& meter, std::uint64_t seed) {
  meter.sensors = sensors::draw_front_end(hal::is_ct(meter.page.variant), seed, meter.id);
}

Subject subject_of(const MeterSpec& meter, AccuracyClass accuracy_class, std::uint64_t seed) {
  if (meter.page.connection != hal::Connection::three_phase_four_wire) {
    throw UsageError(
        "--meter: found a meter that is not connected with four wires, expected connection: 3p4w");
  }
  return {meter, accuracy_class, ratings_of(hal::is_ct(meter.page.variant)), seed};
}

AccuracyClass nameplate_class(hal::MeterVariant variant) {
  return hal::is_ct(variant) ? AccuracyClass::c : AccuracyClass::b;
}

std::vector<Fact> nameplate_facts(const Subject& subject) {
  const Ratings& ratings = subject.ratings;
  const hal::ParameterPage& page = subject.meter.page;
  return {{"type", std::string(name_of(page.variant))},
          {"serial number", fmt::format("{:04X} {:08X}", page.serial_hi, page.serial_lo)},
          {"voltage Un", fmt::format("3 × {:g}/400 V", ratings.Un)},
          {"currents Ist, Imin, Itr, Iref, Imax",
           fmt::format("{:g}, {:g}, {:g}, {:g}, {:g} A", ratings.Ist, ratings.Imin, ratings.Itr,
                       ratings.Iref, ratings.Imax)},
          {"reactive starting current", fmt::format("{:g} A", ratings.Ist_reactive)},
          {"LED constant", fmt::format("{:g} imp/kWh, imp/kvarh", ratings.led_imp_per_kWh)},
          {"connection", subject.ct() ? "three phases, four wires, current transformers n/5 A"
                                      : "three phases, four wires, direct"},
          {"accuracy class", std::string(name_of(nameplate_class(page.variant))) +
                                 " (EN 50470-3), reactive 2 (IEC 62053-23)"}};
}

std::vector<Fact> flaw_facts(const MeterSpec& meter) {
  using Spec = sensors::FrontEndSpec;
  const Spec& s = meter.sensors;
  std::vector<Fact> facts = {
      {"voltage ratio [%]",
       of_phases(meter, 0.01,
                 [](const Spec& spec, std::size_t p) { return spec.voltage[p].ratio_error; })},
      {"voltage ratio [ppm/K]",
       of_phases(meter, ppm,
                 [](const Spec& spec, std::size_t p) { return spec.voltage[p].ratio_per_K; })},
      {"current ratio [%]",
       of_phases(meter, 0.01,
                 [](const Spec& spec, std::size_t p) { return spec.current[p].ratio_error; })},
      {"current ratio [ppm/K]",
       of_phases(meter, ppm,
                 [](const Spec& spec, std::size_t p) { return spec.current[p].ratio_per_K; })},
      {"lead of the current [']",
       of_phases(meter, arc_minute_rad,
                 [](const Spec& spec, std::size_t p) { return spec.current[p].lead_rad; })},
      {"change of the lead [%/K]",
       of_phases(meter, 0.01,
                 [](const Spec& spec, std::size_t p) { return spec.current[p].lead_per_K; })},
      {"lead at small currents [%]",
       of_phases(meter, 0.01,
                 [](const Spec& spec, std::size_t p) { return spec.current[p].low_current_rise; })},
      {"crosstalk [µA/V]", of_phases(meter, 1e-6,
                                     [](const Spec& spec, std::size_t p) {
                                       return spec.current[p].crosstalk_A_per_V;
                                     })},
      {"skew of current against voltage [ns]",
       of_phases(meter, 1e3, [](const Spec& spec, std::size_t p) {
         return static_cast<double>(spec.current[p].delay_ps - spec.voltage[p].delay_ps);
       })}};
  facts.push_back({"ADC reference", fmt::format("{:+.4g} %, {:+.4g} ppm/K", 100 * s.reference_error,
                                                s.reference_per_K / ppm)});
  facts.push_back({"noise", fmt::format("{:.3g} codes, {:.3g} µV, {:.3g} µA r.m.s. a sample",
                                        s.modulator_noise_codes, 1e6 * s.thermal_noise_V,
                                        1e6 * s.thermal_noise_A)});
  facts.push_back({"temperature sensor", fmt::format("{:+.3g} K", s.temperature_error_K)});
  facts.push_back(
      {"self-heating", fmt::format("{:.3g} K at {:g} A, time constant {:.0f} s", s.thermal.rise_K,
                                   s.thermal.rise_current_A, s.thermal.time_constant_s)});
  facts.push_back(
      {"crystal", fmt::format("{:+.3g} ppm at {:.1f} °C, {:.3g} ppm/K²", s.crystal.error / ppm,
                              s.crystal.turnover_K - 273.15, s.crystal.curvature_per_K2 / ppm)});
  return facts;
}

}  // namespace tools::typetest
