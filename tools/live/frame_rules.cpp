#include "tools/live/frame_rules.h"

#include <algorithm>

#include "models/masters/crc16.h"

namespace tools::live {
namespace {

/// Longer than any frame: more bytes are needed to tell.
constexpr std::size_t open_end = SIZE_MAX;

using Iterator = Bytes::const_iterator;

/// Behind the first of two bytes that ends a frame, and `more` bytes behind that.
std::size_t length_up_to(Iterator begin, Iterator end, std::uint8_t one, std::uint8_t other,
                         std::size_t more) {
  const auto found = std::find_if(begin, end, [=](std::uint8_t byte) {
    return (byte & 0x7F) == one || (byte & 0x7F) == other;
  });
  if (found == end) return open_end;
  return static_cast<std::size_t>(found - begin) + 1 + more;
}

/// Of the M-Bus frame that begins at `begin`; 0: none does.
std::size_t mbus_length(Iterator begin, Iterator end) {
  constexpr std::uint8_t short_start = 0x10;
  constexpr std::uint8_t long_start = 0x68;
  constexpr std::uint8_t stop = 0x16;
  constexpr std::size_t short_length = 5;
  constexpr std::size_t around_data = 6;  // 68 L L 68 … CS 16
  const auto there = static_cast<std::size_t>(end - begin);
  std::size_t length = 0;
  if (*begin == short_start) {
    length = short_length;
  } else if (*begin == long_start) {
    if (there > 2 && begin[1] != begin[2]) return 0;
    if (there > 3 && begin[3] != long_start) return 0;
    length = there > 1 ? begin[1] + around_data : open_end;
  } else {
    return 0;
  }
  if (there < length) return open_end;
  return *(begin + static_cast<std::ptrdiff_t>(length) - 1) == stop ? length : 0;
}

/// Of the message of IEC 62056-21 that begins at `begin`; 0: none does.
std::size_t iec62056_length(Iterator begin, Iterator end) {
  constexpr std::uint8_t nul = 0x00, soh = 0x01, etx = 0x03, eot = 0x04, ack = 0x06, lf = 0x0A,
                         nak = 0x15;
  switch (*begin & 0x7F) {
    case '/':
    case ack:
      return length_up_to(begin, end, lf, lf, 0);
    case soh:
      return length_up_to(begin, end, etx, eot, 1);
    case nak:
    case nul:
      return 1;
    default:
      return 0;
  }
}

template <typename LengthOf>
std::optional<std::size_t> frames_at_the_end(const Bytes& bytes, LengthOf length_of) {
  std::size_t garbage = 0;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t length =
        length_of(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end());
    if (length > bytes.size() - at) return std::nullopt;
    at += std::max<std::size_t>(length, 1);
    if (length == 0) garbage = at;
  }
  if (garbage == bytes.size()) return std::nullopt;
  return garbage;
}

}  // namespace

std::optional<std::size_t> modbus_frame(const Bytes& bytes) {
  if (!models::masters::crc_holds(bytes)) return std::nullopt;
  return 0;
}

std::optional<std::size_t> mbus_frames(const Bytes& bytes) {
  return frames_at_the_end(bytes, mbus_length);
}

std::optional<std::size_t> iec62056_messages(const Bytes& bytes) {
  return frames_at_the_end(bytes, iec62056_length);
}

}  // namespace tools::live
