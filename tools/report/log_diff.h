// The first difference of two event logs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tools {

struct LogDifference {
  std::uint64_t line = 0;           ///< number of the first line compared that differs, from 1
  std::vector<std::string> before;  ///< the common lines just before it
  std::optional<std::string> only_first;  ///< the line in the first log; none: it has ended
  std::optional<std::string> only_second;
  std::vector<std::string> after_first;  ///< what follows there
  std::vector<std::string> after_second;
};

/// What is compared: all, or what leaves the meters' terminals: without the instances .registers,
/// .eeprom and .cpu, whose records tell when code came to do something.
enum class LogScope : std::uint8_t { all, terminals };

/// Compares line by line; `context` lines on either side. None: the logs are the same. Throws
/// InputError for a file that cannot be read or holds a line that is no record of an event log.
std::optional<LogDifference> first_difference(const std::string& first, const std::string& second,
                                              std::size_t context = 3,
                                              LogScope scope = LogScope::all);

/// As `vmeter diff` prints it.
std::string describe(const LogDifference& difference, const std::string& first,
                     const std::string& second);

}  // namespace tools
