// Runs a simulation in a process of its own (SystemC elaborates once a process) and returns the
// event log that it wrote.
#pragma once

#include <functional>
#include <string>

#include "platform/event_log.h"

namespace test {

/// `simulate` gets the log, builds, runs, and returns the end of the run. The result is the log's
/// text, or a line that begins with "FAILED" when the child did not end well.
std::string log_of(const std::function<models::pins::Ps(platform::EventLog&)>& simulate);

/// Where two logs differ first, with the lines of both; empty when they are equal.
std::string first_difference(const std::string& a, const std::string& b);
/// What first_difference returns for equal logs; comparing with it shows the difference in a
/// report.
inline constexpr const char* no_difference = "";

std::size_t line_count(const std::string& text);

}  // namespace test
