#include "tools/scenario/units.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace tools {
namespace {

struct Unit {
  std::string_view text;
  Dimension dimension;
  std::int64_t factor;
  int shift;
};

constexpr std::array units = {
    Unit{"ps", Dimension::time, 1, -12},
    Unit{"ns", Dimension::time, 1, -9},
    Unit{"us", Dimension::time, 1, -6},
    Unit{"µs", Dimension::time, 1, -6},
    Unit{"ms", Dimension::time, 1, -3},
    Unit{"s", Dimension::time, 1, 0},
    Unit{"min", Dimension::time, 60, 0},
    Unit{"h", Dimension::time, 3600, 0},
    Unit{"d", Dimension::time, 86400, 0},
    Unit{"uV", Dimension::voltage, 1, -6},
    Unit{"mV", Dimension::voltage, 1, -3},
    Unit{"V", Dimension::voltage, 1, 0},
    Unit{"kV", Dimension::voltage, 1, 3},
    Unit{"uA", Dimension::current, 1, -6},
    Unit{"mA", Dimension::current, 1, -3},
    Unit{"A", Dimension::current, 1, 0},
    Unit{"kA", Dimension::current, 1, 3},
    Unit{"mW", Dimension::active_power, 1, -3},
    Unit{"W", Dimension::active_power, 1, 0},
    Unit{"kW", Dimension::active_power, 1, 3},
    Unit{"MW", Dimension::active_power, 1, 6},
    Unit{"mvar", Dimension::reactive_power, 1, -3},
    Unit{"var", Dimension::reactive_power, 1, 0},
    Unit{"kvar", Dimension::reactive_power, 1, 3},
    Unit{"Mvar", Dimension::reactive_power, 1, 6},
    Unit{"mVA", Dimension::apparent_power, 1, -3},
    Unit{"VA", Dimension::apparent_power, 1, 0},
    Unit{"kVA", Dimension::apparent_power, 1, 3},
    Unit{"MVA", Dimension::apparent_power, 1, 6},
    Unit{"uWh", Dimension::active_energy, 1, -6},
    Unit{"mWh", Dimension::active_energy, 1, -3},
    Unit{"Wh", Dimension::active_energy, 1, 0},
    Unit{"kWh", Dimension::active_energy, 1, 3},
    Unit{"MWh", Dimension::active_energy, 1, 6},
    Unit{"uvarh", Dimension::reactive_energy, 1, -6},
    Unit{"mvarh", Dimension::reactive_energy, 1, -3},
    Unit{"varh", Dimension::reactive_energy, 1, 0},
    Unit{"kvarh", Dimension::reactive_energy, 1, 3},
    Unit{"Mvarh", Dimension::reactive_energy, 1, 6},
    Unit{"mHz", Dimension::frequency, 1, -3},
    Unit{"Hz", Dimension::frequency, 1, 0},
    Unit{"kHz", Dimension::frequency, 1, 3},
    Unit{"mdeg", Dimension::angle, 1, -3},
    Unit{"deg", Dimension::angle, 1, 0},
    Unit{"°", Dimension::angle, 1, 0},
    Unit{"ohm", Dimension::resistance, 1, 0},
    Unit{"kohm", Dimension::resistance, 1, 3},
    Unit{"%", Dimension::ratio, 1, -2},
    Unit{"ppm", Dimension::ratio, 1, -6},
    Unit{"imp/kWh", Dimension::pulse_rate, 1, 0},
    Unit{"m", Dimension::length, 1, 0},
    Unit{"km", Dimension::length, 1, 3},
    Unit{"degC", Dimension::temperature, 1, 0},
    Unit{"°C", Dimension::temperature, 1, 0},
    Unit{"mK", Dimension::temperature_difference, 1, -3},
    Unit{"K", Dimension::temperature_difference, 1, 0},
    Unit{"%/K", Dimension::per_kelvin, 1, -2},
    Unit{"ppm/K", Dimension::per_kelvin, 1, -6},
    Unit{"ppm/K2", Dimension::per_square_kelvin, 1, -6},
    Unit{"ppm/K²", Dimension::per_square_kelvin, 1, -6},
    Unit{"arcmin", Dimension::arc, 1, 0},
    Unit{"urad", Dimension::radians, 1, -6},
    Unit{"mrad", Dimension::radians, 1, -3},
    Unit{"nA/V", Dimension::coupling, 1, -9},
    Unit{"uA/V", Dimension::coupling, 1, -6},
    Unit{"mA/V", Dimension::coupling, 1, -3},
};

struct Description {
  Dimension dimension;
  std::string_view name;
  std::string_view example;
  std::string_view base;
};

constexpr std::array descriptions = {
    Description{Dimension::number, "a number", "0.5", ""},
    Description{Dimension::count, "a whole number", "3", ""},
    Description{Dimension::time, "a time", "40 ms", "s"},
    Description{Dimension::voltage, "a voltage", "230 V", "V"},
    Description{Dimension::current, "a current", "5 A", "A"},
    Description{Dimension::active_power, "an active power", "2.5 kW", "W"},
    Description{Dimension::reactive_power, "a reactive power", "1.2 kvar", "var"},
    Description{Dimension::apparent_power, "an apparent power", "3 kVA", "VA"},
    Description{Dimension::active_energy, "an active energy", "0.25 kWh", "Wh"},
    Description{Dimension::reactive_energy, "a reactive energy", "0.25 kvarh", "varh"},
    Description{Dimension::frequency, "a frequency", "50 Hz", "Hz"},
    Description{Dimension::angle, "an angle", "60 deg", "deg"},
    Description{Dimension::resistance, "a resistance", "1 kohm", "ohm"},
    Description{Dimension::ratio, "a ratio", "12.5 %", ""},
    Description{Dimension::pulse_rate, "a pulse rate", "1000 imp/kWh", "imp/kWh"},
    Description{Dimension::length, "a length", "100 m", "m"},
    Description{Dimension::temperature, "a temperature", "23 degC", "degC"},
    Description{Dimension::temperature_difference, "a difference of temperatures", "10 K", "K"},
    Description{Dimension::per_kelvin, "a drift", "25 ppm/K", "1/K"},
    Description{Dimension::per_square_kelvin, "a curvature", "-0.034 ppm/K2", "1/K2"},
    Description{Dimension::arc, "a phase error", "10 arcmin", "arcmin"},
    Description{Dimension::radians, "a phase error", "3 mrad", "rad"},
    Description{Dimension::coupling, "a crosstalk", "2 uA/V", "A/V"},
};

const Description& description_of(Dimension dimension) {
  return descriptions[static_cast<std::size_t>(dimension)];
}

const Unit* find_unit(std::string_view text) {
  for (const Unit& unit : units) {
    if (unit.text == text) return &unit;
  }
  return nullptr;
}

bool contains(const std::vector<Dimension>& allowed, Dimension dimension) {
  for (const Dimension d : allowed) {
    if (d == dimension) return true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view name_of(Dimension dimension) { return description_of(dimension).name; }
std::string_view example_of(Dimension dimension) { return description_of(dimension).example; }
std::string_view base_unit_of(Dimension dimension) { return description_of(dimension).base; }

std::vector<std::string_view> units_of(Dimension dimension) {
  std::vector<std::string_view> out;
  for (const Unit& unit : units) {
    if (unit.dimension == dimension) out.push_back(unit.text);
  }
  return out;
}

double Quantity::value() const { return number.to_double(shift) * static_cast<double>(factor); }

std::optional<Int128> Quantity::scaled(int decimals) const {
  Decimal moved = number;
  moved.exponent += shift + decimals;
  return moved.to_integer(factor);
}

ParsedQuantity parse_quantity(std::string_view text, const std::vector<Dimension>& allowed) {
  text = trimmed(text);
  std::size_t length = decimal_prefix(text);
  std::optional<Decimal> number = parse_decimal(text.substr(0, length));
  if (!number) return {std::nullopt, QuantityFault::not_a_number, ""};
  const std::string_view unit_text = trimmed(text.substr(length));
  if (unit_text.empty()) {
    if (contains(allowed, Dimension::number)) {
      return {Quantity{*number, Dimension::number, 1, 0}, {}, ""};
    }
    if (contains(allowed, Dimension::count) && number->to_integer()) {
      return {Quantity{*number, Dimension::count, 1, 0}, {}, ""};
    }
    const bool whole_wanted = contains(allowed, Dimension::count);
    return {std::nullopt, whole_wanted ? QuantityFault::not_a_number : QuantityFault::no_unit, ""};
  }
  const Unit* unit = find_unit(unit_text);
  if (unit == nullptr) {
    return {std::nullopt, QuantityFault::unknown_unit, std::string(unit_text)};
  }
  if (!contains(allowed, unit->dimension)) {
    return {std::nullopt, QuantityFault::other_dimension, std::string(unit_text)};
  }
  return {Quantity{*number, unit->dimension, unit->factor, unit->shift}, {}, ""};
}

namespace {

struct Prefix {
  double scale;
  std::string_view letter;
};

/// Dimensions whose base unit takes a prefix when shown.
bool takes_prefix(Dimension d) {
  return d == Dimension::active_power || d == Dimension::reactive_power ||
         d == Dimension::apparent_power || d == Dimension::active_energy ||
         d == Dimension::reactive_energy;
}

}  // namespace

std::string show(double value, Dimension dimension) {
  if (dimension == Dimension::ratio) return fmt::format("{:.6g} %", value * 100);
  const std::string_view base = base_unit_of(dimension);
  // Less than anything here resolves: what is left of a zero after rounding.
  if (std::fabs(value) < 1e-9 && dimension != Dimension::time) value = 0;
  const double magnitude = std::fabs(value);
  Prefix prefix{1, ""};
  if (takes_prefix(dimension) && magnitude >= 1000) prefix = {1e3, "k"};
  if (dimension == Dimension::current && magnitude < 0.1 && magnitude > 0) prefix = {1e-3, "m"};
  if (dimension == Dimension::time && magnitude < 1 && magnitude > 0) prefix = {1e-3, "m"};
  if (dimension == Dimension::time && magnitude < 1e-3 && magnitude > 0) prefix = {1e-6, "µ"};
  const std::string number = fmt::format("{:.9g}", value / prefix.scale);
  return base.empty() ? number : fmt::format("{} {}{}", number, prefix.letter, base);
}

std::string show_time(Ps t) {
  struct Step {
    Ps size;
    std::string_view unit;
  };
  constexpr std::array steps = {
      Step{models::pins::ps_per_s, "s"}, Step{models::pins::ps_per_ms, "ms"},
      Step{models::pins::ps_per_us, "µs"}, Step{models::pins::ps_per_ns, "ns"}};
  for (const Step& step : steps) {
    if (t < step.size) continue;
    const std::size_t decimals = std::to_string(step.size).size() - 1;
    std::string rest = fmt::format("{:0{}}", t % step.size, decimals);
    while (!rest.empty() && rest.back() == '0') rest.pop_back();
    if (!rest.empty()) rest.insert(0, ".");
    return fmt::format("{}{} {}", t / step.size, rest, step.unit);
  }
  return fmt::format("{} ps", t);
}

}  // namespace tools
