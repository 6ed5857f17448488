// What the meter draws from the mains for itself: the input stage of its power supply, one for each
// phase, seen from the terminals.
//
//   L ──[C]──[R]──┤ bridge ├── 15 V, held by a shunt ──▶ microcontroller, display, backlight
//
// The capacitor limits the current, nearly all of it reactive and ahead of the voltage. Charge
// flows while the mains swing from one peak to the other, but for the first 2V of it, which the
// bridge takes to change sides. With R so small that it only warms, that is, from θ₀ after a peak
// on:
//
//   cos θ₀ = 1 − 2V/Û,  i = ωCÛ·sin θ for θ₀ … π,  mean of |i| = 4·f·C·(Û − V)
//   P = V·mean + R·I²,  S = U·I
//
// The shunt burns what the meter does not need, so what a phase draws depends on its own voltage
// alone: not on the backlight, nor on which other phases feed.
//
// The circuit and its values are [twin]: nothing public tells the real one.
#pragma once

namespace models::supply {

/// The input stage of one phase.
struct DropperSpec {
  double capacitance_F = 0.47e-6;
  double resistance_ohm = 100;
  double shunt_V = 15;
};

/// What the meter needs behind the shunt, in W.
struct LoadSpec {
  double electronics_W = 0.070;
  double backlight_W = 0.050;
};
double needed_W(const LoadSpec& load, bool backlight);

/// Of one phase, at its terminals.
struct Consumption {
  double active_W = 0;
  double apparent_VA = 0;
  double current_A = 0;  ///< r.m.s.
};

/// With a sine of `voltage_V` r.m.s. (0 or more) and `frequency_Hz` (above 0). Nothing flows while
/// the voltage's peak does not reach the shunt's.
Consumption consumption(const DropperSpec& dropper, double voltage_V, double frequency_Hz);

/// What such a phase can give to the meter behind its shunt, in W.
double available_W(const DropperSpec& dropper, double voltage_V, double frequency_Hz);

}  // namespace models::supply
