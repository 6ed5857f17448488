#include "tools/scenario/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "tools/scenario/keys.h"

namespace tools {
namespace {

constexpr std::string_view head =
    "# Reference of the scenario language\n\n"
    "Made by `vmeter check --reference > scenarios/REFERENCE.md` from the tables that the loader "
    "reads "
    "by; a test\nholds this file against them. [README.md](README.md) teaches the language.\n\n"
    "A star marks what must be there. Every value may be a parameter, `${name}`. What stands under "
    "*default* holds\nwithout the key, but in a timeline's `set` and `receivers` what is not named "
    "stays as it was. What the loader refuses\nbesides, it says with file, line and column.\n";

template <typename T>
const T* find(const std::vector<T>& table, std::string_view name) {
  for (const T& row : table) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

bool is_section(std::string_view name) { return find(sections(), name) != nullptr; }

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  return fmt::format("{}", fmt::join(parts, between));
}

std::string units_text(const QuantityType& type) {
  std::vector<std::string> out;
  bool bare = false;
  for (const Dimension dimension : type.dimensions) {
    bare = bare || dimension == Dimension::number || dimension == Dimension::count;
    for (const std::string_view unit : units_of(dimension)) out.emplace_back(unit);
  }
  if (bare) out.emplace_back(type.name == "count" ? "whole number" : "number without a unit");
  return joined(out, " ");
}

std::string linked(std::string_view type) { return fmt::format("[{}](#{})", type, type); }

std::string value_text(std::string_view type) {
  if (is_section(type) || find(quantity_types(), type) != nullptr ||
      find(text_types(), type) != nullptr) {
    return linked(type);
  }
  if (const ChoiceType* choice = find(choice_types(), type)) {
    std::vector<std::string> words;
    for (const std::string_view word : choice->words) words.push_back(fmt::format("`{}`", word));
    return joined(words, ", ");
  }
  if (const ListType* list = find(list_types(), type)) {
    const std::string many = list->at_least == list->at_most
                                 ? fmt::format("{}", list->at_least)
                                 : fmt::format("{} to {}", list->at_least, list->at_most);
    return fmt::format("list of {} of {}", many, value_text(list->item));
  }
  if (const UnionType* either = find(union_types(), type)) {
    if (type == "expectation") return "[one of these](#what-must-come-out)";
    std::vector<std::string> parts;
    for (const std::string_view part : either->types) parts.push_back(value_text(part));
    return joined(parts, ", or ");
  }
  if (type == "parameters") return "map of names to values";
  return std::string(type);
}

/// What a meaning says of the value without the key: the words before or behind "without it".
std::string default_text(std::string_view meaning) {
  constexpr std::string_view words = "without it";
  const std::size_t at = meaning.find(words);
  if (at == std::string_view::npos) return "";
  std::size_t begin = meaning.find_last_of(";.", at);
  // A point within a number or a name ends no sentence.
  while (begin != std::string_view::npos && begin + 1 < meaning.size() &&
         meaning[begin + 1] != ' ') {
    begin = begin == 0 ? std::string_view::npos : meaning.find_last_of(";.", begin - 1);
  }
  begin = begin == std::string_view::npos ? 0 : begin + 2;
  std::string_view text = meaning.substr(begin, at - begin);
  if (text.empty()) {
    text = meaning.substr(at + words.size());
    text = text.substr(0, text.find_first_of(";."));
    while (!text.empty() && (text.front() == ' ' || text.front() == ',')) text.remove_prefix(1);
  }
  const std::size_t colon = text.rfind(": ");
  if (colon != std::string_view::npos) text = text.substr(colon + 2);
  while (!text.empty() && (text.back() == ' ' || text.back() == ',' || text.back() == '('))
    text.remove_suffix(1);
  return std::string(text);
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

/// The sections and keys through which a section is reached.
std::vector<std::string> places_of(std::string_view name) {
  std::set<std::string_view> types = {name};
  for (bool grown = true; grown;) {
    const std::size_t before = types.size();
    for (const ListType& list : list_types()) {
      if (types.count(list.item) > 0) types.insert(list.name);
    }
    for (const UnionType& either : union_types()) {
      for (const std::string_view part : either.types) {
        if (types.count(part) > 0) types.insert(either.name);
      }
    }
    grown = types.size() != before;
  }
  std::vector<std::string> out;
  for (const Section& section : sections()) {
    for (const Key& key : section.keys) {
      if (types.count(key.type) == 0) continue;
      out.push_back(fmt::format("`{}` of {}", key.name, linked(section.name)));
    }
  }
  return out;
}

std::string section_text(const Section& section) {
  const std::vector<std::string> places = places_of(section.name);
  std::string out = fmt::format("\n### {}\n\n", section.name);
  out +=
      places.empty() ? "The file itself.\n" : fmt::format("Stands at {}.\n", joined(places, ", "));
  out += "\n| key | value | default | range | meaning |\n|---|---|---|---|---|\n";
  for (const Key& key : section.keys) {
    out += fmt::format("| `{}`{} | {} | {} | {} | {} |\n", key.name, key.required ? " *" : "",
                       cell(value_text(key.type)), cell(default_text(key.meaning)), cell(key.range),
                       cell(key.meaning));
  }
  return out;
}

std::string values_text() {
  std::string out =
      "\n## Values\n\nA value with a unit is a number of up to 30 digits, `1e-3` too, and the "
      "unit, with "
      "or without a blank\nbetween them. Where a time has no range above, it is 0 s to 200 d; how "
      "long "
      "something takes is above 0.\n\n";
  for (const QuantityType& type : quantity_types()) {
    out += fmt::format("### {}\n\nUnits: {}; such as `{}`.\n\n", type.name, units_text(type),
                       example_of(type.dimensions.front()));
  }
  for (const TextType& type : text_types()) {
    out += fmt::format("### {}\n\nText of the form `{}`.\n\n", type.name, type.pattern);
  }
  out.pop_back();
  return out;
}

}  // namespace

std::string scenario_reference() {
  std::string out(head);
  const std::vector<std::string_view>& expectations = find(union_types(), "expectation")->types;
  const auto is_expectation = [&expectations](const Section& section) {
    return std::find(expectations.begin(), expectations.end(), section.name) != expectations.end();
  };
  out += "\n## What stands where\n";
  out += section_text(section("scenario"));
  for (const Section& section : sections()) {
    if (section.name != "scenario" && !is_expectation(section)) out += section_text(section);
  }
  out +=
      "\n## What must come out\n\nEach item of `expect` is one of these, known by its first key.\n";
  for (const Section& section : sections()) {
    if (is_expectation(section)) out += section_text(section);
  }
  return out + values_text();
}

}  // namespace tools
