// Real-time clock: ticks of the 32 768 Hz crystal since power-on, and one alarm.
//
//   offset  name     access  reset  bits
//   0x00    COUNT    R       –      ticks since power-on, bits 31…0 (wraps after 36.4 hours)
//   0x04    ALARM    R/W     0      tick at which an armed alarm goes off
//   0x08    CONTROL  R/W     0      bit 0 armed: write 1 takes ALARM over and arms, or arms anew;
//                                   write 0 disarms. The alarm clears it
//   0x0C    STATUS   R/W1C   0      bit 0: the alarm went off (interrupt)
//
// Tick n begins 768·n core clocks after power-on: an access that commits at that edge reads n.
// An arming write that commits at edge c with d = ALARM − COUNT as a signed 32-bit number:
//   d > 0   the alarm goes off at the edge at which COUNT becomes ALARM
//   d <= 0  the tick has begun: it goes off at c + 1
// COUNT goes on through a reset, which disarms and clears STATUS. Behind the APB bridge.
// Nothing ticks: COUNT is arithmetic, and only an armed alarm is due.
#pragma once

#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "peripherals/bus/core_counter.h"
#include "peripherals/bus/due_time.h"
#include "peripherals/bus/irq_line.h"
#include "peripherals/bus/register_target.h"

namespace peripherals {

class Rtc : public RegisterTarget {
 public:
  struct State {
    std::uint32_t alarm;
    Cycle due;  ///< edge of the armed alarm, else cycle_never
    bool went_off;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  Rtc(const sc_core::sc_module_name& name, Agenda& agenda, const CoreCounter& counter,
      IrqLine& irq);

  void reset(Cycle at) override;
  const State& state() const { return state_; }
  void restore(const State& state);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  /// The tick that holds at edge `at`.
  std::uint32_t count(Cycle at) const;
  void arm(Cycle at);
  void disarm();
  void go_off();
  void set_status(bool went_off);

  const CoreCounter& counter_;
  IrqLine& irq_;
  DueTime alarm_due_;
  State state_{};
};

}  // namespace peripherals
