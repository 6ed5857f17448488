// A command's options as plain rows, taken from the descriptions that they are parsed by.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/command_spec.h"

namespace tools {

struct OptionRow {
  std::string name;                ///< "jobs"
  std::string value;               ///< "N", or "horizon|cycle"; empty: it takes none
  std::vector<std::string> words;  ///< of a value that is one of these
  std::string meaning;
  std::string fallback;  ///< the value without it, if it has one
  bool repeated = false;

  /// "--jobs N"
  std::string usage() const { return "--" + name + (value.empty() ? "" : " " + value); }
};

struct OptionRows {
  std::string heading;
  std::vector<OptionRow> rows;
};

/// Every option of a command under its heading, `--help` last.
std::vector<OptionRows> option_rows(const CommandSpec& spec);

/// What a value's name says of it, for shells that complete it.
enum class ValueKind { none, words, scenario, file, folder, variant };
ValueKind kind_of(const OptionRow& row);

}  // namespace tools
