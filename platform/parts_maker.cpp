#include "platform/parts_maker.h"

namespace platform {

std::unique_ptr<EventAgenda> PartsMaker::make_agenda(const ClockTree& clock) const {
  return std::make_unique<EventAgenda>(clock);
}

std::unique_ptr<peripherals::PulseTimers> PartsMaker::make_pulse_timers(
    EventAgenda& agenda, const ClockTree& clock, const peripherals::CoreCounter& counter,
    peripherals::IrqLine& irq, const PulseOutputs& outputs) const {
  return std::make_unique<peripherals::PulseTimers>("pulse_timers", agenda, clock, counter, irq,
                                                    outputs);
}

}  // namespace platform
