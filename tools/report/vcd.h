// A waveform file (IEEE 1364 value change dump) of the digital terminals and lines, written on
// change only.
//
// A wire stands in the scope of its first name; its own name is the whole instance with _ for the
// dots, because logic analysers forget the scopes: "m1.s0_forward" is m1 / m1_s0_forward.
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
  /// `file` must outlive the writer. `step`: what the file counts time in, 1, 10 or 100 ps, ns or
  /// us; changes go to the nearest.
  explicit VcdWriter(OutputFile& file, Ps step = 1) : file_(file), step_(step) {}

  /// Before the first change: declares a wire. Returns its number.
  int add_signal(const std::string& instance);
  /// Before the first change: the file begins at `t`, without the call at 0; a wire is low then …
  void begin_at(Ps t) { begin_ = t; }
  /// … unless it is told otherwise.
  void begin_with(int signal, bool level) { high_[static_cast<std::size_t>(signal)] = level; }
  void change(Ps t, int signal, bool level);
  /// What was said of the signal from `t` on, and is not written yet, does not happen.
  void take_back(Ps t, int signal);
  /// Writes what lies before `limit`; nothing earlier may come afterwards.
  void write_before(Ps limit);
  /// Writes the rest before `end` and the end itself.
  void finish(Ps end);

  const std::vector<std::string>& signals() const { return signals_; }
  /// In the file's unit.
  std::uint64_t steps(Ps t) const { return (t + step_ / 2) / step_; }

  static bool is_step(Ps step);
  /// The name of an instance's wire, and the scope it stands in.
  static std::string wire_name(const std::string& instance);
  static std::string scope_name(const std::string& instance);

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
  Ps step_;
  std::vector<std::string> signals_;
  std::vector<bool> high_;  ///< as written
  Ps begin_ = 0;
  std::vector<Change> waiting_;  ///< heap: the earliest first
  std::uint64_t next_sequence_ = 0;
  bool header_written_ = false;
  std::uint64_t written_time_ = 0;
};

}  // namespace tools
