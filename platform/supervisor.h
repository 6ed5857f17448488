// Who stands above the CPU and all peripherals: the supply's rail and the watchdog.
//
// The rail is looked at at clock edges: a fall at t takes the supply away at the first edge at or
// after t, a rise brings it back there; what falls between two edges is not seen. Both, and the
// watchdog's bite, act once everything else of that edge's instant is over, the script of the world
// included, so a level that comes exactly at an edge counts at it. When the rail and the watchdog
// come together, the rail wins.
#pragma once

#include <systemc>

#include "peripherals/bus/due_time.h"
#include "peripherals/watchdog/watchdog.h"
#include "platform/clock_tree.h"
#include "platform/pace.h"

namespace platform {

/// The meter's hardware, as far as it follows.
class Supervised {
 public:
  Supervised() = default;
  Supervised(const Supervised&) = delete;
  Supervised& operator=(const Supervised&) = delete;
  virtual ~Supervised() = default;

  virtual void power_on(Cycle at) = 0;
  virtual void power_off(Cycle at) = 0;
  virtual void watchdog_reset(Cycle at) = 0;
};

class Supervisor : public sc_core::sc_module, public peripherals::WatchdogReset {
 public:
  struct State {
    bool rail;     ///< the level outside
    bool powered;  ///< what has come of it
    Cycle due;     ///< edge at which the rail is looked at, else cycle_never
  };

  /// The rail is on until told otherwise; edge 0 is the first at which it is looked at, but by one
  /// that awaits a state: not before `restore`.
  Supervisor(const sc_core::sc_module_name& name, EventAgenda& agenda, const ClockTree& clock,
             Pace& pace, Supervised& hardware, bool awaits_state);

  /// The rail's level from `t` on, the present kernel time.
  void rail(Ps t, bool on);
  void bite(Cycle at) override;

  bool powered() const { return state_.powered; }
  /// The first look is over: the hardware has begun, or has found no supply.
  bool begun() const { return begun_; }
  /// Between two instants: what waits for an instant's end is no state.
  const State& state() const { return state_; }
  void restore(const State& state);

 private:
  void settle_at(Cycle at);
  void settle();
  void act(Cycle at);

  const ClockTree& clock_;
  Pace& pace_;
  Supervised& hardware_;
  peripherals::DueTime rail_due_;
  sc_core::sc_event settle_{"settle"};
  Cycle settling_ = 0;   ///< the edge of what waits for its instant's end
  int deltas_left_ = 0;  ///< until then
  bool begun_ = false;   ///< the first look is over
  bool bitten_ = false;
  State state_;
};

}  // namespace platform
