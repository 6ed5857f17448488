#include "tools/scenario/tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <sstream>
#include <system_error>

#include "tools/scenario/plain_text.h"

namespace tools {
namespace {

constexpr std::size_t file_size_max = 4u << 20;
constexpr std::size_t depth_max = 32;
/// More keys than this in one map mean nothing, and would make the search for twins slow.
constexpr std::size_t keys_max = 256;

/// Builds the tree from the parser's events.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(std::shared_ptr<const std::string> file) : file_(std::move(file)) {}

  TreeNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(node_at(mark, anchor, "", TreeNode::Kind::null));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw InputError(at(mark),
                     "found an alias, expected the value itself: use parameters or include");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    TreeNode node = node_at(mark, anchor, tag, TreeNode::Kind::scalar);
    node.text = value;
    if (awaits_key()) {
      add_key(node);
    } else {
      add(std::move(node));
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, TreeNode::Kind::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, TreeNode::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    TreeNode node;
    bool awaits_key;
  };

  Position at(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  bool awaits_key() const { return !levels_.empty() && levels_.back().awaits_key; }

  TreeNode node_at(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& tag,
                   TreeNode::Kind kind) const {
    if (anchor != 0) {
      throw InputError(at(mark),
                       "found an anchor, expected the value itself: use parameters or include");
    }
    // "?" marks a plain and "!" a quoted value; anything else was written by hand.
    if (!tag.empty() && tag != "?" && tag != "!") {
      throw InputError(at(mark), "found the tag " + in_quotes(tag) + ", expected a plain value");
    }
    if (awaits_key() && kind != TreeNode::Kind::scalar) {
      throw InputError(at(mark), "found something else than text as a key, expected a name");
    }
    TreeNode node;
    node.kind = kind;
    node.position = at(mark);
    return node;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            TreeNode::Kind kind) {
    if (levels_.size() >= depth_max) {
      throw InputError(at(mark),
                       fmt::format("found more than {} levels, expected fewer", depth_max));
    }
    levels_.push_back({node_at(mark, anchor, tag, kind), kind == TreeNode::Kind::map});
  }

  void close() {
    TreeNode node = std::move(levels_.back().node);
    levels_.pop_back();
    add(std::move(node));
  }

  void add_key(const TreeNode& key) {
    Level& level = levels_.back();
    if (const Entry* twin = level.node.find(key.text)) {
      throw InputError(key.position,
                       fmt::format("found the key {} again, expected it once (first in line {})",
                                   in_quotes(key.text), twin->position.line));
    }
    if (level.node.entries.size() >= keys_max) {
      throw InputError(key.position,
                       fmt::format("found more than {} keys, expected fewer", keys_max));
    }
    level.node.entries.push_back({key.text, key.position, TreeNode{}});
    level.awaits_key = false;
  }

  void add(TreeNode node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == TreeNode::Kind::list) {
      level.node.items.push_back(std::move(node));
    } else {
      level.node.entries.back().value = std::move(node);
      level.awaits_key = true;
    }
  }

  std::shared_ptr<const std::string> file_;
  TreeNode root_;
  std::vector<Level> levels_;
};

/// Says where `text` stops being text, if it does: a control character or broken UTF-8.
void require_text(const std::string& text, const std::shared_ptr<const std::string>& file) {
  Position place{file, 1, 1};
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::string_view rest = std::string_view(text).substr(i);
    std::size_t length = character_length(rest);
    const bool blank = byte == '\n' || byte == '\r' || byte == '\t';
    if (length > 0 && !blank && !is_printable(rest.substr(0, length))) length = 0;
    if (length == 0) {
      throw InputError(place, fmt::format("found the byte 0x{:02X}, expected text in UTF-8", byte));
    }
    i += length;
    ++place.column;
    if (byte == '\n') {
      ++place.line;
      place.column = 1;
    }
  }
}

std::string read_file(const std::string& path) {
  const auto fail = [&path](const std::string& why) {
    throw InputError(path + ": cannot be read: " + why);
  };
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) fail(std::generic_category().message(errno));
  std::string text;
  char buffer[65536];
  std::size_t got = 0;
  while (text.size() <= file_size_max && (got = std::fread(buffer, 1, sizeof buffer, file)) > 0) {
    text.append(buffer, got);
  }
  const int error = std::ferror(file) != 0 ? errno : 0;
  std::fclose(file);
  if (error != 0) fail(std::generic_category().message(error));
  if (text.size() > file_size_max) {
    throw InputError(path + ": found more than 4 MiB, expected a scenario");
  }
  return text;
}

}  // namespace

const Entry* TreeNode::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

Entry* TreeNode::find(std::string_view key) {
  for (Entry& entry : entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

std::string canonical_text(const TreeNode& node) {
  std::string out;
  switch (node.kind) {
    case TreeNode::Kind::null:
      return "~";
    case TreeNode::Kind::scalar:
      return std::to_string(node.text.size()) + ":" + node.text;
    case TreeNode::Kind::list:
      for (const TreeNode& item : node.items) out += canonical_text(item) + ",";
      return "[" + out + "]";
    case TreeNode::Kind::map:
      break;
  }
  std::map<std::string_view, const TreeNode*> entries;
  for (const Entry& entry : node.entries) entries[entry.key] = &entry.value;
  for (const auto& [key, value] : entries) {
    out += std::to_string(key.size()) + ":" + std::string(key) + "=" + canonical_text(*value) + ",";
  }
  return "{" + out + "}";
}

std::string describe(const TreeNode& node) {
  switch (node.kind) {
    case TreeNode::Kind::null:
      return "nothing";
    case TreeNode::Kind::scalar:
      return in_quotes(node.text);
    case TreeNode::Kind::list:
      return "a list";
    case TreeNode::Kind::map:
      return "a map";
  }
  return "nothing";
}

TreeNode parse_tree(const std::string& text, const std::string& name) {
  const auto file = std::make_shared<const std::string>(name);
  require_text(text, file);
  std::istringstream stream(text);
  Builder builder(file);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      throw InputError(name + ": found an empty file, expected a scenario");
    }
    TreeNode root = builder.take();
    Builder second(file);
    if (parser.HandleNextDocument(second)) {
      throw InputError(second.take().position, "found a second document, expected one");
    }
    return root;
  } catch (const YAML::Exception& error) {
    throw InputError({file, error.mark.line + 1, error.mark.column + 1},
                     "found broken YAML: " + error.msg);
  }
}

TreeNode read_tree(const std::string& path) { return parse_tree(read_file(path), path); }

}  // namespace tools
