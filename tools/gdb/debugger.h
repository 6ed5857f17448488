// Run control between a hart and a client of gdb's protocol.
//
//   client ◀─▶ Link ◀─▶ Debugger ◀── Hart
//                         │
//                      Session ─▶ HartTarget ─▶ Hart, DebugView
//
// Before each instruction it looks whether a breakpoint stands there, a watchpoint would be met, a
// step is over, or the client wishes to halt; then it stays in Observer::before until the client
// lets the hart go on. Meanwhile nothing else happens in the simulation: its time stands still, and
// it comes out as if nobody had looked. What the client wishes is looked for every 4096
// instructions and whenever the hart has slept; the wall clock decides on nothing but where the
// hart halts.
//
// A step runs through interrupt handlers that are entered on the way, unless `monitor interrupts
// step` was given; breakpoints in them hold. Break- and watchpoints outlive resets and power cuts.
// A client that goes, with or without a word, takes its break- and watchpoints with it; another may
// come, and the hart halts for it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/rv32/hart.h"
#include "platform/rv32/observer.h"
#include "tools/gdb/hart_target.h"
#include "tools/gdb/link.h"
#include "tools/gdb/session.h"

namespace tools::gdb {

class Debugger final : public platform::rv32::Observer {
 public:
  using Cycle = platform::rv32::Cycle;

  /// Waits for a client before the first instruction. `stop_wanted`: somebody else wants the run to
  /// end, so that nothing is to be waited for any more.
  Debugger(Link& link, std::function<bool()> stop_wanted);
  ~Debugger() override;

  /// Where memory is read and the time is asked for; must outlive what runs.
  void look_at(platform::rv32::DebugView& view) { target_.look_at(view); }

  /// The client has asked for the end of the run.
  bool killed() const { return killed_; }
  /// The simulation is over with this exit status: a client that waits for the hart is told.
  void over(int status);
  /// … or has ended by a signal.
  void interrupted(int signal);

  /// Wall time that was spent halted, in nanoseconds: for who keeps simulated time in step with it.
  std::int64_t halted_ns() const { return halted_ns_; }

  void before(platform::rv32::Hart& hart) override {
    if (running_freely_ && until_look_ > 0) {
      --until_look_;
    } else if (const std::optional<Stop> stop = look(hart)) {
      halt(hart, *stop);
    }
  }
  void trapped(const platform::rv32::Hart& hart, const platform::rv32::Trap& trap) override;
  void slept(const platform::rv32::Hart& hart, Cycle from, Cycle until) override;

 private:
  /// An interrupt's handler that a step runs through: it is over when the hart is back here.
  struct Handler {
    std::uint32_t return_pc;
    std::uint32_t stack_pointer;
    Cycle reset_at;
  };

  /// Why the hart is to halt before its next instruction, if it is.
  std::optional<Stop> look(const platform::rv32::Hart& hart);
  std::optional<Stop> look_for_client();
  std::optional<Stop> point_at(const platform::rv32::Hart& hart) const;
  bool step_is_over(const platform::rv32::Hart& hart);

  void wait_for_client();
  void halt(platform::rv32::Hart& hart, const Stop& stop);
  /// Answers the client until it lets the hart go on, or is gone.
  Request converse();
  void resume(const Request& request);
  /// The hart runs on for itself.
  void let_go();
  void send();

  Link& link_;
  std::function<bool()> stop_wanted_;
  HartTarget target_;
  std::optional<Session> session_;  ///< with the client that is there
  std::string out_;

  std::uint32_t until_look_ = 0;  ///< instructions until the client is looked for
  bool running_freely_ = false;   ///< nothing else is to be looked for
  bool client_expected_ = true;   ///< the first has not come yet
  bool killed_ = false;

  std::optional<Request> step_;  ///< that is going on
  std::optional<Handler> handler_;
  std::int64_t halted_ns_ = 0;
};

}  // namespace tools::gdb
