#include "metrology/energy/measurements.h"

#include <cmath>

#include "metrology/energy/scale.h"
#include "metrology/hal/memory_map.h"

namespace metrology::energy {

namespace {

constexpr double codes_per_full_scale = 8388608.0;
/// Window sums are in 1/256 LSB² · samples; a second's are kept in whole ones: 2^63 is not enough
/// for 1/256 at full scale, and half an LSB² a window is 10⁻⁷ of the smallest current's.
constexpr int sum_shift = 8;

std::int64_t to_whole(std::int64_t sum) {
  return (sum + (std::int64_t{1} << (sum_shift - 1))) >> sum_shift;
}

bool has_voltage(hal::Connection connection, int phase) {
  if (connection == hal::Connection::aron) return phase != 1;
  return connection == hal::Connection::three_phase_four_wire || phase == 0;
}

double norm(double a, double b) { return std::sqrt(a * a + b * b); }

/// |P|/√(P²+Q²), which for a phase is |P|/S; 1 when S reads 0.000 kVA, or nothing is left of
/// opposing phases [twin].
double power_factor(double active_W, double reactive_var, double apparent_VA) {
  constexpr double least_that_reads_VA = 0.5;
  const double vector = norm(active_W, reactive_var);
  if (apparent_VA < least_that_reads_VA || vector == 0.0) return 1.0;
  return std::fabs(active_W) / vector;
}

void refresh_phase(Measurements& values, const signal::PhaseSums& sums, double samples,
                   const MeasurementSetup& setup, bool standing_still, int phase) {
  const double voltage_factor = setup.voltage_factor_V[phase];
  const double current_factor = setup.current_factor_A[phase];
  const double mean = 1.0 / samples;
  const double power_factor_W = voltage_factor * current_factor;
  values.voltage_V[phase] = voltage_factor * std::sqrt(static_cast<double>(sums.u2) * mean);
  values.current_A[phase] = 0.0;
  values.active_W[phase] = 0.0;
  values.reactive_var[phase] = 0.0;
  if (!standing_still) {
    const double current = current_factor * std::sqrt(static_cast<double>(sums.i2) * mean);
    values.active_W[phase] =
        power_factor_W * static_cast<double>(sums.p) * mean + setup.active_offset_W[phase];
    values.reactive_var[phase] =
        power_factor_W * static_cast<double>(sums.q) * mean + setup.reactive_offset_var[phase];
    values.current_A[phase] = values.active_W[phase] < 0.0 ? -current : current;
  }
  values.apparent_VA[phase] = norm(values.active_W[phase], values.reactive_var[phase]);
}

void refresh_total(Measurements& values, hal::Connection connection) {
  double active = 0.0;
  double reactive = 0.0;
  double apparent = 0.0;
  for (int phase = 0; phase < phase_count; ++phase) {
    active += values.active_W[phase];
    reactive += values.reactive_var[phase];
    apparent += values.apparent_VA[phase];
  }
  const double vector = norm(active, reactive);
  values.active_W[total_index] = active;
  values.reactive_var[total_index] = reactive;
  values.apparent_VA[total_index] = connection == hal::Connection::aron ? vector : apparent;
}

}  // namespace

MeasurementSetup make_measurement_setup(const hal::ParameterPage& page,
                                        const Conditions& conditions) {
  MeasurementSetup setup{};
  setup.connection = page.connection;
  const double ratio = primary_ratio(page);
  for (int phase = 0; phase < phase_count; ++phase) {
    if (!has_voltage(page.connection, phase)) continue;
    const hal::PhaseCalibration& calibration = page.calibration[phase];
    setup.voltage_factor_V[phase] =
        voltage_full_scale_V / codes_per_full_scale * voltage_gain(calibration, conditions);
    setup.current_factor_A[phase] = current_full_scale_A(hal::is_ct(page.variant)) /
                                    codes_per_full_scale * ratio *
                                    current_gain(calibration, conditions);
    setup.active_offset_W[phase] = calibration.active_offset_uW * 1e-6 * ratio;
    setup.reactive_offset_var[phase] = calibration.reactive_offset_uvar * 1e-6 * ratio;
  }
  return setup;
}

void reset(MeasurementState& state) {
  state = {};
  for (double& factor : state.values.power_factor) factor = 1.0;
  state.values.temperature_C = reference_temperature_C;
}

bool accumulate(MeasurementState& state, const signal::Window& window) {
  for (int phase = 0; phase < phase_count; ++phase) {
    signal::PhaseSums& sums = state.sums[phase];
    const signal::PhaseSums& added = window.phase[phase];
    sums.u2 += to_whole(added.u2);
    sums.i2 += to_whole(added.i2);
    sums.p += to_whole(added.p);
    sums.q += to_whole(added.q);
  }
  const std::int64_t length = window.end - window.begin;
  state.duration += length;
  if (window.regular) {
    state.regular_duration += length;
    ++state.regular_windows;
  }
  return state.duration >= refresh_samples * signal::one_sample;
}

void refresh(MeasurementState& state, const MeasurementSetup& setup,
             const bool (&standing_still)[phase_count]) {
  Measurements& values = state.values;
  const double samples =
      static_cast<double>(state.duration) / static_cast<double>(signal::one_sample);
  for (int phase = 0; phase < phase_count; ++phase) {
    refresh_phase(values, state.sums[phase], samples, setup, standing_still[phase], phase);
  }
  refresh_total(values, setup.connection);
  for (int index = 0; index < value_count; ++index) {
    values.power_factor[index] =
        power_factor(values.active_W[index], values.reactive_var[index], values.apparent_VA[index]);
  }
  values.frequency_Hz = 0.0;
  if (state.regular_windows > 0) {
    values.frequency_Hz = static_cast<double>(state.regular_windows) * hal::samples_per_second *
                          static_cast<double>(signal::one_sample) /
                          static_cast<double>(state.regular_duration);
  }

  for (signal::PhaseSums& sums : state.sums) sums = {};
  state.duration = 0;
  state.regular_duration = 0;
  state.regular_windows = 0;
}

}  // namespace metrology::energy
