// What everything takes, in core clocks: the one table behind the rules R1 … R16 of README.md.
//
// t: the cycle in which an instruction comes into ID/EX, the stage that does all its work.
#pragma once

#include "platform/rv32/environment.h"

namespace platform::rv32 {

/// One kind of instruction, counted from t.
struct Timing {
  Cycle busy;     ///< cycles in ID/EX
  Cycle next;     ///< until the next instruction comes in, unless that is a split target
  Cycle retires;  ///< until it counts as retired
};

namespace timing {
// clang-format off
//                                     busy next retires
inline constexpr Timing simple         {1,  1,  1};   // R3; R4: mul
inline constexpr Timing multiply_high  {2,  2,  2};   // R4
inline constexpr Timing divide         {37, 37, 37};  // R5
inline constexpr Timing divide_by_zero {2,  2,  2};   // R5
inline constexpr Timing jump           {2,  2,  2};   // R8: fence.i too
inline constexpr Timing taken_branch   {2,  3,  2};   // R9
inline constexpr Timing csr_flush      {2,  3,  1};   // R10
inline constexpr Timing trap_return    {2,  3,  1};   // R11
inline constexpr Timing exception      {2,  3,  1};   // R12
// clang-format on

constexpr const Timing& division(bool is_by_zero) { return is_by_zero ? divide_by_zero : divide; }
}  // namespace timing

class CycleModel {
 public:
  /// R2: a redirect to four bytes across two words.
  static constexpr Cycle split_target = 1;

  // R6, R7. A request raised in cycle b that waits for g cycles commits at edge b + 1 + g, and that
  // is also the number of its last cycle: its response comes in there.
  static constexpr Cycle commit_without_waiting(Cycle begin) { return begin + 1; }
  /// The second part of a split access is requested when the first is answered.
  static constexpr Cycle second_request(Cycle first_commit) { return first_commit; }
  static constexpr Cycle after_access(Cycle commit) { return commit + 1; }
  /// R12: the handler's start after a bus error.
  static constexpr Cycle after_bus_error(Cycle commit) { return commit + 3; }

  // R13: an interrupt that is seen before the next instruction has started is decided in cycle d,
  // when ID/EX is free, and looked at again one later.
  static constexpr Cycle decision(Cycle risen, Cycle id_free) {
    return risen > id_free ? risen : id_free;
  }
  static constexpr Cycle confirmation(Cycle decision) { return decision + 1; }
  static constexpr Cycle handler(Cycle decision) { return decision + 3; }
  static constexpr Cycle after_withdrawal(Cycle decision) { return decision + 2; }

  // R14: wfi at t sleeps from t + 3; woken in cycle c, ID/EX is free from c + 1 and the next
  // instruction starts in c + 2.
  static constexpr Cycle asleep_after = 3;
  static constexpr Cycle wfi_retires = 1;
  static constexpr Cycle free_after_wake(Cycle woken) { return woken + 1; }
  static constexpr Cycle next_after_wake(Cycle woken) { return woken + 2; }

  /// R15: the first instruction's start.
  static constexpr Cycle after_reset(Cycle edge) { return edge + 4; }
  /// R16: mcycle, as read in cycle `now`.
  static constexpr Cycle counted_since_reset(Cycle edge, Cycle now) { return now - edge - 1; }
  /// What a CSR write or a reset of mstatus.MIE does shows one cycle later (R13, R16).
  static constexpr Cycle csr_visible(Cycle begin) { return begin + 1; }
};

}  // namespace platform::rv32
