// What every register file has in common: a TLM target that takes aligned 32-bit accesses to the
// registers it lists and answers everything else with a bus error.
//
// Rules for all register tables:
//   * An access to an offset that the table does not list is a bus error, and so is a write to a
//     register marked R and a read of one marked W.
//   * A write of 1 to a reserved bit, or of a value outside the range the table gives, is a bus
//     error and changes nothing. Read-only bits within a writable register ignore what is written.
//   * An access takes effect at its commit edge: what the peripheral does by itself at that edge or
//     before has happened, and what the access sets off comes later.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <systemc>
#include <tlm>

#include "peripherals/bus/core_clock.h"

namespace peripherals {

class RegisterTarget : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<RegisterTarget> socket;

  /// Puts registers and behaviour back to the reset values of the table at edge `at`; every edge of
  /// this peripheral's own up to `at` has been served. What outputs do, each table says.
  virtual void reset(Cycle at) = 0;

  /// The supply goes at edge `at`, after all that happens at it by itself: outputs are off from
  /// that edge on, and nothing happens until power_on.
  virtual void power_off(Cycle at) { reset(at); }
  /// The supply comes at edge `at`, the core counter's new 0. Also called once at the very start.
  virtual void power_on(Cycle at) { reset(at); }

 protected:
  explicit RegisterTarget(const sc_core::sc_module_name& name);

  /// The value of the register at `offset` (a multiple of 4) in an access that commits at edge
  /// `at`. False: a bus error.
  virtual bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) = 0;
  /// Whether a read of the register at `offset` changes anything: a debugger may not.
  virtual bool reading_acts(std::uint32_t /*offset*/) const { return false; }
  /// The write's side effects. False: a bus error, and nothing is changed.
  virtual bool write(std::uint32_t offset, Cycle at, std::uint32_t value) = 0;

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  /// Reads what reads without effects; never writes.
  unsigned transport_dbg(tlm::tlm_generic_payload& payload);
};

}  // namespace peripherals
