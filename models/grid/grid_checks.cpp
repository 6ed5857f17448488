#include "models/grid/grid_checks.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace models::grid {

namespace {

void require(bool holds, const char* sentence) {
  if (!holds) throw std::invalid_argument(sentence);
}

void check_harmonics(const std::vector<Harmonic>& harmonics) {
  for (const Harmonic& harmonic : harmonics) {
    const bool by_order = harmonic.order_milli != 0;
    const bool by_frequency = harmonic.frequency_nHz != 0;
    require(by_order != by_frequency, "a harmonic needs either an order or a frequency");
    require(!by_order || (harmonic.order_milli > 0 && harmonic.order_milli <= most_order_milli),
            "a harmonic's order lies above 0 and at most at 2500");
    require(
        !by_frequency || (harmonic.frequency_nHz > 0 && harmonic.frequency_nHz <= most_tone_nHz),
        "an interharmonic's frequency lies above 0 Hz and at most at 150 kHz");
    require(harmonic.order_milli != 1000, "the first harmonic is the fundamental itself");
    require(harmonic.percent >= 0 && harmonic.percent <= most_percent,
            "a harmonic has 0 to 1000 % of the fundamental");
    require(std::isfinite(harmonic.angle_deg), "a harmonic's angle must be a number");
  }
}

void check_switching(const Switching& switching) {
  if (const auto* fired = std::get_if<PhaseFired>(&switching)) {
    require(fired->firing_deg >= 0 && fired->firing_deg <= 179,
            "a firing angle lies between 0 and 179 degrees");
  }
  if (const auto* burst = std::get_if<BurstFired>(&switching)) {
    require(burst->cycles_on >= 1 && burst->cycles_on <= 1000 && burst->cycles_off >= 0 &&
                burst->cycles_off <= 1000,
            "a burst has 1 to 1000 cycles on and 0 to 1000 off");
  }
}

}  // namespace

void check_phase(int phase) {
  require(phase >= 0 && phase <= 2, "a phase is 0, 1 or 2 (L1, L2, L3)");
}

void check_rms_V(double rms_V) {
  require(rms_V >= 0 && rms_V <= most_volts, "a voltage lies between 0 and 100 kV");
}

void check_rms_A(double rms_A) {
  require(rms_A >= 0 && rms_A <= most_amperes, "a current lies between 0 and 100 kA");
}

void check_voltage(const VoltageSpec& spec) {
  check_rms_V(spec.rms_V);
  require(std::abs(spec.angle_deg) <= 3600,
          "a voltage's angle lies between -3600 and 3600 degrees");
  check_harmonics(spec.harmonics);
}

void check_current(const CurrentSpec& spec) {
  check_rms_A(spec.rms_A);
  require(std::abs(spec.lag_deg) <= 3600, "a current's lag lies between -3600 and 3600 degrees");
  check_harmonics(spec.harmonics);
  check_switching(spec.switching);
}

void check_frequency(std::int64_t frequency_nHz) {
  require(frequency_nHz >= least_grid_nHz && frequency_nHz <= most_grid_nHz,
          "a grid's frequency lies between 1 and 1000 Hz");
}

void check_future(Ps at, Ps asked_until) {
  require(at <= pins::ps_max_segment, "a change lies beyond the 200 days that a segment may last");
  if (at < asked_until) {
    throw std::invalid_argument("a change at " + std::to_string(at) +
                                " ps comes too late: the waveform is known up to " +
                                std::to_string(asked_until - 1) + " ps");
  }
}

void check_span(Ps from, Ps to, Ps asked_until) {
  check_future(from, asked_until);
  require(to > from, "a ramp or dip must end after it begins");
  require(to <= pins::ps_max_segment,
          "a ramp or dip ends beyond the 200 days that a segment may last");
}

void check_residual(double residual) {
  require(residual >= 0 && residual <= most_residual,
          "a dip or swell leaves between 0 and 5 times the voltage");
}

}  // namespace models::grid
