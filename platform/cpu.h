// What is common to the meter's CPUs: a bus initiator whose one input is the interrupt controller's
// output, with a place in time of its own. NativeCpu runs the firmware compiled for the host,
// Rv32Cpu the image that would be flashed, instruction by instruction.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <string>
#include <systemc>
#include <tlm>
#include <type_traits>
#include <vector>

#include "models/pins/event_sink.h"
#include "peripherals/bus/commit.h"
#include "peripherals/bus/irq_line.h"
#include "platform/clock_tree.h"
#include "platform/firmware_core.h"
#include "platform/pace.h"
#include "platform/reset_unit.h"

namespace platform {

struct CpuTrace {
  std::string instance;                    ///< "<id>.cpu"
  models::pins::EventSink* log = nullptr;  ///< null: no tracing
};

class Cpu : public sc_core::sc_module, public peripherals::IrqLine {
 public:
  tlm_utils::simple_initiator_socket<Cpu> socket;

  ~Cpu() override;

  struct State {
    Cycle now;  ///< the edge at which it went to sleep, or the last before it lost its supply
    bool interrupts_enabled;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  /// Asleep in the program's outermost loop.
  virtual bool quiet() const = 0;
  virtual State state() const = 0;
  /// All that the program knows beyond RAM, while the CPU is quiet; empty without supply.
  virtual std::vector<std::uint8_t> program_state() const = 0;
  /// Sleeps on in the outermost loop of a program with state `program`; without supply, where no
  /// program runs, null. Throws std::invalid_argument for the state of another program.
  virtual void restore(const State& state, const std::vector<std::uint8_t>* program) = 0;
  /// The firmware object that runs now; null before the first reset's end, and where the program is
  /// no object.
  virtual const FirmwareCore* firmware() const { return nullptr; }
  /// Somebody else has written `length` bytes, at least 1, that code may be fetched from.
  virtual void code_changed(std::uint32_t /*address*/, std::uint32_t /*length*/) {}
  /// The last edge that the CPU has acted on.
  Cycle now() const { return now_; }

 protected:
  Cpu(const sc_core::sc_module_name& name, Pace& pace, ResetUnit& resets, const ClockTree& clock,
      CpuTrace trace);

  /// Thrown through the program: everything has been reset at that edge.
  struct Reset {
    Cycle at;
  };
  [[noreturn]] void take_reset(Cycle at, ResetCause cause);

  /// Moves `length` bytes at `address` to or from `data` in one transaction that begins now; now()
  /// is its commit edge afterwards. False: a bus error.
  bool transfer(tlm::tlm_command command, std::uint32_t address, unsigned length, void* data);
  /// Carries out a software reset that the last transaction asked for.
  void take_requested_reset();
  void trace_event(const char* event);
  bool tracing() const { return trace_.log != nullptr; }

  Pace& pace_;
  const ClockTree& clock_;
  Cycle now_ = 0;
  /// Of the transaction under way; its edge is where the peripheral acts.
  peripherals::Commit commit_;

 private:
  ResetUnit& resets_;
  CpuTrace trace_;
  tlm::tlm_generic_payload payload_;
};

}  // namespace platform
