#include "peripherals/system_control/system_control.h"

#include "metrology/hal/memory_map.h"

namespace peripherals {

namespace sysctrl = metrology::hal::sysctrl;

SystemControl::SystemControl(const sc_core::sc_module_name& name, const CoreCounter& counter,
                             ResetRequest& reset_request)
    : RegisterTarget(name), counter_(counter), reset_request_(reset_request) {
  state_.reset_cause = sysctrl::cause_power_on;
}

std::uint32_t SystemControl::latch_counter(Cycle at) {
  const std::uint64_t counter = counter_.at(at);
  state_.latched_hi = static_cast<std::uint32_t>(counter >> 32);
  return static_cast<std::uint32_t>(counter);
}

bool SystemControl::read(std::uint32_t offset, Cycle at, std::uint32_t& value) {
  switch (offset) {
    case sysctrl::counter_lo:
      value = latch_counter(at);
      return true;
    case sysctrl::counter_hi:
      value = state_.latched_hi;
      return true;
    case sysctrl::reset_cause:
      value = state_.reset_cause;
      return true;
    default:
      return false;
  }
}

bool SystemControl::write(std::uint32_t offset, Cycle at, std::uint32_t value) {
  if (offset != sysctrl::reset_request) return false;
  if (value == sysctrl::reset_key) reset_request_.request(at);
  return true;
}

void SystemControl::reset(Cycle) { state_.latched_hi = 0; }

}  // namespace peripherals
