#include "tools/scenario/plain_text.h"

#include <catch2/catch.hpp>

TEST_CASE("characters are those of the Unicode standard's table of well-formed UTF-8") {
  using tools::character_length;
  for (const auto& [text, length] : std::vector<std::pair<std::string, std::size_t>>{
           {"a", 1},
           {"\xC2\x80", 2},          // U+0080, the first of two bytes
           {"\xC1\xBF", 0},          // U+007F in two
           {"\xE0\xA0\x80", 3},      // U+0800, the first of three
           {"\xE0\x9F\xBF", 0},      // U+07FF in three
           {"\xED\x9F\xBF", 3},      // U+D7FF, the last before the surrogates
           {"\xED\xA0\x80", 0},      // U+D800
           {"\xEE\x80\x80", 3},      // U+E000, the first behind them
           {"\xF0\x90\x80\x80", 4},  // U+10000, the first of four
           {"\xF0\x8F\xBF\xBF", 0},  // U+FFFF in four
           {"\xF4\x8F\xBF\xBF", 4},  // U+10FFFF, the last
           {"\xF4\x90\x80\x80", 0},
           {"\x80", 0},
           {"\xE2\x82", 0},
           {"\xE2\x82z", 0}}) {
    INFO(text);
    CHECK(character_length(text) == length);
  }
}

TEST_CASE("plain text holds nothing that XML or a terminal cannot show") {
  CHECK(tools::is_plain("a b, µ and 电"));
  for (const char* text : {"\x1F", "\x7F", "\xC2\x9F", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xFF"}) {
    CHECK_FALSE(tools::is_plain(text));
  }
  CHECK(tools::is_plain(" ~\xC2\xA0\xEF\xBF\xBD"));
  CHECK(tools::made_plain("a\n\xE2\x82µ\xFF") == "a???µ?");
}
