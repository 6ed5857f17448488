#include "peripherals/uart/uart.h"

#include <algorithm>
#include <utility>

namespace peripherals {

namespace hal_uart = metrology::hal::uart;

namespace {
constexpr std::uint32_t divider_at_reset = 0x8000;
constexpr std::uint32_t control_mask = 0xF3;
constexpr std::uint32_t parity_mask = 3U << 4U;
constexpr std::uint32_t status_clearable = hal_uart::status_frame_end | hal_uart::status_tx_done |
                                           hal_uart::status_tx_late | hal_uart::status_overrun |
                                           hal_uart::status_tx_overflow;
constexpr std::uint32_t status_mask = status_clearable | hal_uart::status_rx;
constexpr std::uint32_t byte_mask = 0xFF;
}  // namespace

Uart::Uart(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
           const CoreCounter& counter, IrqLine& irq, models::pins::LinePort* line,
           models::pins::EventSink& log, std::string instance)
    : RegisterTarget(name),
      clock_(clock),
      counter_(counter),
      irq_(irq),
      line_(line),
      log_(log),
      instance_(std::move(instance)),
      due_(agenda, "due"),
      run_ahead_(agenda),
      receiver_(clock, line),
      transmitter_(clock, line, *this) {
  state_.divider = divider_at_reset;
  due_.serve("serve", [this](Cycle at) { serve(at); });
}

bool Uart::enabled() const { return (state_.control & hal_uart::control_enable) != 0; }

uart::Format Uart::format() const {
  uart::Format format;
  if ((state_.control & hal_uart::control_parity_even) != 0) format.parity = uart::Parity::even;
  if ((state_.control & hal_uart::control_parity_odd) != 0) format.parity = uart::Parity::odd;
  if ((state_.control & hal_uart::control_seven_bits) != 0) format.data_bits = 7;
  if ((state_.control & hal_uart::control_two_stop) != 0) format.stop_bits = 2;
  return format;
}

std::uint32_t Uart::status() const {
  const uart::Receiver::State& receiver = receiver_.state();
  const bool enough = state_.rx_threshold != 0 && receiver.fifo.count >= state_.rx_threshold;
  return (receiver.frame_ended ? hal_uart::status_frame_end : 0) |
         (enough ? hal_uart::status_rx : 0) |
         (transmitter_.state().sent ? hal_uart::status_tx_done : 0) |
         (state_.late ? hal_uart::status_tx_late : 0) |
         (receiver.overrun ? hal_uart::status_overrun : 0) |
         (state_.overflow ? hal_uart::status_tx_overflow : 0);
}

std::uint32_t Uart::newest_end() const {
  const Cycle end = receiver_.state().newest_end;
  return end == cycle_never ? 0 : static_cast<std::uint32_t>(counter_.at(end));
}

/// After whatever may have changed due times or STATUS.
void Uart::settle() {
  const Cycle due = std::min(receiver_.due(), transmitter_.due());
  if (due != due_.cycle()) due_.set(due);
  irq_.set((status() & state_.irq_enable) != 0);
}

void Uart::serve(Cycle at) {
  receiver_.serve(at);
  const bool was_driving = transmitter_.state().driving;
  transmitter_.serve(at);
  mute_while_driving(at, was_driving);
  settle();
}

void Uart::mute_while_driving(Cycle at, bool was_driving) {
  if ((state_.control & hal_uart::control_mute) == 0) return;
  const bool driving = transmitter_.state().driving;
  if (driving && !was_driving) receiver_.go_deaf();
  if (!driving && was_driving) {
    receiver_.listen(at, format(), state_.divider, transmitter_.state().ended);
  }
}

void Uart::line_changed(Ps from) {
  receiver_.line_changed(from);
  settle();
}

void Uart::sent(Cycle begin, Cycle end, std::uint8_t data) {
  log_.record(
      clock_.edge(end), instance_, "byte",
      {{"value", std::uint64_t{data}}, {"start", models::pins::Instant{clock_.since_zero(begin)}}});
}

// --- registers ----------------------------------------------------------------------------------

bool Uart::read(std::uint32_t offset, Cycle, std::uint32_t& value) {
  switch (offset) {
    case hal_uart::control:
      value = state_.control;
      return true;
    case hal_uart::divider:
      value = state_.divider;
      return true;
    case hal_uart::rx_gap:
      value = receiver_.state().gap;
      return true;
    case hal_uart::rx_idle:
      value = receiver_.state().idle;
      return true;
    case hal_uart::rx_level:
      value = receiver_.state().fifo.count;
      return true;
    case hal_uart::rx_data:
      value = receiver_.take();
      settle();
      return true;
    case hal_uart::rx_end:
      value = newest_end();
      return true;
    case hal_uart::rx_threshold:
      value = state_.rx_threshold;
      return true;
    case hal_uart::tx_level:
      value = transmitter_.state().fifo.count;
      return true;
    case hal_uart::tx_start:
      value = state_.tx_start;
      return true;
    case hal_uart::tx_driver:
      value = transmitter_.state().lead | transmitter_.state().tail << 16U;
      return true;
    case hal_uart::status:
      value = status();
      return true;
    case hal_uart::irq_enable:
      value = state_.irq_enable;
      return true;
    default:
      return false;
  }
}

bool Uart::write(std::uint32_t offset, Cycle at, std::uint32_t value) {
  bool done = true;
  switch (offset) {
    case hal_uart::control:
      done = write_control(at, value);
      break;
    case hal_uart::divider:
      done = write_divider(at, value);
      break;
    case hal_uart::rx_gap:
      if (value > hal_uart::limit_max) return false;
      receiver_.set_gap(value);
      break;
    case hal_uart::rx_idle:
      if (value > hal_uart::limit_max) return false;
      receiver_.set_idle(at, value);
      limit_run_ahead();
      break;
    case hal_uart::rx_flush:
      if (value != 1) return false;
      receiver_.flush();
      break;
    case hal_uart::rx_threshold:
      if (value > hal_uart::fifo_size) return false;
      state_.rx_threshold = value;
      break;
    case hal_uart::tx_data:
      if (value > byte_mask) return false;
      if (!transmitter_.put(static_cast<std::uint8_t>(value))) state_.overflow = true;
      break;
    case hal_uart::tx_start:
      state_.tx_start = value;
      break;
    case hal_uart::tx_driver:
      if (transmitter_.busy()) return false;
      transmitter_.set_driver(value & 0xFFFFU, value >> 16U);
      break;
    case hal_uart::command:
      done = command(at, value);
      break;
    case hal_uart::status:
      if ((value & ~status_mask) != 0) return false;
      clear_status(value);
      break;
    case hal_uart::irq_enable:
      if ((value & ~status_mask) != 0) return false;
      state_.irq_enable = value;
      limit_run_ahead();
      break;
    default:
      return false;
  }
  if (done) settle();
  return done;
}

bool Uart::write_control(Cycle at, std::uint32_t value) {
  if ((value & ~control_mask) != 0 || (value & parity_mask) == parity_mask) return false;
  if (transmitter_.busy()) return false;
  state_.control = value;
  begin_anew(at);
  return true;
}

bool Uart::write_divider(Cycle at, std::uint32_t value) {
  if (value < hal_uart::divider_min || value > hal_uart::divider_max) return false;
  if (transmitter_.busy()) return false;
  state_.divider = value;
  begin_anew(at);
  return true;
}

Cycle Uart::shows_after(std::uint32_t offset, bool is_write) const {
  if (is_write && (offset == hal_uart::control || offset == hal_uart::divider ||
                   offset == hal_uart::rx_idle || offset == hal_uart::command)) {
    return 0;
  }
  if (line_ == nullptr) return cycle_never;
  return uart::Receiver::soonest_effect(format(), state_.divider);
}

/// What others do shows by an interrupt, for accesses see to themselves (shows_after): when a
/// character is there, or when after one, which is due by itself from its start edge on, a frame is
/// over.
void Uart::limit_run_ahead() {
  const Cycle character = uart::Receiver::soonest_effect(format(), state_.divider);
  const Cycle silence = receiver_.state().idle;
  Cycle soonest = cycle_never;
  if ((state_.irq_enable & hal_uart::status_frame_end) != 0 && silence != 0) {
    soonest = character + silence;
  }
  if ((state_.irq_enable & (hal_uart::status_rx | hal_uart::status_overrun)) != 0) {
    soonest = character;
  }
  const bool somebody_there = line_ != nullptr;
  run_ahead_.limit(enabled() && somebody_there ? soonest : cycle_never);
}

void Uart::begin_anew(Cycle at) {
  transmitter_.set_format(format(), state_.divider);
  const uart::Receiver::State& before = receiver_.state();
  const bool silent = before.listening && before.start > at;
  const Cycle silent_from = silent ? before.end : at;
  receiver_.go_deaf();
  if (enabled()) {
    receiver_.listen(at, format(), state_.divider, silent_from);
  }
  limit_run_ahead();
}

bool Uart::command(Cycle at, std::uint32_t value) {
  if (value == hal_uart::command_abort) {
    transmitter_.abort(at + 1);
    return true;
  }
  const bool at_tx_start = value == hal_uart::command_start_at;
  if (!at_tx_start && value != hal_uart::command_start) return false;
  if (!enabled() || transmitter_.busy() || transmitter_.state().fifo.count == 0) return false;
  const Cycle soonest = Cycle{transmitter_.state().lead} + 2;
  Cycle ahead = soonest;
  if (at_tx_start) {
    ahead =
        static_cast<std::int32_t>(state_.tx_start - static_cast<std::uint32_t>(counter_.at(at)));
    if (ahead < soonest) state_.late = true;
  }
  transmitter_.start(at + std::max(ahead, soonest));
  return true;
}

void Uart::clear_status(std::uint32_t bits) {
  if ((bits & hal_uart::status_frame_end) != 0) receiver_.clear_frame_end();
  if ((bits & hal_uart::status_tx_done) != 0) transmitter_.clear_sent();
  if ((bits & hal_uart::status_tx_late) != 0) state_.late = false;
  if ((bits & hal_uart::status_overrun) != 0) receiver_.clear_overrun();
  if ((bits & hal_uart::status_tx_overflow) != 0) state_.overflow = false;
}

// --- reset, supply, state -----------------------------------------------------------------------

void Uart::reset(Cycle at) {
  transmitter_.reset(at);
  receiver_.reset();
  state_ = State{};
  state_.divider = divider_at_reset;
  limit_run_ahead();
  settle();
}

void Uart::power_off(Cycle at) {
  transmitter_.power_off(at);
  reset(at);
}

Uart::State Uart::state() const {
  State state = state_;
  state.receiver = receiver_.state();
  state.transmitter = transmitter_.state();
  return state;
}

void Uart::restore(const State& state) {
  state_ = state;
  receiver_.restore(state.receiver);
  transmitter_.restore(state.transmitter);
  limit_run_ahead();
  due_.set(std::min(receiver_.due(), transmitter_.due()));
  irq_.set((status() & state_.irq_enable) != 0);
}

void Uart::join_new_line(Cycle at) {
  receiver_.join_new_line(at);
  transmitter_.join_new_line(at);
  settle();
}

}  // namespace peripherals
