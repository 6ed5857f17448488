// What an optical path of IEC 62056-21 is built of: the meter's window, the reading head in front
// of it, and the light between them; dark is mark, light is space.
//
// A receiver gives 1 mV for each µW/cm² that falls on it [twin]; as a mark is the higher voltage on
// every line here, light counts negative. The standard has 500 … 5000 µW/cm² for light sent and
// at most 10 for dark; a receiver must see 200 as light and 20 as dark.
#pragma once

#include "models/lines/line_spec.h"

namespace models::lines {

inline constexpr double optical_sent_uW_cm2 = 1000;   ///< [twin] within the standard's range
inline constexpr double optical_light_uW_cm2 = 200;   ///< from here on light
inline constexpr double optical_dark_uW_cm2 = 20;     ///< up to here dark; between them as before
inline constexpr double optical_V_per_uW_cm2 = 1e-3;  ///< of a receiver [twin]
inline constexpr double optical_tau_us = 2;           ///< with which a receiver follows [twin]

inline constexpr int optical_meter_end = 0;
inline constexpr int optical_head_end = 1;
/// Sees the light of both as they send it, and nothing else. What it drives nobody sees.
inline constexpr int optical_probe_end = 2;

struct OpticalSpec {
  double meter_uW_cm2 = optical_sent_uW_cm2;  ///< of its light, 0 … 10 000
  double head_uW_cm2 = optical_sent_uW_cm2;   ///< of its light, 0 … 10 000
  /// The share of either light that a head out of place loses, 0 … 1.
  double attenuation = 0;
  double ambient_uW_cm2 = 0;  ///< on both receivers, always, 0 … 100 000
  NoiseSpec meter_noise;      ///< of the meter's receiver, in its volts
  NoiseSpec head_noise;       ///< of the head's receiver, in its volts
};

}  // namespace models::lines
