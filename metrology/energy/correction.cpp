#include "metrology/energy/correction.h"

#include "metrology/hal/saturate.h"
#include "metrology/signal/window.h"

namespace metrology::energy {

namespace {

constexpr double codes_per_full_scale = 8388608.0;
constexpr double zero_C_in_K = 273.15;
constexpr double two_pi = 6.283185307179586;

double above_reference_K(const Conditions& conditions) {
  return conditions.temperature_C - reference_temperature_C;
}

double gain(std::int32_t ppm, std::int32_t ppb_per_K, const Conditions& conditions) {
  return 1.0 + static_cast<double>(ppm) * 1e-6 +
         static_cast<double>(ppb_per_K) * 1e-9 * above_reference_K(conditions);
}

}  // namespace

double temperature_of(const std::int32_t* codes) {
  constexpr int begin = hal::block_samples / 2;
  // 24-bit codes: 64 of them stay below 2^29.
  std::int32_t sum = 0;
  for (int n = begin; n < hal::block_samples; ++n) sum += codes[n];
  constexpr double kelvin_per_sum =
      temperature_full_scale_K / codes_per_full_scale / (hal::block_samples - begin);
  return static_cast<double>(sum) * kelvin_per_sum - zero_C_in_K;
}

void note_temperature(Conditions& conditions, double temperature_C) {
  const bool sensible = temperature_C >= least_temperature_C && temperature_C <= most_temperature_C;
  conditions.temperature_C = sensible ? temperature_C : reference_temperature_C;
}

void note_frequency(Conditions& conditions, double frequency_Hz) {
  if (frequency_Hz < least_frequency_Hz || frequency_Hz > most_frequency_Hz) return;
  conditions.frequency_Hz = frequency_Hz;
}

bool follows_conditions(const hal::PhaseCalibration& calibration) {
  return calibration.current_lead_urad != 0 || calibration.voltage_ppb_per_K != 0 ||
         calibration.current_ppb_per_K != 0;
}

double voltage_gain(const hal::PhaseCalibration& calibration, const Conditions& conditions) {
  return gain(calibration.voltage_ppm, calibration.voltage_ppb_per_K, conditions);
}

double current_gain(const hal::PhaseCalibration& calibration, const Conditions& conditions) {
  return gain(calibration.current_ppm, calibration.current_ppb_per_K, conditions);
}

std::int32_t current_delay(const hal::PhaseCalibration& calibration, const Conditions& conditions) {
  const double lead_rad = static_cast<double>(calibration.current_lead_urad) * 1e-6 *
                          (1.0 + static_cast<double>(calibration.lead_ppm_per_K) * 1e-6 *
                                     above_reference_K(conditions));
  const double f_Hz = conditions.frequency_Hz;
  const double delay_s = static_cast<double>(calibration.current_delay_ns) * 1e-9 +
                         lead_rad * reference_frequency_Hz / (two_pi * f_Hz * f_Hz);
  constexpr auto units_per_second =
      static_cast<double>(signal::one_sample * hal::samples_per_second);
  return hal::saturating_round<std::int32_t>(delay_s * units_per_second);
}

}  // namespace metrology::energy
