// A scenario's event log, as `vmeter run --log` writes it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/pins/time.h"

namespace tests {

/// The log of a run of the scenario that `text` is, with more options; the run must not fail but by
/// an expectation.
std::string log_of(const std::string& text, const std::vector<std::string>& options = {});

/// What a real master did at a port, as a journal has it.
struct MasterFrames {
  std::string port;
  std::vector<std::uint8_t> frame;
  std::vector<models::pins::Ps> at;  ///< 9600 Bd each
  bool strict_gaps = false;
};

/// The log of a live session's replay: the scenario that `text` is, for `end`, with this master.
std::string replayed_log(const std::string& text, models::pins::Ps end, const MasterFrames& master);

/// The records of one instance, in their order.
std::vector<nlohmann::json> records(const std::string& log, const std::string& instance);

/// The log without the lines that have `fragment` in them.
std::string without(const std::string& log, const std::string& fragment);

}  // namespace tests
