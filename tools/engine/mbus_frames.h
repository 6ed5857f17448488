// From what a scenario says of an M-Bus request to its characters on the line.
#pragma once

#include "models/masters/mbus_master.h"
#include "tools/engine/request_origin.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// The frame of an entry that is no search, asked of the meter (null: of none in particular). The
/// line's format is not in it.
models::masters::MbusRequest make_mbus_request(const MbusEntry& entry, const MeterSpec* meter,
                                               const MbusLineSpec& line);

/// A search or a scan; its first request is sent in the line's format.
models::masters::MbusSearchOrder make_mbus_search(const MbusEntry& entry, const MbusLineSpec& line);

}  // namespace tools
