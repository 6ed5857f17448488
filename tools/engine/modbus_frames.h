// From what a scenario says of a request to its characters on the line.
#pragma once

#include "models/masters/modbus_master.h"
#include "tools/engine/request_origin.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// Row number `row` of the entry, asked of the meter (null: of none in particular). The line's
/// format is not in it.
models::masters::ModbusRequest make_request(const ModbusEntry& entry, std::size_t row,
                                            const MeterSpec* meter, const BusSpec& bus);

/// The ID that a meter begins with.
std::uint8_t modbus_id(const MeterSpec& meter);

}  // namespace tools
