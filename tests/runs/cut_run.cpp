#include "tests/runs/cut_run.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

namespace tests {
namespace {

/// The first line in which two logs differ, of both.
std::string first_difference(const std::string& a, const std::string& b) {
  std::istringstream left(a);
  std::istringstream right(b);
  std::string one;
  std::string other;
  for (int line = 1;; ++line) {
    const bool more_left = static_cast<bool>(std::getline(left, one));
    const bool more_right = static_cast<bool>(std::getline(right, other));
    if (!more_left && !more_right) return "none";
    if (more_left && more_right && one == other) continue;
    return "line " + std::to_string(line) + "\nwhole " + (more_left ? one : "(over)") + "\ncut   " +
           (more_right ? other : "(over)");
  }
}

}  // namespace

void CutRun::run(const std::vector<std::string>& arguments, bool last, RunTrace& trace) const {
  std::vector<std::string> all = {"run",    scenario_,           "--log", folder_.path("log"),
                                  "--json", folder_.path("json")};
  all.insert(all.end(), more_.begin(), more_.end());
  all.insert(all.end(), arguments.begin(), arguments.end());
  const ProcessResult result = vmeter(all);
  if (result.status > 1) {
    trace.said += result.err;
    return;
  }
  trace.log += read_all(folder_.path("log"));
  if (!last) return;
  const nlohmann::json json = nlohmann::json::parse(read_all(folder_.path("json")));
  trace.verdicts = json["expectations"].dump(1);
  trace.passed = result.status == 0;
}

RunTrace CutRun::whole() const {
  RunTrace trace;
  run({}, true, trace);
  return trace;
}

RunTrace CutRun::cut_at(const std::vector<std::string>& times) const {
  RunTrace trace;
  std::string before;
  for (std::size_t i = 0; i <= times.size() && trace.said.empty(); ++i) {
    std::vector<std::string> arguments;
    if (!before.empty()) arguments = {"--load-state", before};
    const bool last = i == times.size();
    if (!last) {
      const std::string after = folder_.path("state" + std::to_string(i));
      arguments.insert(arguments.end(), {"--until", times[i], "--save-state", after});
      before = after;
    }
    run(arguments, last, trace);
  }
  return trace;
}

void CutRun::compare(const RunTrace& whole, const std::vector<std::string>& times) const {
  const RunTrace pieces = cut_at(times);
  std::string cuts;
  for (const std::string& time : times) cuts += " " + time;
  INFO(scenario_ << " cut at" << cuts << ": " << pieces.said);
  CHECK(pieces.said.empty());
  CHECK(first_difference(whole.log, pieces.log) == "none");
  CHECK(pieces.verdicts == whole.verdicts);
}

Waves read_waves(const std::string& path) {
  Waves waves;
  std::istringstream lines(read_all(path));
  bool first_levels = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "$dumpvars") {
      first_levels = true;
      waves.begin = waves.end;
    } else if (line == "$end") {
      first_levels = false;
      waves.at_end = waves.at_begin;
    } else if (line.front() == '#') {
      waves.end = line.substr(1);
    } else if (line.front() == '0' || line.front() == '1') {
      const std::string wire = line.substr(1);
      (first_levels ? waves.at_begin : waves.at_end)[wire] = line.front();
      if (!first_levels) waves.changes.push_back(waves.end + " " + wire + " " + line.front());
    }
  }
  return waves;
}

std::vector<std::string> pulse_starts(const std::string& path) {
  std::vector<std::string> out;
  std::istringstream lines(read_all(path));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    out.push_back(line.substr(0, line.find(',', line.find(',') + 1)));
  }
  return out;
}

}  // namespace tests
