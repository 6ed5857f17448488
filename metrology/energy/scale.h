// From the signal path's window sums to energy: one multiplication by a constant per phase.
#pragma once

#include <cstdint>

#include "metrology/energy/correction.h"
#include "metrology/hal/parameter_page.h"

namespace metrology::energy {

/// Full scale of the ADC's codes (code 2^23) in terminal units, peak [twin].
inline constexpr double voltage_full_scale_V = 800.0;
constexpr double current_full_scale_A(bool ct) { return ct ? 10.2 : 170.0; }

/// A positive factor mantissa / 2^shift with 32 significant bits.
struct Scale {
  std::uint32_t mantissa;
  std::uint32_t shift;  ///< 33 … 95
};

/// The factor nearest to `factor`, 2^-64 < factor < 0.5.
Scale make_scale(double factor);

/// value · scale, rounded to the nearest integer, halves away from zero. A product beyond int64 is
/// the caller's fault; window sums stay 2^13 below.
std::int64_t apply(const Scale& scale, std::int64_t value);

/// Picowatt hours per unit of a window sum (1/256 LSB² · samples, see signal/window.h) of one
/// phase, on the meter's secondary side, calibration at `conditions` included.
double energy_factor_pWh(bool ct, const hal::PhaseCalibration& calibration,
                         const Conditions& conditions);

/// The energy of a power in µW or µvar over a time in 1/65536 sample periods, in pWh or pvarh,
/// rounded to nearest: offsets, also on the primary side of 7500/5 (1500 W), over a window.
std::int64_t energy_pWh(std::int64_t power_uW, std::int64_t duration);

/// What a meter's primary side is of its secondary: n/5 on CT meters, n = 5 until it was set; 1 on
/// direct meters.
double primary_ratio(const hal::ParameterPage& page);

}  // namespace metrology::energy
