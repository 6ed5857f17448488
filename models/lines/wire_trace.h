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

class WireTrace final : public pins::LineListener {
 public:
  /// `end` is best one that loads nothing: on RS-485 without unit loads, on M-Bus a probe for the
  /// voltage or a master that never drives for the current, on the optical path its probe. All
  /// references must outlive this.
  WireTrace(Segment& segment, int end, std::string instance, pins::EventSink& sink);

  /// Called whenever next_event() has changed.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

  void line_changed(Ps from) override;

  Ps next_event() const { return next_; }
  /// Reports the edge at `t` = next_event(), kernel time.
  void advance(Ps t);

 private:
  Segment& segment_;
  int end_;
  std::string instance_;
  pins::EventSink& sink_;
  std::function<void()> changed_;
  Ps next_ = 0;
  Ps reported_ = 0;
  bool started_ = false;
};

}  // namespace models::lines
