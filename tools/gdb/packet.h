// The framing of gdb's remote serial protocol: `$` body `#` and two hex digits, the sum of the
// body's bytes modulo 256. Within a body `}` takes the meaning from the byte behind it, which is
// sent with bit 5 changed. Between packets `+` and `-` acknowledge, and 0x03 wishes to interrupt.
// (GDB manual, appendix "Remote Protocol", section "Overview".)
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace tools::gdb {

/// A body's bytes at most, both ways: what the stub tells as its PacketSize.
inline constexpr std::size_t largest_packet = 0x4000;

/// `body` as it is sent. Runs of bytes are not shortened.
std::string frame(std::string_view body);

struct Received {
  enum class Kind : std::uint8_t {
    packet,       ///< with its body, escapes resolved
    damaged,      ///< a wrong sum, or a body that is too long: to be asked for again
    acknowledge,  ///< +
    again,        ///< −
    interrupt     ///< 0x03
  };
  Kind kind;
  std::string body;
};

/// Takes bytes as they come, in pieces of any size. What stands between packets and means nothing
/// is ignored; a `$` within a body begins a packet anew, as after one that was torn.
class Decoder {
 public:
  void feed(std::string_view bytes);
  /// The oldest that was received whole, or nothing.
  std::optional<Received> next();

 private:
  enum class Place : std::uint8_t { between, body, escaped, first_digit, second_digit };

  void take(char byte);
  void take_body(char byte);
  void finish(char second_digit);

  Place place_ = Place::between;
  std::string body_;
  std::uint8_t sum_ = 0;
  bool overlong_ = false;
  char digit_ = 0;
  std::deque<Received> received_;
};

/// Two lower-case digits a byte.
std::string to_hex(std::string_view bytes);
/// Nothing for an odd number of digits or another character.
std::optional<std::string> from_hex(std::string_view digits);
/// A whole text of 1 … 8 hex digits; nothing for any other.
std::optional<std::uint32_t> hex_number(std::string_view text);
/// A register's value in the order of its bytes in memory, least first.
std::string to_hex(std::uint32_t value);
/// The same back: eight digits, else nothing.
std::optional<std::uint32_t> register_value(std::string_view digits);

}  // namespace tools::gdb
