// Messages of IEC 62056-21 for tests, with a BCC of their own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/metrology/modbus_bytes.h"

namespace tests {

/// The characters of a text.
inline Bytes bytes_of(const std::string& text) { return Bytes(text.begin(), text.end()); }
inline std::string text_of(const Bytes& bytes) { return std::string(bytes.begin(), bytes.end()); }

/// `text`, which begins with SOH or STX, and its BCC: exclusive or of all behind the first.
inline std::string with_bcc(const std::string& text) {
  char check = 0;
  for (std::size_t n = 1; n < text.size(); ++n) check = static_cast<char>(check ^ text[n]);
  return text + check;
}

/// SOH "R1" STX "2008()" ETX BCC; without data no STX.
inline std::string command(const std::string& name, const std::string& data = "") {
  return with_bcc("\x01" + name + (data.empty() ? "" : "\x02" + data) + "\x03");
}
/// STX data ETX BCC.
inline std::string data_message(const std::string& data) {
  return with_bcc("\x02" + data + "\x03");
}

inline const std::string sign_on = "/?!\r\n";
inline const std::string break_message = command("B0");
inline const std::string password_request = command("P0", "(00000000)");
inline const std::string ack_character = "\x06";
inline const std::string nak_character = "\x15";
/// ACK V Z Y CR LF.
inline std::string option(char rate, char mode, char protocol = '0') {
  return std::string("\x06") + protocol + rate + mode + "\r\n";
}

}  // namespace tests
