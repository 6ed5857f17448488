#include "peripherals/rtc/rtc.h"

namespace peripherals {

namespace hal_rtc = metrology::hal::rtc;

namespace {
constexpr Cycle tick_cycles = hal_rtc::core_cycles_per_tick;
}

Rtc::Rtc(const sc_core::sc_module_name& name, Agenda& agenda, const CoreCounter& counter,
         IrqLine& irq)
    : RegisterTarget(name), counter_(counter), irq_(irq), alarm_due_(agenda, "alarm_due") {
  state_.due = cycle_never;
  alarm_due_.serve("go_off", [this](Cycle) { go_off(); });
}

std::uint32_t Rtc::count(Cycle at) const {
  return static_cast<std::uint32_t>(counter_.at(at) / tick_cycles);
}

void Rtc::arm(Cycle at) {
  const auto ticks = static_cast<Cycle>(counter_.at(at) / tick_cycles);
  const auto distance = static_cast<std::int32_t>(state_.alarm - count(at));
  state_.due = distance > 0 ? counter_.origin() + (ticks + distance) * tick_cycles : at + 1;
  alarm_due_.set(state_.due);
}

void Rtc::disarm() {
  state_.due = cycle_never;
  alarm_due_.cancel();
}

void Rtc::go_off() {
  state_.due = cycle_never;
  set_status(true);
}

void Rtc::set_status(bool went_off) {
  state_.went_off = went_off;
  irq_.set(went_off);
}

bool Rtc::read(std::uint32_t offset, Cycle at, std::uint32_t& value) {
  switch (offset) {
    case hal_rtc::count:
      value = count(at);
      return true;
    case hal_rtc::alarm:
      value = state_.alarm;
      return true;
    case hal_rtc::control:
      value = state_.due != cycle_never ? hal_rtc::control_arm : 0;
      return true;
    case hal_rtc::status:
      value = state_.went_off ? hal_rtc::status_alarm : 0;
      return true;
    default:
      return false;
  }
}

bool Rtc::write(std::uint32_t offset, Cycle at, std::uint32_t value) {
  switch (offset) {
    case hal_rtc::alarm:
      state_.alarm = value;
      return true;
    case hal_rtc::control:
      if (value > hal_rtc::control_arm) return false;
      if (value == hal_rtc::control_arm) {
        arm(at);
      } else {
        disarm();
      }
      return true;
    case hal_rtc::status:
      if (value > hal_rtc::status_alarm) return false;
      if (value == hal_rtc::status_alarm) set_status(false);
      return true;
    default:
      return false;
  }
}

void Rtc::reset(Cycle) {
  state_.alarm = 0;
  disarm();
  set_status(false);
}

void Rtc::restore(const State& state) {
  state_ = state;
  alarm_due_.set(state_.due);
  irq_.set(state_.went_off);
}

}  // namespace peripherals
