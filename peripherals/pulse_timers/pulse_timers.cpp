#include "peripherals/pulse_timers/pulse_timers.h"

#include <algorithm>
#include <string>

namespace peripherals {

namespace pulse = metrology::hal::pulse;

namespace {
constexpr PulseTimers::Channel reset_channel{0, 1, 1, cycle_never, cycle_never, 0, false, false};
constexpr std::uint32_t status_mask =
    pulse::status_started | pulse::status_active | pulse::status_late;
}  // namespace

PulseTimers::PulseTimers(const sc_core::sc_module_name& name, Agenda& agenda,
                         const CoreClock& clock, const CoreCounter& counter, IrqLine& irq,
                         const std::array<models::pins::DigitalInput*, channels>& outputs)
    : RegisterTarget(name), clock_(clock), counter_(counter), irq_(irq), outputs_(outputs) {
  state_.channel.fill(reset_channel);
  for (int channel = 0; channel < channels; ++channel) {
    std::unique_ptr<DueTime>& due = due_[static_cast<std::size_t>(channel)];
    due = std::make_unique<DueTime>(agenda, ("due_" + std::to_string(channel)).c_str());
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.dont_initialize();
    options.set_sensitivity(&due->event());
    sc_core::sc_spawn([this, channel] { serve(channel); },
                      ("serve_" + std::to_string(channel)).c_str(), &options);
  }
}

bool PulseTimers::read(std::uint32_t offset, Cycle, std::uint32_t& value) {
  const std::uint32_t index = offset / pulse::stride;
  if (index >= channels) return false;
  const Channel& channel = state_.channel[index];
  switch (offset % pulse::stride) {
    case pulse::compare:
      value = channel.compare;
      return true;
    case pulse::width:
      value = channel.width;
      return true;
    case pulse::control:
      value = channel.start != cycle_never ? pulse::control_arm : 0;
      return true;
    case pulse::status:
      value = status(channel);
      return true;
    default:
      return false;
  }
}

bool PulseTimers::write(std::uint32_t offset, Cycle at, std::uint32_t value) {
  const std::uint32_t index = offset / pulse::stride;
  if (index >= channels) return false;
  Channel& channel = state_.channel[index];
  switch (offset % pulse::stride) {
    case pulse::compare:
      channel.compare = value;
      return true;
    case pulse::width:
      if (value == 0 || value > pulse::width_max) return false;
      channel.width = value;
      return true;
    case pulse::control:
      if (value > pulse::control_arm) return false;
      if (value == pulse::control_arm) {
        arm(static_cast<int>(index), at);
      } else {
        disarm(static_cast<int>(index));
      }
      return true;
    case pulse::status:
      if ((value & ~status_mask) != 0) return false;
      clear_status(static_cast<int>(index), value);
      return true;
    default:
      return false;
  }
}

std::uint32_t PulseTimers::status(const Channel& channel) const {
  return (channel.started ? pulse::status_started : 0) |
         (channel.end != cycle_never ? pulse::status_active : 0) |
         (channel.late ? pulse::status_late : 0);
}

void PulseTimers::arm(int index, Cycle at) {
  Channel& channel = state_.channel[static_cast<std::size_t>(index)];
  const auto counter = static_cast<std::uint32_t>(counter_.at(at));
  const auto distance = static_cast<std::int32_t>(channel.compare - counter);
  channel.start = at + std::max(distance, 1);
  if (distance <= 0) channel.late = true;
  if (channel.start < channel.free_from) {
    channel.start = channel.free_from;
    channel.late = true;
  }
  channel.armed_width = channel.width;
  schedule(index);
}

void PulseTimers::disarm(int index) {
  state_.channel[static_cast<std::size_t>(index)].start = cycle_never;
  schedule(index);
}

void PulseTimers::clear_status(int index, std::uint32_t bits) {
  Channel& channel = state_.channel[static_cast<std::size_t>(index)];
  if ((bits & pulse::status_started) != 0) channel.started = false;
  if ((bits & pulse::status_late) != 0) channel.late = false;
  tell_irq();
}

void PulseTimers::serve(int index) {
  const Cycle now = due_[static_cast<std::size_t>(index)]->take();
  if (now == cycle_never) return;
  Channel& channel = state_.channel[static_cast<std::size_t>(index)];
  const bool was_on = channel.end != cycle_never;
  if (channel.end == now) channel.end = cycle_never;
  if (channel.start == now) {
    channel.start = cycle_never;
    channel.end = now + channel.armed_width;
    channel.free_from = channel.end + pulse::minimum_gap_cycles;
    channel.started = true;
    tell_irq();
  }
  schedule(index);
  const bool is_on = channel.end != cycle_never;
  models::pins::DigitalInput* output = outputs_[static_cast<std::size_t>(index)];
  if (is_on != was_on && output != nullptr) output->drive(clock_.edge(now), is_on);
}

void PulseTimers::schedule(int index) {
  const Channel& channel = state_.channel[static_cast<std::size_t>(index)];
  due_[static_cast<std::size_t>(index)]->set(std::min(channel.start, channel.end));
}

void PulseTimers::tell_irq() {
  irq_.set(std::any_of(state_.channel.begin(), state_.channel.end(),
                       [](const Channel& channel) { return channel.started; }));
}

void PulseTimers::reset(Cycle) {
  for (int index = 0; index < channels; ++index) {
    Channel& channel = state_.channel[static_cast<std::size_t>(index)];
    const Channel before = channel;
    channel = reset_channel;
    channel.end = before.end;
    channel.free_from = before.free_from;
    schedule(index);
  }
  tell_irq();
}

void PulseTimers::power_off(Cycle at) {
  for (int index = 0; index < channels; ++index) {
    Channel& channel = state_.channel[static_cast<std::size_t>(index)];
    models::pins::DigitalInput* output = outputs_[static_cast<std::size_t>(index)];
    const bool was_on = channel.end != cycle_never;
    channel = reset_channel;
    schedule(index);
    if (was_on && output != nullptr) output->drive(clock_.edge(at), false);
  }
  tell_irq();
}

void PulseTimers::restore(const State& state) {
  state_ = state;
  for (int index = 0; index < channels; ++index) schedule(index);
  tell_irq();
}

}  // namespace peripherals
