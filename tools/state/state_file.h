// The file of a saved state: one line of JSON that says what it is, then the state itself.
//
//   {"vmeter_state":1,"build":"v1.2-3-g0a1b2c3","firmware_crc":"0x1234ABCD","scenario":"week",
//    "scenario_hash":"0x89ABCDEF-5120","seed":0,"instant_ps":"172800000000000000",
//    "scenario_time_ps":172800000000000000,"meters":[{"id":"m1","variant":"PRO380-Mod",
//    "cpu":"native","page_crc":"0x…"}],"body_bytes":123456,"crc":"0x…"}
//   <body_bytes bytes>
//
// The body is read by the build that wrote it and by no other. CRCs are CRC-32 (ISO 3309);
// the last one is of all the rest, the line without it and the body.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tools/scenario/scenario.h"
#include "tools/state/run_state.h"
#include "tools/state/state_build.h"

namespace tools {

/// The file cannot be used: one sentence (status 2).
class StateRefused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How a scenario goes on from a state: as the one that was saved, with all the world, or as
/// another one, or the same once more, whose meters have lived before.
enum class StateUse : std::uint8_t { continuation, handover };

struct LoadedState {
  std::string file;
  std::string scenario;    ///< that was saved
  std::string instant_ps;  ///< since the beginning of the world
  StateUse use = StateUse::continuation;
  RunState run;
};

/// What two scenarios have in common exactly when the one can go on with the other's world: what
/// they say, and the bytes of the files that they name.
std::string scenario_hash(const Scenario& scenario);

/// The whole file of a state of that scenario.
std::string state_file(const Scenario& scenario, const StateBuild& build, const RunState& state);

/// Throws StateRefused: no state, damaged, of another build, or of other meters.
LoadedState load_state(const std::string& path, const Scenario& scenario, const StateBuild& build);

}  // namespace tools
