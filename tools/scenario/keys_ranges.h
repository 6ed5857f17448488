// What values a key takes where its type alone does not say it.
#pragma once

#include <vector>

#include "tools/scenario/keys.h"

namespace tools {

/// Puts the ranges into the sections' keys. Throws std::logic_error for one of a key that there is
/// not.
void add_ranges(std::vector<Section>& sections);

}  // namespace tools
