// Interrupt controller: sixteen level-sensitive sources, priorities, a threshold, and claim and
// complete, which raise and restore the threshold so that only higher priorities nest.
//
//   offset  name        access  reset  bits
//   0x00    PENDING     R       –      bit n: level of source n
//   0x04    ENABLE      R/W     0      bit n: source n may interrupt (bit 0 reserved)
//   0x08    THRESHOLD   R/W     0      2…0: only priorities above it reach the CPU
//   0x0C    CLAIM       R       –      the best enabled source above THRESHOLD, 0 for none. Best is
//                                      the highest priority, then the lowest number. Puts THRESHOLD
//                                      on a stack and sets it to the source's priority; a claim of
//                                      0 does neither and is not to be completed
//   0x10    COMPLETE    W       –      any value: THRESHOLD comes back from the stack; nothing when
//                                      the stack is empty
//   0x44 + 4(n − 1)
//           PRIORITY_n  R/W     0      2…0: priority of source n = 1…15; 0 never interrupts
//
// The stack holds eight; beyond, CLAIM finds nothing. Accesses cost no wait cycle.
#pragma once

#include <array>
#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "peripherals/bus/irq_line.h"
#include "peripherals/bus/register_target.h"

namespace peripherals {

class InterruptController : public RegisterTarget {
 public:
  struct State {
    std::uint32_t levels;
    std::uint32_t enable;
    std::uint32_t threshold;
    std::array<std::uint8_t, metrology::hal::intc::source_count> priority;
    std::array<std::uint8_t, 8> stack;
    std::uint32_t depth;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  /// `output` is the CPU's interrupt input; it is told of changes only.
  InterruptController(const sc_core::sc_module_name& name, IrqLine& output);

  /// The input of a source, for its peripheral to hold.
  IrqLine& line(metrology::hal::Irq source);

  /// Levels belong to their peripherals, which are reset themselves; all else goes to its reset
  /// value.
  void reset(Cycle at) override;
  const State& state() const { return state_; }
  void restore(const State& state);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool reading_acts(std::uint32_t offset) const override {
    return offset == metrology::hal::intc::claim;
  }
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  class Line : public IrqLine {
   public:
    void set(bool level) override { controller->set_level(source, level); }
    InterruptController* controller = nullptr;
    int source = 0;
  };

  void set_level(int source, bool level);
  /// The source that CLAIM would give.
  int best() const;
  std::uint32_t claim();
  void complete();
  void tell_output();

  std::array<Line, metrology::hal::intc::source_count> lines_;
  IrqLine& output_;
  bool told_ = false;
  State state_{};
};

}  // namespace peripherals
