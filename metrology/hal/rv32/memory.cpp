// memset and memcpy for the image, in words where the addresses allow. The C library's set and copy
// byte by byte, and what the firmware sets and copies are mostly structures of whole words.

#include <cstddef>
#include <cstdint>

namespace {

using Byte = unsigned char;
/// May stand for objects of any type.
using Word [[gnu::may_alias]] = std::uint32_t;

constexpr std::size_t word_bytes = sizeof(Word);

/// How many bytes lie before the next whole word.
std::size_t bytes_to_word(const void* at) {
  return (word_bytes - reinterpret_cast<std::uintptr_t>(at)) % word_bytes;
}

bool is_whole_word(const void* at) { return bytes_to_word(at) == 0; }

}  // namespace

extern "C" {

void* memset(void* destination, int value, std::size_t count) {
  Byte* at = static_cast<Byte*>(destination);
  const auto byte = static_cast<Byte>(value);
  for (; count > 0 && !is_whole_word(at); --count) *at++ = byte;
  const Word word = 0x0101'0101U * byte;
  Word* words = reinterpret_cast<Word*>(at);
  for (; count >= 4 * word_bytes; count -= 4 * word_bytes) {
    words[0] = word;
    words[1] = word;
    words[2] = word;
    words[3] = word;
    words += 4;
  }
  for (; count >= word_bytes; count -= word_bytes) *words++ = word;
  at = reinterpret_cast<Byte*>(words);
  for (; count > 0; --count) *at++ = byte;
  return destination;
}

void* memcpy(void* destination, const void* source, std::size_t count) {
  Byte* to = static_cast<Byte*>(destination);
  const Byte* from = static_cast<const Byte*>(source);
  if (bytes_to_word(to) == bytes_to_word(from)) {
    for (; count > 0 && !is_whole_word(to); --count) *to++ = *from++;
    Word* to_words = reinterpret_cast<Word*>(to);
    const Word* from_words = reinterpret_cast<const Word*>(from);
    for (; count >= word_bytes; count -= word_bytes) *to_words++ = *from_words++;
    to = reinterpret_cast<Byte*>(to_words);
    from = reinterpret_cast<const Byte*>(from_words);
  }
  for (; count > 0; --count) *to++ = *from++;
  return destination;
}

}  // extern "C"
