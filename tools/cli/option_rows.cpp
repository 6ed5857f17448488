#include "tools/cli/option_rows.h"

#include <algorithm>
#include <boost/any.hpp>

namespace tools {
namespace {

namespace po = boost::program_options;

/// "N" of "N: scenarios at a time", "BASE:SIZE" of "BASE:SIZE: more RAM"; empty if the text does
/// not begin with a value's name.
std::string value_of(const std::string& text) {
  const std::size_t colon = text.find(": ");
  if (colon == std::string::npos) return {};
  const std::string name = text.substr(0, colon);
  const bool words = name.find('|') != std::string::npos;
  const bool good = std::all_of(name.begin(), name.end(), [words](char c) {
    const bool upper = (c >= 'A' && c <= 'Z') || c == '=' || c == ':';
    const bool lower = (c >= 'a' && c <= 'z') || c == '|' || c == '-';
    return upper || (words && lower);
  });
  return good ? name : std::string();
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (std::size_t bar = text.find('|'); bar != std::string::npos; bar = text.find('|', begin)) {
    out.push_back(text.substr(begin, bar - begin));
    begin = bar + 1;
  }
  out.push_back(text.substr(begin));
  return out;
}

bool is_lower(const std::string& word) {
  return !word.empty() &&
         std::none_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// B|C is a choice as horizon|cycle is; of -|SOCKET only the first is a word.
std::vector<std::string> words_of(const std::string& value) {
  if (value.find('|') == std::string::npos) return {};
  std::vector<std::string> out = split(value);
  out.erase(std::remove_if(out.begin(), out.end(),
                           [](const std::string& w) { return !is_lower(w) && w.size() > 1; }),
            out.end());
  return out;
}

OptionRow row_of(const po::option_description& option) {
  OptionRow row;
  row.name = option.long_name();
  row.meaning = option.description();
  const po::value_semantic& semantic = *option.semantic();
  if (semantic.max_tokens() == 0) return row;
  row.value = value_of(row.meaning);
  if (row.value.empty()) {
    row.value = "VALUE";
  } else {
    row.meaning.erase(0, row.value.size() + 2);
  }
  row.words = words_of(row.value);
  row.repeated =
      dynamic_cast<const po::typed_value<std::vector<std::string>>*>(&semantic) != nullptr;
  boost::any fallback;
  if (semantic.apply_default(fallback)) {
    if (const auto* text = boost::any_cast<std::string>(&fallback)) row.fallback = *text;
  }
  return row;
}

}  // namespace

std::vector<OptionRows> option_rows(const CommandSpec& spec) {
  std::vector<OptionRows> out;
  for (const OptionGroup& group : spec.groups) {
    OptionRows rows{group.heading, {}};
    for (const auto& option : group.options.options()) rows.rows.push_back(row_of(*option));
    out.push_back(std::move(rows));
  }
  if (out.empty()) out.push_back({"Options", {}});
  out.back().rows.push_back({"help", "", {}, "shows this, and -h does", "", false});
  return out;
}

ValueKind kind_of(const OptionRow& row) {
  if (!row.words.empty()) return ValueKind::words;
  if (row.value == "FILE") return ValueKind::scenario;
  if (row.value == "F" || row.value == "LINK") return ValueKind::file;
  if (row.value == "DIR") return ValueKind::folder;
  if (row.value == "V") return ValueKind::variant;
  return ValueKind::none;
}

}  // namespace tools
