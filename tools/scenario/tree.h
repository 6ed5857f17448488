// A scenario file as a tree of maps, lists and scalars that know where they stand. Stricter than
// YAML: one document, no tags, no anchors or aliases (so no bombs), no duplicate keys, and keys are
// plain text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/scenario/input_error.h"

namespace tools {

struct TreeNode;

/// A key of a map and what stands under it.
struct Entry;

struct TreeNode {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  Position position;
  std::string text;             ///< of a scalar
  std::vector<TreeNode> items;  ///< of a list
  std::vector<Entry> entries;   ///< of a map, in the file's order

  const Entry* find(std::string_view key) const;
  Entry* find(std::string_view key);
};

struct Entry {
  std::string key;
  Position position;
  TreeNode value;
};

/// The same text for every tree that says the same: layout, comments and places apart.
std::string canonical_text(const TreeNode& node);

/// "a map", "a list", "nothing", or the scalar's text in quotes.
std::string describe(const TreeNode& node);

/// Reads a file. Throws InputError when it cannot be read, is not text, or is not such a tree.
/// Files are limited to 4 MiB.
TreeNode read_tree(const std::string& path);

/// Reads `text`, which errors say stands in `name`.
TreeNode parse_tree(const std::string& text, const std::string& name);

}  // namespace tools
