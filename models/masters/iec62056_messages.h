// Messages of IEC 62056-21 mode C, as the reader makes and understands them. Every character has
// seven data bits:
//
//   / ? address ! CR LF                      sign-on; address up to 32 characters, empty: any meter
//   / INM Z identification CR LF             INM the maker, Z the fastest rate offered
//   ACK V Z Y CR LF                          V protocol, Z the rate chosen, Y what is wanted
//   STX data sets ! CR LF ETX BCC            data readout
//   SOH Cd STX data sets ETX BCC             programming command: C its letter, d its digit
//   SOH B0 ETX BCC                           break: the end of a session
//   STX data set ETX BCC                     answer to a reading, or an error: STX (ERnn) ETX BCC
//   ACK, NAK                                 one character
//
// A data set is code(value*unit), code(value), or (value) alone. BCC is the exclusive or of all
// characters after the first SOH or STX, ETX (or EOT) included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace models::masters {

using IrBytes = std::vector<std::uint8_t>;

namespace ascii {
inline constexpr std::uint8_t soh = 0x01;
inline constexpr std::uint8_t stx = 0x02;
inline constexpr std::uint8_t etx = 0x03;
inline constexpr std::uint8_t eot = 0x04;
inline constexpr std::uint8_t ack = 0x06;
inline constexpr std::uint8_t lf = 0x0A;
inline constexpr std::uint8_t cr = 0x0D;
inline constexpr std::uint8_t nak = 0x15;
}  // namespace ascii

/// Rates of mode C by their character, '0' … '6'.
inline constexpr std::uint32_t ir_bauds[] = {300, 600, 1200, 2400, 4800, 9600, 19200};
inline constexpr std::uint32_t ir_start_baud = ir_bauds[0];
std::optional<std::uint32_t> baud_of(char character);
/// Nothing for a rate that mode C does not have.
std::optional<char> character_of(std::uint32_t baud);

// --- what the reader sends
// ------------------------------------------------------------------------

IrBytes sign_on_message(std::string_view address);
IrBytes acknowledgement_message(char protocol, char baud, char mode);
/// "R1" with "2008()": SOH R1 STX 2008() ETX BCC. Without data, as of B0: SOH B0 ETX BCC.
IrBytes command_message(std::string_view command, const std::optional<std::string>& data);

/// Of the characters after the first SOH or STX up to `end`, which is not included.
std::uint8_t bcc_of(const IrBytes& message, std::size_t end);

// --- what the reader hears
// ------------------------------------------------------------------------

enum class IrMessageKind {
  incomplete,      ///< so far; or no message at all
  identification,  ///< ends in CR LF
  ack,
  nak,
  data,     ///< STX … ETX BCC, the BCC right
  command,  ///< SOH … ETX BCC, the BCC right; B0 among them
  bad_bcc,  ///< STX or SOH … ETX, and another BCC
};

/// What the characters are that came so far. A message is whole with its last character; whatever
/// comes then is another.
IrMessageKind classify(const IrBytes& bytes);

struct Identification {
  std::string maker;  ///< three letters
  char baud = '0';
  std::string text;
};
/// Of a whole identification; nothing when it has not even maker and rate.
std::optional<Identification> parse_identification(const IrBytes& bytes);

struct DataSet {
  std::string code;
  std::string value;
  std::string unit;  ///< "" without one

  bool operator==(const DataSet& other) const {
    return code == other.code && value == other.value && unit == other.unit;
  }
};
/// Of a data message or a command, its BCC right: all data sets in their order. Nothing when
/// something in it is no data set.
std::optional<std::vector<DataSet>> parse_data_sets(const IrBytes& message);

/// "ER03" of an answer that is just an error, else nothing.
std::optional<std::string> error_of(const IrBytes& message);
/// Whether a command is B0: the meter ends the session.
bool is_break(const IrBytes& message);

}  // namespace models::masters
