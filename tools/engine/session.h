// Somebody outside who leads a run while it goes on: real time with real masters, or a journal of
// such a session. Without one the kernel runs from end to end as fast as it can.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "tools/engine/led_line.h"
#include "tools/engine/meter_world.h"
#include "tools/engine/recorder.h"
#include "tools/engine/requests.h"
#include "tools/engine/script.h"

namespace tools {

/// What a session acts on.
struct SessionWorld {
  const Scenario& scenario;
  Script& script;
  const LedLines& lines;  ///< those that there are
  Recorder& recorder;
  Requests& requests;
  const std::vector<std::unique_ptr<MeterWorld>>& meters;
};

class Session {
 public:
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  /// Everything is built; the end of elaboration.
  virtual void begin(SessionWorld world) = 0;
  /// The kernel stands at `now`. Returns how far it may run next, after `now` and at most to
  /// `end`, when it may; `now` itself: the run ends here.
  virtual Ps next(Ps now, Ps end) = 0;
  /// The run is over at `end`.
  virtual void over(Ps end) = 0;
};

}  // namespace tools
