// Parsing of one command's options, and what all commands do alike.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

#include "tools/cli/command_spec.h"
#include "tools/cli/commands.h"
#include "tools/scenario/compose.h"

namespace tools {

class CommandOptions {
 public:
  explicit CommandOptions(CommandSpec spec);

  /// Returns false when help was asked for and has been printed. Throws UsageError. What is no
  /// option goes to `operands`.
  bool parse(const Arguments& arguments, std::size_t operands_min, std::size_t operands_max);

  const std::vector<std::string>& operands() const { return operands_; }
  bool has(const std::string& option) const { return values_.count(option) > 0; }
  /// Whether it stands in the command line: no default has its place.
  bool given(const std::string& option) const {
    return has(option) && !values_[option].defaulted();
  }
  /// From now on as if `text` were the default of an option that was not given.
  void suppose(const std::string& option, const std::string& text) {
    values_.erase(option);
    values_.emplace(option, boost::program_options::variable_value(boost::any(text), true));
  }
  std::string text(const std::string& option) const;
  std::vector<std::string> texts(const std::string& option) const;

 private:
  CommandSpec spec_;
  boost::program_options::variables_map values_;
  std::vector<std::string> operands_;
};

/// A whole number of an option, low <= value <= high. Throws UsageError.
std::uint64_t read_number(const std::string& option, const std::string& text, std::uint64_t low,
                          std::uint64_t high);

std::vector<Override> read_overrides(const std::vector<std::string>& texts);

}  // namespace tools
