#include "models/supply/consumption.h"

#include <cmath>

namespace models::supply {

namespace {

const double pi = std::acos(-1.0);

double peak_of(double voltage_V) { return std::sqrt(2.0) * voltage_V; }

}  // namespace

double needed_W(const LoadSpec& load, bool backlight) {
  return load.electronics_W + (backlight ? load.backlight_W : 0);
}

Consumption consumption(const DropperSpec& dropper, double voltage_V, double frequency_Hz) {
  Consumption drawn;
  const double peak_V = peak_of(voltage_V);
  if (peak_V <= dropper.shunt_V) return drawn;
  const double peak_A = 2 * pi * frequency_Hz * dropper.capacitance_F * peak_V;
  const double begins = std::acos(1 - 2 * dropper.shunt_V / peak_V);
  // The mean of sin² over a half-cycle in which it is 0 until then.
  const double mean_square = ((pi - begins) / 2 + std::sin(2 * begins) / 4) / pi;
  drawn.current_A = peak_A * std::sqrt(mean_square);
  drawn.active_W = available_W(dropper, voltage_V, frequency_Hz) +
                   dropper.resistance_ohm * drawn.current_A * drawn.current_A;
  drawn.apparent_VA = voltage_V * drawn.current_A;
  return drawn;
}

double available_W(const DropperSpec& dropper, double voltage_V, double frequency_Hz) {
  const double swing_V = peak_of(voltage_V) - dropper.shunt_V;
  if (swing_V <= 0) return 0;
  return dropper.shunt_V * 4 * frequency_Hz * dropper.capacitance_F * swing_V;
}

}  // namespace models::supply
