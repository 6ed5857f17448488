#include "tools/typetest/points/point_id.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/typetest/points/angles.h"

namespace tools::typetest {
namespace {

using Phases = std::array<bool, phase_count>;

constexpr Condition reference{};

std::string digits(const Phases& phases, bool which) {
  std::string text;
  for (std::size_t n = 0; n < phases.size(); ++n) {
    if (phases[n] == which) text += static_cast<char>('1' + n);
  }
  return text;
}

/// "L1 and L3".
std::string names(const Phases& phases, bool which) {
  std::string text;
  for (const char digit : digits(phases, which)) {
    text += (text.empty() ? "L" : " and L") + std::string(1, digit);
  }
  return text;
}

int count(const Phases& phases) {
  return static_cast<int>(std::count(phases.begin(), phases.end(), true));
}

struct Names {
  std::string word;
  std::string text;
};

Names names_of(const Condition& c) {
  switch (c.recipe) {
    case Recipe::sine:
      return {};
    case Recipe::fifth_harmonic:
      return {"fifth", "5th harmonic"};
    case Recipe::half_wave_positive:
      return {"half-wave-positive", "positive half-waves"};
    case Recipe::half_wave_negative:
      return {"half-wave-negative", "negative half-waves"};
    case Recipe::phase_fired:
      return {"phase-fired", "phase-fired at 90°"};
    case Recipe::burst_fired:
      return {"burst-fired", "bursts of two cycles"};
    case Recipe::conducted:
      return {fmt::format("conducted{:.9g}Hz{:.9g}A", c.conducted_Hz, c.conducted_A),
              fmt::format("with {:.4g} A of {:.5g} kHz", c.conducted_A, c.conducted_Hz / 1000)};
  }
  return {};
}

Names names_of(Accessory accessory) {
  switch (accessory) {
    case Accessory::none:
      return {};
    case Accessory::tariff_input:
      return {"tariff-input", "voltage at the tariff input"};
    case Accessory::backlight:
      return {"backlight", "backlight on"};
    case Accessory::bus_traffic:
      return {"bus-traffic", "being read out"};
  }
  return {};
}

bool gated(Recipe recipe) { return recipe == Recipe::phase_fired || recipe == Recipe::burst_fired; }

}  // namespace

std::string point_id(const Condition& c, Kind kind) {
  const Angle* angle = angle_of(kind, c.lag_deg);
  std::string id =
      fmt::format("{}/{}/L{}/{}/{:.9g}A", kind == Kind::active ? "active" : "reactive",
                  c.exports ? "export" : "import", digits(c.loaded, true),
                  angle != nullptr ? std::string(angle->word) : fmt::format("lag{:.9g}", c.lag_deg),
                  c.current_A);
  if (c.voltage != reference.voltage) id += fmt::format("/U{:.9g}", c.voltage);
  if (count(c.voltage_present) < phase_count) id += "/noU" + digits(c.voltage_present, false);
  if (c.frequency_Hz != reference.frequency_Hz) id += fmt::format("/f{:.9g}", c.frequency_Hz);
  if (c.temperature_C != reference.temperature_C) id += fmt::format("/T{:.9g}", c.temperature_C);
  if (c.reversed_sequence) id += "/reversed";
  if (c.recipe != Recipe::sine) id += "/" + names_of(c).word;
  if (gated(c.recipe) && !c.rms_after_gating) id += "-before";
  if (c.accessory != Accessory::none) id += "/" + names_of(c.accessory).word;
  return id;
}

std::string describe(const Condition& c, Kind kind) {
  const Angle* angle = angle_of(kind, c.lag_deg);
  std::string text = fmt::format(
      "{:.4g} A, {}", c.current_A,
      angle != nullptr ? std::string(angle->text) : fmt::format("{:.4g}° lagging", c.lag_deg));
  switch (count(c.loaded)) {
    case 1:
      text += ", " + names(c.loaded, true) + " alone";
      break;
    case 2:
      text += ", " + names(c.loaded, true);
      break;
    default:
      break;
  }
  if (c.exports) text += ", export";
  if (c.voltage != reference.voltage) text += fmt::format(", {:.4g} Un", c.voltage);
  if (count(c.voltage_present) < phase_count) {
    text += ", no voltage at " + names(c.voltage_present, false);
  }
  if (c.frequency_Hz != reference.frequency_Hz) text += fmt::format(", {:.4g} Hz", c.frequency_Hz);
  if (c.temperature_C != reference.temperature_C) {
    text += fmt::format(", {:.4g} °C", c.temperature_C);
  }
  if (c.reversed_sequence) text += ", phases reversed";
  if (c.recipe != Recipe::sine) text += ", " + names_of(c).text;
  if (gated(c.recipe)) text += c.rms_after_gating ? " (rms as it flows)" : " (rms ungated)";
  if (c.accessory != Accessory::none) text += ", " + names_of(c.accessory).text;
  return text;
}

}  // namespace tools::typetest
