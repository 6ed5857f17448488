#include "metrology/app/row_writes.h"

#include "metrology/app/pulse_driver.h"
#include "metrology/app/tariff.h"

namespace metrology::app {

registers::WriteResult write_row(State& state, hal::Bus& bus, const registers::Row& row,
                                 registers::Port port, const std::uint8_t* bytes) {
  const registers::Settings before = state.settings;
  const registers::WriteResult result = registers::write(
      {state.page, state.settings, state.tariff, state.energy.accounts, state.status}, row, port,
      bytes);
  if (state.settings.s0_rate_centi != before.s0_rate_centi) apply_s0_rate(state, bus);
  apply_tariff(state, bus);
  return result;
}

void apply_ct_ratio(State& state) {
  state.page.ct_primary_A = state.settings.ct_primary_A;
  state.booking_setup = energy::make_booking_setup(state.page);
  state.measurement_setup = energy::make_measurement_setup(state.page);
}

}  // namespace metrology::app
