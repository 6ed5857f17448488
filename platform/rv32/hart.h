// One hart: RV32IMC with Zicsr, Zifencei and machine mode, cycle for cycle as the twin's core
// (README.md of this folder has the rules R1 … R16).
//
//            Environment ◀── Hart ──▶ Observer
//                 │           │
//            bus, time    CodeMemory, DataMemory, CsrFile, CycleModel
//
// The instructions are in interpreter.cpp; hart.cpp is what surrounds them: interrupts, traps,
// sleep, accesses that are not made directly.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "platform/rv32/code_memory.h"
#include "platform/rv32/csr_file.h"
#include "platform/rv32/cycle_model.h"
#include "platform/rv32/data_memory.h"
#include "platform/rv32/environment.h"
#include "platform/rv32/observer.h"

namespace platform::rv32 {

class Hart {
 public:
  /// All there is between two instructions; in a call of the environment, what there was before
  /// the instruction that makes it, or asleep.
  struct State {
    std::uint32_t pc;
    std::array<std::uint32_t, 32> x;
    Cycle now;       ///< the cycle in which the instruction at pc starts; asleep: the first asleep
    Cycle reset_at;  ///< the edge of the last reset
    /// ID/EX was empty from the first to the second before it took the instruction that starts at
    /// the second: what an interrupt in between finds (R13).
    Cycle bubble_from;
    Cycle bubble_until;
    CsrFile csr;  ///< with minstret and the interrupt lines
    bool asleep;  ///< in wfi; pc is behind it
  };
  static_assert(std::is_trivially_copyable_v<State>);

  /// It does nothing before `reset` or `restore`.
  explicit Hart(Environment& environment) : environment_(environment) {}
  Hart(const Hart&) = delete;
  Hart& operator=(const Hart&) = delete;

  /// Memory that code is fetched from, without wait states. Fetches beyond all regions are
  /// instruction access faults. `bytes` must outlive the hart; whole words, no overlap, else
  /// std::invalid_argument: so for all three.
  void add_code(std::uint32_t base, std::uint32_t size, const unsigned char* bytes) {
    code_.add(base, size, bytes);
  }
  /// Memory that the data port reads and writes directly while Environment::direct_until allows;
  /// all other accesses, and at all other times, go to Environment::access.
  void add_data(std::uint32_t base, std::uint32_t size, unsigned char* bytes) {
    data_.add_writable(base, size, bytes);
  }
  /// The same for reading only.
  void add_constants(std::uint32_t base, std::uint32_t size, const unsigned char* bytes) {
    data_.add_constants(base, size, bytes);
  }
  /// Somebody else has written `length` bytes of code, at least 1: they are decoded anew. The
  /// hart's own direct writes it notices itself; those that went over the bus its owner tells.
  void code_changed(std::uint32_t address, std::uint32_t length) { code_.changed(address, length); }

  /// Who looks on; null: nobody. Not while an observer is being called.
  void observe(Observer* observer);

  /// Reset at edge `at`, the begin of its cycle 0; `boot_address` is a multiple of 256. The first
  /// instruction, at boot_address + 0x80, starts in cycle at + 4 (R15). Registers are 0; the
  /// interrupt lines keep their levels.
  void reset(Cycle at, std::uint32_t boot_address);
  /// Runs until `stop` is called by environment or observer, then returns after the instruction;
  /// asleep, when Environment::sleep returns.
  void run();
  void stop();

  /// The external interrupt's line from edge `at` on; at most an edge that was asked for.
  void set_external_interrupt(bool level, Cycle at) { set_line(Interrupt::external, level, at); }
  /// The timer's line, mip bit 7, which only the bare machine of `vmeter isa-test` drives.
  void set_timer_interrupt(bool level, Cycle at) { set_line(Interrupt::timer, level, at); }

  const State& state() const { return state_; }
  /// Goes on from there; asleep, it sleeps on with `run`.
  void restore(const State& state);

  // For observers, between two instructions.
  void set_register(unsigned number, std::uint32_t value);
  void set_pc(std::uint32_t pc) { state_.pc = pc & ~1u; }
  /// As it reads in state().now. False: there is no such CSR.
  bool read_csr(std::uint32_t number, std::uint32_t& value) const;
  /// False: there is no such CSR, or it is read-only.
  bool write_csr(std::uint32_t number, std::uint32_t value);

 private:
  /// How a load's or store's accesses ended.
  struct Transfer {
    Cycle commit;         ///< of the last
    std::uint32_t value;  ///< what was read, in the low bytes
    bool is_error;
    std::uint32_t error_address;  ///< of the first part that failed
  };
  /// A limit or bound that is over already.
  static constexpr Cycle at_once = std::numeric_limits<Cycle>::min();

  /// Until stopped, asleep, or another kind of interpreter is wanted. Without an observer nothing
  /// is done for one.
  template <bool is_observed>
  void interpret();
  bool must_leave(bool is_observed) const { return is_stopped_ || is_observed != has_observer(); }
  bool has_observer() const { return observer_ != nullptr; }

  void set_line(Interrupt line, bool level, Cycle at);
  /// Before the instruction at state_.now: lets the environment catch up, and takes an interrupt.
  void look();
  void take_interrupt();
  /// How far the interpreter may go without `look`.
  void look_ahead();
  /// From when on ID/EX has been free for the instruction that starts at `start`.
  Cycle id_free(Cycle start) const {
    return start == state_.bubble_until ? state_.bubble_from : start;
  }
  /// Goes on at `pc` in cycle `start`, ID/EX being free before.
  void flow_to(std::uint32_t pc, Cycle free, Cycle start);
  /// The same after what takes `timing` from state_.now on.
  void flow_to(std::uint32_t pc, const Timing& timing, Cycle penalty = 0);
  Cycle split_penalty(std::uint32_t target) {
    return code_.is_split(target) ? CycleModel::split_target : 0;
  }

  bool is_direct(std::uint32_t address, std::uint32_t length, Cycle begin) {
    return is_within_word(address, length) &&
           (CycleModel::commit_without_waiting(begin) <= direct_until_ || ask_direct(begin));
  }
  bool ask_direct(Cycle begin);
  /// A load or store that starts in cycle state_.now.
  Transfer transfer(const Access& access);
  AccessResult access_part(const Access& access, Cycle begin);
  /// False: the environment has to do it.
  bool access_directly(const Access& access, Cycle begin, AccessResult& result);

  // The instruction at state_.pc traps instead of retiring.
  void raise(Exception cause, std::uint32_t mtval);
  void raise_bus_error(Exception cause, const Transfer& transfer);
  void enter_handler(Exception cause, std::uint32_t mtval, Cycle stamp, Cycle free, Cycle start);

  // The instruction at state_.pc, all of it.
  void access_csr(const Instruction& instruction);
  void return_from_trap();
  void fall_asleep();
  /// Until woken, or stopped.
  void sleep_on();

  void report_retired(std::uint32_t pc, Cycle begin, Cycle stamp);

  Environment& environment_;
  Observer* observer_ = nullptr;
  CodeMemory code_;
  DataMemory data_;
  State state_{};
  Cycle limit_ = at_once;         ///< the last cycle in which one may start before `look`
  Cycle direct_until_ = at_once;  ///< as the environment said last
  bool is_stopped_ = false;
};

}  // namespace platform::rv32
