#include "metrology/signal/signal_path.h"

#include <cstddef>

namespace metrology::signal {
namespace {

// What q's gain is taken for until a regular window has shown a cycle [twin]: 50 Hz.
constexpr SampleTime cycle_before_any = one_sample * hal::samples_per_second / 50;

// Sums of a block's windows before d.c. and gain are taken out of them.
struct ClosedSums {
  SampleSums samples[3][max_boundaries_per_block];
  std::int64_t products[3][max_boundaries_per_block];
};

const std::int32_t* channel_of(const std::int32_t* block, hal::AdcChannel first, int phase) {
  return block + std::ptrdiff_t{hal::block_samples} * (static_cast<int>(first) + phase);
}

void add_phase(SignalState& state, const SignalSetup& setup, int phase, const std::int32_t* block,
               const Boundary* boundaries, int count, ClosedSums& closed) {
  std::int32_t u[hal::block_samples];
  std::int32_t i[hal::block_samples];
  compensate(state.compensator_u[phase], channel_of(block, hal::AdcChannel::u1, phase), u);
  const std::int32_t* currents = channel_of(block, hal::AdcChannel::i1, phase);
  if (setup.current_delay[phase] == 0) {
    compensate(state.compensator_i[phase], currents, i);
  } else {
    compensate_and_delay(state.compensator_i[phase], setup.current_delay[phase], currents, i);
  }
  add_block(state.sums[phase], u, i, boundaries, count, closed.samples[phase]);
  add_block(state.quadrature[phase], u, i, boundaries, count, closed.products[phase]);
}

Window finished_window(SignalState& state, const Boundary& end, const ClosedSums& closed, int k) {
  Window window{};
  window.begin = state.window_begin;
  window.end = end.time;
  const SampleTime length = window.end - window.begin;
  // Crossings of a voltage that failed meanwhile bound no cycle.
  window.regular = end.whole_cycle && mean_reaches(closed.samples[state.presence.reference][k].u2,
                                                   length, lost_mean_square);
  if (window.regular) state.q_gain = gain_correction(length);
  for (int phase = 0; phase < 3; ++phase) {
    window.phase[phase] =
        without_dc(state.offset[phase], closed.samples[phase][k], length, window.regular);
    window.phase[phase].q = reactive_sum(closed.products[phase][k], state.q_gain);
  }
  return window;
}

}  // namespace

void reset(SignalState& state, std::int64_t first_set) {
  state = SignalState{};
  state.next_set = first_set;
  const std::int64_t first_window_set = first_set + sets_before_first_window;
  state.window_begin = first_window_set * one_sample;
  begin_at(state.crossings, first_window_set);
  state.q_gain = gain_correction(cycle_before_any);
  reset(state.presence);
}

int process_block(SignalState& state, const SignalSetup& setup, const std::int32_t* block,
                  Window* windows, const Pause* pause) {
  Boundary boundaries[max_boundaries_per_block];
  ClosedSums closed;
  const bool listen = any_live(state.presence);
  const std::int32_t* reference = channel_of(block, hal::AdcChannel::u1, state.presence.reference);
  const int boundary_count =
      find_boundaries(state.crossings, state.next_set, reference, listen, boundaries);
  state.next_set += hal::block_samples;
  for (int phase = 0; phase < 3; ++phase) {
    add_phase(state, setup, phase, block, boundaries, boundary_count, closed);
    if (pause != nullptr) pause->call(pause->context);
  }

  int count = 0;
  for (int k = 0; k < boundary_count; ++k) {
    if (state.window_open) {
      windows[count] = finished_window(state, boundaries[k], closed, k);
      judge(state.presence, windows[count]);
      ++count;
    }
    state.window_open = true;
    state.window_begin = boundaries[k].time;
  }
  const bool another = choose_reference(state.presence);
  if (another || (!listen && any_live(state.presence))) restart(state.crossings);
  return count;
}

}  // namespace metrology::signal
