#include "tools/cli/options.h"

#include <fmt/format.h>

#include <charconv>
#include <iostream>

#include "tools/cli/help.h"
#include "tools/cli/nearest.h"
#include "tools/cli/option_rows.h"

namespace tools {

namespace po = boost::program_options;

namespace {

/// "…, did you mean --junit?", or nothing.
std::string suggestion(const CommandSpec& spec, const std::string& typed) {
  std::vector<std::string> names;
  for (const OptionRows& group : option_rows(spec)) {
    for (const OptionRow& row : group.rows) names.push_back("--" + row.name);
  }
  const std::string meant = nearest(typed, names);
  return meant.empty() ? "" : fmt::format(", did you mean {}?", meant);
}

}  // namespace

CommandOptions::CommandOptions(CommandSpec spec) : spec_(std::move(spec)) {}

bool CommandOptions::parse(const Arguments& arguments, std::size_t operands_min,
                           std::size_t operands_max) {
  po::options_description all;
  for (const OptionGroup& group : spec_.groups) all.add(group.options);
  all.add_options()("help,h", "")("operand", po::value<std::vector<std::string>>(&operands_));
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
  } catch (const po::unknown_option& error) {
    const std::string typed = error.get_option_name();
    throw UsageError(fmt::format("found the option {}{}; see vmeter {} --help", in_quotes(typed),
                                 suggestion(spec_, typed), spec_.name));
  } catch (const po::error& error) {
    throw UsageError(fmt::format("{}; see vmeter {} --help", error.what(), spec_.name));
  }
  if (has("help")) {
    std::cout << help_text(spec_);
    return false;
  }
  if (operands_.size() < operands_min || operands_.size() > operands_max) {
    throw UsageError(fmt::format("found {} operands, expected vmeter {}; see vmeter {} --help",
                                 operands_.size(), spec_.usage(), spec_.name));
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
                                 in_quotes(text), low, high));
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
