// Somebody who looks at the glass. Events of `instance`: `show` {text, symbols}, as glass.h reads
// them, whenever what is to be read, or a dot of it, changes.
#pragma once

#include <cstdint>
#include <string>

#include "models/display/glass.h"
#include "models/pins/event_sink.h"

namespace models::display {

using pins::Ps;

struct DisplayState {
  GlassSegments segments{};
  Ps last_change = 0;
  std::uint64_t changes = 0;
};
/// For a kernel whose time 0 lies `by` later: a change before is at 0.
void rebase(DisplayState& state, Ps by);

class Display final : public pins::Glass {
 public:
  /// `instance` e.g. "m1.display".
  Display(std::string instance, pins::EventSink& sink);
  void show(Ps t, const GlassSegments& segments) override;
  const DisplayState& state() const { return state_; }
  /// Reports nothing.
  void restore(const DisplayState& state) { state_ = state; }

 private:
  std::string instance_;
  pins::EventSink& sink_;
  DisplayState state_;
};

}  // namespace models::display
