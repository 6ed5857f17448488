// The measured values, once a second over whole windows. Doubles, unrounded: the register rows
// round them (pro380 §2).
#pragma once

#include <cstdint>

#include "metrology/energy/booking.h"
#include "metrology/hal/parameter_page.h"
#include "metrology/signal/window.h"

namespace metrology::energy {

/// A refresh happens at the first window's end after this many samples: 40 less than a second, so
/// that windows of one cycle keep it at one second on average [twin].
inline constexpr int refresh_samples = 4056;

/// Index of the total beside the phases 0…2.
inline constexpr int total_index = 3;
inline constexpr int value_count = 4;

/// All zero before the first refresh, but power factors 1, temperature 23 °C.
struct Measurements {
  double voltage_V[phase_count];     ///< as connected
  double current_A[phase_count];     ///< a.c. rms, primary, with the sign of its phase's P
  double frequency_Hz;               ///< 0 without a live voltage
  double active_W[value_count];      ///< primary, signed
  double reactive_var[value_count];  ///< of the fundamental, primary, signed
  double apparent_VA[value_count];
  double power_factor[value_count];
  double temperature_C;  ///< of the meter's own sensor, see correction.h
};

/// From mean codes to values.
struct MeasurementSetup {
  hal::Connection connection;
  double voltage_factor_V[phase_count];  ///< volts per LSB, calibrated
  double current_factor_A[phase_count];  ///< primary amperes per LSB, calibrated
  double active_offset_W[phase_count];   ///< primary, as booked
  double reactive_offset_var[phase_count];
};
MeasurementSetup make_measurement_setup(const hal::ParameterPage& page,
                                        const Conditions& conditions);

struct MeasurementState {
  Measurements values;
  signal::PhaseSums sums[phase_count];  ///< of the running second, in LSB² · samples
  std::int64_t duration;                ///< of its windows, SampleTime
  std::int64_t regular_duration;
  std::uint32_t regular_windows;
};

void reset(MeasurementState& state);

/// Adds a window; returns whether a second is complete.
bool accumulate(MeasurementState& state, const signal::Window& window);

/// Makes the values of the complete second and begins the next. `standing_still[n]`: phase n was
/// in no-load for the whole of it, its I, P and Q read 0.
void refresh(MeasurementState& state, const MeasurementSetup& setup,
             const bool (&standing_still)[phase_count]);

}  // namespace metrology::energy
