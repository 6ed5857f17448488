#include "tools/scenario/input_error.h"

#include <fmt/format.h>

namespace tools {

std::string to_string(const Position& position) {
  std::string name = position.file ? *position.file : "?";
  if (position.line == 0) return name;
  return fmt::format("{}:{}:{}", name, position.line, position.column);
}

InputError::InputError(const Position& position, const std::string& what)
    : std::runtime_error(to_string(position) + ": " + what) {}

std::string in_quotes(const std::string& text) {
  constexpr std::size_t shown = 60;
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size() && i < shown; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte >= 0x7F) {
      out += fmt::format("\\x{:02X}", byte);
    } else {
      out += text[i];
    }
  }
  out += text.size() > shown ? "…\"" : "\"";
  return out;
}

}  // namespace tools
