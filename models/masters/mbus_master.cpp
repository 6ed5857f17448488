#include "models/masters/mbus_master.h"

#include <algorithm>
#include <stdexcept>

#include "models/masters/mbus_records.h"

namespace models::masters {

using pins::ps_never;

namespace {

std::uint8_t control_of(const MbusRequest& request) {
  return request.control ? request.characters[*request.control].byte : 0;
}

std::uint8_t address_of(const MbusRequest& request) {
  return request.characters[*request.control + 1].byte;
}

bool is_selection(const MbusRequest& request) {
  const std::size_t ci = *request.control + 2;
  return address_of(request) == mbus_selected && (control_of(request) & 0xF) == 3 &&
         ci < request.characters.size() && request.characters[ci].byte == mbus_ci_select;
}

/// The characters with this FCB; the checksum goes along, right or wrong.
std::vector<OutgoingCharacter> with_fcb(const MbusRequest& request, bool fcb) {
  std::vector<OutgoingCharacter> out = request.characters;
  if (!fcb || !request.control) return out;
  out[*request.control].byte = static_cast<std::uint8_t>(control_of(request) | mbus_fcb);
  if (request.checksum) {
    std::uint8_t& sum = out[*request.checksum].byte;
    sum = static_cast<std::uint8_t>((sum + mbus_fcb) & 0xFF);
  }
  return out;
}

}  // namespace

MbusRequest mbus_request(const MbusBytes& frame) {
  MbusRequest request;
  for (const std::uint8_t byte : frame) request.characters.push_back({byte});
  request.control = mbus_control_index(frame);
  if (!request.control) return request;
  request.checksum = frame.size() - 2;
  std::uint8_t& c = request.characters[*request.control].byte;
  if ((c & mbus_fcv) != 0 && (c & mbus_fcb) != 0) {
    request.fcb = true;
    c = static_cast<std::uint8_t>(c & ~mbus_fcb);
    std::uint8_t& sum = request.characters[*request.checksum].byte;
    sum = static_cast<std::uint8_t>((sum - mbus_fcb) & 0xFF);
  }
  request.awaits_answer = address_of(request) != mbus_broadcast;
  return request;
}

MbusMaster::MbusMaster(const SerialFormat& format, pins::LinePort& port)
    : ExchangeLoop(format, port) {
  state_.fcb.fill(true);
}

// --- what is to be sent
// -----------------------------------------------------------------------------

void MbusMaster::add(Ps now, MbusRequest request) {
  if (request.characters.empty()) throw std::invalid_argument("a request without characters");
  loop_.now = std::max(loop_.now, now);
  request.not_before = std::max(request.not_before, now);
  state_.queue.emplace_back(std::move(request));
  changed();
}

void MbusMaster::add(Ps now, MbusSearchOrder order) {
  loop_.now = std::max(loop_.now, now);
  order.not_before = std::max(order.not_before, now);
  state_.queue.emplace_back(MbusSearch(order));
  changed();
}

const SerialFormat* MbusMaster::next_format() const {
  if (state_.current || state_.search || state_.queue.empty()) return nullptr;
  const auto& format = std::holds_alternative<MbusRequest>(state_.queue.front())
                           ? std::get<MbusRequest>(state_.queue.front()).format
                           : std::get<MbusSearch>(state_.queue.front()).order().format;
  return format ? &*format : nullptr;
}

Ps MbusMaster::request_due() const {
  Ps wanted = loop_.now;
  if (!state_.current && !state_.search) {
    if (state_.queue.empty()) return ps_never;
    const auto& front = state_.queue.front();
    wanted = std::holds_alternative<MbusRequest>(front)
                 ? std::get<MbusRequest>(front).not_before
                 : std::get<MbusSearch>(front).order().not_before;
  }
  const std::uint64_t bits = state_.recovering ? mbus_recovery_bits : mbus_pause_bits;
  Ps needed = serial_.format().time_of(bits);
  if (const SerialFormat* next = next_format()) needed = std::max(needed, next->time_of(bits));
  return std::max(wanted, free_after(needed));
}

void MbusMaster::take_next() {
  if (!state_.search && std::holds_alternative<MbusSearch>(state_.queue.front())) {
    state_.search = std::get<MbusSearch>(std::move(state_.queue.front()));
    state_.queue.pop_front();
  }
  if (state_.search) {
    state_.current = state_.search->next();
  } else {
    state_.current = std::get<MbusRequest>(std::move(state_.queue.front()));
    state_.queue.pop_front();
  }
  state_.tries = 0;
  state_.telegram = 0;
}

void MbusMaster::start_next(Ps t) {
  if (!state_.current) take_next();
  MbusRequest& request = *state_.current;
  if (state_.tries++ == 0) {
    const bool carries = (control_of(request) & mbus_fcv) != 0;
    const bool by_hand = request.fcb && state_.telegram == 0;
    state_.fcb_used = by_hand
                          ? *request.fcb
                          : carries && !is_selection(request) && state_.fcb[address_of(request)];
  }
  state_.looked_to = 0;
  state_.broken_off = false;
  const SerialFormat format = request.format.value_or(serial_.format());
  start(t, {with_fcb(request, state_.fcb_used), request.awaits_answer,
            request.wait.value_or(mbus_timeout(format)), request.format, request.tag});
  request.format.reset();
}

// --- what comes back
// --------------------------------------------------------------------------------

Ps MbusMaster::answer_over() const {
  if (serial_.sending()) return ps_never;  // a break
  const Exchange& exchange = loop_.exchange;
  MbusBytes begin;
  for (std::size_t i = 0; i < std::min<std::size_t>(4, exchange.answer.size()); ++i) {
    begin.push_back(exchange.answer[i].byte);
  }
  const std::size_t length = mbus_frame_length(begin).value_or(0);
  if (length == exchange.answer.size() && exchange.all_good() && !state_.broken_off) {
    return exchange.answer.back().end;
  }
  return loop_.last_end + serial_.format().time_of(mbus_silence_bits) + 1;
}

void MbusMaster::answer_grows() {
  if (!breaks_ || state_.broken_off) return;
  const Ps from = std::max(loop_.exchange.end, state_.looked_to);
  state_.looked_to = loop_.now;
  if (loop_.now <= from || !contested(from, loop_.now)) return;
  state_.broken_off = true;
  OutgoingCharacter space;
  space.space = serial_.format().time_of(mbus_break_bits);
  serial_.send(loop_.now + serial_.format().time_of(mbus_break_delay_bits), {space});
}

MbusOutcome MbusMaster::outcome_of(MbusExchange& exchange) const {
  if (exchange.contested) return MbusOutcome::collision;
  if (exchange.answer.empty()) {
    return loop_.awaits_answer ? MbusOutcome::no_answer : MbusOutcome::broadcast;
  }
  if (exchange.all_good()) exchange.frame = parse_mbus_frame(exchange.answer_bytes());
  if (!exchange.frame) return MbusOutcome::bad_frame;
  if (exchange.frame->kind == MbusFrame::Kind::acknowledge) return MbusOutcome::acknowledge;
  if (!exchange.frame->is_response()) {
    exchange.frame.reset();
    return MbusOutcome::bad_frame;
  }
  if (exchange.frame->ci != mbus_ci_error) return MbusOutcome::answer;
  if (!exchange.frame->data.empty()) exchange.error = exchange.frame->data.front();
  return MbusOutcome::error;
}

/// The FCB of the address, after a request that was not in vain.
void MbusMaster::book(const MbusExchange& exchange) {
  const MbusRequest& request = *state_.current;
  if (!request.control || exchange.failed()) return;
  bool& next = state_.fcb[address_of(request)];
  if ((control_of(request) & 0xF) == 0 || is_selection(request)) {
    next = true;
  } else if ((control_of(request) & mbus_fcv) != 0) {
    next = !state_.fcb_used;
  }
}

void MbusMaster::judge(Exchange over) {
  MbusExchange exchange;
  static_cast<Exchange&>(exchange) = std::move(over);
  exchange.outcome = outcome_of(exchange);
  exchange.tries = state_.tries;
  exchange.telegram = state_.telegram;
  state_.recovering = exchange.failed();
  const bool collided = exchange.outcome == MbusOutcome::collision;
  const bool again = exchange.failed() && state_.tries <= state_.current->repeats &&
                     (!collided || state_.current->repeats_collisions);
  if (again) return;
  book(exchange);
  go_on(exchange);
}

/// To the next telegram, the next step of a search or the next request.
void MbusMaster::go_on(const MbusExchange& exchange) {
  if (state_.search) {
    state_.current.reset();
    state_.search->take(exchange);
    if (!state_.search->over()) return;
    const MbusFindings findings = state_.search->findings();
    state_.search.reset();
    if (found_) found_(findings);
    return;
  }
  bool more = false;
  if (state_.current->all_telegrams && exchange.outcome == MbusOutcome::answer) {
    const auto records = mbus_records_of(*exchange.frame);
    more = records && records->more_follow && state_.telegram + 1 < mbus_most_telegrams;
  }
  if (more) {
    state_.tries = 0;
    ++state_.telegram;
  } else {
    state_.current.reset();
  }
  if (done_) done_(exchange);
}

MbusMasterState MbusMaster::state() const {
  MbusMasterState state = state_;
  state.loop = loop_;
  return state;
}

void MbusMaster::restore(const MbusMasterState& state, const SerialEndState& serial) {
  state_ = state;
  ExchangeLoop::restore(state.loop, serial);
}

}  // namespace models::masters
