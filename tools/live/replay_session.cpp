#include "tools/live/replay_session.h"

#include <algorithm>

namespace tools::live {
namespace {
/// Between two looks at whether the user wants to stop.
constexpr Ps slice = 100 * models::pins::ps_per_ms;
}  // namespace

ReplaySession::ReplaySession(const Journal& journal) : journal_(journal) {}
ReplaySession::~ReplaySession() = default;

void ReplaySession::begin(SessionWorld world) {
  inlet_ = std::make_unique<Inlet>(world, [](const std::string&) {});
  for (const std::string& port : journal_.header.ports) {
    inlet_->open(*port_kind(port), journal_.header.strict_gaps,
                 [](const models::masters::HeardCharacter&) {});
  }
  for (const JournalEvent& event : journal_.events) {
    if (event.port.empty()) {
      inlet_->put(read_control(event.control, world.scenario, event.t));
    } else {
      inlet_->put_bytes(event);
    }
  }
}

Ps ReplaySession::next(Ps now, Ps end) { return std::min(now + slice, end); }

void ReplaySession::over(Ps) {}

}  // namespace tools::live
