// The glass of the display: which dot of the 4 × 20 matrix is which segment or symbol, and what a
// person would read from it. The map is the glass maker's [twin]; whoever drives it must know it.
//
//   upper row, digits d = 0 … 7 from the left, two segment lines each:
//
//              COM0   COM1   COM2   COM3            ─a─
//     SEG 2d    a      f      e      d             f   b
//     SEG 2d+1  b      g      c      dp             ─g─
//                                                  e   c
//   dp is the point at the lower right of its       ─d─  dp
//   digit.
//
//   lower row, symbols:
//
//              COM0   COM1   COM2   COM3
//     SEG 16    kWh    kvarh  V      A
//     SEG 17    kW     kVA    Hz     PF
//     SEG 18    L1     L2     L3     FW
//     SEG 19    RV     T1     T2     bar      bar: the line between the rows
//
// All functions are pure and take what models::pins::Glass shows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/pins/display.h"

namespace models::display {

using pins::GlassSegments;

inline constexpr int digit_count = 8;
inline constexpr int symbol_count = 16;
inline constexpr int common_count = 4;
inline constexpr int segment_line_count = 20;
inline constexpr int first_symbol_line = 2 * digit_count;

/// A digit's segments as bits: a … g are bits 0 … 6, the point is bit 7.
using Pattern = std::uint8_t;
inline constexpr Pattern point = 0x80;
using Patterns = std::array<Pattern, digit_count>;

/// Where a dot of the matrix lies.
struct Dot {
  std::uint8_t common;
  std::uint8_t line_of_digit;  ///< segment line 2d + this
};
/// Of segment bits 0 … 7 (a b c d e f g dp).
inline constexpr std::array<Dot, 8> digit_dots{
    {{0, 0}, {0, 1}, {2, 1}, {3, 0}, {2, 0}, {1, 0}, {1, 1}, {3, 1}}};

/// Symbol n is the dot of segment line 16 + n / 4 and common n % 4.
inline constexpr std::array<std::string_view, symbol_count> symbol_names{
    "kWh", "kvarh", "V",  "A",  "kW", "kVA", "Hz", "PF",
    "L1",  "L2",    "L3", "FW", "RV", "T1",  "T2", "bar"};

/// The patterns of the eight digits, from the left.
Patterns patterns(const GlassSegments& segments);
/// The symbols that are on, bit n for symbol_names[n].
std::uint32_t symbols(const GlassSegments& segments);
/// What a controller must drive to show these.
GlassSegments segments(const Patterns& patterns, std::uint32_t symbols);
/// Every dot of the map.
GlassSegments all_segments();

/// The character that a person reads in a pattern, its point apart: digits where a letter looks the
/// same (5 and S, 0 and O, 1 and I), '?' for what is no character.
char character(Pattern pattern);
/// The pattern of a character, upper or lower case as the glass can show it; nothing for what seven
/// segments cannot show.
std::optional<Pattern> pattern(char character);

/// Eight characters from the left, each followed by '.' where its point is on: "  1234.56".
std::string text(const GlassSegments& segments);
/// Names of the symbols that are on, in the order of the map, separated by a blank: "kWh T1".
std::string symbol_text(std::uint32_t symbols);
/// The bit mask of names separated by blanks; nothing if one of them is no symbol.
std::optional<std::uint32_t> symbols_of(std::string_view names);

/// The patterns of a text of at most eight characters with points, aligned to the right; nothing
/// for a text that cannot be shown.
std::optional<Patterns> patterns_of(std::string_view text);
/// Whether `text` could be what is shown: equal as patterns, blanks at both ends apart, so that "S"
/// is shown by what reads as "5".
bool shows(const GlassSegments& segments, std::string_view text);
/// The same for two texts. A text that cannot be shown equals none.
bool looks_like(std::string_view a, std::string_view b);

}  // namespace models::display
