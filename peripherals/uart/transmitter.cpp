#include "peripherals/uart/transmitter.h"

namespace peripherals::uart {

using models::pins::LineDrive;

namespace {
Transmitter::State idle_state() {
  Transmitter::State state{};
  state.due = cycle_never;
  return state;
}
}  // namespace

Transmitter::Transmitter(const CoreClock& clock, models::pins::LinePort* line,
                         SentListener& listener)
    : clock_(clock), line_(line), listener_(listener), state_(idle_state()) {}

void Transmitter::set_format(const Format& format, std::uint32_t divider) {
  state_.format = format;
  state_.divider = divider;
}

void Transmitter::set_driver(std::uint32_t lead, std::uint32_t tail) {
  state_.lead = lead;
  state_.tail = tail;
}

bool Transmitter::put(std::uint8_t data) {
  if (state_.fifo.full()) return false;
  state_.fifo.push(data);
  return true;
}

void Transmitter::plan(Step step, Cycle at) {
  state_.step = step;
  state_.due = at;
}

void Transmitter::start(Cycle begin) {
  state_.aborted = false;
  state_.begin = begin;
  state_.bit = 0;
  if (state_.lead > 0) {
    plan(Step::driver_on, begin - Cycle{state_.lead});
  } else {
    plan(Step::level, begin);
  }
}

void Transmitter::abort(Cycle at) {
  state_.fifo.clear();
  if (busy()) abort_at(at);
}

void Transmitter::abort_at(Cycle at) {
  state_.aborted = true;
  state_.ended = at;
  plan(Step::release, at);
}

void Transmitter::serve(Cycle at) {
  if (state_.due != at) return;
  switch (state_.step) {
    case Step::driver_on:
      drive(at, true);
      plan(Step::level, state_.begin);
      break;
    case Step::level:
      if (state_.bit == 0) begin_character(at);
      show_level(at);
      break;
    case Step::end:
      end_character(at);
      break;
    case Step::release:
      release(at);
      break;
    case Step::none:
      break;
  }
}

void Transmitter::begin_character(Cycle at) {
  state_.begin = at;
  state_.data = state_.fifo.pop();
  state_.levels = levels_of(state_.format, state_.data);
}

/// Drives bit `bit`, and plans the next bit that differs or the character's end.
void Transmitter::show_level(Cycle at) {
  const auto level_of = [&](int bit) { return (state_.levels >> bit & 1U) != 0; };
  const bool level = level_of(state_.bit);
  drive(at, level);
  const int bits = state_.format.bits();
  while (++state_.bit < bits && level_of(state_.bit) == level) {
  }
  plan(state_.bit < bits ? Step::level : Step::end,
       state_.begin + clocks_in_bits(state_.bit, state_.divider));
}

void Transmitter::end_character(Cycle at) {
  listener_.sent(state_.begin, at, state_.data);
  state_.ended = at;
  if (state_.fifo.count > 0) {
    state_.bit = 0;
    begin_character(at);
    show_level(at);
  } else if (state_.tail > 0) {
    plan(Step::release, at + Cycle{state_.tail});
  } else {
    release(at);
  }
}

void Transmitter::release(Cycle at) {
  if (state_.driving && line_ != nullptr) line_->drive(clock_.edge(at), LineDrive::released);
  state_.driving = false;
  if (!state_.aborted) state_.sent = true;
  plan(Step::none, cycle_never);
}

void Transmitter::drive(Cycle at, bool mark) {
  state_.driving = true;
  if (line_ != nullptr) line_->drive(clock_.edge(at), mark ? LineDrive::mark : LineDrive::space);
}

void Transmitter::join_new_line(Cycle at) {
  // What is due at this very edge says it by itself.
  if (!state_.driving || state_.due == at) return;
  const bool in_character =
      state_.step == Step::end || (state_.step == Step::level && state_.bit > 0);
  drive(at, !in_character || (state_.levels >> (state_.bit - 1) & 1U) != 0);
}

void Transmitter::reset(Cycle at) {
  const bool driving = state_.driving;
  state_ = idle_state();
  if (!driving) return;
  state_.driving = true;
  abort_at(at + 1);
}

void Transmitter::power_off(Cycle at) {
  const bool driving = state_.driving;
  state_ = idle_state();
  if (driving && line_ != nullptr) line_->cut(clock_.edge(at));
}

}  // namespace peripherals::uart
