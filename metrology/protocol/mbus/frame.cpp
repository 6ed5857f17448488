#include "metrology/protocol/mbus/frame.h"

namespace metrology::mbus {

namespace {

constexpr int short_bytes = 5;
/// Start, L, L, start.
constexpr int head_bytes = 4;
/// Checksum, stop.
constexpr int tail_bytes = 2;
/// C, A, CI.
constexpr int fixed_bytes = 3;

std::uint8_t checksum(const std::uint8_t* bytes, int count) {
  unsigned sum = 0;
  for (int n = 0; n < count; ++n) sum += bytes[n];
  return static_cast<std::uint8_t>(sum & 0xFFU);
}

bool ends_well(const std::uint8_t* counted, int count) {
  return counted[count] == checksum(counted, count) && counted[count + 1] == stop;
}

bool parse_short(const std::uint8_t* bytes, int count, Frame& frame) {
  if (count != short_bytes || !ends_well(bytes + 1, 2)) return false;
  frame.type = FrameType::brief;
  frame.c = bytes[1];
  frame.a = bytes[2];
  return true;
}

bool parse_full(const std::uint8_t* bytes, int count, Frame& frame) {
  if (count < head_bytes + fixed_bytes + tail_bytes || bytes[3] != long_start) return false;
  const int length = bytes[1];
  if (bytes[2] != length || length < fixed_bytes || count != head_bytes + length + tail_bytes) {
    return false;
  }
  const std::uint8_t* const counted = bytes + head_bytes;
  if (!ends_well(counted, length)) return false;
  frame = {FrameType::full, counted[0],           counted[1],
           counted[2],      length - fixed_bytes, counted + fixed_bytes};
  return true;
}

}  // namespace

bool parse(const std::uint8_t* bytes, int count, Frame& frame) {
  frame = {};
  if (count < 1) return false;
  switch (bytes[0]) {
    case acknowledgement:
      return count == 1;
    case short_start:
      return parse_short(bytes, count, frame);
    case long_start:
      return parse_full(bytes, count, frame);
    default:
      return false;
  }
}

void put_acknowledgement(Answer& answer) {
  answer.size = 0;
  add(answer, acknowledgement);
}

void begin(Answer& answer, std::uint8_t c, std::uint8_t a, std::uint8_t ci) {
  answer.bytes[0] = answer.bytes[3] = long_start;
  answer.size = head_bytes;
  add(answer, c);
  add(answer, a);
  add(answer, ci);
}

int room(const Answer& answer) { return max_answer_bytes - tail_bytes - answer.size; }

void seal(Answer& answer) {
  const int length = answer.size - head_bytes;
  answer.bytes[1] = answer.bytes[2] = static_cast<std::uint8_t>(length);
  add(answer, checksum(answer.bytes + head_bytes, length));
  add(answer, stop);
}

}  // namespace metrology::mbus
