#include "metrology/protocol/iec62056/message.h"

namespace metrology::iec62056 {

namespace {

constexpr char maker[] = "INM";
constexpr char fastest_digit = '0' + fastest;

constexpr bool is_digit(std::uint8_t c) { return c >= '0' && c <= '9'; }
constexpr bool is_printable(std::uint8_t c) { return c >= ' ' && c <= '~'; }

/// What may stand in a code, a value or a unit.
constexpr bool is_plain(std::uint8_t c) {
  return is_printable(c) && c != '(' && c != ')' && c != '*' && c != '/' && c != '!';
}

constexpr bool is_command_letter(std::uint8_t c) {
  return c == 'P' || c == 'W' || c == 'R' || c == 'E' || c == 'B';
}

Text from(Text text, int begin) { return {text.bytes + begin, text.size - begin}; }

/// The plain characters that `text` begins with.
Text plain_part(Text text) {
  int size = 0;
  while (size < text.size && is_plain(text.bytes[size])) ++size;
  return {text.bytes, size};
}

bool begins_with(Text text, std::uint8_t c) { return text.size > 0 && text.bytes[0] == c; }

bool ends_line(Text text) {
  return text.size >= 2 && text.bytes[text.size - 2] == cr && text.bytes[text.size - 1] == lf;
}

Text without_zeros(Text digits) {
  while (begins_with(digits, '0')) digits = from(digits, 1);
  return digits;
}

}  // namespace

// --- from the reader ----------------------------------------------------------------------------

bool parse_sign_on(Text message, Text& address) {
  constexpr int around = 5;  // "/?", "!", CR, LF
  if (message.size < around || !ends_line(message)) return false;
  if (message.bytes[0] != '/' || message.bytes[1] != '?') return false;
  if (message.bytes[message.size - 3] != '!') return false;
  address = {message.bytes + 2, message.size - around};
  if (address.size > max_address_size) return false;
  return plain_part(address).size == address.size;
}

bool is_addressed(Text address, std::uint32_t serial_bcd) {
  if (address.size == 0) return true;
  std::uint8_t digits[8];
  for (unsigned n = 0; n < 8; ++n) {
    digits[n] = static_cast<std::uint8_t>('0' + ((serial_bcd >> (28 - 4 * n)) & 0xFU));
  }
  const Text own = without_zeros({digits, 8});
  const Text asked = without_zeros(address);
  if (asked.size != own.size) return false;
  for (int n = 0; n < own.size; ++n) {
    if (asked.bytes[n] != own.bytes[n]) return false;
  }
  return true;
}

bool parse_option(Text message, Option& option) {
  if (message.size != option_size || message.bytes[0] != ack || !ends_line(message)) return false;
  for (int n = 1; n <= 3; ++n) {
    if (!is_digit(message.bytes[n])) return false;
  }
  const auto digit = [&](int n) { return static_cast<std::uint8_t>(message.bytes[n] - '0'); };
  option = {digit(1), digit(2), digit(3)};
  return true;
}

bool is_intact(Text message) {
  constexpr int least = 3;  // SOH, ETX, BCC
  if (message.size < least || message.bytes[0] != soh) return false;
  const std::uint8_t end = message.bytes[message.size - 2];
  if (end != etx && end != eot) return false;
  return bcc(message.bytes + 1, message.size - 2) == message.bytes[message.size - 1];
}

bool parse_command(Text message, Command& command) {
  constexpr int bare = 5;  // SOH, two characters, ETX, BCC
  if (message.size < bare || message.bytes[message.size - 2] != etx) return false;
  if (!is_command_letter(message.bytes[1]) || !is_digit(message.bytes[2])) return false;
  command.letter = static_cast<char>(message.bytes[1]);
  command.digit = static_cast<char>(message.bytes[2]);
  command.data = {message.bytes + 3, 0};
  if (message.size == bare) return true;
  if (message.bytes[3] != stx) return false;
  command.data = {message.bytes + 4, message.size - bare - 1};
  return true;
}

bool parse_data_set(Text data, DataSet& set) {
  set.code = plain_part(data);
  data = from(data, set.code.size);
  if (!begins_with(data, '(')) return false;
  data = from(data, 1);
  set.value = plain_part(data);
  data = from(data, set.value.size);
  set.unit = {data.bytes, 0};
  if (begins_with(data, '*')) {
    set.unit = plain_part(from(data, 1));
    data = from(data, 1 + set.unit.size);
  }
  return data.size == 1 && data.bytes[0] == ')';
}

bool is_equal(Text text, const char* expected) {
  for (int n = 0; n < text.size; ++n, ++expected) {
    if (*expected == '\0' || text.bytes[n] != static_cast<std::uint8_t>(*expected)) return false;
  }
  return *expected == '\0';
}

// --- from the meter -----------------------------------------------------------------------------

void add(Answer& answer, std::uint8_t byte) {
  if (answer.size < max_answer_size) answer.bytes[answer.size++] = byte;
}

void add(Answer& answer, const char* text) {
  for (; *text != '\0'; ++text) add(answer, static_cast<std::uint8_t>(*text));
}

std::uint8_t bcc(const std::uint8_t* bytes, int count) {
  unsigned check = 0;
  for (int n = 0; n < count; ++n) check ^= bytes[n];
  return static_cast<std::uint8_t>(check);
}

void put_identification(Answer& answer, const char* name) {
  answer.size = 0;
  add(answer, '/');
  add(answer, maker);
  add(answer, static_cast<std::uint8_t>(fastest_digit));
  for (; *name != '\0'; ++name) {
    add(answer, static_cast<std::uint8_t>(*name == ' ' ? '-' : *name));
  }
  add(answer, "\r\n");
}

void put_character(Answer& answer, std::uint8_t character) {
  answer.size = 0;
  add(answer, character);
}

void put_password_request(Answer& answer) {
  answer.size = 0;
  add(answer, soh);
  add(answer, "P0\x02(00000000)");
  end_data(answer);
}

void put_break(Answer& answer) {
  answer.size = 0;
  add(answer, soh);
  add(answer, "B0");
  end_data(answer);
}

void begin_data(Answer& answer) {
  answer.size = 0;
  add(answer, stx);
}

void end_data(Answer& answer) {
  add(answer, etx);
  add(answer, bcc(answer.bytes + 1, answer.size - 1));
}

}  // namespace metrology::iec62056
