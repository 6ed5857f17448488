#include <iostream>

#include "tools/cli/completion.h"
#include "tools/cli/options.h"

namespace tools {

CommandSpec completion_spec() {
  CommandSpec spec;
  spec.name = "completion";
  spec.operands = "bash|zsh|fish";
  spec.operand = Operand::shell;
  spec.purpose = "a script by which a shell completes vmeter's command line";
  spec.description = {
      "Prints a script by which a shell completes commands, options, their words, scenario files, "
      "variants and folders. cmake --install puts it where shells look for it."};
  spec.examples = {{"completion bash > ~/.local/share/bash-completion/completions/vmeter",
                    "for good; or at once, in one shell: . <(vmeter completion bash)"},
                   {"completion zsh > ~/.zfunc/_vmeter", "in a folder of zsh's fpath"}};
  spec.status = "0, or 2 when there is no such shell.";
  return spec;
}

int completion_command(const Arguments& arguments) {
  CommandOptions options(completion_spec());
  if (!options.parse(arguments, 1, 1)) return all_hold;
  const std::string& shell = options.operands().front();
  const std::vector<CommandSpec> specs = command_specs();
  if (shell == "bash") {
    std::cout << bash_completion(specs);
  } else if (shell == "zsh") {
    std::cout << zsh_completion(specs);
  } else if (shell == "fish") {
    std::cout << fish_completion(specs);
  } else {
    throw UsageError("found the shell " + in_quotes(shell) + ", expected bash, zsh or fish");
  }
  return all_hold;
}

}  // namespace tools
