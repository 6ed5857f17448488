// The line at bit level, for who wants to look at it: every edge that a receiver at one end sees,
// reported when it comes.
//
// Events: `instance` "level" {mark}, one at the start.
#pragma once

#include <functional>
#include <string>

#include "models/lines/segment.h"
#include "models/pins/event_sink.h"

namespace models::lines {

struct WireTraceState {
  Ps next = 0;      ///< the edge that is reported next; pins::ps_never
  Ps reported = 0;  ///< the last one
  bool started = false;
};

class WireTrace final : public pins::LineListener {
 public:
  /// `end` is best one that loads nothing: on RS-485 without unit loads, on M-Bus a probe for the
  /// voltage or a master that never drives for the current, on the optical path its probe. All
  /// references must outlive this.
  WireTrace(Segment& segment, int end, std::string instance, pins::EventSink& sink);

  /// Called whenever next_event() has changed.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

  void line_changed(Ps from) override;

  Ps next_event() const { return state_.next; }
  /// Reports the edge at `t` = next_event(), kernel time.
  void advance(Ps t);

  const WireTraceState& state() const { return state_; }
  /// Besides the segment's own state.
  void restore(const WireTraceState& state) { state_ = state; }

 private:
  Segment& segment_;
  int end_;
  std::string instance_;
  pins::EventSink& sink_;
  std::function<void()> changed_;
  WireTraceState state_;
};

}  // namespace models::lines
