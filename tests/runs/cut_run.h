// A scenario run whole, and the same run cut into pieces that go on from saved states.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/tools/files.h"
#include "tests/tools/process.h"

namespace tests {

/// What came of a run, whole or in pieces.
struct RunTrace {
  std::string log;       ///< of all pieces, one behind the other
  std::string verdicts;  ///< the last piece's, as JSON
  bool passed = false;
  std::string said;  ///< by the programs, when one of them had a wrong status
};

class CutRun {
 public:
  /// `more`: arguments of every piece.
  explicit CutRun(std::string scenario, std::vector<std::string> more = {})
      : scenario_(std::move(scenario)), more_(std::move(more)) {}

  RunTrace whole() const;
  /// Cut at each of these times, rising, as the command line takes them.
  RunTrace cut_at(const std::vector<std::string>& times) const;
  /// Compares a cut run with the whole one, byte by byte; says where they part.
  void compare(const RunTrace& whole, const std::vector<std::string>& times) const;

 private:
  void run(const std::vector<std::string>& arguments, bool last, RunTrace& trace) const;

  std::string scenario_;
  std::vector<std::string> more_;
  Folder folder_;
};

/// A waveform file: "time wire level" of every change behind its first levels.
struct Waves {
  std::string begin;
  std::string end;
  std::vector<std::string> changes;
  std::map<std::string, char> at_begin;  ///< levels by wire
  std::map<std::string, char> at_end;
};
Waves read_waves(const std::string& path);

/// "output,start" of every line of a pulse table.
std::vector<std::string> pulse_starts(const std::string& path);

}  // namespace tests
