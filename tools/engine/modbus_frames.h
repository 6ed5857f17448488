// From what a scenario says of a request to its characters on the line.
#pragma once

#include "models/masters/modbus_master.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// Which of the scenario's requests it is: kept in the request's tag.
struct ModbusOrigin {
  std::size_t entry = 0;  ///< of the timeline
  int meter = -1;         ///< that was asked; −1: none in particular
};
std::uint64_t tag_of(const ModbusOrigin& origin);
ModbusOrigin origin_of(std::uint64_t tag);

/// Row number `row` of the entry, asked of the meter (null: of none in particular). The line's
/// format is not in it.
models::masters::ModbusRequest make_request(const ModbusEntry& entry, std::size_t row,
                                            const MeterSpec* meter, const BusSpec& bus);

/// The ID that a meter begins with.
std::uint8_t modbus_id(const MeterSpec& meter);

}  // namespace tools
