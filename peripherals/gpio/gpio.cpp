#include "peripherals/gpio/gpio.h"

namespace peripherals {

namespace hal_gpio = metrology::hal::gpio;

namespace {
constexpr std::uint32_t pin_mask = (1u << Gpio::pins) - 1;
constexpr Cycle frame_cycles =
    Cycle{metrology::hal::lcd::ticks_per_frame} * metrology::hal::rtc::core_cycles_per_tick;
}  // namespace

Gpio::Gpio(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
           const CoreCounter& counter, IrqLine& irq,
           const std::array<models::pins::DigitalInput*, pins>& listeners, const Board& board)
    : RegisterTarget(name),
      clock_(clock),
      counter_(counter),
      irq_(irq),
      listeners_(listeners),
      board_(board),
      captures_due_(agenda, "captures_due"),
      pads_due_(agenda, "pads_due"),
      paced_due_(agenda, "paced_due") {
  state_.powered = true;
  state_.pads_due = cycle_never;
  state_.paced_due = cycle_never;
  state_.outside = board.pull_ups;
  state_.input = board.pull_ups;
  for (int number = 0; number < pins; ++number) {
    pins_[static_cast<std::size_t>(number)].gpio = this;
    pins_[static_cast<std::size_t>(number)].number = number;
  }
  captures_due_.serve("show_captures", [this](Cycle at) { show_captures(at); });
  pads_due_.serve("drive_pads", [this](Cycle at) {
    state_.pads_due = cycle_never;
    drive_pads(at, state_.paced_due == cycle_never ? pin_mask : ~board_.paced);
  });
  paced_due_.serve("drive_paced_pads", [this](Cycle at) {
    state_.paced_due = cycle_never;
    drive_pads(at, board_.paced);
  });
}

models::pins::DigitalInput& Gpio::pin(int number) {
  return pins_.at(static_cast<std::size_t>(number));
}

void Gpio::driven_outside(int pin, models::pins::Ps t, bool level) {
  const std::uint32_t bit = 1u << pin;
  state_.outside = level ? state_.outside | bit : state_.outside & ~bit;
  if (state_.powered) capture(clock_.at_or_after(t));
}

/// Notes what the first stage takes at `edge`. Several changes before one edge leave the last.
void Gpio::capture(Cycle edge) {
  const std::uint32_t levels = (state_.outside & ~state_.driven) | (state_.pads & state_.driven);
  if (state_.capture_count > 0 && state_.captures[state_.capture_count - 1].edge == edge) {
    state_.captures[state_.capture_count - 1].levels = levels;
    return;
  }
  state_.captures.at(state_.capture_count++) = Capture{edge, levels};
  if (state_.capture_count == 1) captures_due_.set(edge + hal_gpio::synchroniser_stages);
}

void Gpio::show_captures(Cycle at) {
  show(at, state_.captures[0].levels);
  for (std::uint32_t i = 1; i < state_.capture_count; ++i) {
    state_.captures[i - 1] = state_.captures[i];
  }
  --state_.capture_count;
  if (state_.capture_count > 0) {
    captures_due_.set(state_.captures[0].edge + hal_gpio::synchroniser_stages);
  }
}

void Gpio::show(Cycle at, std::uint32_t levels) {
  const std::uint32_t rises = levels & ~state_.input;
  const std::uint32_t falls = state_.input & ~levels;
  state_.input = levels;
  for (std::size_t pin = 0; ((rises | falls) >> pin) != 0; ++pin) {
    if ((rises >> pin & 1) != 0) state_.high_since[pin] = at;
    if ((falls >> pin & 1) != 0) {
      state_.high_time[pin] += static_cast<std::uint32_t>(at - state_.high_since[pin]);
    }
  }
  state_.status |= (rises & state_.rise_enable) | (falls & state_.fall_enable);
  irq_.set(state_.status != 0);
}

void Gpio::set_due(Cycle pads, Cycle paced) {
  state_.pads_due = pads;
  state_.paced_due = paced;
  pads_due_.set(pads);
  paced_due_.set(paced);
}

void Gpio::change_pads(Cycle at) {
  const std::uint32_t changed = (state_.output ^ state_.pads) | (state_.direction ^ state_.driven);
  Cycle paced = cycle_never;
  if ((changed & board_.paced) != 0) {
    const auto frames = static_cast<Cycle>(counter_.at(at) / frame_cycles);
    paced = counter_.origin() + (frames + 1) * frame_cycles;
  }
  set_due(at + 1, paced);
}

void Gpio::drive_pads(Cycle now, std::uint32_t pins_taken) {
  const std::uint32_t before = driven_levels();
  state_.driven = (state_.driven & ~pins_taken) | (state_.direction & pins_taken);
  state_.pads = (state_.pads & ~pins_taken) | (state_.output & pins_taken);
  const std::uint32_t after = driven_levels();
  if (state_.powered) capture(now);
  for (int number = 0; number < pins; ++number) {
    models::pins::DigitalInput* listener = listeners_[static_cast<std::size_t>(number)];
    if (listener != nullptr && ((before ^ after) >> number & 1) != 0) {
      listener->drive(clock_.edge(now), (after >> number & 1) != 0);
    }
  }
}

void Gpio::clear_status(std::uint32_t bits) {
  state_.status &= ~bits;
  irq_.set(state_.status != 0);
}

bool Gpio::read(std::uint32_t offset, Cycle at, std::uint32_t& value) {
  if (const std::uint32_t pin = (offset - hal_gpio::high_time_0) / 4;
      offset >= hal_gpio::high_time_0 && pin < pins) {
    const bool is_high = (state_.input >> pin & 1) != 0;
    value = state_.high_time[pin] +
            (is_high ? static_cast<std::uint32_t>(at - state_.high_since[pin]) : 0);
    return true;
  }
  switch (offset) {
    case hal_gpio::input:
      value = state_.input;
      return true;
    case hal_gpio::output:
      value = state_.output;
      return true;
    case hal_gpio::direction:
      value = state_.direction;
      return true;
    case hal_gpio::rise_enable:
      value = state_.rise_enable;
      return true;
    case hal_gpio::fall_enable:
      value = state_.fall_enable;
      return true;
    case hal_gpio::status:
      value = state_.status;
      return true;
    default:
      return false;
  }
}

bool Gpio::write(std::uint32_t offset, Cycle at, std::uint32_t value) {
  if ((value & ~pin_mask) != 0) return false;
  switch (offset) {
    case hal_gpio::output:
      state_.output = value;
      change_pads(at);
      return true;
    case hal_gpio::direction:
      state_.direction = value;
      change_pads(at);
      return true;
    case hal_gpio::rise_enable:
      state_.rise_enable = value;
      return true;
    case hal_gpio::fall_enable:
      state_.fall_enable = value;
      return true;
    case hal_gpio::status:
      clear_status(value);
      return true;
    default:
      return false;
  }
}

void Gpio::reset(Cycle at) {
  state_.output = 0;
  state_.direction = 0;
  state_.rise_enable = 0;
  state_.fall_enable = 0;
  const bool pending = state_.pads_due != cycle_never || state_.paced_due != cycle_never;
  set_due(state_.driven != 0 || pending ? at + 1 : cycle_never, cycle_never);
  clear_status(pin_mask);
}

void Gpio::power_off(Cycle at) {
  state_.powered = false;
  state_.output = 0;
  state_.direction = 0;
  state_.rise_enable = 0;
  state_.fall_enable = 0;
  captures_due_.cancel();
  state_.capture_count = 0;
  state_.input = 0;
  state_.high_time = {};
  set_due(cycle_never, cycle_never);
  drive_pads(at, pin_mask);
  clear_status(pin_mask);
}

void Gpio::power_on(Cycle at) {
  state_.powered = true;
  state_.high_since.fill(at);
  reset(at);
  capture(at);
}

void Gpio::restore(const State& state) {
  state_ = state;
  set_due(state_.pads_due, state_.paced_due);
  captures_due_.set(state_.capture_count > 0
                        ? state_.captures[0].edge + hal_gpio::synchroniser_stages
                        : cycle_never);
  irq_.set(state_.status != 0);
}

}  // namespace peripherals
