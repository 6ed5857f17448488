// What the commands of programming mode do to the register table, and the answers to them.
//
// clang-format off
//   command  data          does                                 answer
//   R1       hhhh()        reads the row with this address      STX hhhh(value*unit) ETX BCC
//   W1       hhhh(value)   writes it                            ACK
//   R5       C.D.E()       reads the row behind an OBIS code    STX C.D.E(value*unit) ETX BCC
//   W5       C.D.E(value)  writes it                            ACK
// clang-format on
//
// What cannot be done is answered by STX (ERnn) ETX BCC [twin], the first that holds of
//
//   01  not one of the commands above, nor P1, B0 or B1 (P2, the formatted and the partial-block
//       commands W2 … W4, R2 … R4, E2, R6)
//   08  the password has not been given
//   02  the data are not one data set; R1 and R5 with a value
//   03  there is no such code: an address is four hexadecimal digits
//   04  the row may not be read or written through this port
//   05  the row does not take the value
//   06  in place of 05: the combined code is 10, which nothing changes, whatever the number
//   07  the EEPROM could not keep the value
//
// and a wrong password by 09.
#pragma once

#include <cstdint>

#include "metrology/protocol/iec62056/message.h"
#include "metrology/registers/access.h"

namespace metrology::iec62056 {

enum class Error : std::uint8_t {
  none = 0,
  unknown_command = 1,
  bad_data = 2,
  unknown_code = 3,
  no_access = 4,
  bad_value = 5,
  locked_value = 6,
  not_stored = 7,
  password_needed = 8,
  wrong_password = 9,
};

/// What of the meter commands reach. Lives as long as one command.
struct Bank {
  registers::MeterData data;
  void* context;  ///< for `write`
  /// Writes a row that the port may write; it says itself whether it takes the value.
  registers::WriteResult (*write)(void* context, const registers::Row& row, registers::Port port,
                                  const std::uint8_t* bytes);
};

/// Whether the command is R1, W1, R5 or W5.
bool is_register_command(const Command& command);

/// Carries such a command out; the whole answer.
void carry_out(const Command& command, const Bank& bank, Answer& answer);

/// The whole answer STX (ERnn) ETX BCC.
void put_error(Answer& answer, Error error);

}  // namespace metrology::iec62056
