// One hart: RV32IMC with Zicsr, Zifencei and machine mode, cycle for cycle as the twin's core
// (README.md of this folder has the rules R1 … R16).
//
//   Environment ◀── Hart ──▶ Observer
//        │           │
//   bus, time    CodeMemory, CsrFile, CycleModel
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "platform/rv32/environment.h"
#include "platform/rv32/observer.h"

namespace platform::rv32 {

class Hart {
 public:
  struct State {
    std::uint32_t pc;
    std::array<std::uint32_t, 32> x;
    Cycle now;        ///< the cycle in which the instruction at pc starts; asleep: the first asleep
    Cycle reset_at;   ///< the edge of the last reset, from which mcycle counts
    std::uint64_t minstret;
    // … machine CSRs, counters' offsets …
    bool asleep;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  explicit Hart(Environment& environment);

  /// Memory that code is fetched from, W_i = 0, and whose bytes the data port reads or writes
  /// directly while Environment::direct_until allows. `bytes` must outlive the hart. Regions do not
  /// overlap. Fetches beyond all regions are instruction access faults; other data accesses go to
  /// Environment::access.
  void add_code(std::uint32_t base, std::uint32_t size, const unsigned char* bytes);
  void add_data(std::uint32_t base, std::uint32_t size, unsigned char* bytes);
  void add_constants(std::uint32_t base, std::uint32_t size, const unsigned char* bytes);
  /// Somebody else has written `length` bytes of code: they are decoded anew. The hart's own direct
  /// writes it notices itself; those that went over the bus its owner tells.
  void code_changed(std::uint32_t address, std::uint32_t length);

  /// Who looks on; null: nobody. Not while an observer is being called.
  void observe(Observer* observer);

  /// Reset at edge `at`, the begin of its cycle 0; `boot_address` is a multiple of 256. The first
  /// instruction, at boot_address + 0x80, starts in cycle at + 4 (R15).
  void reset(Cycle at, std::uint32_t boot_address);
  /// Runs until `stop` is called by environment or observer, then returns after the instruction.
  void run();
  void stop();

  /// The external interrupt's line from edge `at` on.
  void set_external_interrupt(bool level, Cycle at);
  /// The timer's line, mip bit 7, which only the bare machine of `vmeter isa-test` drives.
  void set_timer_interrupt(bool level, Cycle at);

  const State& state() const;
  /// Goes on from there; asleep, it sleeps on with `run`.
  void restore(const State& state);

  // For observers, between two instructions.
  void set_register(unsigned number, std::uint32_t value);
  void set_pc(std::uint32_t pc);
  /// False: there is no such CSR.
  bool read_csr(std::uint32_t number, std::uint32_t& value) const;
  bool write_csr(std::uint32_t number, std::uint32_t value);
};

}  // namespace platform::rv32
