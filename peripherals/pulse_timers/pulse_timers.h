// Pulse timers: four channels (hal::PulseChannel) that make one pulse each per arming, timed by the
// core counter and by nothing else. Channel n's registers start at n·0x20.
//
//   offset  name     access  reset  bits
//   0x00    COMPARE  R/W     0      core counter bits 31…0 at which the pulse starts
//   0x04    WIDTH    R/W     1      23…0: width in core clocks, 1 … 2^24 − 1; 0 is a bus error
//   0x08    CONTROL  R/W     0      bit 0 armed: write 1 takes COMPARE and WIDTH over and arms, or
//                                   arms anew; write 0 disarms. The start clears it
//   0x0C    STATUS   R/W1C   0      bit 0 started (interrupt), bit 1 active (read only),
//                                   bit 2 late
//
// An arming write that commits at edge c with d = COMPARE − counter(c) as a signed 32-bit number:
//   d > 0   the pulse starts at edge c + d
//   d <= 0  it starts at c + 1, and LATE is set
// Minimum gap: when the channel's last pulse, running or over, ends at edge e, a start before
// e + 25 166 (1 ms) moves there and LATE is set. [twin] The output is on from the start edge for
// exactly WIDTH clocks, whatever is written meanwhile.
// A reset puts the registers back and forgets what is armed, but a running pulse goes on to its own
// end, with ACTIVE, and the gap after it holds: no pulse is cut short and no two of them merge.
// Without supply a running pulse is cut at that edge; power-on finds none running, and no gap to
// keep. Behind the APB bridge.
#pragma once

#include <array>
#include <memory>
#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "models/pins/digital_pin.h"
#include "peripherals/bus/core_counter.h"
#include "peripherals/bus/due_time.h"
#include "peripherals/bus/irq_line.h"
#include "peripherals/bus/register_target.h"

namespace peripherals {

class PulseTimers : public RegisterTarget {
 public:
  static constexpr int channels = metrology::hal::pulse::channel_count;

  struct Channel {
    std::uint32_t compare;
    std::uint32_t width;
    std::uint32_t armed_width;
    Cycle start;      ///< of the armed pulse, else cycle_never
    Cycle end;        ///< of the running pulse, else cycle_never
    Cycle free_from;  ///< end of the last pulse, running or over, plus the gap; 0 before the first
    bool started;
    bool late;
  };
  struct State {
    std::array<Channel, channels> channel;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  /// `outputs`: who is driven by each channel; null for nobody.
  PulseTimers(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
              const CoreCounter& counter, IrqLine& irq,
              const std::array<models::pins::DigitalInput*, channels>& outputs);

  void reset(Cycle at) override;
  void power_off(Cycle at) override;
  const State& state() const { return state_; }
  void restore(const State& state);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  void arm(int channel, Cycle at);
  void disarm(int channel);
  void clear_status(int channel, std::uint32_t bits);
  std::uint32_t status(const Channel& channel) const;

  void serve(int channel);
  void schedule(int channel);
  void tell_irq();

  const CoreClock& clock_;
  const CoreCounter& counter_;
  IrqLine& irq_;
  std::array<models::pins::DigitalInput*, channels> outputs_;
  std::array<std::unique_ptr<DueTime>, channels> due_;
  State state_{};
};

}  // namespace peripherals
