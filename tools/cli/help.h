// What --help prints, for people at a terminal of 80 columns.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/command_spec.h"

namespace tools {

/// The overview: what the program is, its commands with an example each, where to begin.
std::string overview_text(const std::vector<CommandSpec>& specs);

/// One command: usage, what it does, options with their values and defaults, examples, status.
std::string help_text(const CommandSpec& spec);

/// Text in lines of at most `width` characters (bytes of UTF-8 that go on do not count), each
/// behind `indent` blanks.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t width = 80);

}  // namespace tools
