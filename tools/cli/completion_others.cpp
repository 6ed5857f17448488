// zsh and fish: both know commands, options with their meaning, and files by themselves.
#include <fmt/format.h>

#include "tools/cli/completion.h"
#include "tools/cli/option_rows.h"

namespace tools {
namespace {

/// For a word in single quotes.
std::string in_quotes(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out;
}

/// For _arguments, which reads brackets and colons.
std::string for_zsh(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':') out += '\\';
    out += c;
  }
  return in_quotes(out);
}

std::string zsh_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    out += out.empty() ? "(" : " ";
    for (const char c : word) {
      if (c == ' ') out += '\\';
      out += c;
    }
  }
  return out + ")";
}

constexpr const char* zsh_scenarios = "_files -g \"*.(yaml|yml)\"";

std::string zsh_action(const OptionRow& row) {
  switch (kind_of(row)) {
    case ValueKind::words:
      return zsh_words(row.words);
    case ValueKind::scenario:
      return zsh_scenarios;
    case ValueKind::file:
      return "_files";
    case ValueKind::folder:
      return "_files -/";
    case ValueKind::variant:
      return zsh_words(variant_words());
    case ValueKind::none:
      break;
  }
  return " ";
}

std::string zsh_operand(const CommandSpec& spec, const std::vector<CommandSpec>& specs) {
  if (spec.operand == Operand::scenario) return zsh_scenarios;
  if (spec.operand == Operand::file) return "_files";
  const std::vector<std::string> words = operand_words(spec, specs);
  return words.empty() ? "" : zsh_words(words);
}

std::string fish_action(const OptionRow& row) {
  switch (kind_of(row)) {
    case ValueKind::words:
      return fmt::format(" -x -a '{}'", fmt::join(row.words, " "));
    case ValueKind::scenario:
    case ValueKind::file:
      return " -r -F";
    case ValueKind::folder:
      return " -x -a '(__fish_complete_directories)'";
    case ValueKind::variant:
      return fmt::format(" -x -a '\"{}\"'", fmt::join(variant_words(), "\" \""));
    case ValueKind::none:
      break;
  }
  return row.value.empty() ? " -f" : " -x";
}

}  // namespace

std::string zsh_completion(const std::vector<CommandSpec>& specs) {
  std::string out =
      "#compdef vmeter\n# Completes vmeter in zsh. Made by: vmeter completion zsh\n\n_vmeter() {\n"
      "  local -a commands\n  commands=(\n";
  for (const CommandSpec& spec : specs) {
    out += fmt::format("    '{}:{}'\n", spec.name, for_zsh(spec.purpose));
  }
  out +=
      "  )\n  if ((CURRENT == 2)); then\n"
      "    _describe command commands\n"
      "    _arguments '--help[explains]' '--version[names the build]'\n    return\n  fi\n"
      "  local command=${words[2]}\n  shift words\n  ((CURRENT -= 1))\n  case $command in\n";
  for (const CommandSpec& spec : specs) {
    out += fmt::format("    {})\n      _arguments", spec.name);
    for (const OptionRows& group : option_rows(spec)) {
      for (const OptionRow& row : group.rows) {
        out += fmt::format(" \\\n        '{}--{}{}[{}]", row.repeated ? "*" : "", row.name,
                           row.value.empty() ? "" : "=", for_zsh(row.meaning));
        if (!row.value.empty()) out += fmt::format(":{}:{}", for_zsh(row.value), zsh_action(row));
        out += "'";
      }
    }
    const std::string operand = zsh_operand(spec, specs);
    if (!operand.empty()) out += fmt::format(" \\\n        '*:{}:{}'", "operand", operand);
    out += "\n      ;;\n";
  }
  return out + "  esac\n}\n\n_vmeter \"$@\"\n";
}

std::string fish_completion(const std::vector<CommandSpec>& specs) {
  std::string out =
      "# Completes vmeter in fish. Made by: vmeter completion fish\ncomplete -c vmeter -f\n"
      "complete -c vmeter -n __fish_use_subcommand -l help -d 'explains'\n"
      "complete -c vmeter -n __fish_use_subcommand -l version -d 'names the build'\n";
  for (const CommandSpec& spec : specs) {
    out += fmt::format("complete -c vmeter -n __fish_use_subcommand -a {} -d '{}'\n", spec.name,
                       in_quotes(spec.purpose));
  }
  for (const CommandSpec& spec : specs) {
    const std::string when =
        fmt::format("complete -c vmeter -n '__fish_seen_subcommand_from {}'", spec.name);
    for (const OptionRows& group : option_rows(spec)) {
      for (const OptionRow& row : group.rows) {
        out += fmt::format("{} -l {}{} -d '{}'\n", when, row.name, fish_action(row),
                           in_quotes(row.meaning));
      }
    }
    const std::vector<std::string> words = operand_words(spec, specs);
    if (spec.operand == Operand::scenario || spec.operand == Operand::file) out += when + " -F\n";
    if (!words.empty()) {
      out += fmt::format("{} -a '\"{}\"'\n", when, fmt::join(words, "\" \""));
    }
  }
  return out;
}

}  // namespace tools
