#include "platform/cycle_costs.h"

#include "metrology/app/charges.h"

namespace platform {

namespace charges = metrology::app::charges;

CycleCosts::CycleCosts()
    : interrupt_entry(charges::interrupt_entry.cycles),
      interrupt_exit(charges::interrupt_exit.cycles),
      start_up(charges::start_up.cycles) {}

}  // namespace platform
