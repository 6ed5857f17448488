#include "metrology/app/correction.h"

#include "metrology/app/charges.h"
#include "metrology/app/ports.h"

namespace metrology::app {

namespace {

bool follows_conditions(const hal::ParameterPage& page) {
  for (const hal::PhaseCalibration& calibration : page.calibration) {
    if (energy::follows_conditions(calibration)) return true;
  }
  return false;
}

}  // namespace

double block_temperature_C(const std::int32_t* block) {
  return energy::temperature_of(block + static_cast<int>(hal::AdcChannel::temperature) *
                                            hal::block_samples);
}

void apply_correction(State& state) {
  for (int phase = 0; phase < energy::phase_count; ++phase) {
    state.signal_setup.current_delay[phase] =
        energy::current_delay(state.page.calibration[phase], state.conditions);
  }
  state.booking_setup = energy::make_booking_setup(state.page, state.conditions);
  state.measurement_setup = energy::make_measurement_setup(state.page, state.conditions);
  state.constants_changed = false;
}

void begin_correction(State& state, hal::Bus& bus, const std::int32_t* block) {
  if (state.correction_begun) return;
  state.correction_begun = true;
  energy::note_temperature(state.conditions, block_temperature_C(block));
  if (!follows_conditions(state.page)) return;
  apply_correction(state);
  bus.charge(charges::correction);
}

void follow_conditions(State& state, hal::Bus& bus, double temperature_C) {
  energy::Measurements& values = state.measurement.values;
  values.temperature_C = temperature_C;
  energy::note_temperature(state.conditions, temperature_C);
  energy::note_frequency(state.conditions, values.frequency_Hz);
  if (!state.constants_changed && !follows_conditions(state.page)) return;
  run_ports(state, bus);
  apply_correction(state);
  bus.charge(charges::correction);
}

}  // namespace metrology::app
