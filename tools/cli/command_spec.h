// What a command is to somebody who reads about it: usage, purpose, options, examples. The parser,
// the help, the completion of shells, the manual page and the reference are all made from it.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <utility>
#include <vector>

namespace tools {

/// What stands behind a command, for shells that complete it.
enum class Operand { none, scenario, file, variant, command, shell };

struct Example {
  std::string command;  ///< without the program's name: "run load-step.yaml --log F"
  std::string shows;    ///< what it is good for, a few words
};

/// Options under one heading. The description of an option that takes a value begins with the
/// value's name or its words and a colon: "N: scenarios at a time", "horizon|cycle: how often …".
struct OptionGroup {
  std::string heading;
  boost::program_options::options_description options;
};

struct CommandSpec {
  std::string name;
  std::string operands;  ///< "FILE…", or what must be given besides
  Operand operand = Operand::none;
  std::string purpose;                   ///< half a sentence, for the overview
  std::vector<std::string> description;  ///< paragraphs
  std::vector<OptionGroup> groups;
  std::vector<Example> examples;
  std::string status;  ///< what the exit status says, where it is not what all commands say

  void add_options(std::string heading, boost::program_options::options_description options) {
    groups.push_back({std::move(heading), std::move(options)});
  }
  /// "run FILE…"
  std::string usage() const { return operands.empty() ? name : name + " " + operands; }
};

/// What the exit status says of most commands.
extern const char* const usual_status;

}  // namespace tools
