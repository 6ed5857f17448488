// What may stand in a file and in a name: UTF-8 as the Unicode standard defines it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tools {

/// Length in bytes of the character that `text`, which is not empty, starts with; 0 when it starts
/// with none: no overlong forms, no surrogates, nothing beyond U+10FFFF.
std::size_t character_length(std::string_view text);

/// True for characters that every report can show: no controls, no U+FFFE and U+FFFF, which XML
/// does not know. `character` is one whole character.
bool is_printable(std::string_view character);

/// True if all of `text` is printable.
bool is_plain(std::string_view text);

/// `text` with a "?" for each byte that is not part of a printable character.
std::string made_plain(std::string_view text);

}  // namespace tools
