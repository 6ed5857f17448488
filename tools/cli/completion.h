// Scripts by which shells complete the command line, made from the specs that it is parsed by.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/command_spec.h"

namespace tools {

std::string bash_completion(const std::vector<CommandSpec>& specs);
std::string zsh_completion(const std::vector<CommandSpec>& specs);
std::string fish_completion(const std::vector<CommandSpec>& specs);

/// The words that may stand for a command's operand: variants, shells, commands; else none.
std::vector<std::string> operand_words(const CommandSpec& spec,
                                       const std::vector<CommandSpec>& specs);
/// The variants' names.
std::vector<std::string> variant_words();

}  // namespace tools
