// The image's memset and memcpy, under other names on the host: every place within a word, every
// length around the parts that they are made of, and not a byte beside it.
#include <array>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>

#define memset image_memset
#define memcpy image_memcpy
#include "metrology/hal/rv32/memory.cpp"
#undef memset
#undef memcpy

namespace {

constexpr std::size_t longest = 70;
/// Longest, the places before it within two words, and as much behind.
using Buffer = std::array<unsigned char, longest + 16>;

Buffer numbered(unsigned first) {
  Buffer out{};
  for (std::size_t n = 0; n < out.size(); ++n) out[n] = static_cast<unsigned char>(first + n);
  return out;
}

}  // namespace

TEST_CASE("The image's memset sets what it is asked for at every place and nothing beside it") {
  for (std::size_t at = 0; at < 8; ++at) {
    for (std::size_t count = 0; count <= longest; ++count) {
      for (const int value : {0, 0xA5, 0x1FF, -1}) {
        alignas(8) Buffer seen = numbered(7);
        Buffer expected = seen;
        for (std::size_t n = 0; n < count; ++n) {
          expected[at + n] = static_cast<unsigned char>(value & 0xFF);
        }
        CAPTURE(at, count, value);
        REQUIRE(image_memset(seen.data() + at, value, count) == seen.data() + at);
        REQUIRE(seen == expected);
      }
    }
  }
}

TEST_CASE("The image's memcpy copies from every place to every place and nothing beside it") {
  for (std::size_t from = 0; from < 8; ++from) {
    for (std::size_t to = 0; to < 8; ++to) {
      for (std::size_t count = 0; count <= longest; ++count) {
        alignas(8) const Buffer source = numbered(101);
        alignas(8) Buffer seen = numbered(7);
        Buffer expected = seen;
        for (std::size_t n = 0; n < count; ++n) expected[to + n] = source[from + n];
        CAPTURE(from, to, count);
        REQUIRE(image_memcpy(seen.data() + to, source.data() + from, count) == seen.data() + to);
        REQUIRE(seen == expected);
      }
    }
  }
}
