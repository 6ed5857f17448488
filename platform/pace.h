// The pace of one CPU: how far it may run ahead of the kernel, and when it must let the kernel
// catch up. Kernel time is the authority over everything but this CPU.
//
// The CPU's actions at edge n belong to kernel time edge(n) + 1 ps: whatever is due at an edge has
// happened, in all its deltas, before the CPU acts on it. The horizon is the first edge that the
// CPU must not act on before the kernel has reached it: the earliest of the meter's own due times
// and of the next event of the world, and where other meters may act on this one through a line, so
// many clocks after the kernel's place as it takes until that shows (peripherals::RunAhead). The
// kernel's queue is not in it, or meters would hold each other back cycle by cycle.
#pragma once

#include <systemc>

#include "models/pins/world_schedule.h"
#include "platform/agenda.h"
#include "platform/meter_config.h"

namespace platform {

class Pace {
 public:
  Pace(SyncMode mode, const ClockTree& clock, const EventAgenda& agenda,
       const models::pins::WorldSchedule& world);
  Pace(const Pace&) = delete;
  Pace& operator=(const Pace&) = delete;

  /// Returns when everything that happens at or before edge `n` has happened; at the end of the run
  /// not at all. For the CPU's thread only.
  void reach(Cycle n) {
    if (n > reached_ && n >= horizon()) wait_until(n);
    passed_ = n;
  }

  /// The same, and the kernel is less than `lag` clocks behind, or with a lag of 0 stands there:
  /// for an access that so much later shows, or changes how this meter takes, what others do
  /// without announcing it.
  void meet(Cycle n, Cycle lag) {
    if (n - reached_ >= lag) {
      if (n > reached_) wait_until(n);
      passed_ = n;
    } else {
      reach(n);
    }
  }

  /// To be called for whatever the world does to the meter at `t`: throws std::logic_error when the
  /// CPU has already acted at or after `t`, because WorldSchedule did not announce the instant.
  void require_ahead(Ps t) const;

  /// Thrown out of the CPU's waits when it is restarted or loses its supply.
  struct Restarted {};
  /// Waits until the CPU may begin, after power-on or Restarted, and returns the edge at which it
  /// does. For the CPU's thread only, and the first that it calls.
  Cycle begin();
  /// From the present kernel time, a clock edge, on the CPU does nothing: it is thrown out of its
  /// wait and `begin` lasts until `restart`.
  void halt();
  /// The CPU is to begin anew at edge `at`, where the kernel stands; thrown out if it runs.
  void restart(Cycle at);

  /// The CPU was put back: it sleeps, as it has since edge `n`. `begin` returns at once, for it to
  /// call `sleep_on`.
  void sleep_since(Cycle n);
  /// The CPU was put back without supply; it acted last at edge `n`.
  void stay_halted(Cycle n) { passed_ = n; }
  /// Without supply, and waiting in `begin`.
  bool halted() const { return halted_ && beginning_; }

  /// The first edge that must not be passed without the kernel, later than where it stands. Only a
  /// due time set by the CPU itself, or the kernel's progress, can move it.
  Cycle horizon() {
    if (mode_ == SyncMode::cycle) return reached_ + 1;
    if (!horizon_known_ || agenda_version_ != agenda_.version()) look_ahead();
    return horizon_;
  }
  /// How many cycles, at least 1, may pass from edge `from` before the CPU must look again.
  Cycle cycles_ahead(Cycle from);

  /// Waits for `wake` and returns the edge at which it was called. For the CPU's thread only.
  Cycle sleep();
  /// The same for a sleep that was put back, and may be over already.
  Cycle sleep_on();
  /// Ends `sleep`, or does nothing: called while the kernel stands at a clock edge.
  void wake();
  bool sleeping() const { return sleeping_; }

  /// Moves a wait to where its edge now stands, after a change of the clock.
  void retime();

 private:
  void look_ahead();
  Cycle compute_horizon();
  Cycle world_horizon();
  void wait_until(Cycle n);
  /// One wait of the CPU's; throws Restarted.
  void wait_resumed();
  Cycle awake();
  void resume_after_this_edge();
  void notify_resume();

  SyncMode mode_;
  const ClockTree& clock_;
  const EventAgenda& agenda_;
  const models::pins::WorldSchedule& world_;
  sc_core::sc_event resume_{"resume"};
  Cycle reached_ = -1;  ///< the kernel stands at this edge + 1 ps, or later
  Cycle passed_ = -1;   ///< the last edge that the CPU may have acted on
  Cycle awaited_ = cycle_never;
  Cycle woken_at_ = 0;
  bool sleeping_ = false;
  bool halted_ = true;
  bool beginning_ = false;  ///< its thread is in `begin`
  bool expelled_ = false;   ///< restarted or halted while it ran, and not yet told
  Cycle restart_at_ = 0;
  Cycle horizon_ = 0;
  models::pins::Ps world_event_ = models::pins::ps_never;  ///< as last looked up …
  Cycle world_horizon_ = cycle_never;                      ///< … and what it means
  std::uint64_t agenda_version_ = 0;
  bool horizon_known_ = false;
};

}  // namespace platform
