#include "tools/cli/options.h"

#include <fmt/format.h>

#include <charconv>
#include <iostream>

namespace tools {

namespace po = boost::program_options;

CommandOptions::CommandOptions(CommandHelp help, po::options_description options)
    : help_(std::move(help)), options_(std::move(options)) {
  options_.add_options()("help,h", "show this");
}

bool CommandOptions::parse(const Arguments& arguments, std::size_t operands_min,
                           std::size_t operands_max) {
  po::options_description all;
  all.add(options_).add_options()("operand", po::value<std::vector<std::string>>(&operands_));
  po::positional_options_description positions;
  positions.add("operand", -1);
  try {
    po::store(
        po::command_line_parser(arguments)
            .options(all)
            .positional(positions)
            .style(po::command_line_style::unix_style & ~po::command_line_style::allow_guessing)
            .run(),
        values_);
    po::notify(values_);
  } catch (const po::error& error) {
    throw UsageError(fmt::format("{}; see vmeter {} --help", error.what(),
                                 help_.usage.substr(0, help_.usage.find(' '))));
  }
  if (has("help")) {
    std::cout << "Usage: vmeter " << help_.usage << "\n\n"
              << help_.purpose << "\n\nOptions:\n"
              << options_;
    return false;
  }
  if (operands_.size() < operands_min || operands_.size() > operands_max) {
    throw UsageError(
        fmt::format("found {} operands, expected vmeter {}", operands_.size(), help_.usage));
  }
  return true;
}

std::string CommandOptions::text(const std::string& option) const {
  return has(option) ? values_[option].as<std::string>() : std::string();
}

std::vector<std::string> CommandOptions::texts(const std::string& option) const {
  return has(option) ? values_[option].as<std::vector<std::string>>() : std::vector<std::string>();
}

std::uint64_t read_number(const std::string& option, const std::string& text, std::uint64_t low,
                          std::uint64_t high) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || value < low || value > high) {
    throw UsageError(fmt::format("--{}: found {}, expected a whole number, {} to {}", option,
                                 quoted(text), low, high));
  }
  return value;
}

std::vector<Override> read_overrides(const std::vector<std::string>& texts) {
  std::vector<Override> out;
  out.reserve(texts.size());
  for (const std::string& text : texts) out.push_back(parse_override(text));
  return out;
}

}  // namespace tools
