// A meter's own future: the due times of its peripherals as kernel events, and the earliest of them
// for the horizon.
#pragma once

#include <vector>

#include "peripherals/bus/due_time.h"
#include "platform/clock_tree.h"

namespace platform {

class EventAgenda : public peripherals::Agenda {
 public:
  explicit EventAgenda(const ClockTree& clock) : clock_(clock) {}

  void add(peripherals::DueTime& slot) override;
  /// Cancels, then notifies. An edge beyond the kernel's segment is never reached and not notified.
  void arm(peripherals::DueTime& slot) override;

  /// The earliest due edge; cycle_never when nothing is due.
  Cycle earliest() const;
  /// Changes whenever `earliest` may have.
  std::uint64_t version() const { return version_; }
  /// Moves every kernel event to where its edge now stands, after a change of the clock.
  void retime();

 private:
  void notify(peripherals::DueTime& slot) const;

  const ClockTree& clock_;
  std::vector<peripherals::DueTime*> slots_;
  std::uint64_t version_ = 0;
};

}  // namespace platform
