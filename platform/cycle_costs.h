// What the native CPU is charged for besides the code between two bus calls and the accesses
// themselves (1 + g cycles to the commit edge and one for the response, platform/router.h). What
// depends on the firmware's image stands in its table of measured charges.
#pragma once

#include <cstdint>

namespace platform {

struct CycleCosts {
  /// As measured.
  CycleCosts();

  /// From the cycle after which the interrupt is sampled to the first cycle of the handler's code:
  /// 3 cycles to the vector, a jump, and saving 16 registers, mepc and mstatus.
  std::uint32_t interrupt_entry;
  /// The handler's return, restoring the registers and mret.
  std::uint32_t interrupt_exit;
  /// Setting or clearing mstatus.MIE: a CSR write that flushes the pipeline.
  std::uint32_t interrupt_switch = 3;
  /// From wfi to the first cycle asleep, and from the cycle of the wake-up to the next instruction.
  std::uint32_t sleep_entry = 3;
  std::uint32_t sleep_exit = 2;
  /// From the reset's edge to the firmware's first instruction: 4 cycles to the first fetch and
  /// start-up code that clears the firmware's RAM.
  std::uint32_t start_up;
};

}  // namespace platform
