// A scenario's event log, as `vmeter run --log` writes it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tests {

/// The log of a run of the scenario that `text` is, with more options; the run must not fail but by
/// an expectation.
std::string log_of(const std::string& text, const std::vector<std::string>& options = {});

/// The records of one instance, in their order.
std::vector<nlohmann::json> records(const std::string& log, const std::string& instance);

/// The log without the lines that have `fragment` in them.
std::string without(const std::string& log, const std::string& fragment);

}  // namespace tests
