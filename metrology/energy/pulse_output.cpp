#include "metrology/energy/pulse_output.h"

#include "metrology/energy/wide.h"

namespace metrology::energy {

namespace {

const PlayWindow& at(const PulseState& state, std::uint32_t index) {
  return state.window[(state.first + index) % play_ring_size];
}
PlayWindow& at(PulseState& state, std::uint32_t index) {
  return state.window[(state.first + index) % play_ring_size];
}

std::int64_t duration(const PlayWindow& window) { return window.end_ticks - window.begin_ticks; }

bool is_s0(int channel) {
  return channel == static_cast<int>(hal::PulseChannel::s0_forward) ||
         channel == static_cast<int>(hal::PulseChannel::s0_reverse);
}

/// The phase that a whole window adds, in units of which `whole_pulse` make a pulse.
Wide gain(const OutputState& output, const PlayWindow& window, int channel) {
  return multiply(window.energies.output_pWh[channel], output.rate_centi);
}

/// Whole pulses in `phase`; leaves the fraction in it.
std::int64_t take_whole(Wide& phase) {
  if (phase < widen(whole_pulse)) return 0;
  const Quotient pulses = divide(phase, widen(whole_pulse));
  phase = pulses.remainder;
  return static_cast<std::int64_t>(pulses.quotient);
}

/// Counts the first window as played.
void drop_first(PulseState& state) {
  const PlayWindow& window = at(state, 0);
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    OutputState& output = state.output[channel];
    Wide phase = gain(output, window, channel) + widen(output.fraction);
    output.balance += take_whole(phase);
    output.fraction = phase.low;
  }
  state.first = (state.first + 1) % play_ring_size;
  --state.count;
}

/// Splits the window played at `instant_ticks` there, so that what is before it can be settled.
void split(PulseState& state, std::int64_t instant_ticks) {
  PlayWindow& window = at(state, 0);
  if (instant_ticks <= window.begin_ticks || instant_ticks >= window.end_ticks) return;
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    OutputState& output = state.output[channel];
    std::uint64_t& energy_pWh = window.energies.output_pWh[channel];
    const std::uint64_t played = interpolate(
        energy_pWh, widen(static_cast<std::uint64_t>(instant_ticks - window.begin_ticks)),
        widen(static_cast<std::uint64_t>(duration(window))));
    Wide phase = multiply(played, output.rate_centi) + widen(output.fraction);
    output.balance += take_whole(phase);
    output.fraction = phase.low;
    energy_pWh -= played;
  }
  window.begin_ticks = instant_ticks;
}

std::int64_t ceil_cycle(std::int64_t ticks) {
  return (ticks + ticks_per_core_cycle - 1) / ticks_per_core_cycle;
}

std::uint32_t width_of(const OutputState& output, const PlayWindow& window, int channel) {
  if (!is_s0(channel)) return led_width_cycles;
  return s0_width_cycles(output.rate_centi, window.energies.output_pWh[channel], duration(window));
}

}  // namespace

void reset(PulseState& state, std::uint32_t s0_rate_centi) {
  state = {};
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    state.output[channel].rate_centi = is_s0(channel) ? s0_rate_centi : led_rate_centi;
  }
}

void push(PulseState& state, const PlayWindow& window) {
  if (window.end_ticks <= window.begin_ticks) return;
  if (state.count == play_ring_size) drop_first(state);
  ++state.count;
  at(state, state.count - 1) = window;
}

std::uint32_t settle(PulseState& state, std::int64_t now_cycle) {
  const std::uint32_t before = state.count;
  while (state.count > 0 && at(state, 0).end_ticks <= now_cycle * ticks_per_core_cycle) {
    drop_first(state);
  }
  return before - state.count;
}

PulsePlan plan(const PulseState& state, int channel, std::int64_t earliest_cycle) {
  const OutputState& output = state.output[channel];
  const std::int64_t free_from =
      output.free_from_cycle > earliest_cycle ? output.free_from_cycle : earliest_cycle;
  // The pulse sought is the `wanted`-th whole one from the begin of the window at hand on.
  std::int64_t wanted = 1 - output.balance;
  Wide fraction = widen(output.fraction);
  bool is_due = false;
  std::int64_t due_cycle = 0;

  for (std::uint32_t index = 0; index < state.count; ++index) {
    const PlayWindow& window = at(state, index);
    if (!is_due && wanted <= 0) {
      is_due = true;
      due_cycle = ceil_cycle(window.begin_ticks);
    } else if (!is_due) {
      const Wide gained = gain(output, window, channel);
      Wide rest = gained + fraction;
      const std::int64_t pulses = take_whole(rest);
      if (pulses >= wanted) {
        const Wide missing = multiply(whole_pulse, static_cast<std::uint64_t>(wanted)) - fraction;
        const std::uint64_t after =
            interpolate(static_cast<std::uint64_t>(duration(window)), missing, gained);
        is_due = true;
        due_cycle = (window.begin_ticks + static_cast<std::int64_t>(after)) / ticks_per_core_cycle;
      }
      wanted -= pulses;
      fraction = rest;
    }
    if (!is_due) continue;
    const std::int64_t start = due_cycle > free_from ? due_cycle : free_from;
    if (start * ticks_per_core_cycle < window.end_ticks) {
      return {true, true, start, width_of(output, window, channel), index + 1};
    }
  }
  return {false, is_due || wanted <= 0, 0, 0, state.count};
}

void pulse_started(PulseState& state, int channel, std::int64_t start_cycle,
                   std::uint32_t width_cycles) {
  OutputState& output = state.output[channel];
  output.armed = false;
  output.balance -= 1;
  output.pulses += 1;
  output.free_from_cycle = start_cycle + width_cycles + pulse_gap_cycles;
}

void change_s0_rate(PulseState& state, std::uint32_t rate_centi, std::int64_t now_cycle) {
  // Pulses due within the clock after `now` belong to the old rate: they may have started at `now`.
  settle(state, now_cycle + 1);
  if (state.count > 0) split(state, (now_cycle + 1) * ticks_per_core_cycle);
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    if (is_s0(channel)) state.output[channel].rate_centi = rate_centi;
  }
}

std::int64_t debt(const PulseState& state, int channel, std::int64_t now_cycle) {
  // Due times are rounded down, so a pulse is due at `now` if the energy reaches it before the next
  // clock.
  const OutputState& output = state.output[channel];
  const std::int64_t now_end = (now_cycle + 1) * ticks_per_core_cycle;
  std::int64_t due = output.balance;
  Wide phase = widen(output.fraction);
  for (std::uint32_t index = 0; index < state.count; ++index) {
    const PlayWindow& window = at(state, index);
    if (window.begin_ticks >= now_end) break;
    const Wide gained = gain(output, window, channel);
    if (window.end_ticks < now_end) {
      phase = phase + gained;
      due += take_whole(phase);
      continue;
    }
    // The pulse at phase k·whole is due strictly before now_end if
    // k · whole · duration < phase · duration + gained · elapsed.
    const auto whole_window = static_cast<std::uint64_t>(duration(window));
    const auto elapsed = static_cast<std::uint64_t>(now_end - window.begin_ticks);
    const Wide played = multiply(phase, whole_window) + multiply(gained, elapsed);
    if (played == Wide{}) break;
    due += static_cast<std::int64_t>(
        divide(played - widen(1), multiply(whole_pulse, whole_window)).quotient);
    break;
  }
  return due;
}

}  // namespace metrology::energy
