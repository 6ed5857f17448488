#include "models/masters/ir_reader.h"

#include <algorithm>
#include <stdexcept>

namespace models::masters {

using pins::LineDrive;
using pins::ps_never;
using Phase = IrReaderState::Phase;

namespace {

constexpr char mode_readout = '0';
constexpr char mode_programming = '1';

std::vector<OutgoingCharacter> characters_of(const IrBytes& bytes) {
  std::vector<OutgoingCharacter> out;
  out.reserve(bytes.size());
  for (const std::uint8_t byte : bytes) out.push_back({byte, 0, false, false});
  return out;
}

void spoil(std::vector<OutgoingCharacter>& characters, const IrFault& fault) {
  if (fault.wrong_bcc) characters.back().byte ^= 1;
  if (fault.parity_error && *fault.parity_error < characters.size()) {
    characters[*fault.parity_error].wrong_parity = true;
  }
  if (fault.gap_before && *fault.gap_before < characters.size()) {
    characters[*fault.gap_before].silence = fault.gap;
  }
}

/// SOH P0: the meter waits for the password.
bool is_operand(const IrBytes& message) {
  return message.size() > 2 && message[1] == 'P' && message[2] == '0';
}

bool ends_block(std::uint8_t byte) { return byte == ascii::etx || byte == ascii::eot; }

}  // namespace

IrReader::IrReader(pins::LinePort& port, const IrTimes& times)
    : serial_(start_format(), port, *this), port_(port), times_(times) {}

void IrReader::on_change(std::function<void()> changed) {
  changed_ = changed;
  serial_.on_change(std::move(changed));
}

void IrReader::add(Ps now, IrSession session) {
  for (const IrCommand& command : session.commands) {
    if (command.command.empty()) throw std::invalid_argument("a command without a letter");
  }
  state_.now = std::max(state_.now, now);
  if (session.purpose == IrPurpose::line_break) {
    if (session.break_time == 0) throw std::invalid_argument("a break without a length");
    break_off(now);
    state_.queue.push_front(std::move(session));
  } else {
    state_.queue.push_back(std::move(session));
  }
  if (changed_) changed_();
}

// --- time
// -----------------------------------------------------------------------------------------

bool IrReader::awaits_answer() const {
  const IrExchange& exchange = state_.exchange;
  if (exchange.step == IrStep::sign_off) return false;
  return exchange.step != IrStep::command ||
         session().commands[exchange.number].command.front() != 'B';
}

Ps IrReader::timeout() const {
  const Ps usual = session().timeout.value_or(times_.timeout);
  const bool listens = state_.exchange.step == IrStep::acknowledgement && !session().acknowledges;
  return listens && !session().timeout ? usual + times_.unacknowledged : usual;
}

Ps IrReader::due() const {
  switch (state_.phase) {
    case Phase::idle:
      return state_.queue.empty() ? ps_never
                                  : std::max(state_.now, serial_.free_from() - serial_.lead());
    case Phase::pausing:
      return state_.act_at;
    case Phase::sending:
      return ps_never;
    case Phase::waiting:
      break;
  }
  // Not before the driver has let go.
  if (state_.switch_to != 0 || !awaits_answer()) return state_.exchange.end + serial_.lead() + 1;
  const std::vector<HeardCharacter>& answer = state_.exchange.answer;
  if (state_.heard_all) return answer.back().end;
  // Nor is a break over before that, however short the patience with it is.
  const Ps patience =
      std::max(timeout(), session().purpose == IrPurpose::line_break ? serial_.lead() + 1 : Ps{0});
  const Ps due =
      answer.empty() ? state_.exchange.end + patience : answer.back().end + ir_character_timeout;
  // A character that has begun by then is heard first.
  return serial_.start_edge() <= due ? ps_never : due;
}

Ps IrReader::next_event() const { return std::min(serial_.next_event(), due()); }

void IrReader::advance(Ps t) {
  state_.now = std::max(state_.now, t);
  for (;;) {
    while (serial_.next_event() <= t) serial_.advance(serial_.next_event());
    if (due() > state_.now) return;
    act(state_.now);
  }
}

void IrReader::act(Ps t) {
  switch (state_.phase) {
    case Phase::idle:
      start_session(t);
      return;
    case Phase::pausing:
      if (state_.next_step) {
        begin_step(t, *state_.next_step);
      } else if (state_.sends_nak) {
        send_nak(t);
      } else {
        send_message(t);
      }
      return;
    case Phase::sending:
      return;
    case Phase::waiting:
      break;
  }
  if (state_.switch_to != 0) {
    SerialFormat format = serial_.format();
    format.baud = state_.switch_to;
    state_.switch_to = 0;
    serial_.set_format(t, format);
    return;
  }
  judge(t);
}

// --- sending
// --------------------------------------------------------------------------------------

void IrReader::start_session(Ps t) {
  state_.result = {};
  state_.result.tag = session().tag;
  state_.naks_left = session().naks;
  state_.next_command = 0;
  const IrPurpose purpose = session().purpose;
  const std::uint32_t baud = purpose == IrPurpose::line_break ? format().baud
                             : purpose == IrPurpose::raw
                                 ? session().raw_baud.value_or(format().baud)
                                 : ir_start_baud;
  if (baud != format().baud) {
    SerialFormat format = serial_.format();
    format.baud = baud;
    serial_.set_format(t, format);
  }
  begin_step(t, purpose == IrPurpose::raw          ? IrStep::raw
                : purpose == IrPurpose::line_break ? IrStep::line_break
                                                   : IrStep::sign_on);
}

void IrReader::begin_step(Ps t, IrStep step) {
  const Ps heard_until = state_.exchange.answer.empty() ? t : state_.exchange.answer.back().end;
  state_.exchange = {};
  state_.exchange.step = step;
  if (step == IrStep::command) state_.exchange.number = state_.next_command++;
  if (step == IrStep::line_break) {
    send_break(t);
  } else if (step == IrStep::acknowledgement && !session().acknowledges) {
    state_.exchange.begin = state_.exchange.end = heard_until;
    state_.heard_all = false;
    state_.phase = Phase::waiting;
  } else {
    send_message(t);
  }
}

IrBytes IrReader::message() {
  const IrSession& what = session();
  switch (state_.exchange.step) {
    case IrStep::sign_on:
      return sign_on_message(what.address);
    case IrStep::acknowledgement: {
      const std::uint32_t offered =
          baud_of(state_.result.identification->baud).value_or(ir_start_baud);
      state_.switch_to = std::min(what.baud.value_or(offered), offered);
      return acknowledgement_message(
          what.protocol, character_of(state_.switch_to).value_or('0'),
          what.purpose == IrPurpose::programming ? mode_programming : mode_readout);
    }
    case IrStep::password:
      return command_message("P1", "(" + *what.password + ")");
    case IrStep::command: {
      const IrCommand& command = what.commands[state_.exchange.number];
      return command_message(command.command, command.data);
    }
    case IrStep::sign_off:
      return command_message("B0", std::nullopt);
    case IrStep::raw:
    case IrStep::line_break:
      break;
  }
  return {};
}

void IrReader::send_message(Ps t) {
  const IrSession& what = session();
  IrExchange& exchange = state_.exchange;
  std::vector<OutgoingCharacter> characters =
      exchange.step == IrStep::raw ? what.raw : characters_of(message());
  if (what.fault && what.fault->in == exchange.step && exchange.tries < what.fault->times) {
    spoil(characters, *what.fault);
  }
  exchange.request.clear();
  for (const OutgoingCharacter& character : characters) exchange.request.push_back(character.byte);
  send(t, std::move(characters));
}

void IrReader::send_nak(Ps t) { send(t, characters_of({ascii::nak})); }

void IrReader::send(Ps t, std::vector<OutgoingCharacter> characters) {
  IrExchange& exchange = state_.exchange;
  ++exchange.tries;
  exchange.answer.clear();
  state_.heard_all = false;
  if (characters.empty()) {  // only listens
    exchange.begin = exchange.end = t;
    state_.phase = Phase::waiting;
    return;
  }
  const Ps begin = std::max(t + serial_.lead(), serial_.free_from());
  exchange.begin = begin + characters.front().silence;
  state_.phase = Phase::sending;
  serial_.send(begin, std::move(characters));
}

void IrReader::send_break(Ps t) {
  IrExchange& exchange = state_.exchange;
  exchange.tries = 1;
  exchange.begin = std::max(t + serial_.lead(), serial_.free_from());
  exchange.end = exchange.begin + session().break_time;
  port_.drive(exchange.begin, LineDrive::space);
  port_.drive(exchange.end, LineDrive::mark);
  port_.drive(exchange.end + serial_.lead(), LineDrive::released);
  state_.heard_all = false;
  state_.phase = Phase::waiting;
}

void IrReader::sent(const HeardCharacter& character) {
  if (characters_) characters_(character, true);
  const SerialEndState& serial = serial_.state();
  if (serial.next_character != serial.frames.front().characters.size()) return;
  state_.exchange.end = character.end;
  state_.phase = Phase::waiting;
}

// --- receiving
// ------------------------------------------------------------------------------------

void IrReader::heard(const HeardCharacter& character) {
  if (characters_) characters_(character, false);
  IrExchange& exchange = state_.exchange;
  if (state_.phase != Phase::waiting || state_.heard_all || character.start < exchange.end) {
    ++state_.strays;
    return;
  }
  exchange.baud = format().baud;
  const bool maybe_last = exchange.answer.empty() || character.byte == ascii::lf ||
                          ends_block(exchange.answer.back().byte);
  exchange.answer.push_back(character);
  if (maybe_last) {
    state_.heard_all = classify(exchange.answer_bytes()) != IrMessageKind::incomplete;
  }
}

IrOutcome IrReader::outcome_of(const IrBytes& bytes) const {
  const IrMessageKind kind = classify(bytes);
  const IrStep step = state_.exchange.step;
  const bool any = step == IrStep::raw || step == IrStep::line_break;
  switch (kind) {
    case IrMessageKind::identification:
      return any || step == IrStep::sign_on ? IrOutcome::answer : IrOutcome::bad_frame;
    case IrMessageKind::ack:
      return any || step == IrStep::password || step == IrStep::command ? IrOutcome::ack
                                                                        : IrOutcome::bad_frame;
    case IrMessageKind::nak:
      return IrOutcome::nak;
    case IrMessageKind::data:
      if (error_of(bytes)) return IrOutcome::error;
      return step == IrStep::sign_on || step == IrStep::password ||
                     (step == IrStep::acknowledgement &&
                      session().purpose == IrPurpose::programming)
                 ? IrOutcome::bad_frame
                 : IrOutcome::answer;
    case IrMessageKind::command:
      if (is_break(bytes)) return IrOutcome::closed;
      return any || (is_operand(bytes) && step == IrStep::acknowledgement &&
                     session().purpose == IrPurpose::programming)
                 ? IrOutcome::answer
                 : IrOutcome::bad_frame;
    case IrMessageKind::bad_bcc:
    case IrMessageKind::incomplete:
      break;
  }
  return IrOutcome::bad_frame;
}

void IrReader::judge(Ps t) {
  IrExchange& exchange = state_.exchange;
  if (!awaits_answer()) {
    close_exchange(t, IrOutcome::sent);
    end_session(t);
    return;
  }
  IrOutcome outcome = IrOutcome::no_answer;
  if (!exchange.answer.empty()) {
    outcome = exchange.all_good() ? outcome_of(exchange.answer_bytes()) : IrOutcome::bad_frame;
  }
  const Ps polite =
      exchange.answer.empty() ? t : exchange.answer.back().end + times_.reaction - serial_.lead();
  if (wants_another(outcome)) {
    const bool block = exchange.step == IrStep::acknowledgement || exchange.step == IrStep::command;
    const bool nak = block && (outcome == IrOutcome::bad_frame || outcome == IrOutcome::answer);
    pause(std::max(t, polite), std::nullopt, nak);
    return;
  }
  close_exchange(t, outcome);
  const std::optional<IrStep> next = step_after(outcome);
  if (next) {
    pause(std::max(t, polite), next, false);
  } else {
    end_session(t);
  }
}

/// Whether the step is tried again: its message, or a NAK to what came.
bool IrReader::wants_another(IrOutcome outcome) {
  const IrStep step = state_.exchange.step;
  if (step == IrStep::raw || step == IrStep::line_break) return false;
  const bool wanted = step == IrStep::command ||
                      (step == IrStep::acknowledgement && session().purpose == IrPurpose::readout);
  if (outcome == IrOutcome::answer && wanted && state_.naks_left > 0) {
    --state_.naks_left;
    return true;
  }
  const bool refused = outcome == IrOutcome::nak || outcome == IrOutcome::no_answer;
  if (!refused && outcome != IrOutcome::bad_frame) return false;
  if (refused && step == IrStep::acknowledgement) return false;
  return repeats();
}

bool IrReader::repeats() const {
  const IrExchange& exchange = state_.exchange;
  const bool password = exchange.step == IrStep::password ||
                        (exchange.step == IrStep::command &&
                         session().commands[exchange.number].command.front() == 'P');
  return exchange.tries < session().tries.value_or(password ? 1 : ir_tries);
}

void IrReader::close_exchange(Ps t, IrOutcome outcome) {
  IrExchange& exchange = state_.exchange;
  exchange.judged = t;
  exchange.outcome = outcome;
  const IrBytes bytes = exchange.answer_bytes();
  if (outcome == IrOutcome::error) exchange.error = *error_of(bytes);
  if (outcome == IrOutcome::answer && exchange.step == IrStep::sign_on) {
    state_.result.identification = parse_identification(bytes);
  }
  state_.result.exchanges.push_back(exchange);
}

/// What comes after a step that ended so; nothing: the session is over.
std::optional<IrStep> IrReader::step_after(IrOutcome outcome) {
  const IrSession& what = session();
  const IrStep step = state_.exchange.step;
  if (what.silent_after == step &&
      (step != IrStep::command || state_.next_command == what.commands.size())) {
    return std::nullopt;
  }
  if (outcome == IrOutcome::closed || outcome == IrOutcome::no_answer) return std::nullopt;
  const bool good = outcome == IrOutcome::answer || outcome == IrOutcome::ack;
  switch (step) {
    case IrStep::sign_on:
      return what.purpose != IrPurpose::sign_on && state_.result.identification
                 ? std::optional(IrStep::acknowledgement)
                 : std::nullopt;
    case IrStep::acknowledgement:
      if (what.purpose == IrPurpose::readout || !good) return std::nullopt;
      if (what.password) return IrStep::password;
      break;
    case IrStep::password:
      if (!good) return IrStep::sign_off;
      break;
    case IrStep::command:
      if (outcome == IrOutcome::bad_frame) return IrStep::sign_off;
      break;
    case IrStep::sign_off:
    case IrStep::raw:
    case IrStep::line_break:
      return std::nullopt;
  }
  return state_.next_command < what.commands.size() ? IrStep::command : IrStep::sign_off;
}

void IrReader::pause(Ps until, std::optional<IrStep> next_step, bool nak) {
  state_.phase = Phase::pausing;
  state_.act_at = until;
  state_.next_step = next_step;
  state_.sends_nak = nak;
}

void IrReader::end_session(Ps t) {
  state_.phase = Phase::idle;
  state_.switch_to = 0;
  state_.result.over = t;
  state_.queue.pop_front();
  const IrResult result = std::move(state_.result);
  state_.result = {};
  if (done_) done_(result);
}

/// Ends what is under way, in the middle of a character if need be.
void IrReader::break_off(Ps now) {
  if (state_.phase == Phase::idle) return;
  // The light of a break the serial end knows nothing of.
  if (session().purpose == IrPurpose::line_break) port_.cut(now);
  serial_.set_format(now, serial_.format());
  if (state_.phase != Phase::pausing) {
    close_exchange(now,
                   state_.exchange.answer.empty() ? IrOutcome::no_answer : IrOutcome::bad_frame);
  }
  state_.result.broken_off = true;
  end_session(now);
}

void IrReader::restore(const IrReaderState& state, const SerialEndState& serial) {
  state_ = state;
  serial_.restore(serial);
}

}  // namespace models::masters
