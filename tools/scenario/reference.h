// The reference of the scenario language, made from the same tables as the loader's refusals and
// the schema.
#pragma once

#include <string>

namespace tools {

/// scenarios/REFERENCE.md: every section with its keys, their values, defaults and ranges, and
/// where it may stand.
std::string scenario_reference();

}  // namespace tools
