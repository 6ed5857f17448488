#include "metrology/app/housekeeping.h"

#include "metrology/app/charges.h"
#include "metrology/app/program_block.h"
#include "metrology/app/pulse_driver.h"

namespace metrology::app {

void begin_housekeeping(State& state) {
  constexpr std::uint32_t every_refreshes = 60;
  state.debts_due = true;
  if (state.refreshes++ % every_refreshes == 0) begin(state.program_check);
}

bool housekeeping_pending(const State& state) {
  return state.debts_due || state.program_check.under_way;
}

void run_housekeeping(State& state, hal::Bus& bus) {
  if (!housekeeping_pending(state)) return;
  bus.charge(charges::task_entry);
  if (state.debts_due) {
    state.debts_due = false;
    watch_debts(state, bus);
  } else {
    check_slice(state.program_check, bus.words(hal::program_block_base));
    bus.charge(charges::program_check_slice);
    if (!state.program_check.under_way) state.status.program_fault = !state.program_check.intact;
  }
}

}  // namespace metrology::app
