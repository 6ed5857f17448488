#include "models/sensors/production.h"

#include <array>
#include <cmath>
#include <string>

#include "models/random/random.h"

namespace models::sensors {

namespace {

constexpr double ppm = 1e-6;
constexpr double arc_minute_rad = 3.14159265358979323846 / 180 / 60;

/// How one value of a part spreads: a Gaussian around the typical value, three standard deviations
/// wide either way, what lies beyond sorted out.
template <typename Part>
struct Spread {
  double Part::*value;
  double width;
  bool relative;  ///< of the typical value, else in the value's own unit
};

constexpr std::array divider_spreads = {
    // Four resistors of 0.5 % in series spread by half of that, the lower one by all of it.
    Spread<DividerSpec>{&DividerSpec::ratio_error, 0.005, false},
    // Thin film of one lot, 25 ppm/K classes: they track each other within 10 ppm/K.
    Spread<DividerSpec>{&DividerSpec::ratio_per_K, 10 * ppm, false},
    // The ADC's input offset, a few microvolts, seen through a divider of 1 : 1000.
    Spread<DividerSpec>{&DividerSpec::offset_V, 5e-3, false},
};

constexpr std::array transformer_spreads = {
    // Turns are counted: what is left is the burden's 0.5 %.
    Spread<TransformerSpec>{&TransformerSpec::ratio_error, 0.005, false},
    Spread<TransformerSpec>{&TransformerSpec::ratio_per_K, 10 * ppm, false},
    // Permeability of a core lot.
    Spread<TransformerSpec>{&TransformerSpec::lead_rad, 0.2, true},
    // Copper's is sharp; what the core adds to it is not.
    Spread<TransformerSpec>{&TransformerSpec::lead_per_K, 3e-4, false},
    Spread<TransformerSpec>{&TransformerSpec::low_current_rise, 0.2, true},
    Spread<TransformerSpec>{&TransformerSpec::knee_A, 0.2, true},
    Spread<TransformerSpec>{&TransformerSpec::saturation_A, 0.1, true},
    Spread<TransformerSpec>{&TransformerSpec::offset_A, 1, true},
    // Stray capacitance from the terminal block: it depends on how wires are laid.
    Spread<TransformerSpec>{&TransformerSpec::crosstalk_A_per_V, 0.5, true},
};

constexpr std::array front_end_spreads = {
    // A bandgap trimmed to 0.3 %, its drift to a class of 25 ppm/K.
    Spread<FrontEndSpec>{&FrontEndSpec::reference_error, 0.003, false},
    Spread<FrontEndSpec>{&FrontEndSpec::reference_per_K, 10 * ppm, false},
    Spread<FrontEndSpec>{&FrontEndSpec::modulator_noise_codes, 0.2, true},
    // A microcontroller's own sensor after its factory's one-point trim.
    Spread<FrontEndSpec>{&FrontEndSpec::temperature_error_K, 1, false},
};

constexpr std::array thermal_spreads = {
    // Torque of the terminals' screws.
    Spread<ThermalSpec>{&ThermalSpec::rise_K, 0.15, true},
    Spread<ThermalSpec>{&ThermalSpec::time_constant_s, 0.1, true},
};

constexpr std::array crystal_spreads = {
    // Class of ±20 ppm at 25 °C; curvature ±10 %, turnover ±5 °C as data sheets have them.
    Spread<CrystalSpec>{&CrystalSpec::error, 20 * ppm, false},
    Spread<CrystalSpec>{&CrystalSpec::curvature_per_K2, 0.1, true},
    Spread<CrystalSpec>{&CrystalSpec::turnover_K, 5, false},
};

/// Between the channels' filters: 1 kΩ and 22 nF, 22 µs, matched to 2 %.
constexpr double skew_ps = 440e3;

/// Gaussian, −1 … 1 being three standard deviations.
double draw(random::Random& dice) {
  double value = 0;
  do {
    value = dice.gaussian() / 3;
  } while (std::abs(value) > 1);
  return value;
}

template <typename Part, std::size_t count>
void spread(const std::array<Spread<Part>, count>& spreads, random::Random& dice, Part& part) {
  for (const Spread<Part>& row : spreads) {
    double& value = part.*row.value;
    value += row.width * draw(dice) * (row.relative ? value : 1);
  }
}

std::int64_t draw_delay(random::Random& dice) { return std::llround(skew_ps * draw(dice)); }

}  // namespace

FrontEndSpec typical_front_end(bool ct) {
  FrontEndSpec spec;
  for (DividerSpec& divider : spec.voltage) divider.ratio_per_K = 20 * ppm;  // metal film
  for (TransformerSpec& transformer : spec.current) {
    transformer.ratio_per_K = 25 * ppm;  // the burden's resistor
    transformer.lead_per_K = 0.0039;     // copper of the secondary winding
    if (ct) {
      transformer.lead_rad = 10 * arc_minute_rad;
      transformer.low_current_rise = 1.2;  // initial against best permeability of nanocrystal
      transformer.knee_A = 0.05;           // about 1 % of Imax
      transformer.saturation_A = 0.5;      // nothing demands more behind another transformer
      transformer.offset_A = 30e-6;
      transformer.crosstalk_A_per_V = 0.12e-6;
    } else {
      transformer.lead_rad = 20 * arc_minute_rad;
      // A core that bears d.c. is cheap at small currents: at Itr, PF 0.5 inductive, it takes up
      // some 0.7 % of class B's 1 %, more than class C grants.
      transformer.low_current_rise = 1.4;
      transformer.knee_A = 1;
      transformer.saturation_A = 100;  // half-waves of Imax have 45 A
      transformer.offset_A = 0.5e-3;
      transformer.crosstalk_A_per_V = 2e-6;
    }
  }
  spec.reference_per_K = 12 * ppm;
  // The resistors' own noise in 2 kHz lies far below the modulator's: one code is 95 µV.
  spec.thermal_noise_V = 0.2e-3;
  spec.thermal_noise_A = ct ? 2.5e-6 : 40e-6;
  spec.modulator_noise_codes = 20;
  spec.thermal = ct ? ThermalSpec{1, 6, 1500} : ThermalSpec{12, 100, 1500};
  spec.crystal.curvature_per_K2 = -0.034 * ppm;
  return spec;
}

FrontEndSpec draw_front_end(bool ct, std::uint64_t seed, std::string_view path) {
  random::Random dice(seed, std::string(path) + ".front_end");
  FrontEndSpec spec = typical_front_end(ct);
  for (std::size_t i = 0; i < spec.voltage.size(); ++i) {
    spread(divider_spreads, dice, spec.voltage[i]);
    spread(transformer_spreads, dice, spec.current[i]);
    spec.voltage[i].delay_ps = draw_delay(dice);
    spec.current[i].delay_ps = draw_delay(dice);
  }
  spread(front_end_spreads, dice, spec);
  spread(thermal_spreads, dice, spec.thermal);
  spread(crystal_spreads, dice, spec.crystal);
  return spec;
}

}  // namespace models::sensors
