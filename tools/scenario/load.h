// Reads a scenario: from a file to plain data, or one sentence about what is wrong with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/scenario/compose.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// Reads and checks `path` with the command line's overrides; `seed` instead of the scenario's own,
/// if there is one. Throws InputError.
Scenario load_scenario(const std::string& path, const std::vector<Override>& overrides = {},
                       std::optional<std::uint64_t> seed = std::nullopt);

/// What can be run but can hardly be meant, each a sentence with its place.
std::vector<std::string> warnings_of(const Scenario& scenario);

}  // namespace tools
