#include "metrology/app/row_writes.h"

#include "metrology/app/correction.h"
#include "metrology/app/panel_task.h"
#include "metrology/app/pulse_driver.h"
#include "metrology/app/tariff.h"

namespace metrology::app {

registers::WriteResult write_row(State& state, hal::Bus& bus, const registers::Row& row,
                                 registers::Port port, const std::uint8_t* bytes,
                                 std::int64_t request_cycle) {
  const registers::Settings before = state.settings;
  registers::WriteResult result = registers::WriteResult::read_only;
  if (row.content == registers::Content::calibration) {
    // What is loaded in these first milliseconds would replace it.
    if (!state.storage.constants_loaded) return registers::WriteResult::not_stored;
    result = registers::write_constant(state.page, row, port, bytes);
    if (result == registers::WriteResult::ok) {
      state.constants_changed = true;
      state.constants_unsaved = true;
      state.status.constants_pending = true;
    }
  } else {
    result = registers::write(
        {state.page, state.settings, state.tariff, state.energy.accounts, state.status}, row, port,
        bytes);
  }
  if (state.settings.s0_rate_centi != before.s0_rate_centi) {
    apply_s0_rate(state, bus, request_cycle);
  }
  apply_tariff(state, boundary_after(state, request_cycle));
  note_settings(state, request_cycle);
  return result;
}

registers::WriteResult write_kept_row(State& state, hal::Bus& bus, const registers::Row& row,
                                      registers::Port port, const std::uint8_t* bytes,
                                      std::int64_t request_cycle) {
  if (!storage::answers(state.storage.store)) {
    // What the write would change, on copies.
    registers::Settings settings = state.settings;
    energy::TariffState tariff = state.tariff;
    energy::Accounts accounts = state.energy.accounts;
    registers::Status status = state.status;
    const registers::WriteResult result =
        registers::write({state.page, settings, tariff, accounts, status}, row, port, bytes);
    if (result != registers::WriteResult::ok) return result;
    const bool kept = settings != state.settings || tariff.saved != state.tariff.saved ||
                      accounts.day_start != state.energy.accounts.day_start ||
                      status.power_downs != state.status.power_downs;
    if (kept) {
      // Whether it answers again shows only when it is asked: for the next write.
      storage::retry(state.storage.store);
      state.storage.look = true;
      return registers::WriteResult::not_stored;
    }
  }
  return write_row(state, bus, row, port, bytes, request_cycle);
}

void apply_ct_ratio(State& state) {
  state.page.ct_primary_A = state.settings.ct_primary_A;
  apply_correction(state);
}

}  // namespace metrology::app
