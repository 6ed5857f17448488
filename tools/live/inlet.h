// Puts what comes from outside into the running world: the same in a live session and in its
// replay.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "tools/engine/session.h"
#include "tools/live/journal.h"
#include "tools/live/live_end.h"
#include "tools/live/port_kinds.h"

namespace tools::live {

/// Reads a line of control, an entry of the timeline without its time: `press: {button: left}`. It
/// is to happen at `t`. Throws InputError.
TimelineEntry read_control(const std::string& line, const Scenario& scenario, Ps t);

class Inlet {
 public:
  /// Told what became of an order: "ok", or "error: " and why it could not be carried out.
  using Answer = std::function<void(const std::string&)>;

  /// References must outlive this.
  Inlet(SessionWorld world, Answer answer);

  /// During elaboration: an end at the scenario's line of this kind. It lives as long as this.
  LiveEnd& open(const PortKind& kind, bool strict_gaps, LiveEnd::Heard on_heard);
  /// Bytes for an open port, or its rate.
  void put_bytes(const JournalEvent& event);
  /// An order from control; it happens at entry.at.front().
  void put(TimelineEntry entry);
  /// An order that cannot be: answered at `at`, behind those before it.
  void refuse(Ps at, const std::string& why);

 private:
  void perform(const TimelineEntry& entry);

  SessionWorld world_;
  Answer answer_;
  std::map<std::string, std::unique_ptr<LiveEnd>, std::less<>> ends_;  ///< by port
  std::list<TimelineEntry> entries_;                                   ///< the run refers to them
};

}  // namespace tools::live
