#include "metrology/app/pulse_driver.h"

#include "metrology/app/charges.h"
#include "metrology/app/request_time.h"
#include "metrology/energy/debt_watch.h"
#include "metrology/energy/pulse_output.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

/// Windows of 65 Hz in 448 samples: 320 until one is played, and a block of 128. A full ring takes
/// longer; then a pulse may start late, and is counted as such.
constexpr std::uint32_t most_windows = 8;
static_assert(arm_lead_cycles >
                  charges::plan_pulse.cycles + most_windows * charges::planned_window.cycles + 1000,
              "planning itself takes this long");

namespace {

constexpr std::uint32_t timer(int channel, std::uint32_t offset) {
  return hal::pulse::base + static_cast<std::uint32_t>(channel) * hal::pulse::stride + offset;
}

constexpr int s0_outputs[] = {static_cast<int>(hal::PulseChannel::s0_forward),
                              static_cast<int>(hal::PulseChannel::s0_reverse)};
constexpr bool is_s0(int channel) { return channel == s0_outputs[0] || channel == s0_outputs[1]; }

/// Whether a pulse of `channel` may start at `cycle` for all that is known of its rate.
bool rate_is_known(const State& state, int channel, std::int64_t cycle) {
  return !is_s0(channel) || state.rate_changes.count == 0 ||
         cycle < state.rate_changes.change[0].at_cycle;
}

/// Plans and arms the next pulse of an idle output.
void arm_next(State& state, hal::Bus& bus, int channel) {
  if (state.pulses_held) return;
  energy::OutputState& output = state.pulses.output[channel];
  const std::int64_t earliest_cycle = read_counter(bus) + arm_lead_cycles;
  const energy::PulsePlan plan = energy::plan(state.pulses, channel, earliest_cycle);
  bus.charge(charges::plan_pulse, charges::planned_window, plan.windows);
  const bool known = plan.known && rate_is_known(state, channel, plan.start_cycle);
  output.postponed = plan.due && !known;
  if (!known) return;
  output.armed = true;
  output.armed_start_cycle = plan.start_cycle;
  output.armed_width_cycles = plan.width_cycles;
  bus.write(timer(channel, hal::pulse::compare), static_cast<std::uint32_t>(plan.start_cycle));
  bus.write(timer(channel, hal::pulse::width), plan.width_cycles);
  bus.write(timer(channel, hal::pulse::control), hal::pulse::control_arm);
}

/// Counts the output's pulse if it has started since last asked. Returns whether it had.
bool count_started(State& state, hal::Bus& bus, int channel) {
  const std::uint32_t status = bus.read(timer(channel, hal::pulse::status));
  if ((status & hal::pulse::status_started) == 0) return false;
  bus.write(timer(channel, hal::pulse::status),
            hal::pulse::status_started | hal::pulse::status_late);
  const energy::OutputState& output = state.pulses.output[channel];
  std::int64_t start = output.armed_start_cycle;
  if ((status & hal::pulse::status_late) != 0) {
    // It started somewhat before now; taking now keeps the gap.
    start = read_counter(bus);
    registers::count(state.diagnostics.late_pulses, 1);
  }
  energy::pulse_started(state.pulses, channel, start, output.armed_width_cycles);
  return true;
}

/// Takes back a start that is armed for `cycle` or later.
void disarm_from(State& state, hal::Bus& bus, int channel, std::int64_t cycle) {
  energy::OutputState& output = state.pulses.output[channel];
  if (!output.armed || output.armed_start_cycle < cycle) return;
  bus.write(timer(channel, hal::pulse::control), 0);
  output.armed = false;
}

/// Forgets windows wholly played at `now`, but not beyond a change of the rate; their number.
std::uint32_t settle_played(State& state, std::int64_t now) {
  const RateChanges& changes = state.rate_changes;
  const bool beyond = changes.count != 0 && changes.change[0].at_cycle <= now;
  return energy::settle(state.pulses, beyond ? changes.change[0].at_cycle - 1 : now);
}

/// With interrupts disabled: lets rates hold whose time has come at `now`. What had started before
/// is counted first: its gap ends within the pause.
void carry_out_rate_changes(State& state, hal::Bus& bus, std::int64_t now) {
  if (!rate_change_is_due(state.rate_changes, now)) return;
  for (const int channel : s0_outputs) count_started(state, bus, channel);
  while (rate_change_is_due(state.rate_changes, now)) {
    const RateChange change = take_first(state.rate_changes);
    energy::change_s0_rate(state.pulses, change.rate_centi, change.at_cycle - 1);
    for (const int channel : s0_outputs) {
      std::int64_t& free_from = state.pulses.output[channel].free_from_cycle;
      const std::int64_t pause_end = change.at_cycle + rate_change_pause_cycles;
      if (free_from < pause_end) free_from = pause_end;
    }
  }
  bus.charge(charges::change_s0_rate);
  for (const int channel : s0_outputs) {
    if (!state.pulses.output[channel].armed) arm_next(state, bus, channel);
  }
}

void await_rate_change(State& state, hal::Bus& bus) {
  if (state.rate_changes.count == 0) return;
  set_timer(state.timers, bus, Timer::s0_rate,
            static_cast<std::uint32_t>(state.rate_changes.change[0].at_cycle /
                                       hal::rtc::core_cycles_per_tick));
}

}  // namespace

std::int64_t time_of(hal::Bus& bus, std::uint32_t low) {
  bus.disable_interrupts();
  const std::int64_t now = read_counter(bus);
  bus.enable_interrupts();
  return near_cycle(now, low);
}

std::int64_t read_counter(hal::Bus& bus) {
  const std::uint64_t low = bus.read(hal::sysctrl::base + hal::sysctrl::counter_lo);
  const std::uint64_t high = bus.read(hal::sysctrl::base + hal::sysctrl::counter_hi);
  return static_cast<std::int64_t>((high << 32U) | low);
}

void serve_pulse_interrupt(State& state, hal::Bus& bus) {
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    if (count_started(state, bus, channel)) arm_next(state, bus, channel);
  }
}

std::int64_t count_pulses(State& state, hal::Bus& bus) {
  const std::int64_t now = read_counter(bus);
  carry_out_rate_changes(state, bus, now);
  serve_pulse_interrupt(state, bus);
  return now;
}

void play_window(State& state, hal::Bus& bus, const energy::PlayWindow& window) {
  bus.disable_interrupts();
  const std::uint32_t settled = settle_played(state, read_counter(bus));
  energy::push(state.pulses, window);
  bus.charge(charges::settle_windows, charges::settled_window, settled);
  bus.enable_interrupts();
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    bus.disable_interrupts();
    // What nothing was due of before has nothing due in a window without energy either.
    const energy::OutputState& output = state.pulses.output[channel];
    const bool idle = window.energies.output_pWh[channel] == 0 && !output.postponed;
    if (!idle && !output.armed) arm_next(state, bus, channel);
    bus.enable_interrupts();
  }
}

void apply_s0_rate(State& state, hal::Bus& bus, std::int64_t request_cycle) {
  bus.charge(charges::write_s0_rate);
  bus.disable_interrupts();
  // Later than it should be only if the code was slower than it may be.
  const std::int64_t soonest = read_counter(bus) + arm_lead_cycles;
  const std::int64_t wanted = request_cycle + request_allowance_cycles;
  const RateChange change{first_multiple(wanted > soonest ? wanted : soonest, frame_cycles),
                          state.settings.s0_rate_centi};
  append(state.rate_changes, change);
  for (const int channel : s0_outputs) {
    disarm_from(state, bus, channel, state.rate_changes.change[0].at_cycle);
  }
  bus.enable_interrupts();
  await_rate_change(state, bus);
  bus.charge(charges::await_s0_rate);
}

void serve_rate_changes(State& state, hal::Bus& bus) {
  if (state.rate_changes.count == 0) return;
  bus.disable_interrupts();
  carry_out_rate_changes(state, bus, read_counter(bus));
  bus.enable_interrupts();
}

void run_rate_changes(State& state, hal::Bus& bus) {
  if (!take_expired(state.timers, Timer::s0_rate)) return;
  bus.charge(charges::task_entry);
  serve_rate_changes(state, bus);
  await_rate_change(state, bus);
}

void hold_pulses(State& state, hal::Bus& bus) {
  bus.disable_interrupts();
  state.pulses_held = true;
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    bus.write(timer(channel, hal::pulse::control), 0);
    count_started(state, bus, channel);
    state.pulses.output[channel].armed = false;
  }
  bus.enable_interrupts();
}

void release_pulses(State& state, hal::Bus& bus) {
  bus.disable_interrupts();
  state.pulses_held = false;
  const std::int64_t from = first_multiple(read_counter(bus) + arm_lead_cycles, frame_cycles);
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    std::int64_t& free_from = state.pulses.output[channel].free_from_cycle;
    if (free_from < from) free_from = from;
    if (!state.pulses.output[channel].armed) arm_next(state, bus, channel);
  }
  bus.enable_interrupts();
}

void watch_debts(State& state, hal::Bus& bus) {
  bus.disable_interrupts();
  const std::int64_t now = count_pulses(state, bus);
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    energy::DebtWatch& watched = state.debt_watch[channel];
    energy::watch(watched, energy::debt(state.pulses, channel, now));
    const std::uint32_t bit = 1U << static_cast<unsigned>(channel);
    if (watched.growing) {
      state.diagnostics.growing_debt |= bit;
    } else {
      state.diagnostics.growing_debt &= ~bit;
    }
  }
  bus.charge(charges::watch_debts);
  bus.enable_interrupts();
}

}  // namespace metrology::app
