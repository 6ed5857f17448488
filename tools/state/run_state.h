// All that a run knows when it is cut, as plain data: what a saved state holds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/event_log.h"
#include "tools/engine/bus_world.h"
#include "tools/engine/ir_world.h"
#include "tools/engine/mbus_world.h"
#include "tools/engine/meter_world.h"
#include "tools/engine/recorder.h"
#include "tools/engine/requests.h"

namespace tools {

struct RunState {
  Ps now = 0;  ///< kernel time of the cut
  std::vector<MeterWorld::State> meters;
  std::optional<BusWorld::State> bus;
  std::optional<MbusWorld::State> mbus;
  IrWorld::State ir;
  Recorder::State recorder;
  Requests::State requests;
  std::vector<platform::PendingRecord> log;  ///< reported, and not in the log of before
};

/// As bytes that mean the same to this very build only.
std::string to_bytes(const RunState& state);
/// Throws std::runtime_error for what is no such thing.
RunState run_state_from(const std::string& bytes);

}  // namespace tools
