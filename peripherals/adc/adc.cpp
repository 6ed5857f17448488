#include "peripherals/adc/adc.h"

#include <algorithm>

namespace peripherals {

namespace hal = metrology::hal;

namespace {
constexpr Cycle filter_fill_cycles = Cycle{3} * hal::core_cycles_per_sample;

/// The channel whose register stands at `offset` in a bank that begins at `bank`; −1 for none.
int channel_of(std::uint32_t offset, std::uint32_t bank) {
  const std::uint32_t index = (offset - bank) / 4;
  return offset >= bank && index < Adc::channels ? static_cast<int>(index) : -1;
}
}  // namespace

Adc::Adc(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
         const CoreCounter& counter, const std::array<Channel, channels>& inputs)
    : RegisterTarget(name), counter_(counter), keep_up_due_(agenda, "keep_up_due") {
  samplers_.reserve(channels);
  for (const Channel& input : inputs) {
    samplers_.emplace_back(*input.source, clock, kernels_, input.settings);
  }
  sc_core::sc_spawn_options options;
  options.spawn_method();
  options.dont_initialize();
  options.set_sensitivity(&keep_up_due_.event());
  sc_core::sc_spawn([this] { keep_up(); }, "keep_up", &options);
}

Cycle Adc::converted_at(std::int64_t n) const {
  return state_.start + hal::core_cycles_per_sample * n + hal::dma_request_latency_cycles;
}

std::int64_t Adc::sets_at(Cycle at) const {
  const Cycle since_first = at - converted_at(0);
  return since_first < 0 ? 0 : since_first / hal::core_cycles_per_sample + 1;
}

void Adc::convert_up_to(Cycle at) {
  if (!state_.running) return;
  const std::int64_t end = sets_at(at);
  while (state_.converted < end) {
    const auto place = static_cast<int>(state_.converted % kept_sets);
    const auto count =
        static_cast<int>(std::min<std::int64_t>(end - state_.converted, kept_sets - place));
    for (std::size_t k = 0; k < channels; ++k) {
      std::int32_t* codes = &state_.codes[k][place];
      const int clipped = samplers_[k].convert(state_.start, static_cast<int>(state_.offset[k]),
                                               state_.converted, count, codes);
      state_.clip_count[k] += static_cast<std::uint32_t>(clipped);
      if (clipped != 0) state_.clip_status |= 1u << k;
      state_.data[k] = static_cast<std::uint32_t>(codes[count - 1]);
    }
    if (observer_ != nullptr) show(place, count);
    state_.converted += count;
  }
}

void Adc::show(int place, int count) const {
  SampleBlock block{state_.start, state_.converted, count, state_.offset, {}};
  for (std::size_t k = 0; k < channels; ++k) block.codes[k] = &state_.codes[k][place];
  observer_->sampled(block);
}

void Adc::codes(int channel, std::int64_t first, int count, std::int32_t* out) const {
  const std::int32_t* kept = state_.codes[channel];
  const auto place = static_cast<int>(first % kept_sets);
  const int until_wrap = std::min(count, kept_sets - place);
  std::copy_n(kept + place, until_wrap, out);
  std::copy_n(kept, count - until_wrap, out + until_wrap);
}

void Adc::begin(Cycle at) {
  state_.running = true;
  state_.start = std::max(at + filter_fill_cycles, state_.reset_at + Cycle{state_.start_delay});
  state_.converted = 0;
  arm_keep_up();
  if (listener_ != nullptr) listener_->conversion_started();
}

void Adc::stop(Cycle at) {
  convert_up_to(at);
  if (listener_ != nullptr) listener_->conversion_stopping(at);
  state_.running = false;
  keep_up_due_.cancel();
}

void Adc::keep_up() {
  const Cycle now = keep_up_due_.take();
  if (now == cycle_never) return;
  convert_up_to(now);
  arm_keep_up();
}

void Adc::blocks_are_taken(bool taken) {
  if (taken == taken_) return;
  taken_ = taken;
  if (state_.running) arm_keep_up();
}

void Adc::arm_keep_up() {
  keep_up_due_.set(taken_ ? cycle_never : converted_at(state_.converted + hal::block_samples - 1));
}

bool Adc::read(std::uint32_t offset, Cycle at, std::uint32_t& value) {
  const auto start = counter_.at(state_.start);
  if (const int k = channel_of(offset, hal::adc::offset_0); k >= 0) {
    value = state_.offset[static_cast<std::size_t>(k)];
    return true;
  }
  if (const int k = channel_of(offset, hal::adc::clip_count_0); k >= 0) {
    convert_up_to(at);
    value = state_.clip_count[static_cast<std::size_t>(k)];
    return true;
  }
  if (const int k = channel_of(offset, hal::adc::data_0); k >= 0) {
    convert_up_to(at);
    value = state_.data[static_cast<std::size_t>(k)];
    return true;
  }
  switch (offset) {
    case hal::adc::control:
      value = state_.running ? hal::adc::control_run : 0;
      return true;
    case hal::adc::start_time_lo:
      value = static_cast<std::uint32_t>(start);
      return true;
    case hal::adc::start_time_hi:
      value = static_cast<std::uint32_t>(start >> 32);
      return true;
    case hal::adc::sample_count:
      convert_up_to(at);
      value = static_cast<std::uint32_t>(state_.converted);
      return true;
    case hal::adc::clip_status:
      convert_up_to(at);
      value = state_.clip_status;
      return true;
    case hal::adc::start_delay:
      value = state_.start_delay;
      return true;
    default:
      return false;
  }
}

bool Adc::write(std::uint32_t offset, Cycle at, std::uint32_t value) {
  if (const int k = channel_of(offset, hal::adc::offset_0); k >= 0) {
    if (state_.running || value > hal::adc::offset_max) return false;
    state_.offset[static_cast<std::size_t>(k)] = value;
    return true;
  }
  switch (offset) {
    case hal::adc::control:
      if (value > hal::adc::control_run) return false;
      if (value != 0 && !state_.running) begin(at);
      if (value == 0 && state_.running) stop(at);
      return true;
    case hal::adc::clip_status:
      if (value >> channels != 0) return false;
      convert_up_to(at);
      state_.clip_status &= ~value;
      return true;
    case hal::adc::start_delay:
      if (state_.running) return false;
      state_.start_delay = value;
      return true;
    default:
      return false;
  }
}

void Adc::reset(Cycle at) {
  if (state_.running) stop(at);
  state_ = State{};
  state_.start = counter_.origin();
  state_.reset_at = at;
}

Adc::State Adc::state() const {
  State state = state_;
  state.keep_up_due = keep_up_due_.cycle();
  return state;
}

void Adc::restore(const State& state) {
  state_ = state;
  keep_up_due_.set(state.keep_up_due);
}

}  // namespace peripherals
