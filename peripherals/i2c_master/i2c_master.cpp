#include "peripherals/i2c_master/i2c_master.h"

namespace peripherals {

namespace i2c = metrology::hal::i2c;

namespace {
constexpr std::uint32_t most_clears = 9;
constexpr std::uint32_t acknowledge_bit = 8;
constexpr std::uint32_t status_flags = i2c::status_done | i2c::status_nak | i2c::status_stuck;
constexpr std::uint32_t command_mask = 0x00FF'FF7F;

I2cMaster::State reset_state() {
  I2cMaster::State state{};
  state.divider = 16;
  state.scl = true;
  state.sda = true;
  state.device_sda = true;
  state.release_due = cycle_never;
  state.due = cycle_never;
  return state;
}

/// The word of the buffer at `offset`; −1 for none.
int word_of(std::uint32_t offset) {
  const std::uint32_t index = (offset - i2c::buffer_0) / 4;
  return offset >= i2c::buffer_0 && index < i2c::buffer_bytes / 4 ? static_cast<int>(index) : -1;
}
}  // namespace

I2cMaster::I2cMaster(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
                     IrqLine& irq, models::pins::I2cDevice* device)
    : RegisterTarget(name),
      clock_(clock),
      irq_(irq),
      device_(device),
      step_due_(agenda, "step_due"),
      release_due_(agenda, "release_due"),
      state_(reset_state()) {
  step_due_.serve("serve_step", [this](Cycle at) { serve(at); });
  release_due_.serve("release", [this](Cycle at) { release(at); });
}

// --- registers ----------------------------------------------------------------------------------

std::uint32_t I2cMaster::status() const { return state_.flags | (busy() ? i2c::status_busy : 0); }

bool I2cMaster::read(std::uint32_t offset, Cycle, std::uint32_t& value) {
  if (const int word = word_of(offset); word >= 0) {
    value = 0;
    for (std::uint32_t n = 0; n < 4; ++n) {
      value |= std::uint32_t{state_.buffer[static_cast<std::uint32_t>(word) * 4 + n]} << 8 * n;
    }
    return true;
  }
  switch (offset) {
    case i2c::control:
      value = state_.enabled ? i2c::control_enable : 0;
      return true;
    case i2c::divider:
      value = state_.divider;
      return true;
    case i2c::status:
      value = status();
      return true;
    default:
      return false;
  }
}

bool I2cMaster::write(std::uint32_t offset, Cycle at, std::uint32_t value) {
  if (const int word = word_of(offset); word >= 0) {
    if (busy()) return false;
    for (std::uint32_t n = 0; n < 4; ++n) {
      state_.buffer[static_cast<std::uint32_t>(word) * 4 + n] =
          static_cast<std::uint8_t>(value >> 8 * n);
    }
    return true;
  }
  switch (offset) {
    case i2c::control:
      if (value > i2c::control_enable) return false;
      if (value == 0 && state_.enabled) abort(at);
      state_.enabled = value != 0;
      return true;
    case i2c::divider:
      if (busy() || value < i2c::divider_min || value > i2c::divider_max) return false;
      state_.divider = value;
      return true;
    case i2c::command:
      return begin(at, value);
    case i2c::status:
      if ((value & ~(status_flags | i2c::status_busy)) != 0) return false;
      state_.flags &= ~value;
      irq_.set((state_.flags & i2c::status_done) != 0);
      return true;
    default:
      return false;
  }
}

bool I2cMaster::begin(Cycle at, std::uint32_t command) {
  const std::uint32_t to_write = command >> i2c::command_write_shift & 0xFF;
  const std::uint32_t to_read = command >> i2c::command_read_shift & 0xFF;
  if (!state_.enabled || busy() || (command & ~command_mask) != 0 || to_write > buffer_bytes ||
      to_read > buffer_bytes) {
    return false;
  }
  state_.flags = 0;
  irq_.set(false);
  state_.device = command & 0x7F;
  state_.to_write = to_write;
  state_.to_read = to_read;
  state_.place = 0;
  state_.clears = 0;
  // The device is written to unless there is only something to read.
  state_.reading = to_write == 0 && to_read != 0;
  next(at, 1, Step::start);
  return true;
}

void I2cMaster::abort(Cycle at) {
  state_.step = Step::none;
  state_.due = cycle_never;
  step_due_.cancel();
  if (state_.scl && state_.sda) return;
  state_.release_due = at + 1;
  release_due_.set(state_.release_due);
}

void I2cMaster::release(Cycle at) {
  state_.release_due = cycle_never;
  const bool sda_was_low = !state_.sda;
  state_.sda = true;
  if (!state_.scl) {
    scl_rises(at);
  } else if (sda_was_low && state_.device_sda && device_ != nullptr) {
    device_->stop(clock_.edge(at));
  }
}

// --- wires --------------------------------------------------------------------------------------

void I2cMaster::next(Cycle at, int quarters, Step step) {
  state_.step = step;
  state_.due = at + Cycle{state_.divider} * quarters;
  step_due_.set(state_.due);
}

void I2cMaster::scl_falls(Cycle at) {
  state_.scl = false;
  if (device_ != nullptr) state_.device_sda = device_->scl_falls(clock_.edge(at));
}

void I2cMaster::scl_rises(Cycle at) {
  state_.scl = true;
  if (device_ != nullptr) device_->scl_rises(clock_.edge(at), wire_sda());
}

void I2cMaster::start_condition(Cycle at) {
  state_.sda = false;
  if (device_ != nullptr) device_->start(clock_.edge(at));
  state_.addressing = true;
  begin_byte(state_.device << 1 | (state_.reading ? 1 : 0));
  next(at, 2, Step::bit_fall);
}

void I2cMaster::serve(Cycle at) {
  switch (state_.step) {
    case Step::none:
      break;
    case Step::start:
      look_before_start(at);
      break;
    case Step::clear_rise:
      scl_rises(at);
      next(at, 2, Step::start);
      break;
    case Step::bit_fall:
      scl_falls(at);
      drive_bit();
      next(at, 2, Step::bit_rise);
      break;
    case Step::bit_rise:
      scl_rises(at);
      bit_taken(at);
      break;
    case Step::restart_fall:
      scl_falls(at);
      state_.sda = true;
      next(at, 2, Step::restart_rise);
      break;
    case Step::restart_rise:
      scl_rises(at);
      next(at, 2, Step::restart);
      break;
    case Step::restart:
      if (!wire_sda()) {
        finish(i2c::status_stuck);
      } else {
        start_condition(at);
      }
      break;
    case Step::stop_fall:
      scl_falls(at);
      state_.sda = false;
      next(at, 2, Step::stop_rise);
      break;
    case Step::stop_rise:
      scl_rises(at);
      next(at, 2, Step::stop);
      break;
    case Step::stop:
      stop_condition(at);
      break;
    case Step::bus_free:
      finish(0);
      break;
  }
}

void I2cMaster::look_before_start(Cycle at) {
  if (wire_sda()) {
    start_condition(at);
  } else if (state_.clears == most_clears) {
    finish(i2c::status_stuck);
  } else {
    ++state_.clears;
    scl_falls(at);
    next(at, 2, Step::clear_rise);
  }
}

// --- bytes --------------------------------------------------------------------------------------

void I2cMaster::begin_byte(std::uint32_t byte) {
  state_.shift = byte;
  state_.bit = 0;
}

/// What the master puts on SDA one quarter after SCL fell; nobody looks before SCL rises.
void I2cMaster::drive_bit() {
  const bool from_device = state_.reading && !state_.addressing;
  if (state_.bit < acknowledge_bit) {
    state_.sda = from_device || (state_.shift >> (7 - state_.bit) & 1) != 0;
  } else {
    const bool acknowledges = from_device && state_.to_read > 1;
    state_.sda = !acknowledges;
  }
}

void I2cMaster::bit_taken(Cycle at) {
  const bool from_device = state_.reading && !state_.addressing;
  const bool sda = wire_sda();
  if (state_.bit == acknowledge_bit) {
    byte_over(at, from_device || !sda);
    return;
  }
  if (from_device) {
    state_.shift = state_.shift << 1 | (sda ? 1 : 0);
  } else if (state_.sda && !sda) {
    finish(i2c::status_stuck);
    return;
  }
  ++state_.bit;
  next(at, 2, Step::bit_fall);
}

void I2cMaster::byte_over(Cycle at, bool acknowledged) {
  if (!acknowledged) {
    state_.flags |= i2c::status_nak;
    next(at, 2, Step::stop_fall);
    return;
  }
  if (state_.addressing) {
    state_.addressing = false;
    if (state_.reading) state_.place = 0;
  } else if (state_.reading) {
    state_.buffer[state_.place++] = static_cast<std::uint8_t>(state_.shift);
    --state_.to_read;
  }
  if (state_.reading && state_.to_read > 0) {
    begin_byte(0);
    next(at, 2, Step::bit_fall);
  } else if (!state_.reading && state_.to_write > 0) {
    --state_.to_write;
    begin_byte(state_.buffer[state_.place++]);
    next(at, 2, Step::bit_fall);
  } else if (!state_.reading && state_.to_read > 0) {
    state_.reading = true;
    next(at, 2, Step::restart_fall);
  } else {
    next(at, 2, Step::stop_fall);
  }
}

void I2cMaster::stop_condition(Cycle at) {
  state_.sda = true;
  if (!state_.device_sda) {
    finish(i2c::status_stuck);
    return;
  }
  if (device_ != nullptr) device_->stop(clock_.edge(at));
  next(at, 3, Step::bus_free);
}

void I2cMaster::finish(std::uint32_t flags) {
  state_.sda = true;
  state_.flags |= flags | i2c::status_done;
  state_.step = Step::none;
  state_.due = cycle_never;
  irq_.set(true);
}

// --- supply -------------------------------------------------------------------------------------

void I2cMaster::reset(Cycle at) {
  abort(at);
  const State wires = state_;
  state_ = reset_state();
  state_.scl = wires.scl;
  state_.sda = wires.sda;
  state_.device_sda = wires.device_sda;
  state_.release_due = wires.release_due;
  irq_.set(false);
}

void I2cMaster::power_off(Cycle) {
  step_due_.cancel();
  release_due_.cancel();
  state_ = reset_state();
  irq_.set(false);
}

void I2cMaster::restore(const State& state) {
  state_ = state;
  step_due_.set(state_.due);
  release_due_.set(state_.release_due);
  irq_.set((state_.flags & i2c::status_done) != 0);
}

}  // namespace peripherals
