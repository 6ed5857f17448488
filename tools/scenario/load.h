// Reads a scenario: from a file to plain data, or one sentence about what is wrong with it.
#pragma once

#include <string>
#include <vector>

#include "tools/scenario/compose.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// Reads and checks `path` with the command line's overrides. Throws InputError.
Scenario load_scenario(const std::string& path, const std::vector<Override>& overrides = {});

/// What can be run but can hardly be meant, each a sentence with its place.
std::vector<std::string> warnings_of(const Scenario& scenario);

}  // namespace tools
