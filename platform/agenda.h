// A meter's own future: the due times of its peripherals as kernel events, and the earliest of them
// for the horizon. The two virtual functions are there for the tests which show that a wrong
// horizon is found out.
#pragma once

#include <vector>

#include "peripherals/bus/due_time.h"
#include "platform/clock_tree.h"

namespace platform {

class EventAgenda : public peripherals::Agenda {
 public:
  explicit EventAgenda(const ClockTree& clock);

  void add(peripherals::DueTime& slot) override;
  /// Cancels, then notifies. An edge beyond the kernel's segment is never reached and not notified.
  void arm(peripherals::DueTime& slot) override;

  void add(peripherals::RunAhead& limit) override;
  void limit_changed() override { ++version_; }

  /// How far the CPU may run ahead of the kernel, for what acts unannounced; cycle_never: no limit.
  virtual Cycle run_ahead() const;
  /// The earliest due edge; cycle_never when nothing is due.
  virtual Cycle earliest() const;
  /// Changes whenever `earliest` may have.
  virtual std::uint64_t version() const { return version_; }
  /// Moves every kernel event to where its edge now stands, after a change of the clock.
  void retime();

 private:
  void notify(peripherals::DueTime& slot) const;

  const ClockTree& clock_;
  std::vector<peripherals::DueTime*> slots_;
  std::vector<peripherals::RunAhead*> limits_;
  std::uint64_t version_ = 0;
  Cycle last_edge_;  ///< of the longest segment: later ones are never reached
};

}  // namespace platform
