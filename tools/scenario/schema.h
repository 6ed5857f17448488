// The published JSON Schema of scenario files, made from the language's tables.
#pragma once

#include <nlohmann/json.hpp>

namespace tools {

/// scenarios/schema/scenario.schema.json; `vmeter check --schema` prints it.
nlohmann::ordered_json scenario_schema();

}  // namespace tools
