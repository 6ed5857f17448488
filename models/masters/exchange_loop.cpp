#include "models/masters/exchange_loop.h"

#include <algorithm>

namespace models::masters {

using pins::ps_never;

ExchangeLoop::ExchangeLoop(const SerialFormat& format, pins::LinePort& port)
    : serial_(format, port, *this) {}

void ExchangeLoop::on_change(std::function<void()> changed) {
  changed_ = changed;
  serial_.on_change(std::move(changed));
}

Ps ExchangeLoop::free_after(Ps needed) const {
  const Ps free = serial_.free_from() - serial_.lead();
  if (!loop_.heard_or_sent) return free;
  const Ps silent = loop_.last_end + needed;
  return std::max(free, silent > serial_.lead() ? silent - serial_.lead() : 0);
}

Ps ExchangeLoop::due() const {
  Ps due = ps_never;
  switch (loop_.phase) {
    case Phase::idle:
      due = request_due();
      break;
    case Phase::sending:
      return ps_never;
    case Phase::waiting: {
      const Ps patience = loop_.exchange.end + loop_.wait;
      due = loop_.exchange.answer.empty() ? patience : answer_over();
      if (!loop_.awaits_answer) due = std::max(due, patience);
      break;
    }
  }
  // A character that has begun by then is heard first.
  return serial_.start_edge() <= due ? ps_never : due;
}

Ps ExchangeLoop::next_event() const { return std::min(serial_.next_event(), due()); }

void ExchangeLoop::advance(Ps t) {
  loop_.now = std::max(loop_.now, t);
  while (serial_.next_event() <= t) serial_.advance(serial_.next_event());
  while (due() <= loop_.now) {
    if (!act(loop_.now)) break;
  }
}

bool ExchangeLoop::act(Ps t) {
  if (loop_.phase != Phase::waiting) {
    start_next(t);
    return false;
  }
  Exchange over = std::move(loop_.exchange);
  loop_.exchange = {};
  loop_.phase = Phase::idle;
  over.judged = t;
  over.contested = contested(over.begin, t);
  judge(std::move(over));
  return true;
}

void ExchangeLoop::start(Ps t, Sending sending) {
  if (sending.format) serial_.set_format(t, *sending.format);
  const Ps begin = std::max(t + serial_.lead(), serial_.free_from());
  loop_.exchange = {};
  loop_.exchange.tag = sending.tag;
  loop_.exchange.begin = begin + sending.characters.front().silence;
  for (const OutgoingCharacter& character : sending.characters) {
    loop_.exchange.request.push_back(character.byte);
  }
  loop_.awaits_answer = sending.awaits_answer;
  loop_.wait = sending.wait;
  loop_.phase = Phase::sending;
  serial_.send(begin, std::move(sending.characters));
  while (serial_.next_event() <= t) serial_.advance(serial_.next_event());
}

void ExchangeLoop::sent(const HeardCharacter& character) {
  loop_.last_end = character.end;
  loop_.heard_or_sent = true;
  if (characters_) characters_(character, true);
  const SerialEndState& serial = serial_.state();
  const bool last = serial.next_character == serial.frames.front().characters.size();
  if (loop_.phase == Phase::sending && last) {
    loop_.exchange.end = character.end;
    loop_.phase = Phase::waiting;
  }
}

void ExchangeLoop::heard(const HeardCharacter& character) {
  loop_.last_end = character.end;
  loop_.heard_or_sent = true;
  if (characters_) characters_(character, false);
  if (loop_.phase == Phase::waiting) {
    loop_.exchange.answer.push_back(character);
    answer_grows();
  } else {
    ++loop_.strays;
  }
}

void ExchangeLoop::restore(const ExchangeLoopState& state, const SerialEndState& serial) {
  loop_ = state;
  serial_.restore(serial);
}

}  // namespace models::masters
