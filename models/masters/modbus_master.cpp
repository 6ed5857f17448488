#include "models/masters/modbus_master.h"

#include <algorithm>
#include <stdexcept>

#include "models/masters/crc16.h"

namespace models::masters {

using pins::ps_never;

namespace {

void put_word(std::vector<std::uint8_t>& bytes, unsigned word) {
  bytes.push_back(static_cast<std::uint8_t>(word >> 8 & 0xFF));
  bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
}

}  // namespace

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
    : ExchangeLoop(format, port) {}

// --- what is to be sent
// -----------------------------------------------------------------------------

void ModbusMaster::add(Ps now, ModbusRequest request) {
  if (request.characters.empty()) throw std::invalid_argument("a request without characters");
  loop_.now = std::max(loop_.now, now);
  request.not_before = std::max(request.not_before, now);
  state_.queue.push_back(std::move(request));
  changed();
}

void ModbusMaster::add(Ps now, ModbusPoll poll) {
  if (poll.requests.empty()) throw std::invalid_argument("a poll without requests");
  for (const ModbusRequest& request : poll.requests) {
    if (request.characters.empty()) throw std::invalid_argument("a request without characters");
  }
  loop_.now = std::max(loop_.now, now);
  state_.polls.push_back(std::move(poll));
  state_.poll_next.push_back(0);
  changed();
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
    return poll.count > 0 && loop_.now < poll.until;
  });
}

/// When the driver may go on for the next request; ps_never without one.
Ps ModbusMaster::request_due() const {
  // A slave that has changed its rate counts by the new one.
  Ps needed = silence();
  if (!state_.queue.empty() && state_.queue.front().format) {
    needed = std::max(needed, silence_of(*state_.queue.front().format));
  }
  Ps wanted = ps_never;
  if (poll_waits()) wanted = loop_.now;
  if (!state_.queue.empty()) wanted = std::min(wanted, state_.queue.front().not_before);
  return wanted == ps_never ? ps_never : std::max(wanted, free_after(needed));
}

void ModbusMaster::start_next(Ps t) {
  if (!state_.queue.empty() && state_.queue.front().not_before <= t) {
    const ModbusRequest request = std::move(state_.queue.front());
    state_.queue.pop_front();
    start_request(t, request);
    return;
  }
  // The next poll that still has something to ask.
  for (std::size_t tried = 0; tried < state_.polls.size(); ++tried) {
    const std::size_t index = state_.next_poll++ % state_.polls.size();
    ModbusPoll& poll = state_.polls[index];
    if (poll.count == 0 || t >= poll.until) continue;
    if (poll.count != UINT64_MAX) --poll.count;
    std::size_t& next = state_.poll_next[index];
    start_request(t, poll.requests[next]);
    next = (next + 1) % poll.requests.size();
    return;
  }
}

void ModbusMaster::start_request(Ps t, const ModbusRequest& request) {
  start(t, {request.characters, request.awaits_answer, request.wait, request.format, request.tag});
}

Ps ModbusMaster::answer_over() const { return loop_.exchange.answer.back().end + silence(); }

void ModbusMaster::judge(Exchange over) {
  ModbusExchange exchange;
  static_cast<Exchange&>(exchange) = std::move(over);
  const std::vector<std::uint8_t> bytes = exchange.answer_bytes();
  const bool good = exchange.all_good();
  if (bytes.empty()) {
    exchange.outcome = loop_.awaits_answer ? ModbusOutcome::no_answer : ModbusOutcome::broadcast;
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
  if (done_) done_(exchange);
}

ModbusMasterState ModbusMaster::state() const {
  ModbusMasterState state = state_;
  state.loop = loop_;
  return state;
}

void ModbusMaster::restore(const ModbusMasterState& state, const SerialEndState& serial) {
  state_ = state;
  ExchangeLoop::restore(state.loop, serial);
}

}  // namespace models::masters
