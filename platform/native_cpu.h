// The CPU that runs the firmware natively: compiled for the host, its bus calls turned into TLM
// transactions, its time into charges.
//
// What is exact: code between two bus calls is atomic; a charge of n cycles can be interrupted
// after each of them; accesses, interrupt entry and exit cannot. Interrupts are sampled after each
// cycle of a charge, after each access, after interrupts are enabled, after wait_for_interrupt and
// after an interrupt's exit, nowhere else.
//
//   call                 cycles
//   read, write          2 + g, plus what the DMA makes it wait (router.h)
//   charge(n)            n
//   enable, disable      CycleCosts::interrupt_switch
//   wait_for_interrupt   sleep_entry, asleep until the interrupt controller's output is high, even
//                        if interrupts are disabled; sleep_exit
//   interrupt            interrupt_entry, handler, interrupt_exit
//
// A misaligned access to memory is split in two as the core does it (cpu-cycle rule R7), at one
// cycle more; elsewhere it is a bus error. A bus error resets at the edge of its response, a
// software reset at the commit edge of the write that asks for it: the firmware is left by an
// exception out of the bus call and built anew. A watchdog's reset, or the loss of the supply, at
// edge e comes before whatever the CPU would have done at e (Pace::restart, Pace::halt).
#pragma once

#include <memory>
#include <systemc>
#include <tlm>
#include <vector>

#include "metrology/hal/bus.h"
#include "platform/cpu.h"
#include "platform/cycle_costs.h"
#include "platform/firmware_core.h"

namespace platform {

/// Plain pointers to what the firmware may read without a transaction.
class DirectMemory {
 public:
  DirectMemory() = default;
  DirectMemory(const DirectMemory&) = delete;
  DirectMemory& operator=(const DirectMemory&) = delete;
  virtual ~DirectMemory() = default;

  /// The words at `address` as they stand at edge `at`; null for anything but RAM, the parameter
  /// page and flash, and for a misaligned address.
  virtual const std::int32_t* words(std::uint32_t address, Cycle at) = 0;
};

class NativeCpu : public Cpu {
 public:
  NativeCpu(const sc_core::sc_module_name& name, FirmwareFactory factory, const CycleCosts& costs,
            Pace& pace, ResetUnit& resets, DirectMemory& memory, const ClockTree& clock,
            CpuTrace trace);

  /// The interrupt controller's output.
  void set(bool level) override;

  bool quiet() const override { return pace_.sleeping() && depth_ == 0; }
  State state() const override { return State{now_, interrupts_enabled_}; }
  std::vector<std::uint8_t> program_state() const override;
  void restore(const State& state, const std::vector<std::uint8_t>* program) override;
  const FirmwareCore* firmware() const override { return firmware_.get(); }

 private:
  void run();

  std::uint32_t read(std::uint32_t address);
  void write(std::uint32_t address, std::uint32_t value);
  /// One transaction that begins now; a bus error does not return.
  void access(tlm::tlm_command command, std::uint32_t address, unsigned length, void* data);
  void finish_access();
  void charge(std::uint32_t cycles);
  void wait_for_interrupt();
  void wake_up();
  void set_interrupts_enabled(bool enabled);

  /// Cycles that cannot be interrupted.
  void pass(std::uint32_t cycles);
  void sample_interrupts();
  void take_interrupt();

  static const metrology::hal::BusOperations operations;

  FirmwareFactory factory_;
  CycleCosts costs_;
  DirectMemory& memory_;

  metrology::hal::Bus bus_;
  std::unique_ptr<FirmwareCore> firmware_;
  int depth_ = 0;
  bool interrupts_enabled_ = false;
  bool interrupt_line_ = false;
  bool asleep_at_start_ = false;  ///< put back, and its thread does not know yet
};

}  // namespace platform
