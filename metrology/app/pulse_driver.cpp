#include "metrology/app/pulse_driver.h"

#include "metrology/app/charges.h"
#include "metrology/energy/debt_watch.h"
#include "metrology/energy/pulse_output.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

static_assert(arm_lead_cycles > charges::plan_pulse.cycles + 1000,
              "planning itself takes this long");

namespace {

constexpr std::uint32_t timer(int channel, std::uint32_t offset) {
  return hal::pulse::base + static_cast<std::uint32_t>(channel) * hal::pulse::stride + offset;
}

/// Plans and arms the next pulse of an idle output.
void arm_next(State& state, hal::Bus& bus, int channel) {
  if (state.pulses_held) return;
  energy::OutputState& output = state.pulses.output[channel];
  const std::int64_t earliest_cycle = read_counter(bus) + arm_lead_cycles;
  const energy::PulsePlan plan = energy::plan(state.pulses, channel, earliest_cycle);
  bus.charge(charges::plan_pulse);
  output.postponed = plan.due && !plan.known;
  if (!plan.known) return;
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

}  // namespace

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
  serve_pulse_interrupt(state, bus);
  return now;
}

void play_window(State& state, hal::Bus& bus, const energy::PlayWindow& window) {
  bus.disable_interrupts();
  energy::settle(state.pulses, read_counter(bus));
  energy::push(state.pulses, window);
  bus.charge(charges::settle_windows);
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

void apply_s0_rate(State& state, hal::Bus& bus) {
  constexpr int outputs[] = {static_cast<int>(hal::PulseChannel::s0_forward),
                             static_cast<int>(hal::PulseChannel::s0_reverse)};
  bus.charge(charges::write_row);
  bus.disable_interrupts();
  for (const int channel : outputs) {
    bus.write(timer(channel, hal::pulse::control), 0);
    count_started(state, bus, channel);
    state.pulses.output[channel].armed = false;
  }
  const std::int64_t now = read_counter(bus);
  energy::change_s0_rate(state.pulses, state.settings.s0_rate_centi, now);
  bus.charge(charges::change_s0_rate);
  for (const int channel : outputs) arm_next(state, bus, channel);
  bus.enable_interrupts();
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
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
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
