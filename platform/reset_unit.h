// Carries resets out, and the coming and going of the supply: all peripherals at one edge, a
// reset's cause noted and logged. The CPU follows by leaving its firmware with an exception.
#pragma once

#include <string>
#include <vector>

#include "models/pins/event_sink.h"
#include "peripherals/bus/register_target.h"
#include "peripherals/system_control/system_control.h"
#include "platform/clock_tree.h"

namespace platform {

enum class ResetCause : std::uint8_t { power_on, software, bus_error, watchdog };

class ResetUnit : public peripherals::ResetRequest {
 public:
  ResetUnit(const std::string& meter_id, const ClockTree& clock, models::pins::EventSink& log);

  void add(peripherals::RegisterTarget& target) { targets_.push_back(&target); }
  void set_system_control(peripherals::SystemControl& control) { control_ = &control; }

  /// Software asks; the CPU carries it out when its access is over.
  void request(Cycle at) override {
    requested_ = true;
    requested_at_ = at;
  }
  bool requested() const { return requested_; }
  Cycle requested_at() const { return requested_at_; }

  /// Resets everything at edge `at`, or for power_on begins everything.
  void act(Cycle at, ResetCause cause);
  /// Takes the supply from everything at edge `at`.
  void power_off(Cycle at);

 private:
  std::string instance_;
  const ClockTree& clock_;
  models::pins::EventSink& log_;
  std::vector<peripherals::RegisterTarget*> targets_;
  peripherals::SystemControl* control_ = nullptr;
  bool requested_ = false;
  Cycle requested_at_ = 0;
};

}  // namespace platform
