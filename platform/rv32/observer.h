// Who looks at a hart instruction by instruction: debugger, profile, list of retirements. Without
// one the hart runs at full speed.
#pragma once

#include <cstdint>

#include "platform/rv32/environment.h"

namespace platform::rv32 {

class Hart;

struct Retirement {
  std::uint32_t pc;
  /// Its first cycle in ID/EX.
  Cycle begin;
  /// Last cycle in ID/EX + 1; for what flushes the pipeline (CSR writes of rule R10, mret, wfi,
  /// ecall, ebreak, illegal instructions) begin + 1. Counted like `begin`, not from the reset.
  Cycle stamp;
  /// The pc of what comes next, and the cycle in which it begins when no interrupt comes between.
  std::uint32_t next_pc;
  Cycle next;
};

/// A trap, taken: `cause` as in mcause (bit 31: an interrupt).
struct Trap {
  std::uint32_t cause;
  std::uint32_t mepc;
  std::uint32_t handler;  ///< its first instruction's address …
  Cycle begin;            ///< … and the cycle in which that starts
};

class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  /// The instruction at Hart::state().pc would be the next to start, in Hart::state().now; nothing
  /// of it has happened. May change registers and pc.
  virtual void before(Hart& /*hart*/) {}
  /// One has retired, or has trapped.
  virtual void retired(const Hart& /*hart*/, const Retirement& /*retirement*/) {}
  virtual void trapped(const Hart& /*hart*/, const Trap& /*trap*/) {}
  /// A data access is over, direct or over the bus; a split one comes as its two parts.
  virtual void accessed(const Hart& /*hart*/, const Access& /*access*/,
                        const AccessResult& /*result*/) {}
  /// Asleep in wfi from cycle `from` to `until`.
  virtual void slept(const Hart& /*hart*/, Cycle /*from*/, Cycle /*until*/) {}
};

}  // namespace platform::rv32
