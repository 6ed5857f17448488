// The CPU that runs the image which would be flashed, instruction by instruction: an rv32::Hart on
// the meter's bus.
//
//   code                fetched from flash, and from RAM behind the DMA's buffer; no wait cycles
//   RAM, flash,         without a transaction as long as neither the DMA nor anything due comes
//   parameter page      between, at the bus's cost of 2 cycles
//   the rest            TLM transactions through the router
//
// A bus error is a trap of the core; what comes of it is the program's own affair. Resets are taken
// as by the native CPU: a software reset at the commit edge of the write that asks for it,
// watchdog and supply before whatever the CPU would have done at their edge. The first instruction
// after a reset at edge e starts in cycle e + 4.
//
// Whoever traces the bus sees every data access; then none is made without a transaction.
//
// Between two accesses to the bus the core runs ahead, up to the horizon, without telling Pace:
// Pace::require_ahead() finds what nobody announced only as late as the last of them.
#pragma once

#include <memory>
#include <optional>

#include "peripherals/dma/dma.h"
#include "peripherals/memory/ram.h"
#include "peripherals/memory/read_only_memory.h"
#include "platform/cpu.h"
#include "platform/rv32/hart.h"

namespace platform {

class Rv32Cpu : public Cpu, private rv32::Environment {
 public:
  /// The memories that the core reaches without a transaction; they must outlive it.
  struct Memories {
    peripherals::Ram& ram;
    peripherals::Dma& dma;
    const peripherals::ReadOnlyMemory& flash;
    const peripherals::ReadOnlyMemory& parameter_page;
  };

  Rv32Cpu(const sc_core::sc_module_name& name, Pace& pace, ResetUnit& resets,
          const ClockTree& clock, CpuTrace trace);

  /// To be called once, before the run. `observer`: who looks on, or null.
  void connect(const Memories& memories, rv32::Observer* observer);

  void set(bool level) override;
  bool quiet() const override { return pace_.sleeping(); }
  State state() const override { return State{now_, false}; }
  std::vector<std::uint8_t> program_state() const override;
  void restore(const State& state, const std::vector<std::uint8_t>* program) override;
  void code_changed(std::uint32_t address, std::uint32_t length) override;

 private:
  void run();

  rv32::AccessResult access(const rv32::Access& access, Cycle begin) override;
  void reach(Cycle n) override;
  Cycle horizon() override { return pace_.horizon(); }
  Cycle direct_until(Cycle begin) override;
  Cycle sleep(Cycle from) override;

  /// Of what the DMA may write: as it stands at the commit edge, without a transaction.
  rv32::AccessResult read_ram(const rv32::Access& access, Cycle begin);

  rv32::Hart hart_{*this};
  std::optional<Memories> memories_;
  std::unique_ptr<rv32::Observer> interrupt_trace_;
  std::uint32_t image_checksum_ = 0;  ///< of flash as it was produced
  sc_core::sc_process_handle thread_;
  bool asleep_at_start_ = false;  ///< put back, and its thread does not know yet
};

}  // namespace platform
