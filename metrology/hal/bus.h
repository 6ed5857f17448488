// How the firmware reaches its hardware, and how it lets time pass. Chosen at link time: on RV32 a
// call is a volatile access; natively it is a TLM transaction of this meter's CPU, which also
// charges the cycles that the code around it would take.
//
// Nothing here, and nothing that calls it, is noexcept: natively a reset or a power cut leaves the
// firmware by an exception thrown out of any of these calls.
#pragma once

#include <cstdint>

#include "metrology/hal/memory_map.h"

namespace metrology::hal {

#ifdef __riscv

class Bus {
 public:
  std::uint32_t read(std::uint32_t address) {
    return *reinterpret_cast<const volatile std::uint32_t*>(address);
  }
  void write(std::uint32_t address, std::uint32_t value) {
    *reinterpret_cast<volatile std::uint32_t*>(address) = value;
  }
  void charge(std::uint32_t) {}
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
  void (*charge)(void* cpu, std::uint32_t cycles);
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
  void charge(std::uint32_t cycles) { operations_->charge(cpu_, cycles); }

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
