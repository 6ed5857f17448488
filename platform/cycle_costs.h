// What the native CPU is charged for besides the code between two bus calls (that table stands
// with the firmware, metrology/app/charges.h) and the accesses themselves (1 + g cycles to the
// commit edge and one for the response, platform/router.h). Every figure is an upper bound, so
// that a deadline met natively is met by the instruction-set simulator too.
#pragma once

#include <cstdint>

namespace platform {

struct CycleCosts {
  /// From the cycle after which the interrupt is sampled to the first cycle of the handler's code:
  /// 3 cycles to the vector, a jump, and saving 16 registers at 2 cycles each. [twin]
  std::uint32_t interrupt_entry = 40;
  /// Restoring the 16 registers and mret. [twin]
  std::uint32_t interrupt_exit = 40;
  /// Setting or clearing mstatus.MIE: a CSR write that flushes the pipeline.
  std::uint32_t interrupt_switch = 3;
  /// From wfi to the first cycle asleep, and from the cycle of the wake-up to the next instruction.
  std::uint32_t sleep_entry = 3;
  std::uint32_t sleep_exit = 2;
  /// From the reset's edge to the firmware's first instruction: 4 cycles to the first fetch and
  /// start-up code that clears 25 KiB of RAM at 8 cycles a word. [twin]
  std::uint32_t start_up = 4 + 6400 * 8;
};

}  // namespace platform
