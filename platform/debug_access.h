// The meter's memory and registers as a debugger sees them: by TLM's debug transport, which takes
// no time and goes past bus and DMA.
//
// Of a register it reads what the CPU knows of it: what others do to a shared line without
// announcing it (peripherals/bus/shared_target.h) may show later than in an access.
#pragma once

#include "peripherals/bus/commit.h"
#include "platform/clock_tree.h"
#include "platform/cpu.h"
#include "platform/rv32/debug_view.h"

namespace platform {

class DebugAccess final : public rv32::DebugView {
 public:
  /// All must outlive this; `base`: kernel time 0 since the beginning of the world.
  DebugAccess(Cpu& cpu, const ClockTree& clock, WideTime base);

  std::uint32_t debug_read(std::uint32_t address, std::uint32_t length, unsigned char* bytes,
                           Cycle at) override;
  bool debug_write(std::uint32_t address, std::uint32_t length, const unsigned char* bytes,
                   Cycle at) override;
  std::optional<WideTime> debug_instant(Cycle at) const override;

 private:
  Cpu& cpu_;
  const ClockTree& clock_;
  WideTime base_;
  tlm::tlm_generic_payload payload_;
  peripherals::Commit commit_;
};

}  // namespace platform
