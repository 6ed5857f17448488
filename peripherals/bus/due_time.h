// The one way a peripheral schedules its own future. A due time is a core clock edge; setting it
// again moves it (an sc_event alone would keep the earlier of two), and the meter's horizon, how
// far the CPU may run ahead, is the smallest of them.
#pragma once

#include <functional>
#include <systemc>

#include "peripherals/bus/core_clock.h"

namespace peripherals {

class DueTime;
class RunAhead;

/// Gives a meter's peripherals their future; the platform implements it with kernel events.
class Agenda {
 public:
  Agenda() = default;
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;
  virtual ~Agenda() = default;

  /// Registers a slot for the horizon; the slot must live as long as the agenda is used.
  virtual void add(DueTime& slot) = 0;
  /// (Re)arms the kernel event of `slot` at edge slot.cycle(), or disarms it for cycle_never.
  virtual void arm(DueTime& slot) = 0;

  /// Registers a limit for the horizon; it must live as long as the agenda is used.
  virtual void add(RunAhead& limit) = 0;
  /// A limit has changed.
  virtual void limit_changed() = 0;
};

/// How far the CPU may run ahead of the kernel because somebody outside may act on this part at any
/// time, unannounced: so many clocks at least pass between such an act and what comes of it.
class RunAhead {
 public:
  explicit RunAhead(Agenda& agenda) : agenda_(agenda) { agenda.add(*this); }

  /// From now on; cycle_never: no limit.
  void limit(Cycle cycles) {
    cycles_ = cycles;
    agenda_.limit_changed();
  }
  Cycle cycles() const { return cycles_; }

 private:
  Agenda& agenda_;
  Cycle cycles_ = cycle_never;
};

class DueTime {
 public:
  DueTime(Agenda& agenda, const char* name) : agenda_(agenda), event_(name) { agenda.add(*this); }

  /// Has `function` called whenever this is due; for the constructor of whoever owns it. A served
  /// edge is taken first, and one that was served already is none.
  void serve(const char* name, std::function<void(Cycle)> function);

  /// Due at edge `cycle`, which must lie after the edge of the access that causes it.
  void set(Cycle cycle) {
    cycle_ = cycle;
    agenda_.arm(*this);
  }
  void cancel() { set(cycle_never); }
  /// Called first by the method that serves it: from here on nothing is due. Returns the edge, or
  /// cycle_never when it has been served already: a state restored at the very edge notifies twice.
  Cycle take() {
    const Cycle due = cycle_;
    cycle_ = cycle_never;
    return due;
  }
  Cycle cycle() const { return cycle_; }
  sc_core::sc_event& event() { return event_; }

 private:
  Agenda& agenda_;
  Cycle cycle_ = cycle_never;
  sc_core::sc_event event_;
};

}  // namespace peripherals
