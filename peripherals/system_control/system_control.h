// System control: the free-running core counter, why the last reset happened, and a way to ask for
// one.
//
//   offset  name           access  reset  bits
//   0x00    COUNTER_LO     R       –      core counter 31…0 at the commit edge; reading it latches
//                                         COUNTER_HI
//   0x04    COUNTER_HI     R       0      bits 63…32 as they were when COUNTER_LO was last read
//   0x08    RESET_CAUSE    R       –      1 power-on, 2 software, 4 bus error, 8 watchdog; of
//                                         the last reset
//   0x0C    RESET_REQUEST  W       –      0x5AFE'0001: everything is reset at the commit edge;
//                                         any other value does nothing
//
// The counter counts core clocks since power-on and goes on through a reset. Behind the APB bridge.
#pragma once

#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "peripherals/bus/core_counter.h"
#include "peripherals/bus/register_target.h"

namespace peripherals {

/// Who carries a software reset out, after the access that asked for it.
class ResetRequest {
 public:
  ResetRequest() = default;
  ResetRequest(const ResetRequest&) = delete;
  ResetRequest& operator=(const ResetRequest&) = delete;
  virtual ~ResetRequest() = default;

  /// Asked for at commit edge `at`.
  virtual void request(Cycle at) = 0;
};

class SystemControl : public RegisterTarget {
 public:
  struct State {
    std::uint32_t latched_hi;
    std::uint32_t reset_cause;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  SystemControl(const sc_core::sc_module_name& name, const CoreCounter& counter,
                ResetRequest& reset_request);

  /// Notes why the reset that is being carried out happens.
  void set_reset_cause(std::uint32_t cause) { state_.reset_cause = cause; }

  void reset(Cycle at) override;
  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool reading_acts(std::uint32_t offset) const override {
    return offset == metrology::hal::sysctrl::counter_lo;
  }
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  std::uint32_t latch_counter(Cycle at);

  const CoreCounter& counter_;
  ResetRequest& reset_request_;
  State state_{};
};

}  // namespace peripherals
