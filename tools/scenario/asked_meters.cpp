#include "tools/scenario/asked_meters.h"

#include "tools/scenario/load_parts.h"

namespace tools {

std::vector<int> asked_meters(const Scenario& scenario, const TimelineEntry& entry) {
  if (entry.meter) return {*entry.meter};
  const bool each = entry.modbus ? !entry.modbus->to && entry.modbus->action != ModbusAction::bytes
                                 : !entry.mbus->to && entry.mbus->asks_each();
  if (!each) return {-1};
  std::vector<int> out;
  for (std::size_t i = 0; i < scenario.meters.size(); ++i) {
    const MeterSpec& meter = scenario.meters[i];
    if (entry.modbus ? on_bus(meter) : on_mbus(meter)) out.push_back(static_cast<int>(i));
  }
  return out;
}

}  // namespace tools
