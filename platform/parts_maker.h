// Makes those parts of a meter that a test may want to be wrong, to show that the comparison of the
// two sync modes finds it out. Everybody else takes it as it is.
#pragma once

#include <array>
#include <memory>

#include "peripherals/pulse_timers/pulse_timers.h"
#include "platform/agenda.h"

namespace platform {

class PartsMaker {
 public:
  using PulseOutputs = std::array<models::pins::DigitalInput*, peripherals::PulseTimers::channels>;

  PartsMaker() = default;
  PartsMaker(const PartsMaker&) = delete;
  PartsMaker& operator=(const PartsMaker&) = delete;
  virtual ~PartsMaker() = default;

  virtual std::unique_ptr<EventAgenda> make_agenda(const ClockTree& clock) const;
  virtual std::unique_ptr<peripherals::PulseTimers> make_pulse_timers(
      EventAgenda& agenda, const ClockTree& clock, const peripherals::CoreCounter& counter,
      peripherals::IrqLine& irq, const PulseOutputs& outputs) const;
};

}  // namespace platform
