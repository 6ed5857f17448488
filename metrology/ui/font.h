// The 7-segment font: which segments make a character.
//
//     aaa
//    f   b
//     ggg
//    e   c
//     ddd  (point)
#pragma once

#include <cstdint>

namespace metrology::ui {

/// Segments of one digit, a bit each.
inline constexpr std::uint8_t segment_a = 0x01;
inline constexpr std::uint8_t segment_b = 0x02;
inline constexpr std::uint8_t segment_c = 0x04;
inline constexpr std::uint8_t segment_d = 0x08;
inline constexpr std::uint8_t segment_e = 0x10;
inline constexpr std::uint8_t segment_f = 0x20;
inline constexpr std::uint8_t segment_g = 0x40;
inline constexpr std::uint8_t segment_point = 0x80;
inline constexpr int segments_per_digit = 8;

struct Glyph {
  char character;
  std::uint8_t segments;
};

/// Every character that a page shows. Seven segments cannot tell S from 5, and F and R have one
/// shape for both cases.
inline constexpr Glyph font[] = {
    {' ', 0x00}, {'-', 0x40}, {'/', 0x52}, {'0', 0x3F}, {'1', 0x06}, {'2', 0x5B}, {'3', 0x4F},
    {'4', 0x66}, {'5', 0x6D}, {'6', 0x7D}, {'7', 0x07}, {'8', 0x7F}, {'9', 0x6F}, {'C', 0x39},
    {'F', 0x71}, {'R', 0x50}, {'S', 0x6D}, {'b', 0x7C}, {'d', 0x5E}, {'f', 0x71}, {'i', 0x04},
    {'l', 0x30}, {'n', 0x54}, {'o', 0x5C}, {'r', 0x50}, {'t', 0x78},
};

/// Segments of `character`; none of one that the font does not have.
constexpr std::uint8_t segments_of(char character) {
  for (const Glyph& glyph : font) {
    if (glyph.character == character) return glyph.segments;
  }
  return 0;
}

}  // namespace metrology::ui
