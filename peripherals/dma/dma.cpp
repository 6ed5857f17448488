#include "peripherals/dma/dma.h"

#include <algorithm>

namespace peripherals {

namespace hal = metrology::hal;

namespace {
constexpr std::uint32_t status_mask = hal::dma::status_done | hal::dma::status_overrun;
constexpr Cycle sample_cycles = hal::core_cycles_per_sample;
}  // namespace

Dma::Dma(const sc_core::sc_module_name& name, Agenda& agenda, IrqLine& irq, Adc& adc, Ram& ram)
    : RegisterTarget(name), irq_(irq), adc_(adc), ram_(ram), block_due_(agenda, "block_due") {
  state_.destination = hal::sample_buffer_base;
  adc_.listen(*this);
  ram_.set_lazy_writer(*this);
  sc_core::sc_spawn_options options;
  options.spawn_method();
  options.dont_initialize();
  options.set_sensitivity(&block_due_.event());
  sc_core::sc_spawn([this] { block_done(); }, "block_done", &options);
}

Cycle Dma::bus_free_at(Cycle begin, int cycles) {
  if (begin >= free_from_ && begin + cycles <= free_until_) return begin;
  if (!moving()) return begin;
  const Cycle first_window = adc_.converted_at(state_.first_set);
  const Cycle last_cycle = begin + cycles - 1;
  if (last_cycle < first_window) return begin;
  // The latest window that does not begin after the access's last cycle, and the gap behind it.
  const Cycle window = last_cycle - (last_cycle - first_window) % sample_cycles;
  free_from_ = window + hal::dma_set_cycles;
  free_until_ = window + sample_cycles;
  return std::max(begin, free_from_);
}

Cycle Dma::bus_free_until(Cycle begin) {
  if (bus_free_at(begin, 1) != begin) return begin;
  if (begin >= free_from_ && begin < free_until_) return free_until_;
  return moving() ? adc_.converted_at(state_.first_set) : cycle_never;
}

void Dma::catch_up(Cycle at) {
  if (!moving()) return;
  const std::int64_t moved = adc_.sets_at(at - hal::dma_set_cycles);
  const auto count = static_cast<int>(
      std::min<std::int64_t>(moved - state_.next_set, hal::block_samples - state_.fill));
  if (count <= 0) return;
  adc_.convert_up_to(at);
  std::int32_t* words = ram_.words() + (state_.destination - hal::ram_base) / 4 + state_.fill;
  if ((state_.blocks_done & 1) != 0) words += hal::block_words;
  for (int channel = 0; channel < hal::adc_channel_count; ++channel, words += hal::block_samples) {
    adc_.codes(channel, state_.next_set, count, words);
  }
  state_.next_set += count;
  state_.fill += count;
}

void Dma::block_done() {
  const Cycle now = block_due_.take();
  if (now == cycle_never) return;
  catch_up(now);
  state_.fill = 0;
  ++state_.blocks_done;
  if ((state_.status & hal::dma::status_done) != 0) state_.status |= hal::dma::status_overrun;
  state_.status |= hal::dma::status_done;
  schedule();
  tell_irq();
}

void Dma::schedule() {
  adc_.blocks_are_taken(moving());
  if (!moving()) {
    block_due_.cancel();
    return;
  }
  const std::int64_t last_set = state_.next_set + hal::block_samples - state_.fill - 1;
  block_due_.set(adc_.converted_at(last_set) + hal::dma_set_cycles);
}

void Dma::begin_block(std::int64_t first_set) {
  state_.first_set = first_set;
  state_.next_set = first_set;
  state_.fill = 0;
  free_from_ = free_until_ = 0;
  schedule();
}

void Dma::enable(Cycle at) {
  adc_.convert_up_to(at);
  state_.enabled = true;
  state_.blocks_done = 0;
  begin_block(adc_.running() ? adc_.sets_at(at) : 0);
}

void Dma::disable(Cycle at) {
  catch_up(at);
  state_.enabled = false;
  free_from_ = free_until_ = 0;
  schedule();
}

void Dma::conversion_started() {
  if (state_.enabled) begin_block(0);
}

void Dma::conversion_stopping(Cycle at) {
  catch_up(at);
  state_.fill = 0;
  free_from_ = free_until_ = 0;
  block_due_.cancel();
  adc_.blocks_are_taken(false);
}

void Dma::tell_irq() { irq_.set((state_.status & hal::dma::status_done) != 0); }

bool Dma::read(std::uint32_t offset, Cycle, std::uint32_t& value) {
  switch (offset) {
    case hal::dma::control:
      value = state_.enabled ? hal::dma::control_enable : 0;
      return true;
    case hal::dma::destination:
      value = state_.destination;
      return true;
    case hal::dma::status:
      value = state_.status;
      return true;
    case hal::dma::blocks_done:
      value = state_.blocks_done;
      return true;
    default:
      return false;
  }
}

bool Dma::write(std::uint32_t offset, Cycle at, std::uint32_t value) {
  switch (offset) {
    case hal::dma::control:
      if (value > hal::dma::control_enable) return false;
      if (value != 0 && !state_.enabled) enable(at);
      if (value == 0 && state_.enabled) disable(at);
      return true;
    case hal::dma::destination:
      if (state_.enabled || value % 4 != 0 || value < hal::ram_base ||
          value > hal::ram_base + hal::ram_size - hal::sample_buffer_bytes) {
        return false;
      }
      state_.destination = value;
      return true;
    case hal::dma::status:
      if ((value & ~status_mask) != 0) return false;
      state_.status &= ~value;
      tell_irq();
      return true;
    default:
      return false;
  }
}

void Dma::reset(Cycle at) {
  if (state_.enabled) disable(at);
  state_ = State{};
  state_.destination = hal::sample_buffer_base;
  schedule();
  tell_irq();
}

void Dma::restore(const State& state) {
  state_ = state;
  free_from_ = free_until_ = 0;
  schedule();
  tell_irq();
}

}  // namespace peripherals
