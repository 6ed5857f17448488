#include <filesystem>
#include <set>

#include "tools/scenario/compose.h"

namespace tools {
namespace {

constexpr std::size_t files_max = 100;

/// Puts `under` below `over`: what `over` says wins.
void merge(TreeNode& over, TreeNode under) {
  if (over.kind == TreeNode::Kind::list && under.kind == TreeNode::Kind::list) {
    over.items.insert(over.items.begin(), std::make_move_iterator(under.items.begin()),
                      std::make_move_iterator(under.items.end()));
    return;
  }
  if (over.kind != TreeNode::Kind::map || under.kind != TreeNode::Kind::map) return;
  for (Entry& entry : under.entries) {
    if (Entry* own = over.find(entry.key)) {
      merge(own->value, std::move(entry.value));
    } else {
      over.entries.push_back(std::move(entry));
    }
  }
}

class Includer {
 public:
  TreeNode read(const std::string& path) {
    seen_.insert(identity(path));
    sources_.push_back(path);
    TreeNode root = read_tree(path);
    return with_includes(std::move(root), path);
  }

  const std::vector<std::string>& sources() const { return sources_; }

 private:
  static std::string identity(const std::string& path) {
    std::error_code error;
    const std::filesystem::path canonical = std::filesystem::weakly_canonical(path, error);
    return error ? path : canonical.string();
  }

  TreeNode with_includes(TreeNode root, const std::string& path) {
    const Entry* include = root.find("include");
    if (include == nullptr) return root;
    const TreeNode& value = include->value;
    std::vector<TreeNode> files;
    if (value.kind == TreeNode::Kind::list) {
      files = value.items;
    } else {
      files.push_back(value);
    }
    TreeNode merged;
    merged.kind = TreeNode::Kind::map;
    merged.position = root.position;
    for (const TreeNode& file : files) {
      TreeNode included = read_included(file, path);
      merge(included, std::move(merged));
      merged = std::move(included);
    }
    for (std::size_t i = 0; i < root.entries.size(); ++i) {
      if (root.entries[i].key == "include") {
        root.entries.erase(root.entries.begin() + static_cast<std::ptrdiff_t>(i));
        break;
      }
    }
    merge(root, std::move(merged));
    return root;
  }

  TreeNode read_included(const TreeNode& file, const std::string& from) {
    if (file.kind != TreeNode::Kind::scalar || file.text.empty()) {
      throw InputError(file.position,
                       "include: found " + describe(file) + ", expected a file's name");
    }
    const std::string path = (std::filesystem::path(from).parent_path() / file.text).string();
    if (!seen_.insert(identity(path)).second) {
      throw InputError(file.position, "include: found " + in_quotes(file.text) +
                                          " again, expected each file once and no loop");
    }
    if (seen_.size() > files_max) {
      throw InputError(file.position, "include: found more than 100 files, expected fewer");
    }
    sources_.push_back(path);
    TreeNode root;
    try {
      root = read_tree(path);
    } catch (const InputError& error) {
      if (!std::filesystem::is_regular_file(path)) {
        throw InputError(file.position, "include: found " + in_quotes(file.text) +
                                            ", expected a file that can be read");
      }
      throw;
    }
    if (root.kind != TreeNode::Kind::map) {
      throw InputError(root.position, "found " + describe(root) + ", expected a map of keys");
    }
    return with_includes(std::move(root), path);
  }

  std::set<std::string> seen_;
  std::vector<std::string> sources_;
};

}  // namespace

TreeNode read_with_includes(const std::string& path, std::vector<std::string>* sources) {
  Includer includer;
  TreeNode root = includer.read(path);
  if (sources != nullptr) {
    sources->insert(sources->end(), includer.sources().begin(), includer.sources().end());
  }
  return root;
}

TreeNode compose(const std::string& path, const std::vector<Override>& overrides,
                 std::vector<std::string>* sources) {
  TreeNode root = read_with_includes(path, sources);
  if (root.kind != TreeNode::Kind::map) {
    throw InputError(root.position, "found " + describe(root) + ", expected a map of keys");
  }
  for (const Override& o : overrides) apply_override(root, o);
  substitute_parameters(root);
  return root;
}

}  // namespace tools
