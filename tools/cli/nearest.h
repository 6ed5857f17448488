// What somebody who mistyped a word may have meant.
#pragma once

#include <string>
#include <vector>

namespace tools {

/// The word that `typed` begins, or the one that is fewest keystrokes away, at most a third of its
/// length: letters left out, put in, replaced, or two neighbours changed about. Empty: none is
/// near.
std::string nearest(const std::string& typed, const std::vector<std::string>& words);

}  // namespace tools
