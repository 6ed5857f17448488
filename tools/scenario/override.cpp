#include <charconv>

#include "tools/scenario/compose.h"

namespace tools {
namespace {

struct Step {
  std::string text;
  bool in_brackets;
};

std::vector<Step> split(const std::string& path) {
  const auto fail = [&path] {
    throw InputError("--set: found the path " + in_quotes(path) +
                     ", expected keys joined by dots such as parameters.load or timeline[0].at");
  };
  std::vector<Step> steps;
  std::string key;
  const auto finish_key = [&] {
    if (!key.empty()) steps.push_back({key, false});
    key.clear();
  };
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '.') {
      if (key.empty() && (steps.empty() || !steps.back().in_brackets)) fail();
      finish_key();
    } else if (path[i] == '[') {
      finish_key();
      const std::size_t end = path.find(']', i);
      if (steps.empty() || end == std::string::npos || end == i + 1) fail();
      steps.push_back({path.substr(i + 1, end - i - 1), true});
      i = end;
    } else {
      key += path[i];
    }
  }
  finish_key();
  if (steps.empty() || path.back() == '.') fail();
  return steps;
}

/// The item of a list that a bracket means: by position, or by its `name` or `id`.
TreeNode* find_item(TreeNode& list, const std::string& which) {
  std::size_t index = 0;
  const char* end = which.data() + which.size();
  const auto parsed = std::from_chars(which.data(), end, index);
  if (parsed.ec == std::errc{} && parsed.ptr == end) {
    return index < list.items.size() ? &list.items[index] : nullptr;
  }
  for (TreeNode& item : list.items) {
    for (const char* label : {"name", "id"}) {
      const Entry* entry = item.find(label);
      if (entry != nullptr && entry->value.text == which) return &item;
    }
  }
  return nullptr;
}

}  // namespace

Override parse_override(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw InputError("--set: found " + in_quotes(text) + ", expected PATH=VALUE");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

void apply_override(TreeNode& root, const Override& override_) {
  TreeNode value = parse_tree(override_.value, "--set " + override_.path);
  const std::vector<Step> steps = split(override_.path);
  if (steps.front().text == "include") {
    throw InputError("--set " + override_.path +
                     ": found include, expected a path of what is left when all files are "
                     "included");
  }
  TreeNode* node = &root;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    TreeNode* next = nullptr;
    if (step.in_brackets) {
      next = node->kind == TreeNode::Kind::list ? find_item(*node, step.text) : nullptr;
    } else if (node->kind == TreeNode::Kind::map) {
      if (Entry* entry = node->find(step.text)) {
        next = &entry->value;
      } else if (i + 1 == steps.size()) {
        node->entries.push_back({step.text, value.position, TreeNode{}});
        next = &node->entries.back().value;
      }
    }
    if (next == nullptr) {
      throw InputError("--set " + override_.path + ": found no " + in_quotes(step.text) +
                       " in the scenario, expected the path of something it holds");
    }
    node = next;
  }
  *node = std::move(value);
}

}  // namespace tools
