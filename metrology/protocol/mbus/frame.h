// M-Bus frames: bytes ↔ structs. Pure functions; whether a frame is for this meter and what it asks
// is not decided here.
//
//   frame      bytes
//   single     E5
//   short      10 C A CS 16
//   control    68 03 03 68 C A CI CS 16
//   long       68 L  L  68 C A CI data CS 16         L = 3 + bytes of data, 4 … 255
//
// CS is the sum of all bytes from C up to the one before it, modulo 256. Numbers of several bytes
// have the lowest first. (EN 13757-2, IEC 60870-5-2 format class FT 1.2.)
#pragma once

#include <cstdint>

namespace metrology::mbus {

inline constexpr std::uint8_t acknowledgement = 0xE5;
inline constexpr std::uint8_t short_start = 0x10;
inline constexpr std::uint8_t long_start = 0x68;
inline constexpr std::uint8_t stop = 0x16;

/// 68 L L 68, 255 counted bytes, CS, 16.
inline constexpr int max_frame_bytes = 261;
/// Answers are kept shorter than a frame may be (pro380 §5).
inline constexpr int max_answer_bytes = 240;

enum class FrameType : std::uint8_t {
  single,
  brief,  ///< "short"
  full,   ///< control or long, which differ in their length alone
};

/// A frame; of a single one nothing but the type, of a short one C and A. The data stay where they
/// are.
struct Frame {
  FrameType type;
  std::uint8_t c;
  std::uint8_t a;
  std::uint8_t ci;
  int data_bytes;
  const std::uint8_t* data;
};

/// The frame in `count` bytes, if they are one and nothing else: starts, both lengths, count,
/// checksum and stop are right.
bool parse(const std::uint8_t* bytes, int count, Frame& frame);

struct Answer {
  std::uint16_t size;
  std::uint8_t bytes[max_answer_bytes];
};

/// The whole answer E5.
void put_acknowledgement(Answer& answer);
/// Begins a control or long frame; data are to be added, and the frame is to be sealed.
void begin(Answer& answer, std::uint8_t c, std::uint8_t a, std::uint8_t ci);
/// Adds the byte `value`.
inline void add(Answer& answer, std::uint8_t value) { answer.bytes[answer.size++] = value; }
/// How many bytes of data may still be added.
int room(const Answer& answer);
/// Fills in both lengths, adds checksum and stop.
void seal(Answer& answer);

}  // namespace metrology::mbus
