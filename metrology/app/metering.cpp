#include "metrology/app/metering.h"

#include "metrology/app/charges.h"
#include "metrology/app/correction.h"
#include "metrology/app/housekeeping.h"
#include "metrology/app/panel_task.h"
#include "metrology/app/ports.h"
#include "metrology/app/pulse_driver.h"
#include "metrology/app/tariff.h"
#include "metrology/app/tariff_input.h"
#include "metrology/app/time_axis.h"
#include "metrology/energy/booking.h"
#include "metrology/energy/measurements.h"
#include "metrology/hal/memory_map.h"
#include "metrology/signal/signal_path.h"

namespace metrology::app {

namespace {

/// Adds the samples that the ADC clipped since last asked.
void count_clipped(State& state, hal::Bus& bus) {
  const std::uint32_t status = bus.read(hal::adc::base + hal::adc::clip_status);
  if (status == 0) return;
  bus.write(hal::adc::base + hal::adc::clip_status, status);
  for (std::uint32_t channel = 0; channel < hal::adc_channel_count; ++channel) {
    if ((status & (1U << channel)) == 0) continue;
    const std::uint32_t count = bus.read(hal::adc::base + hal::adc::clip_count_0 + 4 * channel);
    registers::count(state.diagnostics.clipped_samples[channel], count - state.clip_count[channel]);
    state.clip_count[channel] = count;
  }
}

void refresh_measurements(State& state, hal::Bus& bus, double temperature_C) {
  bool standing_still[energy::phase_count] = {};
  for (int phase = 0; phase < energy::phase_count; ++phase) {
    standing_still[phase] = !state.phase_moved[phase];
    state.phase_moved[phase] = false;
  }
  run_ports(state, bus);
  energy::refresh(state.measurement, state.measurement_setup, standing_still);
  bus.charge(charges::refresh);
  follow_conditions(state, bus, temperature_C);
  refresh_panel(state);
  begin_housekeeping(state);
}

void take_window(State& state, hal::Bus& bus, const signal::Window& window,
                 const std::int32_t* block) {
  const std::uint32_t changes_before = state.energy.change_count;
  const energy::PulseEnergies energies = energy::book(state.energy, state.booking_setup, window);
  for (int phase = 0; phase < energy::phase_count; ++phase) {
    if (!energy::no_load(state.energy, state.booking_setup, phase)) state.phase_moved[phase] = true;
  }
  energy::judge(state.status.phases, state.page.connection, window);
  const bool second_complete = energy::accumulate(state.measurement, window);
  // Now: by the time the values are worked out, an overloaded CPU may find the next block here.
  const double temperature_C = second_complete ? block_temperature_C(block) : 0;
  const std::uint32_t changes = changes_before - state.energy.change_count;
  if (state.booking_setup.has_offsets) {
    bus.charge(charges::book_with_offsets, charges::share_window, changes);
  } else {
    bus.charge(charges::book_window, charges::share_window, changes);
  }
  play_window(state, bus,
              {play_ticks(window.begin, state.adc_start_cycle),
               play_ticks(window.end, state.adc_start_cycle), energies});
  if (second_complete) refresh_measurements(state, bus, temperature_C);
}

/// What goes on while a block is processed.
struct Meanwhile {
  State& state;
  hal::Bus& bus;
  std::int64_t block_end;  ///< the sample set behind the block
  int phase;               ///< that is being processed
};

/// Behind each phase of a block. Requests are carried out as of before the block.
void look_at_ports(void* context) {
  Meanwhile& meanwhile = *static_cast<Meanwhile*>(context);
  const bool delayed = meanwhile.state.signal_setup.current_delay[meanwhile.phase++] != 0;
  if (delayed) {
    meanwhile.bus.charge(charges::delayed_phase);
  } else {
    meanwhile.bus.charge(charges::signal_path_phase);
  }
  // Well inside the frame of the display that begins with the block's end: the next one shows it.
  if (meanwhile.phase == 1) show_tariff(meanwhile.state, meanwhile.bus, meanwhile.block_end);
  run_ports(meanwhile.state, meanwhile.bus);
}

/// Leaves blocks out: the path begins anew behind them.
void skip_blocks(State& state, hal::Bus& bus, std::uint32_t blocks) {
  state.blocks_processed += blocks;
  signal::reset(state.signal, state.signal.next_set + std::int64_t{blocks} * hal::block_samples);
  bus.charge(charges::skip_blocks);
}

/// The blocks before the one at hand were overwritten.
void skip_lost(State& state, hal::Bus& bus, std::uint32_t lost) {
  registers::count(state.diagnostics.lost_blocks, lost);
  skip_blocks(state, bus, lost);
}

}  // namespace

void process_blocks(State& state, hal::Bus& bus) {
  const std::uint32_t waiting = state.pending.blocks_done - state.blocks_processed;
  if (waiting == 0) return;
  bus.charge(charges::task_entry);
  if (state.power.failing) {
    skip_blocks(state, bus, waiting);
    return;
  }
  judge_tariff_input(state, bus);
  if (waiting > 1) skip_lost(state, bus, waiting - 1);

  const std::uint32_t half = state.blocks_processed & 1U;
  const std::int32_t* block =
      bus.words(hal::sample_buffer_base + half * (hal::sample_buffer_bytes / 2));
  count_clipped(state, bus);  // first: by now hardly a set of the next block is counted with it
  begin_correction(state, bus, block);
  signal::Window windows[signal::max_windows_per_block];
  Meanwhile meanwhile{state, bus, state.signal.next_set + hal::block_samples, 0};
  const signal::Pause pause{look_at_ports, &meanwhile};
  const int count = signal::process_block(state.signal, state.signal_setup, block, windows, &pause);
  ++state.blocks_processed;
  bus.charge(charges::finish_windows, charges::finished_window, static_cast<std::uint32_t>(count));
  for (int n = 0; n < count && !state.power.failing; ++n) {
    take_window(state, bus, windows[n], block);
    run_ports(state, bus);
  }
}

}  // namespace metrology::app
