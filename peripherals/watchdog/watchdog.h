// Watchdog: resets everything when the firmware has not said for a while that it lives.
//
//   offset  name     access  reset   bits
//   0x00    CONTROL  R/W     0       bit 0 run: write 1 starts; it stays set until a reset, and
//                                    neither value written does anything more
//   0x04    TIMEOUT  R/W     32 768  ticks of 1/32 768 s, 1 … 2^20 (32 s); a write while it
//                                    runs, or of a value out of range, is a bus error
//   0x08    KICK     W       –       0x5AFE'0D06: the time begins anew; any other value, and any
//                                    value while it does not run, does nothing
//
// A start or kick that commits at edge c lets it bite at edge c + 768·TIMEOUT, a prescaler of its
// own [twin]; a kick that commits before that edge is in time. Its bite is a reset with cause
// `watchdog`, which stops it. Behind the APB bridge.
#pragma once

#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "peripherals/bus/due_time.h"
#include "peripherals/bus/register_target.h"

namespace peripherals {

/// Who carries a watchdog's reset out.
class WatchdogReset {
 public:
  WatchdogReset() = default;
  WatchdogReset(const WatchdogReset&) = delete;
  WatchdogReset& operator=(const WatchdogReset&) = delete;
  virtual ~WatchdogReset() = default;

  /// Called at kernel time edge `at`: everything is to be reset at that edge, once all that happens
  /// at it has happened.
  virtual void bite(Cycle at) = 0;
};

class Watchdog : public RegisterTarget {
 public:
  struct State {
    std::uint32_t timeout;
    Cycle due;  ///< edge of the bite while it runs, else cycle_never
  };
  static_assert(std::is_trivially_copyable_v<State>);

  Watchdog(const sc_core::sc_module_name& name, Agenda& agenda, WatchdogReset& output);

  void reset(Cycle at) override;
  const State& state() const { return state_; }
  void restore(const State& state);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  bool running() const { return state_.due != cycle_never; }
  void begin_anew(Cycle at);

  WatchdogReset& output_;
  DueTime bite_due_;
  State state_{};
};

}  // namespace peripherals
