// What a reader of the infra-red port is asked to do, and what came of it: one session, from the
// sign-on to the break, with the mistakes that it is to make.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/masters/exchange.h"
#include "models/masters/iec62056_messages.h"

namespace models::masters {

enum class IrPurpose {
  sign_on,      ///< nothing but the identification
  readout,      ///< … acknowledged, and all that the meter sends then
  programming,  ///< … acknowledged for programming: password, commands, break
  raw,          ///< characters as they stand, at a rate
  line_break,   ///< light for longer than a character
};

/// The messages of a session in their order, each with its answer.
enum class IrStep {
  sign_on,
  acknowledgement,  ///< answered by the readout, or by the operand of the password (P0)
  password,
  command,
  sign_off,  ///< B0, which nobody answers
  raw,
  line_break,
};

/// How a message is to be wrong.
struct IrFault {
  IrStep in = IrStep::command;  ///< of commands each
  int times = INT32_MAX;        ///< so often, then right
  bool wrong_bcc = false;
  std::optional<std::size_t> parity_error;  ///< character from 0; none if there are not so many
  std::optional<std::size_t> gap_before;
  Ps gap = 0;
};

struct IrCommand {
  std::string command;              ///< "R1"
  std::optional<std::string> data;  ///< "2008()"
};

struct IrSession {
  IrPurpose purpose = IrPurpose::readout;
  std::string address;       ///< "": whichever meter it is
  bool acknowledges = true;  ///< else a readout comes at the rate of the sign-on
  char protocol = '0';
  std::optional<std::uint32_t> baud;    ///< at most the offered one is chosen; none: that
  std::optional<std::string> password;  ///< sent in P1; none: none is sent
  std::vector<IrCommand> commands;
  std::optional<IrStep> silent_after;  ///< says no more after the answer to it, not even B0
  std::optional<IrFault> fault;
  int naks = 0;              ///< so many good blocks with values are answered with NAK
  std::optional<int> tries;  ///< of each message; 3, of a password 1
  std::optional<Ps> timeout;
  std::vector<OutgoingCharacter> raw;     ///< may be none: to listen
  std::optional<std::uint32_t> raw_baud;  ///< none: as it stands
  Ps break_time = 0;
  std::uint64_t tag = 0;  ///< whoever asked may know it again
};

enum class IrOutcome {
  answer,  ///< what was asked for: identification, block with its BCC right
  ack,
  nak,        ///< to the last try
  error,      ///< "(ER…)" in a block
  no_answer,  ///< none began in time
  bad_frame,  ///< parity, stop bit or BCC wrong, not to its end, or no message
  closed,     ///< the meter sent B0
  sent,       ///< nothing is answered to it
};

/// Begin, end and request are those of what was sent last, a NAK apart: of one the times only.
struct IrExchange : Exchange {
  IrStep step = IrStep::sign_on;
  std::size_t number = 0;  ///< of commands, from 0
  int tries = 0;           ///< messages sent, NAKs among them
  std::uint32_t baud = 0;  ///< of the answer
  IrOutcome outcome = IrOutcome::no_answer;
  std::string error;  ///< "ER03"
};

struct IrResult {
  std::uint64_t tag = 0;
  std::vector<IrExchange> exchanges;
  std::optional<Identification> identification;
  bool broken_off = false;  ///< by a break of the line
  Ps over = 0;
};

}  // namespace models::masters
