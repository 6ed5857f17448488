#include "tools/scenario/reader.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tools/scenario/plain_text.h"

namespace tools {
namespace {

std::string joined(const std::vector<std::string_view>& words, const char* last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? last : ", ";
    out += words[i];
  }
  return out;
}

const ListType& list_type(std::string_view name) {
  for (const ListType& type : list_types()) {
    if (type.name == name) return type;
  }
  throw std::logic_error("the language has no list " + std::string(name));
}

/// "a voltage such as 230 V", for every dimension that a type takes.
std::string expectation_of(const QuantityType& type) {
  if (type.dimensions.size() == 1) {
    const Dimension d = type.dimensions.front();
    return fmt::format("{} such as {}", name_of(d), example_of(d));
  }
  std::vector<std::string_view> examples;
  for (const Dimension d : type.dimensions) examples.push_back(example_of(d));
  return "a value such as " + joined(examples, " or ");
}

}  // namespace

SectionReader::SectionReader(const TreeNode& node, const Section& section)
    : node_(node), section_(section) {
  std::vector<std::string_view> known;
  for (const Key& key : section.keys) known.push_back(key.name);
  if (node.kind != TreeNode::Kind::map) {
    throw InputError(node.position, fmt::format("found {}, expected a map with the keys {}",
                                                describe(node), joined(known, " and ")));
  }
  for (const Entry& entry : node.entries) {
    if (section.find(entry.key) == nullptr) {
      throw InputError(entry.position, fmt::format("found the key {}, expected one of {}",
                                                   in_quotes(entry.key), joined(known, " or ")));
    }
  }
  for (const Key& key : section.keys) {
    if (key.required && node.find(key.name) == nullptr) {
      throw InputError(node.position, fmt::format("found no {}, expected one here among {}",
                                                  key.name, joined(known, " and ")));
    }
  }
}

const TreeNode* SectionReader::find(std::string_view key) const {
  if (section_.find(key) == nullptr) {
    throw std::logic_error(fmt::format("section {} has no key {}", section_.name, key));
  }
  const Entry* entry = node_.find(key);
  return entry == nullptr ? nullptr : &entry->value;
}

const TreeNode& SectionReader::get(std::string_view key) const {
  const TreeNode* node = find(key);
  if (node == nullptr) throw std::logic_error(fmt::format("key {} is not required", key));
  return *node;
}

void refuse(const TreeNode& node, std::string_view key, const std::string& expected) {
  throw InputError(node.position,
                   fmt::format("{}: found {}, expected {}", key, describe(node), expected));
}

std::string read_text(const TreeNode& node, std::string_view key, std::size_t maximum) {
  if (node.kind != TreeNode::Kind::scalar || node.text.empty() || node.text.size() > maximum ||
      !is_plain(node.text)) {
    refuse(node, key, fmt::format("a line of 1 to {} characters, none of them a control", maximum));
  }
  return node.text;
}

Quantity read_quantity(const TreeNode& node, std::string_view key, std::string_view type_name) {
  const QuantityType& type = quantity_type(type_name);
  if (node.kind != TreeNode::Kind::scalar) refuse(node, key, expectation_of(type));
  const ParsedQuantity parsed = parse_quantity(node.text, type.dimensions);
  if (parsed.quantity) return *parsed.quantity;
  const std::string expected = expectation_of(type);
  switch (parsed.fault) {
    case QuantityFault::no_unit:
      throw InputError(node.position, fmt::format("{}: found {} without a unit, expected {}", key,
                                                  in_quotes(node.text), expected));
    case QuantityFault::unknown_unit:
    case QuantityFault::other_dimension:
      throw InputError(node.position, fmt::format("{}: found the unit {}, expected {}", key,
                                                  in_quotes(parsed.unit), expected));
    case QuantityFault::not_a_number:
      break;
  }
  refuse(node, key, expected);
}

double read_value(const TreeNode& node, std::string_view key, std::string_view type, double low,
                  double high, const std::string& limits) {
  const double value = read_quantity(node, key, type).value();
  if (!(value >= low && value <= high)) refuse(node, key, limits);
  return value;
}

Ps read_time(const TreeNode& node, std::string_view key) {
  const Quantity quantity = read_quantity(node, key, "time");
  const std::optional<Int128> ps = quantity.scaled(12);
  if (!ps) refuse(node, key, "a whole number of picoseconds");
  if (*ps < 0 || *ps > static_cast<Int128>(models::pins::ps_max_segment)) {
    refuse(node, key, "0 s to 200 d");
  }
  return static_cast<Ps>(*ps);
}

Ps read_duration(const TreeNode& node, std::string_view key) {
  const Ps time = read_time(node, key);
  if (time == 0) refuse(node, key, "more than 0 s");
  return time;
}

std::int64_t read_count(const TreeNode& node, std::string_view key, std::int64_t low,
                        std::int64_t high) {
  const Quantity quantity = read_quantity(node, key, "count");
  const std::optional<Int128> value = quantity.scaled(0);
  if (!value || *value < low || *value > high) {
    refuse(node, key, fmt::format("a whole number, {} to {}", low, high));
  }
  return static_cast<std::int64_t>(*value);
}

std::size_t read_choice(const TreeNode& node, std::string_view key, std::string_view type) {
  const std::vector<std::string_view>& words = choice_type(type).words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (node.kind == TreeNode::Kind::scalar && node.text == words[i]) return i;
  }
  refuse(node, key, joined(words, " or "));
}

const std::vector<TreeNode>& read_list(const TreeNode& node, std::string_view key,
                                       std::string_view type) {
  const ListType& list = list_type(type);
  const auto length = static_cast<int>(node.items.size());
  if (node.kind != TreeNode::Kind::list) {
    refuse(node, key, fmt::format("a list of {}", list.item));
  }
  if (length < list.at_least || length > list.at_most) {
    throw InputError(node.position, fmt::format("{}: found {} items, expected {} to {}", key,
                                                length, list.at_least, list.at_most));
  }
  return node.items;
}

}  // namespace tools
