#include "models/display/glass.h"

#include <algorithm>
#include <vector>

namespace models::display {

namespace {

struct Glyph {
  char character;
  Pattern pattern;
};
// In order of preference where patterns are the same: digits first.
constexpr Glyph glyphs[] = {{' ', 0x00},
                            {'0', 0x3F},
                            {'1', 0x06},
                            {'2', 0x5B},
                            {'3', 0x4F},
                            {'4', 0x66},
                            {'5', 0x6D},
                            {'6', 0x7D},
                            {'7', 0x07},
                            {'8', 0x7F},
                            {'9', 0x6F},
                            {'-', 0x40},
                            {'_', 0x08},
                            {'=', 0x48},
                            {'A', 0x77},
                            {'b', 0x7C},
                            {'C', 0x39},
                            {'c', 0x58},
                            {'d', 0x5E},
                            {'E', 0x79},
                            {'F', 0x71},
                            {'G', 0x3D},
                            {'H', 0x76},
                            {'h', 0x74},
                            {'i', 0x04},
                            {'J', 0x1E},
                            {'L', 0x38},
                            {'l', 0x30},
                            {'n', 0x54},
                            {'o', 0x5C},
                            {'P', 0x73},
                            {'q', 0x67},
                            {'r', 0x50},
                            {'t', 0x78},
                            {'U', 0x3E},
                            {'u', 0x1C},
                            {'y', 0x6E},
                            {'/', 0x52},
                            // Other ways of writing the same.
                            {'a', 0x77},
                            {'B', 0x7C},
                            {'D', 0x5E},
                            {'e', 0x79},
                            {'f', 0x71},
                            {'g', 0x6F},
                            {'I', 0x06},
                            {'j', 0x1E},
                            {'N', 0x54},
                            {'O', 0x3F},
                            {'p', 0x73},
                            {'Q', 0x67},
                            {'R', 0x50},
                            {'S', 0x6D},
                            {'s', 0x6D},
                            {'T', 0x78},
                            {'Y', 0x6E},
                            {'Z', 0x5B},
                            {'z', 0x5B}};

constexpr std::string_view blanks = " ";

std::uint32_t bit(int line) { return std::uint32_t{1} << line; }

/// One pattern a character, points with the character before them; nothing if one has none.
std::optional<std::vector<Pattern>> spelled(std::string_view text) {
  std::vector<Pattern> found;
  for (const char letter : text) {
    if (letter == '.') {
      // A point of its own, or after another point, stands at a blank digit.
      if (found.empty() || (found.back() & point) != 0) found.push_back(0);
      found.back() |= point;
      continue;
    }
    const std::optional<Pattern> known = pattern(letter);
    if (!known) return std::nullopt;
    found.push_back(*known);
  }
  return found;
}

/// Without what is blank at both ends.
template <typename Container>
std::vector<Pattern> trimmed(const Container& patterns) {
  const auto is_lit = [](Pattern p) { return p != 0; };
  const auto first = std::find_if(patterns.begin(), patterns.end(), is_lit);
  const auto last = std::find_if(patterns.rbegin(), patterns.rend(), is_lit).base();
  return first < last ? std::vector<Pattern>(first, last) : std::vector<Pattern>();
}

}  // namespace

Patterns patterns(const GlassSegments& segments) {
  Patterns found{};
  for (int digit = 0; digit < digit_count; ++digit) {
    for (std::size_t k = 0; k < digit_dots.size(); ++k) {
      const Dot& dot = digit_dots[k];
      if ((segments[dot.common] & bit(2 * digit + dot.line_of_digit)) != 0) {
        found[static_cast<std::size_t>(digit)] |= static_cast<Pattern>(bit(static_cast<int>(k)));
      }
    }
  }
  return found;
}

std::uint32_t symbols(const GlassSegments& segments) {
  std::uint32_t found = 0;
  for (int n = 0; n < symbol_count; ++n) {
    const std::uint32_t lines = segments[static_cast<std::size_t>(n % common_count)];
    if ((lines & bit(first_symbol_line + n / common_count)) != 0) found |= bit(n);
  }
  return found;
}

GlassSegments segments(const Patterns& patterns, std::uint32_t symbols) {
  GlassSegments found{};
  for (int digit = 0; digit < digit_count; ++digit) {
    for (std::size_t k = 0; k < digit_dots.size(); ++k) {
      const Dot& dot = digit_dots[k];
      if ((patterns[static_cast<std::size_t>(digit)] & bit(static_cast<int>(k))) != 0) {
        found[dot.common] |= bit(2 * digit + dot.line_of_digit);
      }
    }
  }
  for (int n = 0; n < symbol_count; ++n) {
    if ((symbols & bit(n)) != 0) {
      found[static_cast<std::size_t>(n % common_count)] |=
          bit(first_symbol_line + n / common_count);
    }
  }
  return found;
}

GlassSegments all_segments() {
  GlassSegments found{};
  found.fill(bit(segment_line_count) - 1);
  return found;
}

char character(Pattern pattern) {
  for (const Glyph& glyph : glyphs) {
    if (glyph.pattern == (pattern & ~point)) return glyph.character;
  }
  return '?';
}

std::optional<Pattern> pattern(char character) {
  for (const Glyph& glyph : glyphs) {
    if (glyph.character == character) return glyph.pattern;
  }
  return std::nullopt;
}

std::string text(const GlassSegments& segments) {
  std::string found;
  for (const Pattern shown : patterns(segments)) {
    found += character(shown);
    if ((shown & point) != 0) found += '.';
  }
  return found;
}

std::string symbol_text(std::uint32_t symbols) {
  std::string found;
  for (int n = 0; n < symbol_count; ++n) {
    if ((symbols & bit(n)) == 0) continue;
    if (!found.empty()) found += ' ';
    found += symbol_names[static_cast<std::size_t>(n)];
  }
  return found;
}

std::optional<std::uint32_t> symbols_of(std::string_view names) {
  std::uint32_t found = 0;
  while (true) {
    const std::size_t first = names.find_first_not_of(blanks);
    if (first == std::string_view::npos) return found;
    names.remove_prefix(first);
    const std::string_view name = names.substr(0, names.find_first_of(blanks));
    const auto place = std::find(symbol_names.begin(), symbol_names.end(), name);
    if (place == symbol_names.end()) return std::nullopt;
    found |= bit(static_cast<int>(place - symbol_names.begin()));
    names.remove_prefix(name.size());
  }
}

std::optional<Patterns> patterns_of(std::string_view text) {
  const std::optional<std::vector<Pattern>> letters = spelled(text);
  if (!letters || letters->size() > digit_count) return std::nullopt;
  Patterns found{};
  std::copy(letters->rbegin(), letters->rend(), found.rbegin());
  return found;
}

bool shows(const GlassSegments& segments, std::string_view text) {
  const std::optional<std::vector<Pattern>> letters = spelled(text);
  return letters && trimmed(patterns(segments)) == trimmed(*letters);
}

bool looks_like(std::string_view a, std::string_view b) {
  const std::optional<std::vector<Pattern>> letters_a = spelled(a);
  const std::optional<std::vector<Pattern>> letters_b = spelled(b);
  return letters_a && letters_b && trimmed(*letters_a) == trimmed(*letters_b);
}

}  // namespace models::display
