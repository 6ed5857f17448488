#include <fmt/format.h>

#include <algorithm>

#include "tools/report/result.h"

namespace tools {
namespace {

/// Characters, not bytes: units hold µ, tolerances ±.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string columns(const std::vector<std::vector<std::string>>& rows, std::size_t gap) {
  std::vector<std::size_t> widths;
  for (const std::vector<std::string>& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  }
  std::string out;
  for (const std::vector<std::string>& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line.append(widths[i] - width_of(row[i]) + gap, ' ');
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

namespace {

/// Whole picoseconds of any number of digits, in seconds.
std::string in_seconds(const std::string& ps) {
  constexpr std::size_t decimals = 12;
  const std::string digits =
      ps.size() > decimals ? ps : std::string(decimals + 1 - ps.size(), '0') + ps;
  const std::size_t point = digits.size() - decimals;
  return digits.substr(0, point) + "." + digits.substr(point) + " s";
}

std::string state_lines(const ScenarioResult& result) {
  std::string out;
  const StateNote& from = result.loaded_from;
  if (!from.file.empty()) {
    out += fmt::format("{}: went on from {} at {}, {}\n", result.scenario, from.file,
                       in_seconds(from.instant_ps),
                       from.use == "handover" ? "with the meters alone" : "the same run");
  }
  const StateNote& saved = result.saved_at;
  if (!saved.file.empty()) {
    out += fmt::format("{}: saved as {} at {}\n", result.scenario, saved.file,
                       in_seconds(saved.instant_ps));
  }
  return out;
}

}  // namespace

std::string verdict_table(const ScenarioResult& result) {
  std::vector<std::vector<std::string>> rows;
  rows.push_back({result.scenario, "expected", "seen", "verdict"});
  for (const Verdict& verdict : result.expectations) {
    std::string seen = verdict.seen.value_or("not reached");
    if (!verdict.pass && verdict.at) seen += " at " + show_time(*verdict.at);
    rows.push_back({"  " + verdict.name, verdict.expected, seen, verdict.pass ? "pass" : "FAIL"});
  }
  const auto failed = std::count_if(result.expectations.begin(), result.expectations.end(),
                                    [](const Verdict& verdict) { return !verdict.pass; });
  const std::string verdict =
      result.pass ? fmt::format("pass, {} of {} expectations hold", result.expectations.size(),
                                result.expectations.size())
                  : fmt::format("FAIL, {} of {} expectations do not hold", failed,
                                result.expectations.size());
  return columns(rows) + state_lines(result) +
         fmt::format(
             "{}: {}; {:.6g} s simulated in {:.3g} s, {:.0f} times real "
             "time, seed {}\n",
             result.scenario, verdict, result.simulated_s, result.wall_s, real_time_factor(result),
             result.seed);
}

}  // namespace tools
