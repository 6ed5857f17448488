#include "peripherals/uart/receiver.h"

#include <algorithm>

namespace peripherals::uart {

namespace hal_uart = metrology::hal::uart;
using models::pins::ps_never;

Receiver::Receiver(const CoreClock& clock, const models::pins::LinePort* line)
    : clock_(clock), line_(line) {
  reset();
}

void Receiver::reset() {
  state_ = State{};
  state_.start_ps = ps_never;
  state_.start = state_.look_due = state_.idle_due = state_.newest_end = cycle_never;
}

void Receiver::listen(Cycle at, const Format& format, std::uint32_t divider, Cycle silent_from) {
  state_.format = format;
  state_.divider = divider;
  state_.listening = true;
  state_.heard = false;
  state_.end = silent_from;
  hunt(clock_.edge(at) + 1);
}

void Receiver::go_deaf() {
  state_.listening = false;
  state_.heard = false;
  state_.start_ps = ps_never;
  state_.start = state_.look_due = state_.idle_due = cycle_never;
}

void Receiver::line_changed(Ps from) {
  if (!state_.listening || from > state_.start_ps) return;
  hunt(from);
}

/// Looks for the first start edge at or after `from`.
void Receiver::hunt(Ps from) {
  state_.from = std::max(state_.from, from);
  state_.start_ps = line_ == nullptr ? ps_never : line_->next_fall(state_.from);
  state_.start = cycle_never;
  state_.look_due = cycle_never;
  if (state_.start_ps != ps_never) {
    state_.start = clock_.at_or_after(state_.start_ps);
    state_.look_due = state_.start + soonest_effect(state_.format, state_.divider) + shown_after;
  }
}

void Receiver::join_new_line(Cycle at) {
  // A fall after the edge before is a start edge at `at`.
  state_.from = static_cast<Ps>(std::max<std::int64_t>(clock_.since_zero(at - 1) + 1, 0));
  if (!state_.listening) return;
  hunt(state_.from);
  // A silence that a lost character had ended goes on.
  if (state_.idle_due == cycle_never) wait_for_silence(at + 1);
}

std::uint32_t Receiver::majorities(int bits) const {
  Ps instants[3 * most_bits] = {};
  int count = 0;
  for (int bit = 0; bit < bits; ++bit) {
    for (int sixteenth = first_look; sixteenth <= last_look; ++sixteenth) {
      instants[count++] =
          clock_.edge(state_.start + clocks_in(16 * bit + sixteenth, state_.divider));
    }
  }
  std::uint64_t marks = line_->marks_at(instants, count);
  std::uint32_t levels = 0;
  for (int bit = 0; bit < bits; ++bit, marks >>= 3U) {
    const std::uint64_t looks = marks & 7U;
    const bool mark = looks == 3 || looks >= 5;
    levels |= (mark ? 1U : 0U) << bit;
  }
  return levels;
}

bool Receiver::start_confirmed() const { return majorities(1) == 0; }

void Receiver::reject_start() { hunt(clock_.edge(start_seen()) + 1); }

void Receiver::look(Cycle at) {
  state_.look_due = cycle_never;
  const std::uint32_t levels = majorities(state_.format.first_stop() + 1);
  const Ps looked = clock_.edge(at - shown_after);
  if ((levels & 1U) != 0) {
    reject_start();
    return;
  }
  receive(levels);
  hunt(looked + 1);
}

void Receiver::receive(std::uint32_t levels) {
  const Format& format = state_.format;
  const std::uint32_t data = levels >> 1U & ((1U << format.data_bits) - 1);
  const bool parity = (levels >> (1 + format.data_bits) & 1U) != 0;
  const bool stop = (levels >> format.first_stop() & 1U) != 0;
  const Cycle silence = state_.start - state_.end;

  std::uint32_t entry = data;
  if (format.parity != Parity::none && parity != parity_bit(format, data)) {
    entry |= hal_uart::rx_parity_error;
  }
  if (!stop) entry |= hal_uart::rx_framing_error;
  if (levels == 0) entry |= hal_uart::rx_break;
  if (state_.idle != 0 && silence > Cycle{state_.idle}) {
    entry |= hal_uart::rx_first;
  } else if (silence > Cycle{state_.gap}) {
    entry |= hal_uart::rx_after_gap;
  }
  if (state_.fifo.full()) {
    state_.lost = true;
    state_.overrun = true;
  } else {
    if (state_.lost) entry |= hal_uart::rx_overrun;
    state_.lost = false;
    state_.fifo.push(static_cast<std::uint16_t>(entry));
  }
  state_.heard = true;
  state_.end = state_.start + clocks_in_bits(format.bits(), state_.divider);
  state_.newest_end = state_.end;
  wait_for_silence(0);
}

/// Due when the silence has lasted long enough to end a frame, but not before edge `not_before`.
void Receiver::wait_for_silence(Cycle not_before) {
  state_.idle_due = cycle_never;
  if (state_.heard && state_.idle != 0) {
    state_.idle_due = std::max(state_.end + Cycle{state_.idle} + 1 + shown_after, not_before);
  }
}

void Receiver::judge_silence(Cycle at) {
  state_.idle_due = cycle_never;
  const Cycle limit = state_.end + Cycle{state_.idle};
  while (state_.start <= limit) {
    // A character has begun in time; if only its start bit is one.
    if (at < start_seen() + shown_after) {
      wait_for_silence(start_seen() + shown_after);
      return;
    }
    if (start_confirmed()) return;
    reject_start();
  }
  state_.heard = false;
  state_.frame_ended = true;
}

void Receiver::set_idle(Cycle at, std::uint32_t clocks) {
  state_.idle = clocks;
  wait_for_silence(at + 1);
}

std::uint32_t Receiver::take() {
  return state_.fifo.count == 0 ? hal_uart::rx_none : state_.fifo.pop();
}

void Receiver::flush() {
  state_.fifo.clear();
  state_.lost = false;
}

void Receiver::serve(Cycle at) {
  if (state_.look_due == at) look(at);
  if (state_.idle_due == at) judge_silence(at);
}

}  // namespace peripherals::uart
