#include "models/masters/modbus_master.h"

#include <algorithm>
#include <stdexcept>

#include "models/masters/crc16.h"

namespace models::masters {

using pins::ps_never;
using Phase = ModbusMasterState::Phase;

namespace {

void put_word(std::vector<std::uint8_t>& bytes, unsigned word) {
  bytes.push_back(static_cast<std::uint8_t>(word >> 8 & 0xFF));
  bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
}

}  // namespace

std::vector<std::uint8_t> ModbusExchange::answer_bytes() const {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(answer.size());
  for (const HeardCharacter& character : answer) bytes.push_back(character.byte);
  return bytes;
}

ModbusRequest request_of(std::vector<std::uint8_t> bytes) {
  append_crc(bytes);
  ModbusRequest request;
  for (const std::uint8_t byte : bytes) request.characters.push_back({byte, 0, false, false});
  return request;
}

ModbusRequest read_request(std::uint8_t id, std::uint8_t function, std::uint16_t address,
                           std::uint16_t count) {
  std::vector<std::uint8_t> bytes = {id, function};
  put_word(bytes, address);
  put_word(bytes, count);
  return request_of(std::move(bytes));
}

ModbusRequest write_single_request(std::uint8_t id, std::uint16_t address, std::uint16_t value) {
  std::vector<std::uint8_t> bytes = {id, 0x06};
  put_word(bytes, address);
  put_word(bytes, value);
  ModbusRequest request = request_of(std::move(bytes));
  if (id == 0) {
    request.awaits_answer = false;
    request.wait = default_turnaround;
  }
  return request;
}

ModbusRequest write_request(std::uint8_t id, std::uint16_t address,
                            const std::vector<std::uint8_t>& data) {
  std::vector<std::uint8_t> bytes = {id, 0x10};
  put_word(bytes, address);
  put_word(bytes, static_cast<unsigned>(data.size() / 2));
  bytes.push_back(static_cast<std::uint8_t>(data.size()));
  bytes.insert(bytes.end(), data.begin(), data.end());
  ModbusRequest request = request_of(std::move(bytes));
  if (id == 0) {
    request.awaits_answer = false;
    request.wait = default_turnaround;
  }
  return request;
}

ModbusMaster::ModbusMaster(const SerialFormat& format, pins::LinePort& port)
    : serial_(format, port, *this) {}

void ModbusMaster::on_change(std::function<void()> changed) {
  changed_ = changed;
  serial_.on_change(std::move(changed));
}

// --- what is to be sent
// -----------------------------------------------------------------------------

void ModbusMaster::add(Ps now, ModbusRequest request) {
  if (request.characters.empty()) throw std::invalid_argument("a request without characters");
  state_.now = std::max(state_.now, now);
  request.not_before = std::max(request.not_before, now);
  state_.queue.push_back(std::move(request));
  if (changed_) changed_();
}

void ModbusMaster::add(Ps now, ModbusPoll poll) {
  if (poll.requests.empty()) throw std::invalid_argument("a poll without requests");
  for (const ModbusRequest& request : poll.requests) {
    if (request.characters.empty()) throw std::invalid_argument("a request without characters");
  }
  state_.now = std::max(state_.now, now);
  state_.polls.push_back(std::move(poll));
  state_.poll_next.push_back(0);
  if (changed_) changed_();
}

void ModbusMaster::clear() {
  state_.queue.clear();
  state_.polls.clear();
  state_.poll_next.clear();
}

Ps ModbusMaster::silence() const { return silence_of(serial_.format()); }

Ps ModbusMaster::silence_of(const SerialFormat& format) {
  if (format.baud > 19'200) return 1750 * pins::ps_per_us;
  // 3.5 characters, in half bit times.
  const auto half_bits = 7 * static_cast<std::uint64_t>(format.bits());
  return (half_bits * pins::ps_per_s / 2 + format.baud / 2) / format.baud;
}

bool ModbusMaster::poll_waits() const {
  return std::any_of(state_.polls.begin(), state_.polls.end(), [&](const ModbusPoll& poll) {
    return poll.count > 0 && state_.now < poll.until;
  });
}

/// When the driver may go on for the next request; ps_never without one.
Ps ModbusMaster::request_due() const {
  Ps free = serial_.free_from() - serial_.lead();
  if (state_.heard_or_sent) {
    // A slave that has changed its rate counts by the new one.
    Ps needed = silence();
    if (!state_.queue.empty() && state_.queue.front().format) {
      needed = std::max(needed, silence_of(*state_.queue.front().format));
    }
    free = std::max(free, state_.last_end + needed - serial_.lead());
  }
  Ps wanted = ps_never;
  if (poll_waits()) wanted = state_.now;
  if (!state_.queue.empty()) wanted = std::min(wanted, state_.queue.front().not_before);
  return wanted == ps_never ? ps_never : std::max(wanted, free);
}

// --- time
// -------------------------------------------------------------------------------------------

Ps ModbusMaster::due() const {
  Ps due = ps_never;
  switch (state_.phase) {
    case Phase::idle:
      due = request_due();
      break;
    case Phase::sending:
      return ps_never;
    case Phase::waiting: {
      const std::vector<HeardCharacter>& answer = state_.exchange.answer;
      due = answer.empty() ? state_.exchange.end + state_.wait : answer.back().end + silence();
      if (!state_.awaits_answer) due = std::max(due, state_.exchange.end + state_.wait);
      break;
    }
  }
  // A character that has begun by then is heard first.
  return serial_.start_edge() <= due ? ps_never : due;
}

Ps ModbusMaster::next_event() const { return std::min(serial_.next_event(), due()); }

void ModbusMaster::advance(Ps t) {
  state_.now = std::max(state_.now, t);
  while (serial_.next_event() <= t) serial_.advance(serial_.next_event());
  while (due() <= state_.now) {
    if (!act(state_.now)) break;
  }
}

bool ModbusMaster::act(Ps t) {
  if (state_.phase == Phase::waiting) {
    judge(t);
    return true;
  }
  start_next(t);
  return false;
}

void ModbusMaster::start_next(Ps t) {
  if (!state_.queue.empty() && state_.queue.front().not_before <= t) {
    const ModbusRequest request = std::move(state_.queue.front());
    state_.queue.pop_front();
    start(t, request);
    return;
  }
  // The next poll that still has something to ask.
  for (std::size_t tried = 0; tried < state_.polls.size(); ++tried) {
    const std::size_t index = state_.next_poll++ % state_.polls.size();
    ModbusPoll& poll = state_.polls[index];
    if (poll.count == 0 || t >= poll.until) continue;
    if (poll.count != UINT64_MAX) --poll.count;
    std::size_t& next = state_.poll_next[index];
    start(t, poll.requests[next]);
    next = (next + 1) % poll.requests.size();
    return;
  }
}

void ModbusMaster::start(Ps t, const ModbusRequest& request) {
  if (request.format) serial_.set_format(t, *request.format);
  const Ps begin = std::max(t + serial_.lead(), serial_.free_from());
  state_.exchange = {};
  state_.exchange.tag = request.tag;
  state_.exchange.begin = begin + request.characters.front().silence;
  for (const OutgoingCharacter& character : request.characters) {
    state_.exchange.request.push_back(character.byte);
  }
  state_.awaits_answer = request.awaits_answer;
  state_.wait = request.wait;
  state_.phase = Phase::sending;
  serial_.send(begin, request.characters);
  while (serial_.next_event() <= t) serial_.advance(serial_.next_event());
}

void ModbusMaster::sent(const HeardCharacter& character) {
  state_.last_end = character.end;
  state_.heard_or_sent = true;
  if (characters_) characters_(character, true);
  const SerialEndState& serial = serial_.state();
  const bool last = serial.next_character == serial.frames.front().characters.size();
  if (state_.phase == Phase::sending && last) {
    state_.exchange.end = character.end;
    state_.phase = Phase::waiting;
  }
}

void ModbusMaster::heard(const HeardCharacter& character) {
  state_.last_end = character.end;
  state_.heard_or_sent = true;
  if (characters_) characters_(character, false);
  if (state_.phase == Phase::waiting) {
    state_.exchange.answer.push_back(character);
  } else {
    ++state_.strays;
  }
}

void ModbusMaster::judge(Ps t) {
  ModbusExchange& exchange = state_.exchange;
  exchange.judged = t;
  exchange.contested = contested_ && contested_(exchange.begin, t);
  const std::vector<std::uint8_t> bytes = exchange.answer_bytes();
  const bool good = std::all_of(exchange.answer.begin(), exchange.answer.end(),
                                [](const HeardCharacter& c) { return c.good(); });
  if (bytes.empty()) {
    exchange.outcome = state_.awaits_answer ? ModbusOutcome::no_answer : ModbusOutcome::broadcast;
  } else if (good && crc_holds(bytes)) {
    const bool refused = (bytes[1] & 0x80) != 0;
    exchange.outcome = refused ? ModbusOutcome::exception : ModbusOutcome::answer;
    if (refused) exchange.exception = bytes[2];
  } else if (exchange.contested) {
    exchange.outcome = ModbusOutcome::collision;
  } else if (good && bytes.size() == 2 && (bytes[0] & 0x80) != 0) {
    exchange.outcome = ModbusOutcome::exception;
    exchange.exception = bytes[1];
  } else {
    exchange.outcome = ModbusOutcome::bad_frame;
  }
  state_.phase = Phase::idle;
  if (!done_) return;
  const ModbusExchange done = std::move(exchange);
  exchange = {};
  done_(done);
}

void ModbusMaster::restore(const ModbusMasterState& state, const SerialEndState& serial) {
  state_ = state;
  serial_.restore(serial);
}

}  // namespace models::masters
