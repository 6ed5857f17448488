// Watches a hart run a program and counts where its cycles go: by function, by interrupt handler,
// by charge; and how deep the stack gets.
//
// Cycles go to the function whose code is executed, those on the way into a handler to the
// vector's. A *context* is the main program or one handler until its mret; a trap opens one, over
// the one it interrupts. Calls are followed in each context: a call links to ra or t0; its end is
// where the program comes to the address behind the call with the stack pointer it had there, or
// jumps with that stack pointer to another function's begin (a tail call, which ends it and calls
// that). What a call takes holds what it calls, and not the handlers that came between.
//
// A reset ends all contexts; calls and handlers that it cuts count in sums, not as worst cases.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/rv32/hart.h"
#include "platform/rv32/observer.h"
#include "tools/isa/elf_image.h"
#include "tools/profile/charge_record.h"
#include "tools/profile/code_map.h"

namespace tools::profile {

using peripherals::Cycle;

/// What the profile must know of the machine.
struct MachineMap {
  std::uint32_t peripherals;  ///< from here on accesses are the bus's and in no charge
  std::uint32_t claim;        ///< a handler that reads it learns there which interrupt it serves
};
/// The meter's.
MachineMap meter_map();

struct FunctionCost {
  std::uint64_t calls = 0;
  std::uint64_t own = 0;         ///< cycles in its code
  std::uint64_t inclusive = 0;   ///< … and in what it calls; recursion counts once
  std::uint64_t worst_call = 0;  ///< inclusive, of one call that has ended
};

struct HandlerCost {
  std::uint64_t times = 0;
  std::uint64_t cycles = 0;  ///< without handlers nested in it
  std::uint64_t worst = 0;   ///< of one, from the trap to behind its mret
  std::uint64_t worst_with_nested = 0;
};

/// A handler by what it was for.
struct HandlerKey {
  std::uint32_t cause;   ///< as in mcause
  std::uint32_t source;  ///< what was claimed; 0: nothing
  bool operator<(const HandlerKey& other) const {
    return cause != other.cause ? cause < other.cause : source < other.source;
  }
};

struct StackUse {
  std::uint32_t top;     ///< the stack's first address beyond
  std::uint32_t limit;   ///< the lowest address that is free for it
  std::uint32_t lowest;  ///< of the stack pointer
  std::uint16_t function;
  std::uint32_t nested;  ///< handlers on it then
};

struct Profile {
  Cycle begin;
  Cycle end;
  std::uint64_t awake;   ///< cycles of code
  std::uint64_t asleep;  ///< cycles in wfi; the rest of begin … end was between a reset or the
                         ///< supply's loss and the reset's edge
  std::vector<FunctionCost> functions;  ///< in the order of CodeMap::functions()
  std::map<HandlerKey, HandlerCost> handlers;
  std::optional<StackUse> stack;  ///< the image says where it lies
  ChargeRecord charges;
};

class Profiler : public platform::rv32::Observer {
 public:
  Profiler(const ElfImage& image, const MachineMap& machine);

  /// Up to the last instruction that has ended.
  Profile profile() const;
  const CodeMap& code() const { return code_; }

  void before(platform::rv32::Hart& hart) override;
  void retired(const platform::rv32::Hart& hart,
               const platform::rv32::Retirement& retirement) override;
  void trapped(const platform::rv32::Hart& hart, const platform::rv32::Trap& trap) override;
  void accessed(const platform::rv32::Hart& hart, const platform::rv32::Access& access,
                const platform::rv32::AccessResult& result) override;
  void slept(const platform::rv32::Hart& hart, Cycle from, Cycle until) override;

 private:
  struct Call {
    std::uint16_t function;
    std::uint32_t return_address;
    std::uint32_t sp;
    std::uint64_t begun;  ///< cycles of its context then
  };
  struct Context {
    HandlerKey key;
    Cycle begun;
    std::uint64_t cycles = 0;           ///< its own
    std::uint64_t uncharged = 0;        ///< code since the last charge
    bool in_firmware = false;           ///< past the start-up or entry code
    std::optional<std::uint32_t> base;  ///< a charge that the next instruction adds to
    std::vector<Call> calls;
  };

  /// Points of the image between which code is not the firmware's own.
  struct Landmarks {
    std::uint32_t main;
    std::uint32_t handler;
    std::uint32_t start_up;  ///< numbers of what is charged for them
    std::uint32_t interrupt_entry;
    std::uint32_t interrupt_exit;
  };

  void open(const HandlerKey& key, Cycle at, std::uint32_t pc, std::uint32_t sp);
  void close();
  void charge(Context& context, const Instruction& instruction, std::uint32_t count,
              std::uint32_t next_pc);
  /// `cycles` of code, of which `outside` are charged by nobody.
  void spend(Context& context, std::uint32_t pc, std::uint64_t cycles, std::uint64_t outside);
  void follow_call(Context& context, const Instruction& instruction, std::uint32_t pc,
                   std::uint32_t next_pc, std::uint32_t sp);
  void enter_call(Context& context, std::uint32_t pc, std::uint32_t return_address,
                  std::uint32_t sp);
  /// Ends the context's calls from the `first` on; `whole`: they have come to their end.
  void leave_calls(Profile& into, const Context& context, std::size_t first, bool whole) const;
  void look_at_stack(std::uint32_t pc, std::uint32_t sp);

  CodeMap code_;
  MachineMap machine_;
  std::optional<Landmarks> landmarks_;
  Profile profile_{};
  std::vector<Context> contexts_;  ///< the innermost last
  bool begun_ = false;
  Cycle reset_at_ = 0;
  Cycle accounted_ = 0;  ///< all up to here has been
  Cycle slept_ = 0;      ///< of the instruction under way
  bool on_bus_ = false;  ///< the instruction under way has accessed a peripheral
};

}  // namespace tools::profile
