#include "models/sensors/front_end.h"

#include <algorithm>
#include <cmath>

#include "models/sensors/front_end_checks.h"

namespace models::sensors {

namespace {

constexpr double codes = 0x1p23;

std::array<const grid::StretchSource*, phase_count> currents_of(
    const wiring::Terminals& terminals) {
  return {&terminals.current(0), &terminals.current(1), &terminals.current(2)};
}

}  // namespace

ChannelNoise channel_noise(const FrontEndSpec& spec, double full_scale_V, double full_scale_A) {
  const double modulator = spec.modulator_noise_codes;
  const auto with = [&](double thermal, double full_scale) {
    return thermal == 0 ? modulator : std::hypot(modulator, thermal / full_scale * codes);
  };
  return {with(spec.thermal_noise_V, full_scale_V), with(spec.thermal_noise_A, full_scale_A),
          modulator};
}

FrontEnd::FrontEnd(const wiring::Terminals& terminals, const thermal::Ambient& air,
                   const FrontEndSpec& spec)
    : body_(air, currents_of(terminals), spec.thermal),
      temperature_(body_, spec.temperature_error_K) {
  check(spec);
  const Reference reference{spec.reference_error, spec.reference_per_K};
  for (int phase = 0; phase < phase_count; ++phase) {
    const auto i = static_cast<std::size_t>(phase);
    const grid::StretchSource& voltage = terminals.voltage(phase);
    dividers_[i] = std::make_unique<VoltageDivider>(voltage, body_, spec.voltage[i], reference);
    transformers_[i] = std::make_unique<CurrentTransformer>(terminals.current(phase), voltage,
                                                            body_, spec.current[i], reference);
    const std::int64_t earliest = std::min(spec.voltage[i].delay_ps, spec.current[i].delay_ps);
    lead_ = std::max(lead_, static_cast<Ps>(std::max<std::int64_t>(-earliest, 0)));
  }
}

}  // namespace models::sensors
