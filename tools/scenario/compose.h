// From files to one tree: includes merged, overrides of the command line applied, parameters put
// in their places. What comes out holds neither `include` nor `parameters`.
#pragma once

#include <string>
#include <vector>

#include "tools/scenario/tree.h"

namespace tools {

/// One `--set PATH=VALUE`. A path is keys joined by dots and list positions or names in brackets:
/// `parameters.load`, `grid.L1.current`, `timeline[2].at`, `expect[first width].within`.
struct Override {
  std::string path;
  std::string value;
};

/// Splits the text of the option. Throws InputError when it is no PATH=VALUE.
Override parse_override(const std::string& text);

/// Reads `path` with all that it includes. An included file's maps are merged under those of the
/// including file, which wins; its lists come before; each file may be included once. Adds every
/// file that was read to `sources`, unless it is null.
TreeNode read_with_includes(const std::string& path, std::vector<std::string>* sources = nullptr);

/// Puts a value in its place: replaces what stands there or adds a key to a map.
void apply_override(TreeNode& root, const Override& override_);

/// Replaces each `${name}` by the parameter's text. Throws for one that is not declared, and for a
/// declared one that is not used.
void substitute_parameters(TreeNode& root);

/// All three. Adds every file that was read to `sources`, unless it is null.
TreeNode compose(const std::string& path, const std::vector<Override>& overrides,
                 std::vector<std::string>* sources = nullptr);

}  // namespace tools
