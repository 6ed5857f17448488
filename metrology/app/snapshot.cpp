#include "metrology/app/snapshot.h"

#include "metrology/app/charges.h"
#include "metrology/app/pulse_driver.h"
#include "metrology/app/tariff.h"

namespace metrology::app {

storage::Counters take_snapshot(State& state, hal::Bus& bus) {
  bus.charge(charges::task_entry);
  storage::Counters counters{};
  bus.disable_interrupts();
  count_pulses(state, bus);
  energy::PulseState played = state.pulses;
  const RateChanges changes = state.rate_changes;
  bus.enable_interrupts();
  for (int n = 0; n < changes.count; ++n) {
    energy::change_s0_rate(played, changes.change[n].rate_centi, changes.change[n].at_cycle - 1);
  }
  constexpr std::int64_t end_of_time_cycle = INT64_MAX / energy::ticks_per_core_cycle;
  energy::settle(played, end_of_time_cycle);
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    counters.output[channel] = {played.output[channel].fraction, played.output[channel].balance};
  }
  counters.accounts = state.energy.accounts;
  counters.tariff = energy::stored(state.tariff);
  counters.power_downs = state.status.power_downs;
  bus.charge(charges::snapshot);
  return counters;
}

void put_back(State& state, hal::Bus& bus, const storage::Counters& stored) {
  bus.disable_interrupts();
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    energy::OutputState& output = state.pulses.output[channel];
    output.fraction = stored.output[channel].fraction % energy::whole_pulse;
    output.balance = stored.output[channel].balance;
  }
  bus.enable_interrupts();
  state.status.power_downs = stored.power_downs;
  restore_counters(state, stored.accounts, stored.tariff);
}

}  // namespace metrology::app
