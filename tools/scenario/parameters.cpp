#include <fmt/format.h>

#include <map>

#include "tools/scenario/compose.h"

namespace tools {
namespace {

/// Keep what substitution can grow a file to within reason.
constexpr std::size_t text_max = 1000;
constexpr std::size_t grown_max = 10'000;

struct Parameter {
  std::string text;
  Position position;
  bool used = false;
};

using Parameters = std::map<std::string, Parameter>;

bool is_name(const std::string& text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool ok =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!ok) return false;
  }
  return true;
}

Parameters declared(const TreeNode& node) {
  if (node.kind != TreeNode::Kind::map) {
    throw InputError(node.position,
                     "parameters: found " + describe(node) + ", expected a map of names to values");
  }
  Parameters out;
  for (const Entry& entry : node.entries) {
    if (!is_name(entry.key)) {
      throw InputError(entry.position, "parameters: found the name " + in_quotes(entry.key) +
                                           ", expected letters, digits and underscores");
    }
    if (entry.value.kind != TreeNode::Kind::scalar) {
      throw InputError(entry.value.position,
                       "parameters: found " + describe(entry.value) + ", expected a single value");
    }
    if (entry.value.text.size() > text_max) {
      throw InputError(entry.value.position,
                       "parameters: found more than 1000 characters, expected fewer");
    }
    if (entry.value.text.find("${") != std::string::npos) {
      throw InputError(entry.value.position,
                       "parameters: found ${ in a parameter's own value, expected a plain value");
    }
    out[entry.key] = {entry.value.text, entry.position, false};
  }
  return out;
}

void substitute(TreeNode& node, Parameters& parameters) {
  for (TreeNode& item : node.items) substitute(item, parameters);
  for (Entry& entry : node.entries) substitute(entry.value, parameters);
  if (node.kind != TreeNode::Kind::scalar) return;
  std::string out;
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = node.text.find("${", at);
    if (open == std::string::npos) break;
    const std::size_t close = node.text.find('}', open);
    if (close == std::string::npos) {
      throw InputError(node.position,
                       "found " + in_quotes(node.text) + ", expected a } to close the parameter");
    }
    const std::string name = node.text.substr(open + 2, close - open - 2);
    const auto found = parameters.find(name);
    if (found == parameters.end()) {
      throw InputError(node.position, "found the parameter " + in_quotes(name) +
                                          ", expected one that `parameters` declares");
    }
    found->second.used = true;
    if (out.size() > grown_max) {
      throw InputError(node.position,
                       fmt::format("found more than {} characters with its parameters put in, "
                                   "expected fewer",
                                   grown_max));
    }
    out += node.text.substr(at, open - at) + found->second.text;
    at = close + 1;
  }
  if (at == 0) return;
  node.text = out + node.text.substr(at);
}

}  // namespace

void substitute_parameters(TreeNode& root) {
  Parameters parameters;
  for (std::size_t i = 0; i < root.entries.size(); ++i) {
    if (root.entries[i].key != "parameters") continue;
    parameters = declared(root.entries[i].value);
    root.entries.erase(root.entries.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
  substitute(root, parameters);
  for (const auto& [name, parameter] : parameters) {
    if (!parameter.used) {
      throw InputError(parameter.position, "parameters: found " + in_quotes(name) +
                                               ", which nothing uses; expected a ${" + name +
                                               "} somewhere");
    }
  }
}

}  // namespace tools
