// Messages of IEC 62056-21, mode C: bytes ↔ structs. Pure functions; what a message does to the
// meter is not decided here.
//
//   from the reader
//   sign-on          /?[address]!CR LF            address: at most 32 printable characters
//   option select    ACK V Z Y CR LF              protocol, baud rate, mode
//   command          SOH c d [STX data] ETX BCC   P, W, R, E or B and a digit
//   repeat request   NAK
//
//   from the meter
//   identification   /INM5ident CR LF             maker, highest baud rate, at most 16 characters
//   command          SOH P0 STX (operand) ETX BCC, SOH B0 ETX BCC
//   data             STX data ETX BCC
//   readout          STX line… ! CR LF ETX BCC    each line a data set and CR LF
//   ACK, NAK
//
//   data set         code(value*unit)             every part may be missing
//
// Characters have seven bits. BCC is the exclusive or of all characters behind the first SOH or
// STX, up to and including ETX. (IEC 62056-21:2002.)
#pragma once

#include <cstdint>

namespace metrology::iec62056 {

inline constexpr std::uint8_t soh = 0x01;
inline constexpr std::uint8_t stx = 0x02;
inline constexpr std::uint8_t etx = 0x03;
inline constexpr std::uint8_t eot = 0x04;
inline constexpr std::uint8_t ack = 0x06;
inline constexpr std::uint8_t lf = 0x0A;
inline constexpr std::uint8_t cr = 0x0D;
inline constexpr std::uint8_t nak = 0x15;

inline constexpr int max_address_size = 32;
/// The longest message that a reader has reason to send fits, with room: 37 characters of a sign-on
/// with the longest address.
inline constexpr int max_message_size = 96;
inline constexpr int option_size = 6;

/// Baud rates by the digit Z that stands for them, and the fastest one offered.
inline constexpr std::uint16_t bauds[] = {300, 600, 1200, 2400, 4800, 9600};
inline constexpr std::uint8_t fastest = 5;

/// A part of a message; it stays where it is.
struct Text {
  const std::uint8_t* bytes;
  int size;
};

// --- from the reader ----------------------------------------------------------------------------

/// Whether `message` is a sign-on; then also the address in it, which may be empty.
bool parse_sign_on(Text message, Text& address);

/// Whether `address` means the meter with these eight BCD digits: it is empty, or the same number;
/// zeros before a number do not count.
bool is_addressed(Text address, std::uint32_t serial_bcd);

/// The digits of an option select message as they stand; nothing is judged but that they are some.
struct Option {
  std::uint8_t protocol;
  std::uint8_t rate;
  std::uint8_t mode;
};
bool parse_option(Text message, Option& option);

/// Whether `message` is SOH … ETX BCC, or EOT in place of ETX, with the right BCC.
bool is_intact(Text message);

/// "R1" and its like, with what stands between STX and ETX.
struct Command {
  char letter;
  char digit;
  Text data;
};
/// The command in a message that is_intact(); false: there is none, or a block of a longer one.
bool parse_command(Text message, Command& command);

/// code(value*unit): code and unit may be empty.
struct DataSet {
  Text code;
  Text value;
  Text unit;
};
/// Whether `data` is one data set and nothing else.
bool parse_data_set(Text data, DataSet& set);

/// Whether `text` is the same as the characters of `expected` up to its zero.
bool is_equal(Text text, const char* expected);

// --- from the meter -----------------------------------------------------------------------------

/// The longest: STX, address, parentheses, 32 characters of a row, ETX, BCC.
inline constexpr int max_answer_size = 48;

struct Answer {
  std::uint8_t size;
  std::uint8_t bytes[max_answer_size];
};

/// Adds one character, unless the answer is full.
void add(Answer& answer, std::uint8_t byte);
void add(Answer& answer, const char* text);

/// The BCC of `bytes`, which begin behind the first SOH or STX.
std::uint8_t bcc(const std::uint8_t* bytes, int count);

/// The whole identification message of a meter with this name; a blank becomes '-' [twin].
void put_identification(Answer& answer, const char* name);
/// ACK or NAK.
void put_character(Answer& answer, std::uint8_t character);
/// SOH P0 STX (00000000) ETX BCC: no algorithm takes part, so the operand is always the same.
void put_password_request(Answer& answer);
/// SOH B0 ETX BCC.
void put_break(Answer& answer);
/// Begins STX … ETX BCC.
void begin_data(Answer& answer);
/// Adds ETX and BCC.
void end_data(Answer& answer);

}  // namespace metrology::iec62056
