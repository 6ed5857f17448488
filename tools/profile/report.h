// A profile for people, and as JSON for programs.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/profile/profiler.h"

namespace tools::profile {

/// The profile of one meter of a run.
struct MeterProfile {
  std::string meter;
  std::uint32_t image;  ///< its checksum, as flash says
  Profile profile;
  std::vector<Function> functions;  ///< CodeMap::functions()
};

/// "dma_block", "pulse" …, "exception 2".
std::string handler_name(const HandlerKey& key);
/// As in metrology/app/charge_table.h; "#99" for a number that it lacks.
std::string charge_name(std::uint32_t number);

std::string as_text(const std::vector<MeterProfile>& meters);
nlohmann::ordered_json as_json(const std::vector<MeterProfile>& meters);

/// The charges of all meters out of what as_json gave.
ChargeRecord charges_of(const nlohmann::ordered_json& document);

}  // namespace tools::profile
