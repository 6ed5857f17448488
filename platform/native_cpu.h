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

#include <tlm_utils/simple_initiator_socket.h>

#include <memory>
#include <string>
#include <systemc>
#include <tlm>
#include <type_traits>
#include <vector>

#include "metrology/hal/bus.h"
#include "models/pins/event_sink.h"
#include "peripherals/bus/commit.h"
#include "peripherals/bus/irq_line.h"
#include "platform/cycle_costs.h"
#include "platform/firmware_core.h"
#include "platform/pace.h"
#include "platform/reset_unit.h"

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

struct CpuTrace {
  std::string instance;                    ///< "<id>.cpu"
  models::pins::EventSink* log = nullptr;  ///< null: no tracing
};

class NativeCpu : public sc_core::sc_module, public peripherals::IrqLine {
 public:
  tlm_utils::simple_initiator_socket<NativeCpu> socket;

  NativeCpu(const sc_core::sc_module_name& name, FirmwareFactory factory, const CycleCosts& costs,
            Pace& pace, ResetUnit& resets, DirectMemory& memory, const ClockTree& clock,
            CpuTrace trace);
  ~NativeCpu() override;

  /// The interrupt controller's output.
  void set(bool level) override;

  struct State {
    Cycle now;  ///< the edge at which it went to sleep, or the last before it lost its supply
    bool interrupts_enabled;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  /// Asleep in the outermost loop.
  bool quiet() const { return pace_.sleeping() && depth_ == 0; }
  State state() const { return State{now_, interrupts_enabled_}; }
  /// Sleeps on in the outermost loop of a firmware with state `firmware`; without supply, where
  /// there is no firmware, null.
  void restore(const State& state, const std::vector<std::uint8_t>* firmware);
  const FirmwareCore* firmware() const { return firmware_.get(); }
  /// The last edge that the CPU has acted on.
  Cycle now() const { return now_; }

 private:
  struct Reset {
    Cycle at;
  };

  void run();
  [[noreturn]] void take_reset(Cycle at, ResetCause cause);

  std::uint32_t read(std::uint32_t address);
  void write(std::uint32_t address, std::uint32_t value);
  /// Moves `length` bytes at `address` to or from `data` in one transaction that begins now; now_
  /// is its commit edge afterwards. A bus error does not return.
  void transfer(tlm::tlm_command command, std::uint32_t address, unsigned length, void* data);
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
  Pace& pace_;
  ResetUnit& resets_;
  DirectMemory& memory_;
  const ClockTree& clock_;
  CpuTrace trace_;

  metrology::hal::Bus bus_;
  std::unique_ptr<FirmwareCore> firmware_;
  tlm::tlm_generic_payload payload_;
  peripherals::Commit commit_;
  Cycle now_ = 0;
  int depth_ = 0;
  bool interrupts_enabled_ = false;
  bool interrupt_line_ = false;
  bool asleep_at_start_ = false;  ///< put back, and its thread does not know yet
};

}  // namespace platform
