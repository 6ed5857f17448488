// Under which circumstances a meter's error is measured: one load, one set of influence quantities,
// steady from beginning to end.
#pragma once

#include <array>
#include <cstdint>

#include "models/grid/grid.h"

namespace tools::typetest {

inline constexpr int phase_count = models::grid::phase_count;

/// What energy the meter is judged by.
enum class Kind : std::uint8_t { active, reactive };

/// Waveforms of EN 50470-3 and IEC 62053-21, per phase.
enum class Recipe : std::uint8_t {
  sine,
  fifth_harmonic,      ///< 10 % in U and 40 % in I, in phase at the zero crossing
  half_wave_positive,  ///< only the positive half-cycles of the current
  half_wave_negative,
  phase_fired,  ///< the current flows from 90° on
  burst_fired,  ///< two cycles on, two off
  conducted,    ///< a tone of 2 … 150 kHz beside the current (CLC/TR 50579)
};

/// What else the meter does meanwhile.
enum class Accessory : std::uint8_t { none, tariff_input, backlight, bus_traffic };

struct Condition {
  double voltage = 1;  ///< of Un
  std::array<bool, phase_count> voltage_present{true, true, true};
  double current_A = 0;  ///< r.m.s.; of a recipe as the recipe says
  std::array<bool, phase_count> loaded{true, true, true};
  double lag_deg = 0;    ///< of the current: 60 is 0.5 inductive, −36.87 is 0.8 capacitive
  bool exports = false;  ///< the current turned round
  double frequency_Hz = 50;
  double temperature_C = 23;
  bool reversed_sequence = false;
  Recipe recipe = Recipe::sine;
  /// Of phase_fired and burst_fired: whether `current_A` is what flows after gating.
  bool rms_after_gating = true;
  double conducted_Hz = 0;  ///< of conducted
  double conducted_A = 0;
  Accessory accessory = Accessory::none;
};

}  // namespace tools::typetest
