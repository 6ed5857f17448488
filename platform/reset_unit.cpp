#include "platform/reset_unit.h"

#include "metrology/hal/memory_map.h"

namespace platform {

namespace sysctrl = metrology::hal::sysctrl;

namespace {
struct CauseRow {
  ResetCause cause;
  std::uint32_t register_value;
  const char* name;
};
constexpr CauseRow causes[] = {
    {ResetCause::power_on, sysctrl::cause_power_on, "power_on"},
    {ResetCause::software, sysctrl::cause_software, "software"},
    {ResetCause::bus_error, sysctrl::cause_bus_error, "bus_error"},
    {ResetCause::watchdog, sysctrl::cause_watchdog, "watchdog"},
};
}  // namespace

ResetUnit::ResetUnit(const std::string& meter_id, const ClockTree& clock,
                     models::pins::EventSink& log)
    : instance_(meter_id + ".reset"), clock_(clock), log_(log) {}

void ResetUnit::act(Cycle at, ResetCause cause) {
  requested_ = false;
  const CauseRow& row = causes[static_cast<std::size_t>(cause)];
  control_->set_reset_cause(row.register_value);
  for (peripherals::RegisterTarget* target : targets_) {
    if (cause == ResetCause::power_on) {
      target->power_on(at);
    } else {
      target->reset(at);
    }
  }
  log_.record(clock_.edge(at), instance_, "reset", {{"cause", std::string_view(row.name)}});
}

void ResetUnit::power_off(Cycle at) {
  requested_ = false;
  for (peripherals::RegisterTarget* target : targets_) target->power_off(at);
}

}  // namespace platform
