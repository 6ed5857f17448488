// Power monitor: what the supply says of itself, and an interrupt before it is too late.
//
//   offset  name    access  reset  bits
//   0x00    STATE   R       –      levels behind two-stage synchronisers: bit 0 mains,
//                                  bit 1 charged
//   0x04    EVENTS  R/W1C   0      bit 0 mains lost (STATE's mains fell), bit 1 mains back (rose),
//                                  bit 2 charged (STATE's charged rose); also while not enabled
//   0x08    ENABLE  R/W     0      2…0: which events interrupt
//
// A level that stands at edge n shows in STATE, and makes its event, from edge n + 2 on, as at a
// GPIO pin: what falls between two edges is not seen, and a level that comes exactly at an edge
// stands at it. A reset clears EVENTS and ENABLE and leaves the synchronisers alone. Power-on takes
// the levels over at its edge, without events; without supply nothing is seen. Behind the APB
// bridge.
#pragma once

#include <array>
#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "peripherals/bus/due_time.h"
#include "peripherals/bus/irq_line.h"
#include "peripherals/bus/register_target.h"

namespace peripherals {

class PowerMonitor : public RegisterTarget {
 public:
  struct Capture {
    Cycle edge;
    std::uint32_t levels;
  };
  struct State {
    std::uint32_t outside;  ///< levels as the supply gives them
    bool powered;
    std::uint32_t levels;  ///< STATE
    std::uint32_t events;
    std::uint32_t enable;
    std::array<Capture, 4> captures;  ///< not yet shown, oldest first
    std::uint32_t capture_count;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  PowerMonitor(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
               IrqLine& irq);

  /// The supply's levels from `t` on, the present kernel time. Both are on until told otherwise.
  void mains(Ps t, bool present) { drive(t, metrology::hal::power::state_mains, present); }
  void charged(Ps t, bool charged) { drive(t, metrology::hal::power::state_charged, charged); }

  void reset(Cycle at) override;
  void power_off(Cycle at) override;
  void power_on(Cycle at) override;
  const State& state() const { return state_; }
  void restore(const State& state);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  void drive(Ps t, std::uint32_t bit, bool level);
  void show_first_capture();
  void schedule();
  void tell_irq();

  const CoreClock& clock_;
  IrqLine& irq_;
  DueTime captures_due_;
  State state_{};
};

}  // namespace peripherals
