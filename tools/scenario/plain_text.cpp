#include "tools/scenario/plain_text.h"

namespace tools {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

}  // namespace

std::size_t character_length(std::string_view text) {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xC0U) != 0x80) return 0;
  }
  // The second byte tells what the first leaves open (Unicode, table 3-7).
  const unsigned second = byte_at(text, 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second > 0x9F;
  const bool beyond = lead == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

bool is_printable(std::string_view character) {
  const unsigned first = byte_at(character, 0);
  if (first < 0x20 || first == 0x7F) return false;
  if (first == 0xC2) return byte_at(character, 1) >= 0xA0;  // U+0080 … U+009F
  return character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF";
}

bool is_plain(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0 || !is_printable(text.substr(0, length))) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string made_plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const bool good = length > 0 && is_printable(text.substr(0, length));
    if (good) {
      out += text.substr(0, length);
    } else {
      out += '?';
    }
    text.remove_prefix(good ? length : 1);
  }
  return out;
}

}  // namespace tools
