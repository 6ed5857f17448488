#include <fmt/format.h>

#include "tools/cli/completion.h"
#include "tools/cli/option_rows.h"
#include "tools/scenario/keys.h"

namespace tools {
namespace {

/// Bash breaks words at = and :, so that --sync=c is three of them; readline wants back what stands
/// behind the last break only.
constexpr std::string_view bash_head =
    R"(# Completes vmeter in bash. Made by: vmeter completion bash
_vmeter_words() {  # WORD…: those that begin with $cur, quoted for the line
  local word plain=${cur//\\/}
  plain=${plain#[\"\']}
  for word in "$@"; do
    [[ $word == "$plain"* ]] || continue
    [[ $cur == [\"\']* ]] || printf -v word %q "$word"
    COMPREPLY+=("$word")
  done
}
_vmeter_paths() {  # compgen's options
  compopt -o filenames 2>/dev/null
  local path
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$@" -- "$cur")
}
_vmeter_scenarios() {
  _vmeter_paths -d
  _vmeter_paths -f -X '!*.yaml'
  _vmeter_paths -f -X '!*.yml'
}
_vmeter() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev='' command=${COMP_WORDS[1]}
  COMPREPLY=()
  ((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD - 1]}
  if [[ $cur == = ]]; then
    cur=''
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
)";

constexpr std::string_view bash_tail = R"(}
complete -F _vmeter vmeter
)";

std::string quoted_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += fmt::format(" '{}'", word);
  return out;
}

std::string action_of(const OptionRow& row) {
  switch (kind_of(row)) {
    case ValueKind::words:
      return "_vmeter_words" + quoted_words(row.words);
    case ValueKind::scenario:
      return "_vmeter_scenarios";
    case ValueKind::file:
      return "_vmeter_paths -f";
    case ValueKind::folder:
      return "_vmeter_paths -d";
    case ValueKind::variant:
      return "_vmeter_words" + quoted_words(variant_words());
    case ValueKind::none:
      break;
  }
  return ":";
}

std::string operand_action(const CommandSpec& spec, const std::vector<CommandSpec>& specs) {
  if (spec.operand == Operand::scenario) return "_vmeter_scenarios";
  if (spec.operand == Operand::file) return "_vmeter_paths -f";
  const std::vector<std::string> words = operand_words(spec, specs);
  return words.empty() ? ":" : "_vmeter_words" + quoted_words(words);
}

}  // namespace

std::vector<std::string> variant_words() {
  const std::vector<std::string_view>& words = choice_type("variant").words;
  return {words.begin(), words.end()};
}

std::vector<std::string> operand_words(const CommandSpec& spec,
                                       const std::vector<CommandSpec>& specs) {
  if (spec.operand == Operand::variant) return variant_words();
  if (spec.operand == Operand::shell) return {"bash", "zsh", "fish"};
  std::vector<std::string> out;
  if (spec.operand != Operand::command) return out;
  for (const CommandSpec& other : specs) out.push_back(other.name);
  return out;
}

std::string bash_completion(const std::vector<CommandSpec>& specs) {
  std::vector<std::string> commands = {"--help", "--version"};
  for (const CommandSpec& spec : specs) commands.push_back(spec.name);
  std::string out(bash_head);
  out += "  if ((COMP_CWORD == 1)); then\n    _vmeter_words" + quoted_words(commands) +
         "\n    return\n  fi\n  case $command$prev in\n";
  for (const CommandSpec& spec : specs) {
    for (const OptionRows& group : option_rows(spec)) {
      for (const OptionRow& row : group.rows) {
        if (row.value.empty()) continue;
        out += fmt::format("    {}--{}) {}; return ;;\n", spec.name, row.name, action_of(row));
      }
    }
  }
  out += "  esac\n  if [[ $cur == -* ]]; then\n    case $command in\n";
  for (const CommandSpec& spec : specs) {
    std::vector<std::string> names;
    for (const OptionRows& group : option_rows(spec)) {
      for (const OptionRow& row : group.rows) names.push_back("--" + row.name);
    }
    out += fmt::format("      {}) _vmeter_words{} ;;\n", spec.name, quoted_words(names));
  }
  out += "    esac\n    return\n  fi\n  case $command in\n";
  for (const CommandSpec& spec : specs) {
    out += fmt::format("    {}) {} ;;\n", spec.name, operand_action(spec, specs));
  }
  out += "  esac\n";
  return out + std::string(bash_tail);
}

}  // namespace tools
