// The event log: everything observable of a run as JSON lines, one record a line,
//
//   {"t":244140625,"instance":"m1.s0_forward","event":"edge","on":true}
//
// t in whole picoseconds since the beginning of the world, which may exceed 64 bits. Lines stand in
// order of (t, instance, order of the instance's own events), whatever the order in which they were
// reported: records wait in a window until nothing earlier can come. The log covers [0, end).
//
// The log of a run that goes on from another begins with what that one had been told of but had not
// written: the two logs, one behind the other, are that of the whole.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "models/pins/event_sink.h"
#include "platform/wide_time.h"

namespace platform {

/// A record comes at most one core clock after its time (39.7 ns, 39.8 ns with the slowest
/// crystal). So a log covers [0, end) when the kernel runs this much beyond the end.
inline constexpr models::pins::Ps latest_report_ps = 100'000;

/// A record that was reported and not yet written.
struct PendingRecord {
  WideTime t;  ///< since the beginning of the world
  std::string instance;
  std::string rest;  ///< from the event's name to the closing brace
};

/// For runs without a log.
class NoLog : public models::pins::EventSink {
 public:
  void record(models::pins::Ps, std::string_view, std::string_view,
              std::initializer_list<models::pins::Field>) override {}
};

class EventLog : public models::pins::EventSink {
 public:
  /// Creates or empties the file. `base` is the instant of kernel time 0. When the file cannot be
  /// opened, error() says so and nothing is written.
  explicit EventLog(const std::string& path, WideTime base = 0);
  /// One that writes no file and only remembers what is pending.
  explicit EventLog(WideTime base);
  ~EventLog() override;

  void record(models::pins::Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<models::pins::Field> fields) override;

  /// What is known of `from` and later, in order: of a run that is cut there.
  std::vector<PendingRecord> pending(models::pins::Ps from) const;
  /// Before the first record: what the run before this one left.
  void take_up(const std::vector<PendingRecord>& records);

  /// Writes what waits and lies before `end`, drops the rest, closes the file. Returns false when
  /// anything of the log could not be written; error() then is one sentence. Without it the
  /// destructor closes the file with the records that were sure until then.
  bool finish(models::pins::Ps end);

  /// Empty, or the first error in opening or writing as a sentence with file and cause. After an
  /// error nothing more is written, and nothing more is said.
  const std::string& error() const { return error_; }

 private:
  struct Record : PendingRecord {
    std::uint64_t sequence;
  };
  static bool comes_later(const Record& a, const Record& b);

  void write_before(WideTime limit);
  void flush_buffer();
  void fail(const char* action, int error_number);

  std::string path_;
  std::string error_;
  std::string buffer_;
  std::FILE* file_ = nullptr;
  bool remembers_ = false;  ///< without a file
  WideTime base_;
  std::uint64_t next_sequence_ = 0;
  std::vector<Record> window_;  ///< heap: the earliest record first
};

}  // namespace platform
