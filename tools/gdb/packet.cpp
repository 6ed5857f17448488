#include "tools/gdb/packet.h"

#include <fmt/format.h>

#include <utility>

namespace tools::gdb {
namespace {

constexpr char escape_mark = '}';
constexpr char escape_bit = 0x20;
constexpr char interrupt_byte = 0x03;

/// −1 for what is no hex digit.
int digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::string frame(std::string_view body) {
  std::string packet = "$";
  for (const char byte : body) {
    if (byte == '$' || byte == '#' || byte == escape_mark || byte == '*') {
      packet += escape_mark;
      packet += static_cast<char>(byte ^ escape_bit);
    } else {
      packet += byte;
    }
  }
  unsigned sum = 0;
  for (const char byte : std::string_view(packet).substr(1)) sum += static_cast<std::uint8_t>(byte);
  return packet + fmt::format("#{:02x}", sum & 0xFFU);
}

void Decoder::feed(std::string_view bytes) {
  for (const char byte : bytes) take(byte);
}

std::optional<Received> Decoder::next() {
  if (received_.empty()) return std::nullopt;
  Received oldest = std::move(received_.front());
  received_.pop_front();
  return oldest;
}

void Decoder::take(char byte) {
  if (byte == '$') {
    place_ = Place::body;
    body_.clear();
    sum_ = 0;
    overlong_ = false;
    return;
  }
  switch (place_) {
    case Place::between:
      if (byte == '+') received_.push_back({Received::Kind::acknowledge, {}});
      if (byte == '-') received_.push_back({Received::Kind::again, {}});
      if (byte == interrupt_byte) received_.push_back({Received::Kind::interrupt, {}});
      return;
    case Place::body:
    case Place::escaped:
      take_body(byte);
      return;
    case Place::first_digit:
      digit_ = byte;
      place_ = Place::second_digit;
      return;
    case Place::second_digit:
      finish(byte);
      return;
  }
}

void Decoder::take_body(char byte) {
  if (place_ == Place::body && byte == '#') {
    place_ = Place::first_digit;
    return;
  }
  sum_ = static_cast<std::uint8_t>(sum_ + static_cast<std::uint8_t>(byte));
  if (place_ == Place::body && byte == escape_mark) {
    place_ = Place::escaped;
    return;
  }
  if (place_ == Place::escaped) byte = static_cast<char>(byte ^ escape_bit);
  place_ = Place::body;
  if (body_.size() == largest_packet) {
    overlong_ = true;
  } else {
    body_ += byte;
  }
}

void Decoder::finish(char second_digit) {
  place_ = Place::between;
  const int high = digit_value(digit_);
  const int low = digit_value(second_digit);
  if (high < 0 || low < 0 || 16 * high + low != sum_ || overlong_) {
    received_.push_back({Received::Kind::damaged, {}});
  } else {
    received_.push_back({Received::Kind::packet, std::exchange(body_, {})});
  }
}

std::string to_hex(std::string_view bytes) {
  std::string digits;
  digits.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    fmt::format_to(std::back_inserter(digits), "{:02x}", static_cast<std::uint8_t>(byte));
  }
  return digits;
}

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t n = 0; n < digits.size(); n += 2) {
    const int high = digit_value(digits[n]);
    const int low = digit_value(digits[n + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(16 * high + low);
  }
  return bytes;
}

std::optional<std::uint32_t> hex_number(std::string_view text) {
  if (text.empty() || text.size() > 8) return std::nullopt;
  std::uint32_t value = 0;
  for (const char digit : text) {
    if (digit_value(digit) < 0) return std::nullopt;
    value = value << 4U | static_cast<std::uint32_t>(digit_value(digit));
  }
  return value;
}

std::string to_hex(std::uint32_t value) {
  std::string digits;
  for (unsigned n = 0; n < 4; ++n) digits += fmt::format("{:02x}", value >> 8 * n & 0xFFU);
  return digits;
}

std::optional<std::uint32_t> register_value(std::string_view digits) {
  const std::optional<std::string> bytes = from_hex(digits);
  if (!bytes || bytes->size() != 4) return std::nullopt;
  std::uint32_t value = 0;
  for (unsigned n = 0; n < 4; ++n) {
    value |= std::uint32_t{static_cast<std::uint8_t>((*bytes)[n])} << 8 * n;
  }
  return value;
}

}  // namespace tools::gdb
