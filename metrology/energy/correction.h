// What the calibration constants make of temperature and frequency: gains, and the currents'
// delays. Once a second, in doubles; the signal path and the booking get integers from it.
#pragma once

#include <cstdint>

#include "metrology/hal/memory_map.h"
#include "metrology/hal/parameter_page.h"

namespace metrology::energy {

/// Full scale of the temperature channel's codes (code 2^23) [twin].
inline constexpr double temperature_full_scale_K = 512.0;
/// At this temperature and frequency the constants hold as they are.
inline constexpr double reference_temperature_C = 23.0;
inline constexpr double reference_frequency_Hz = 50.0;
/// What a working sensor can read, and mains that a lead is corrected for [twin].
inline constexpr double least_temperature_C = -60.0;
inline constexpr double most_temperature_C = 125.0;
inline constexpr double least_frequency_Hz = 40.0;
inline constexpr double most_frequency_Hz = 70.0;

/// What the corrections go by.
struct Conditions {
  double temperature_C;
  double frequency_Hz;
};
/// What holds as long as nothing is known.
inline constexpr Conditions reference_conditions{reference_temperature_C, reference_frequency_Hz};

/// The temperature that a block of the channel's codes tells, in °C: the mean of its second half,
/// where the ADC's filter has settled also after a start.
double temperature_of(const std::int32_t* codes);

/// Follows the meter's sensor; what no sensor reads is a fault: then the reference holds.
void note_temperature(Conditions& conditions, double temperature_C);
/// Follows the mains; without a live voltage (0 Hz) and far from mains the last one holds.
void note_frequency(Conditions& conditions, double frequency_Hz);

/// Whether anything of `calibration` depends on the conditions.
bool follows_conditions(const hal::PhaseCalibration& calibration);

/// 1 + ppm·10⁻⁶ + ppb_per_K·10⁻⁹·(T − 23 °C).
double voltage_gain(const hal::PhaseCalibration& calibration, const Conditions& conditions);
double current_gain(const hal::PhaseCalibration& calibration, const Conditions& conditions);

/// How long the current is to be delayed, in 1/65536 of a sample period: the constant delay, and
/// lead / (2π f) with the lead at the temperature and at f, where it is lead(50 Hz) · 50 Hz / f.
std::int32_t current_delay(const hal::PhaseCalibration& calibration, const Conditions& conditions);

}  // namespace metrology::energy
