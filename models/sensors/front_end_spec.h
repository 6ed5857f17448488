// The flaws of one meter's analog front end as plain data: what separates the waveforms at its
// terminals from the codes of its ADC. Zero everywhere is an ideal meter.
//
//   terminal ─▶ divider, or current transformer ─▶ crosstalk ─▶ reference, noise ─▶ code
//
// Errors are relative (0.001: 0.1 % too much), of temperature per kelvin away from 23 °C.
#pragma once

#include <array>
#include <cstdint>

namespace models::sensors {

inline constexpr int phase_count = 3;

/// The temperature at which a part has the errors that its data give, in K: 23 °C, the reference
/// temperature of EN 50470-3.
inline constexpr double reference_temperature_K = 296.15;

/// A resistive voltage divider with the anti-alias filter behind it.
struct DividerSpec {
  double ratio_error = 0;     ///< −0.5 … 0.5
  double ratio_per_K = 0;     ///< ± 0.01
  std::int64_t delay_ps = 0;  ///< of the whole waveform; negative leads; at most 1 ms
  double offset_V = 0;        ///< d.c. added behind
};

/// A current transformer with its burden. Its magnetising inductance L lets the secondary current
/// lead by atan(R/ωL), so by an angle that falls with frequency; `lead_rad` is that angle at 50 Hz,
/// 23 °C and large current. Permeability, and with it L, is less at small currents and under d.c.
struct TransformerSpec {
  double ratio_error = 0;        ///< of ratio and burden, beside what the magnetising branch takes
  double ratio_per_K = 0;        ///< ± 0.01
  double lead_rad = 0;           ///< 0 … 0.2
  double lead_per_K = 0;         ///< relative change of the lead: copper alone has 0.0039
  double low_current_rise = 0;   ///< at vanishing current the lead is 1 + this times as much
  double knee_A = 0;             ///< r.m.s. current at which half of that rise is left; > 0 with it
  double saturation_A = 0;       ///< d.c. at which L is halved; 0: no d.c. harms it
  std::int64_t delay_ps = 0;     ///< of the filter behind it
  double offset_A = 0;           ///< d.c. added behind
  double crosstalk_A_per_V = 0;  ///< of the phase's own voltage into the current channel
};

/// The meter's own temperature: a body that follows its surroundings and its load's heat.
struct ThermalSpec {
  double rise_K = 0;           ///< in the steady state with `rise_current_A` in all three phases
  double rise_current_A = 0;   ///< > 0 with a rise
  double time_constant_s = 0;  ///< > 0 with a rise
};

/// f = 32 768 Hz · (1 + error + curvature · (T − turnover)²), of a tuning fork crystal.
struct CrystalSpec {
  double error = 0;             ///< at the turnover temperature; ± 0.001
  double curvature_per_K2 = 0;  ///< −3.4e-8 of real ones
  double turnover_K = 298.15;   ///< 25 °C
};

struct FrontEndSpec {
  std::array<DividerSpec, phase_count> voltage;
  std::array<TransformerSpec, phase_count> current;
  double reference_error = 0;  ///< of the ADC's reference: all channels read that much less
  double reference_per_K = 0;
  double thermal_noise_V = 0;        ///< r.m.s. at a voltage terminal, per sample
  double thermal_noise_A = 0;        ///< r.m.s. at a current terminal, per sample
  double modulator_noise_codes = 0;  ///< r.m.s. of every channel, in codes of 24 bits
  double temperature_error_K = 0;    ///< of the meter's own temperature sensor
  ThermalSpec thermal;
  CrystalSpec crystal;
};

}  // namespace models::sensors
