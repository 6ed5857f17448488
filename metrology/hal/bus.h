// How the firmware reaches its hardware, and how it lets time pass. Chosen at link time: on RV32 a
// call is a volatile access; natively it is a TLM transaction of this meter's CPU, which also
// charges the cycles that the code around it would take.
//
// A charge stands for the code since the one before in its context (the main program, or one
// handler), without accesses to peripherals, switches of the interrupts and sleep, which cost what
// they cost in both builds, and without the handlers that came between. Natively it lets its cycles
// pass. On RV32 the code takes its own time and a charge is a marker, one instruction of one cycle
// out of the hints that the base instruction set leaves to such use:
//
//   slti x0, x0, N      charge N
//   sltiu x0, rs1, N    … and, together with the marker right before it, charge N rs1 times
//
// A profile measures between the markers what the charges ought to be.
//
// Nothing here, and nothing that calls it, is noexcept: natively a reset or a power cut leaves the
// firmware by an exception thrown out of any of these calls.
#pragma once

#include <cstdint>

#include "metrology/hal/memory_map.h"

namespace metrology::hal {

/// What a piece of code is charged with.
struct Charge {
  std::uint16_t number;  ///< in the RV32 image's markers, 0 … 2047
  std::uint32_t cycles;  ///< natively; no part of the RV32 image
};

#ifdef __riscv

class Bus {
 public:
  std::uint32_t read(std::uint32_t address) {
    return *reinterpret_cast<const volatile std::uint32_t*>(address);
  }
  void write(std::uint32_t address, std::uint32_t value) {
    *reinterpret_cast<volatile std::uint32_t*>(address) = value;
  }
  // Only with constants: the number stands in the instruction.
  [[gnu::always_inline]] inline void charge(const Charge& what) {
    asm volatile("slti x0, x0, %0" ::"i"(what.number) : "memory");
  }
  [[gnu::always_inline]] inline void charge(const Charge& what, const Charge& each,
                                            std::uint32_t count) {
    asm volatile("slti x0, x0, %0\n\tsltiu x0, %2, %1" ::"i"(what.number), "i"(each.number),
                 "r"(count)
                 : "memory");
  }
  void wait_for_interrupt() { asm volatile("wfi" ::: "memory"); }
  void enable_interrupts() { asm volatile("csrsi mstatus, 8" ::: "memory"); }
  void disable_interrupts() { asm volatile("csrci mstatus, 8" ::: "memory"); }
  const std::int32_t* words(std::uint32_t address) {
    return reinterpret_cast<const std::int32_t*>(address);
  }
};

#else

/// What a CPU model offers the firmware; each call has the model as its first argument.
struct BusOperations {
  std::uint32_t (*read)(void* cpu, std::uint32_t address);
  void (*write)(void* cpu, std::uint32_t address, std::uint32_t value);
  void (*charge)(void* cpu, Charge charge);
  void (*wait_for_interrupt)(void* cpu);
  void (*set_interrupts_enabled)(void* cpu, bool enabled);
  const std::int32_t* (*words)(void* cpu, std::uint32_t address);
};

class Bus {
 public:
  Bus(void* cpu, const BusOperations& operations) : cpu_(cpu), operations_(&operations) {}

  /// Reads or writes the 32-bit register or word at `address` (aligned). A bus error does not
  /// return: the CPU resets.
  std::uint32_t read(std::uint32_t address) { return operations_->read(cpu_, address); }
  void write(std::uint32_t address, std::uint32_t value) {
    operations_->write(cpu_, address, value);
  }

  /// Lets the cycles of the code since the last call pass; interrupts are taken at every cycle of
  /// it. Charge after computing and before the access that shows the result.
  void charge(const Charge& what) { operations_->charge(cpu_, what); }
  /// … and with them those of `count` times `each`.
  void charge(const Charge& what, const Charge& each, std::uint32_t count) {
    operations_->charge(cpu_, {what.number, what.cycles + each.cycles * count});
  }
  /// … of a program that is no firmware and whose pieces have no names.
  void charge(std::uint32_t cycles) { operations_->charge(cpu_, {unnamed, cycles}); }
  static constexpr std::uint16_t unnamed = 0xFFFF;

  /// Returns when an enabled interrupt is pending, even while interrupts are disabled (RISC-V wfi),
  /// so that "disable, test, wait" loses no wake-up.
  void wait_for_interrupt() { operations_->wait_for_interrupt(cpu_); }
  void enable_interrupts() { operations_->set_interrupts_enabled(cpu_, true); }
  void disable_interrupts() { operations_->set_interrupts_enabled(cpu_, false); }

  /// The words at `address` in RAM or the parameter page, for reading DMA blocks without a
  /// transaction a word; the caller charges for them.
  const std::int32_t* words(std::uint32_t address) { return operations_->words(cpu_, address); }

 private:
  void* cpu_;
  const BusOperations* operations_;
};

#endif

}  // namespace metrology::hal
