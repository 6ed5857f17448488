// Somebody who looks at an LED. Events: `instance` "edge" {on}.
#pragma once

#include <cstdint>
#include <string>

#include "models/pins/digital_pin.h"
#include "models/pins/event_sink.h"

namespace models::receivers {

using pins::Ps;

struct LedState {
  bool on = false;
  std::uint64_t flashes = 0;  ///< rising edges seen
  Ps last_edge = 0;
};
/// For a kernel whose time 0 lies `by` later: an edge before is at 0.
void rebase(LedState& state, Ps by);

class LedObserver final : public pins::DigitalInput {
 public:
  /// `instance` e.g. "m1.led_active".
  LedObserver(std::string instance, pins::EventSink& sink);
  void drive(Ps t, bool on) override;
  const LedState& state() const { return state_; }
  /// Reports nothing.
  void restore(const LedState& state) { state_ = state; }

 private:
  std::string instance_;
  pins::EventSink& sink_;
  LedState state_;
};

}  // namespace models::receivers
