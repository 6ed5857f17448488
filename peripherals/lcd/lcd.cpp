#include "peripherals/lcd/lcd.h"

#include <utility>

namespace peripherals {

namespace hal = metrology::hal;

namespace {
constexpr Cycle slot_cycles = Cycle{hal::lcd::ticks_per_slot} * hal::rtc::core_cycles_per_tick;
constexpr Cycle frame_cycles = Cycle{hal::lcd::commons} * slot_cycles;
constexpr std::uint32_t segment_mask = (std::uint32_t{1} << hal::lcd::segments) - 1;
constexpr Lcd::State reset_state{false, {}, {}, cycle_never, cycle_never};

/// The common whose register stands at `offset`; −1 for none.
int common_of(std::uint32_t offset) {
  const std::uint32_t index = (offset - hal::lcd::segment_0) / 4;
  return offset >= hal::lcd::segment_0 && index < hal::lcd::commons ? static_cast<int>(index) : -1;
}
}  // namespace

Lcd::Lcd(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
         const CoreCounter& counter, models::pins::Glass* glass, LcdTrace trace)
    : RegisterTarget(name),
      clock_(clock),
      counter_(counter),
      glass_(glass),
      trace_(std::move(trace)),
      change_due_(agenda, "change_due"),
      slot_due_(agenda, "slot_due"),
      state_(reset_state) {
  change_due_.serve("show", [this](Cycle at) { show(at); });
  slot_due_.serve("report_slot", [this](Cycle at) { report_slot(at); });
}

Cycle Lcd::next_frame(Cycle at) const {
  const auto frames = static_cast<Cycle>(counter_.at(at) / frame_cycles);
  return counter_.origin() + (frames + 1) * frame_cycles;
}

/// Works out when the glass will next be told something, after a write at edge `at`.
void Lcd::plan(Cycle at) {
  const Segments next = state_.enabled ? state_.written : Segments{};
  change_at(next != state_.visible ? next_frame(at) : cycle_never);
}

void Lcd::change_at(Cycle edge) {
  state_.change_due = edge;
  change_due_.set(edge);
}

void Lcd::show(Cycle at) {
  state_.change_due = cycle_never;
  const Segments now = state_.enabled ? state_.written : Segments{};
  if (now == state_.visible) return;
  state_.visible = now;
  if (glass_ != nullptr) glass_->show(clock_.edge(at), now);
}

void Lcd::report_slot(Cycle at) {
  const auto slot = static_cast<Cycle>(counter_.at(at) / slot_cycles);
  const auto common = static_cast<std::size_t>(slot % hal::lcd::commons);
  if (common == 0) show(at);  // whichever of the two methods comes first
  trace_.log->record(clock_.edge(at), trace_.instance, "slot",
                     {{"com", std::uint64_t{common}},
                      {"segments", std::uint64_t{state_.visible[common]}},
                      {"inverted", slot / hal::lcd::commons % 2 != 0}});
  state_.slot_due = at + slot_cycles;
  slot_due_.set(state_.slot_due);
}

void Lcd::switch_on(Cycle at, bool enabled) {
  if (enabled == state_.enabled) return;
  state_.enabled = enabled;
  state_.slot_due = enabled && trace_.log != nullptr ? next_frame(at) : cycle_never;
  slot_due_.set(state_.slot_due);
  plan(at);
}

bool Lcd::read(std::uint32_t offset, Cycle, std::uint32_t& value) {
  if (const int common = common_of(offset); common >= 0) {
    value = state_.written[static_cast<std::size_t>(common)];
    return true;
  }
  if (offset != hal::lcd::control) return false;
  value = state_.enabled ? hal::lcd::control_enable : 0;
  return true;
}

bool Lcd::write(std::uint32_t offset, Cycle at, std::uint32_t value) {
  if (const int common = common_of(offset); common >= 0) {
    if ((value & ~segment_mask) != 0) return false;
    state_.written[static_cast<std::size_t>(common)] = value;
    plan(at);
    return true;
  }
  if (offset != hal::lcd::control || value > hal::lcd::control_enable) return false;
  switch_on(at, value != 0);
  return true;
}

void Lcd::reset(Cycle at) {
  state_.written = Segments{};
  switch_on(at, false);
  change_at(state_.visible != Segments{} ? at + 1 : cycle_never);
}

void Lcd::power_off(Cycle at) {
  reset(at);
  change_due_.cancel();
  show(at);
}

void Lcd::restore(const State& state, Cycle at) {
  state_ = state;
  if (trace_.log == nullptr) state_.slot_due = cycle_never;
  if (trace_.log != nullptr && state_.enabled && state_.slot_due == cycle_never) {
    state_.slot_due = next_frame(at - 1);
  }
  change_due_.set(state_.change_due);
  slot_due_.set(state_.slot_due);
}

}  // namespace peripherals
