// A waveform file (IEEE 1364 value change dump) of the digital terminals, written on change only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/pins/time.h"
#include "tools/report/output_file.h"

namespace tools {

using models::pins::Ps;

class VcdWriter {
 public:
  /// `file` must outlive the writer.
  explicit VcdWriter(OutputFile& file) : file_(file) {}

  /// Before the first change: declares a wire; dots in its name make scopes. Returns its number.
  int add_signal(const std::string& instance);
  /// Before the first change: the file begins at `t`, without the call at 0; a wire is low then …
  void begin_at(Ps t) { begin_ = t; }
  /// … unless it is told otherwise.
  void begin_with(int signal, bool level) { high_[static_cast<std::size_t>(signal)] = level; }
  void change(Ps t, int signal, bool level);
  /// Writes what lies before `limit`; nothing earlier may come afterwards.
  void write_before(Ps limit);
  /// Writes the rest before `end` and the end itself.
  void finish(Ps end);

 private:
  struct Change {
    Ps t;
    std::uint64_t sequence;
    int signal;
    bool level;
  };

  void write_header();
  static std::string identifier(int signal);
  static bool comes_later(const Change& a, const Change& b);

  OutputFile& file_;
  std::vector<std::string> signals_;
  std::vector<bool> high_;  ///< at the begin
  Ps begin_ = 0;
  std::vector<Change> waiting_;  ///< heap: the earliest first
  std::uint64_t next_sequence_ = 0;
  bool header_written_ = false;
  Ps written_time_ = 0;
};

}  // namespace tools
