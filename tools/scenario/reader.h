// Typed reading of a tree's maps against the language's tables, with errors that say where and
// what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/scenario/keys.h"
#include "tools/scenario/tree.h"

namespace tools {

/// A map of one section. Refuses at once whatever the section does not know, and what it needs and
/// does not find.
class SectionReader {
 public:
  SectionReader(const TreeNode& node, const Section& section);

  /// What stands under `key`, or null. The section must know the key.
  const TreeNode* find(std::string_view key) const;
  /// What stands under a required key.
  const TreeNode& get(std::string_view key) const;
  bool has(std::string_view key) const { return find(key) != nullptr; }
  const Position& position() const { return node_.position; }

 private:
  const TreeNode& node_;
  const Section& section_;
};

/// Throws "`key`: found …, expected …" at the node's position.
[[noreturn]] void refuse(const TreeNode& node, std::string_view key, const std::string& expected);

/// A scalar as text of 1 … `maximum` bytes, all of it printable.
std::string read_text(const TreeNode& node, std::string_view key, std::size_t maximum);

/// A quantity of the language's type `type`.
Quantity read_quantity(const TreeNode& node, std::string_view key, std::string_view type);

/// A quantity's value in base units, low <= value <= high; `limits` says so in words.
double read_value(const TreeNode& node, std::string_view key, std::string_view type, double low,
                  double high, const std::string& limits);

/// A time of at least 0 and at most 200 days, in whole picoseconds.
Ps read_time(const TreeNode& node, std::string_view key);
/// The same, not 0.
Ps read_duration(const TreeNode& node, std::string_view key);

/// A whole number, low <= value <= high.
std::int64_t read_count(const TreeNode& node, std::string_view key, std::int64_t low,
                        std::int64_t high);

/// The index in the choice type's words.
std::size_t read_choice(const TreeNode& node, std::string_view key, std::string_view type);

/// The items of a list of the language's type `type`.
const std::vector<TreeNode>& read_list(const TreeNode& node, std::string_view key,
                                       std::string_view type);

}  // namespace tools
