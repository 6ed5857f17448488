// The manual of the program: one page for man, and one document for the repository.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/command_spec.h"

namespace tools {

/// vmeter(1) in roff, for man, groff and mandoc.
std::string manual_page(const std::vector<CommandSpec>& specs);

/// tools/COMMANDS.md: every command with its options, their values and defaults, and examples.
std::string command_reference(const std::vector<CommandSpec>& specs);

}  // namespace tools
