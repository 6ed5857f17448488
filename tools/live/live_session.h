// A run in step with the wall clock and with people and programs outside. The wall clock leads;
// simulated time follows and never runs ahead of it.
//
//   ppoll(ports, control; until the kernel's next event is due)
//     ├─ bytes of a master ─▶ port ─▶ journal, script at the present instant ─▶ line, bit by bit
//     ├─ a line of control ─▶ journal, script
//     └─ the instant granted to the CPUs ─▶ the kernel runs up to it ─▶ bytes whose stop bit is
//                                                                       over ─▶ port
//
// One thread, no sleeps. What comes in is put at the instant to which the kernel has been granted
// leave, which no CPU has passed; so a replay that knows it all beforehand gives the same log.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "tools/engine/session.h"
#include "tools/live/control_channel.h"
#include "tools/live/inlet.h"
#include "tools/live/live_port.h"
#include "tools/live/pacer.h"
#include "tools/live/panel.h"

namespace tools::live {

struct LiveOptions {
  double speed = 1;
  bool strict_gaps = false;
  bool panel = false;
  std::vector<OpenPort> ports;
  std::unique_ptr<ControlChannel> control;
  std::unique_ptr<JournalWriter> journal;
  /// Wall time that a debugger has held the run up: simulated time does not run after it. May be
  /// empty.
  std::function<std::int64_t()> halted_ns;
};

class LiveSession final : public Session {
 public:
  /// `options` must outlive this.
  explicit LiveSession(LiveOptions& options);
  ~LiveSession() override;

  void begin(SessionWorld world) override;
  Ps next(Ps now, Ps end) override;
  void over(Ps end) override;

 private:
  /// The wall clock, which stands while a debugger holds the run up.
  std::int64_t wall_ns() const;
  bool wait_for_outside(Ps now, Ps end);
  void take_bytes(Ps at);
  void take_orders(Ps at);
  void draw_panel(Ps now, std::int64_t wall);
  Ps next_deadline(Ps now) const;

  LiveOptions& options_;
  std::optional<SessionWorld> world_;
  std::optional<Pacer> pacer_;
  std::vector<std::unique_ptr<LivePort>> ports_;
  std::unique_ptr<Inlet> inlet_;
  std::unique_ptr<Panel> panel_;
  std::int64_t panel_due_ns_ = 0;
};

}  // namespace tools::live
