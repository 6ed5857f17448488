#include "metrology/protocol/iec62056/session.h"

namespace metrology::iec62056 {

namespace {

constexpr std::uint8_t slowest = 0;
constexpr Reply silence{Reply::Kind::none, 0};

bool is_past(Cycle now, Cycle deadline) { return static_cast<std::int32_t>(now - deadline) > 0; }

Text message_of(const Session& session) { return {session.bytes, session.count}; }

bool is_programming(Phase phase) { return phase == Phase::locked || phase == Phase::unlocked; }

/// Whether the end of a message is still to come.
bool is_under_way(const Session& session) {
  return session.receiving != Receiving::nothing && session.receiving != Receiving::whole;
}

void forget_message(Session& session) {
  session.receiving = Receiving::nothing;
  session.damaged = false;
  session.noise = false;
  session.broken = false;
  session.count = 0;
}

/// What a character that begins a message opens in a phase; nothing: it does not begin one.
Receiving opened(Phase phase, std::uint8_t byte) {
  const bool programming = is_programming(phase);
  switch (byte) {
    case '/':
      return programming ? Receiving::nothing : Receiving::line;
    case ack:
      return phase == Phase::identified ? Receiving::line : Receiving::nothing;
    case soh:
      return programming ? Receiving::command : Receiving::nothing;
    case nak:
      return phase == Phase::idle ? Receiving::nothing : Receiving::whole;
    default:
      return Receiving::nothing;
  }
}

// --- answers ------------------------------------------------------------------------------------

Reply answer_with(Session& session) {
  session.reads_out = false;
  return {Reply::Kind::answer, session.since};
}

Reply read_out(Session& session, std::uint8_t rate) {
  session.phase = Phase::readout;
  session.rate = rate;
  session.reads_out = true;
  return {Reply::Kind::readout, session.since};
}

Reply leave(Session& session) {
  session.phase = Phase::leaving;
  put_break(session.answer);
  return answer_with(session);
}

Reply fail(Session& session, Error error) {
  put_error(session.answer, error);
  return answer_with(session);
}

/// A message that cannot be understood.
Reply refuse(Session& session) {
  if (++session.faults > try_limit) return leave(session);
  put_character(session.answer, nak);
  return answer_with(session);
}

Reply repeat(Session& session) {
  if (++session.repeats > try_limit) return leave(session);
  return {session.reads_out ? Reply::Kind::readout : Reply::Kind::answer, session.since};
}

Reply identify(Session& session, Text address, const Bank& bank) {
  if (!is_addressed(address, bank.data.settings.serial_bcd)) {
    reset(session);
    return silence;
  }
  session.phase = Phase::identified;
  session.rate = slowest;
  session.faults = 0;
  session.repeats = 0;
  put_identification(session.answer, registers::variant_name(bank.data.page.variant));
  return answer_with(session);
}

// --- programming mode ---------------------------------------------------------------------------

bool is_barred(const Session& session) {
  return session.barred && static_cast<std::int32_t>(session.since - session.barred_since -
                                                     programming_bar_cycles) < 0;
}

Reply begin_programming(Session& session, std::uint8_t rate) {
  session.rate = rate;
  if (is_barred(session)) return leave(session);
  session.phase = Phase::locked;
  put_password_request(session.answer);
  return answer_with(session);
}

/// Eight digits, in parentheses.
bool is_password(Text data, std::uint32_t password_bcd) {
  constexpr int digits = 8;
  DataSet set{};
  if (!parse_data_set(data, set)) return false;
  if (set.code.size != 0 || set.unit.size != 0 || set.value.size != digits) return false;
  for (int n = 0; n < digits; ++n) {
    const std::uint32_t digit = (password_bcd >> (28U - 4U * static_cast<unsigned>(n))) & 0xFU;
    if (set.value.bytes[n] != '0' + digit) return false;
  }
  return true;
}

Reply check_password(Session& session, Text data, const Bank& bank) {
  if (is_password(data, bank.data.settings.ir_password)) {
    session.wrong_passwords = 0;
    session.phase = Phase::unlocked;
    put_character(session.answer, ack);
    return answer_with(session);
  }
  session.phase = Phase::locked;
  if (++session.wrong_passwords < password_limit) return fail(session, Error::wrong_password);
  session.wrong_passwords = 0;
  session.barred = true;
  session.barred_since = session.since;
  return leave(session);
}

Reply obey(Session& session, const Command& command, const Bank& bank) {
  if (command.letter == 'P' && command.digit == '1') {
    return check_password(session, command.data, bank);
  }
  if (command.letter == 'B' && (command.digit == '0' || command.digit == '1')) {
    reset(session);
    return silence;
  }
  if (!is_register_command(command)) return fail(session, Error::unknown_command);
  if (session.phase != Phase::unlocked) return fail(session, Error::password_needed);
  carry_out(command, bank, session.answer);
  return answer_with(session);
}

// --- by phase -----------------------------------------------------------------------------------

Reply hear_option(Session& session, Text message) {
  session.repeats = 0;
  Option option{};
  const bool offered =
      parse_option(message, option) && option.protocol == 0 && option.rate <= fastest;
  if (offered && option.mode == 0) return read_out(session, option.rate);
  if (offered && option.mode == 1) return begin_programming(session, option.rate);
  return read_out(session, slowest);
}

/// A whole message, which `session.bytes` hold, or none if it is damaged or there was only noise.
Reply hear(Session& session, bool whole, const Bank& bank) {
  const Text message = message_of(session);
  if (whole && message.bytes[0] == nak) return repeat(session);
  if (is_programming(session.phase)) {
    if (!whole || !is_intact(message)) return refuse(session);
    session.faults = 0;
    session.repeats = 0;
    Command command{};
    if (!parse_command(message, command)) return fail(session, Error::unknown_command);
    return obey(session, command, bank);
  }
  Text address{};
  if (whole && parse_sign_on(message, address)) return identify(session, address, bank);
  if (session.phase == Phase::identified) {
    if (whole) return hear_option(session, message);
    return read_out(session, slowest);
  }
  reset(session);
  return silence;
}

/// How long nothing may be received from `since` on; 0: for ever.
Cycle patience(const Session& session) {
  if (is_under_way(session)) return character_gap_cycles;
  switch (session.phase) {
    case Phase::identified:
    case Phase::readout:
      return option_wait_cycles;
    case Phase::locked:
    case Phase::unlocked:
      return inactivity_cycles;
    case Phase::idle:
    case Phase::leaving:
      break;
  }
  return 0;
}

}  // namespace

void reset(Session& session) {
  forget_message(session);
  session.phase = Phase::idle;
  session.rate = slowest;
  session.faults = 0;
  session.repeats = 0;
  session.reads_out = false;
  session.answer.size = 0;
}

void take(Session& session, const Character& character) {
  if (character.is_break) session.broken = true;
  const Receiving open = opened(session.phase, character.byte);
  switch (session.receiving) {
    case Receiving::whole:
      return;
    case Receiving::nothing:
      if (open == Receiving::nothing || character.damaged) {
        session.noise = true;
        return;
      }
      session.receiving = open;
      break;
    case Receiving::line:
      // A sign-on begins anew: what stood before was none.
      if (character.byte == '/') {
        session.count = 0;
        session.damaged = false;
      }
      if (character.byte == lf) session.receiving = Receiving::whole;
      break;
    case Receiving::command:
      if (character.byte == etx || character.byte == eot) session.receiving = Receiving::check;
      break;
    case Receiving::check:
      session.receiving = Receiving::whole;
      break;
  }
  if (character.damaged || session.count == max_message_size) {
    session.damaged = true;
    return;
  }
  session.bytes[session.count++] = character.byte;
}

Reply end_piece(Session& session, Cycle end, const Bank& bank) {
  if (session.receiving == Receiving::nothing && !session.noise) return silence;
  session.since = end;
  if (session.broken) {
    reset(session);
    return silence;
  }
  if (is_under_way(session) && !session.damaged) return silence;
  const bool whole = session.receiving == Receiving::whole && !session.damaged;
  const Reply reply = hear(session, whole, bank);
  forget_message(session);
  return reply;
}

Reply pass_time(Session& session, Cycle now) {
  if (session.barred && is_past(now, session.barred_since + bar_memory_cycles)) {
    session.barred = false;
  }
  const Cycle wait = patience(session);
  if (wait == 0 || !is_past(now, session.since + wait)) return silence;
  const bool torn = is_under_way(session);
  forget_message(session);
  if (session.phase == Phase::identified) {
    session.since += wait;
    return read_out(session, slowest);
  }
  if (torn && is_programming(session.phase)) {
    if (++session.faults <= try_limit) return silence;
    session.since += wait;
    return leave(session);
  }
  if (session.phase != Phase::idle) reset(session);
  return silence;
}

void sent(Session& session, Cycle end) {
  session.since = end;
  if (session.phase == Phase::leaving) reset(session);
}

bool next_deadline(const Session& session, Cycle& deadline) {
  const Cycle wait = patience(session);
  const Cycle bar_end = session.barred_since + bar_memory_cycles;
  deadline = wait != 0 ? session.since + wait : bar_end;
  if (wait != 0 && session.barred && is_past(deadline, bar_end)) deadline = bar_end;
  return wait != 0 || session.barred;
}

}  // namespace metrology::iec62056
