#include "models/masters/iec62056_messages.h"

#include <algorithm>

namespace models::masters {
namespace {

void append(IrBytes& out, std::string_view text) {
  for (const char c : text) out.push_back(static_cast<std::uint8_t>(c));
}

/// The characters after the message's head (STX, or SOH, command and STX) and before ETX or EOT.
std::string body_of(const IrBytes& message) {
  const auto stx = std::find(message.begin(), message.end(), ascii::stx);
  if (stx == message.end() || message.size() < 3) return {};
  const auto etx = message.end() - 2;
  return stx + 1 > etx ? std::string() : std::string(stx + 1, etx);
}

bool ends_block(std::uint8_t byte) { return byte == ascii::etx || byte == ascii::eot; }

}  // namespace

std::optional<std::uint32_t> baud_of(char character) {
  const int index = character - '0';
  if (index < 0 || index >= static_cast<int>(std::size(ir_bauds))) return std::nullopt;
  return ir_bauds[index];
}

std::optional<char> character_of(std::uint32_t baud) {
  const auto* found = std::find(std::begin(ir_bauds), std::end(ir_bauds), baud);
  if (found == std::end(ir_bauds)) return std::nullopt;
  return static_cast<char>('0' + (found - std::begin(ir_bauds)));
}

// --- what the reader sends
// ------------------------------------------------------------------------

IrBytes sign_on_message(std::string_view address) {
  IrBytes out;
  append(out, "/?");
  append(out, address);
  append(out, "!\r\n");
  return out;
}

IrBytes acknowledgement_message(char protocol, char baud, char mode) {
  IrBytes out = {ascii::ack};
  for (const char c : {protocol, baud, mode}) out.push_back(static_cast<std::uint8_t>(c));
  append(out, "\r\n");
  return out;
}

IrBytes command_message(std::string_view command, const std::optional<std::string>& data) {
  IrBytes out = {ascii::soh};
  append(out, command);
  if (data) {
    out.push_back(ascii::stx);
    append(out, *data);
  }
  out.push_back(ascii::etx);
  out.push_back(bcc_of(out, out.size()));
  return out;
}

std::uint8_t bcc_of(const IrBytes& message, std::size_t end) {
  std::size_t first = 0;
  while (first < end && message[first] != ascii::soh && message[first] != ascii::stx) ++first;
  unsigned bcc = 0;
  for (std::size_t i = first + 1; i < end; ++i) bcc ^= message[i];
  return static_cast<std::uint8_t>(bcc & 0x7F);
}

// --- what the reader hears
// ------------------------------------------------------------------------

IrMessageKind classify(const IrBytes& bytes) {
  if (bytes.empty()) return IrMessageKind::incomplete;
  switch (bytes.front()) {
    case ascii::ack:
      return IrMessageKind::ack;
    case ascii::nak:
      return IrMessageKind::nak;
    case '/':
      return bytes.size() > 1 && bytes.back() == ascii::lf && bytes[bytes.size() - 2] == ascii::cr
                 ? IrMessageKind::identification
                 : IrMessageKind::incomplete;
    case ascii::stx:
    case ascii::soh: {
      const auto etx = std::find_if(bytes.begin(), bytes.end(), ends_block);
      if (etx == bytes.end() || etx + 1 == bytes.end()) return IrMessageKind::incomplete;
      const auto end = static_cast<std::size_t>(etx + 1 - bytes.begin());
      if (bytes[end] != bcc_of(bytes, end)) return IrMessageKind::bad_bcc;
      return bytes.front() == ascii::stx ? IrMessageKind::data : IrMessageKind::command;
    }
    default:
      return IrMessageKind::incomplete;
  }
}

std::optional<Identification> parse_identification(const IrBytes& bytes) {
  constexpr std::size_t head = 5;  // "/INM5"
  if (classify(bytes) != IrMessageKind::identification || bytes.size() < head + 2) {
    return std::nullopt;
  }
  const std::string line(bytes.begin() + 1, bytes.end() - 2);
  return Identification{line.substr(0, 3), line[3], line.substr(4)};
}

std::optional<std::vector<DataSet>> parse_data_sets(const IrBytes& message) {
  const std::string body = body_of(message);
  std::vector<DataSet> out;
  std::string code;
  for (std::size_t i = 0; i < body.size();) {
    const char c = body[i];
    if (c == '\r' || c == '\n') {
      if (!code.empty()) return std::nullopt;  // a code without its value
      ++i;
      continue;
    }
    if (c == '!') {
      // The end of a readout: nothing but CR LF behind it.
      if (!code.empty() || body.find_first_not_of("\r\n", i + 1) != std::string::npos) {
        return std::nullopt;
      }
      return out;
    }
    if (c != '(') {
      if (c == ')' || c == '*') return std::nullopt;
      code += c;
      ++i;
      continue;
    }
    const std::size_t end = body.find(')', i);
    if (end == std::string::npos) return std::nullopt;
    const std::string inside = body.substr(i + 1, end - i - 1);
    if (inside.find_first_of("(\r\n") != std::string::npos) return std::nullopt;
    const std::size_t star = inside.find('*');
    out.push_back({code, inside.substr(0, star),
                   star == std::string::npos ? std::string() : inside.substr(star + 1)});
    code.clear();
    i = end + 1;
  }
  if (!code.empty()) return std::nullopt;
  return out;
}

std::optional<std::string> error_of(const IrBytes& message) {
  if (classify(message) != IrMessageKind::data) return std::nullopt;
  const std::string body = body_of(message);
  if (body.size() < 4 || body.rfind("(ER", 0) != 0 || body.find(')') != body.size() - 1) {
    return std::nullopt;
  }
  return body.substr(1, body.size() - 2);
}

bool is_break(const IrBytes& message) {
  return classify(message) == IrMessageKind::command && message.size() == 5 && message[1] == 'B' &&
         message[2] == '0';
}

}  // namespace models::masters
