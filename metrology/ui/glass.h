// What the glass shows, and where each part of it hangs on the LCD controller's lines.
//
//   digit d = 0 … 7 from the left     COM0  COM1  COM2  COM3
//     SEG 2d                            a     f     e     d
//     SEG 2d + 1                        b     g     c   point
//   symbols
//     SEG 16                           kWh  kvarh   V     A
//     SEG 17                           kW    kVA   Hz    PF
//     SEG 18                           L1    L2    L3    FW
//     SEG 19                           RV    T1    T2   bar
//
// The bar is the line between the rows; only the test pattern lights it.
#pragma once

#include <cstdint>

#include "metrology/hal/memory_map.h"
#include "metrology/ui/font.h"
#include "metrology/ui/page_table.h"

namespace metrology::ui {

inline constexpr int digit_count = 8;

/// Digits from the left, each segment a bit as in font.h, and the symbols.
struct Picture {
  std::uint8_t digit[digit_count];
  Symbols symbols;
};

/// The words of the controller's segment RAM.
struct Frame {
  std::uint32_t common[hal::lcd::commons];
};
constexpr bool operator==(const Frame& a, const Frame& b) {
  for (int n = 0; n < hal::lcd::commons; ++n) {
    if (a.common[n] != b.common[n]) return false;
  }
  return true;
}
constexpr bool operator!=(const Frame& a, const Frame& b) { return !(a == b); }

/// Where a segment hangs.
struct Line {
  std::uint8_t common;
  std::uint8_t segment;  ///< within the digit's pair
};
/// Of segments a … g and the point.
inline constexpr Line digit_lines[segments_per_digit] = {{0, 0}, {0, 1}, {2, 1}, {3, 0},
                                                         {2, 0}, {1, 0}, {1, 1}, {3, 1}};
inline constexpr int segments_of_a_digit = 2;
inline constexpr int first_symbol_segment = digit_count * segments_of_a_digit;
static_assert(first_symbol_segment + (symbol_count + hal::lcd::commons - 1) / hal::lcd::commons ==
              hal::lcd::segments);

constexpr Frame frame_of(const Picture& picture) {
  Frame frame{};
  for (int digit = 0; digit < digit_count; ++digit) {
    for (int n = 0; n < segments_per_digit; ++n) {
      const std::uint32_t on = (static_cast<std::uint32_t>(picture.digit[digit]) >> n) & 1U;
      const Line line = digit_lines[n];
      frame.common[line.common] |= on << (segments_of_a_digit * digit + line.segment);
    }
  }
  for (int n = 0; n < symbol_count; ++n) {
    const std::uint32_t on = (static_cast<std::uint32_t>(picture.symbols) >> n) & 1U;
    frame.common[n % hal::lcd::commons] |= on << (first_symbol_segment + n / hal::lcd::commons);
  }
  return frame;
}

/// The test pattern: everything that can light.
constexpr Frame full_frame() {
  Frame frame{};
  for (std::uint32_t& word : frame.common) word = (1U << hal::lcd::segments) - 1;
  return frame;
}

}  // namespace metrology::ui
