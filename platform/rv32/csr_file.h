// The machine-mode CSRs, the counters and the interrupt lines.
//
//  number     name           what a write keeps; everything else reads as it did
//  0x300      mstatus        MIE (3), MPIE (7); MPP reads 11
//  0x301      misa           nothing: RV32IMC
//  0x304      mie            3, 7, 11, 16 … 30
//  0x305      mtvec          31:8; bit 0 reads 1, always vectored
//  0x320      mcountinhibit  0 (mcycle), 2 (minstret)
//  0x340      mscratch       all
//  0x341      mepc           31:1
//  0x342      mcause         31, 4:0
//  0x343      mtval          all
//  0x344      mip            nothing: 7 and 11 are the lines, as high as they are
//  0xb00/b80  mcycle[h]      all
//  0xb02/b82  minstret[h]    all
//  0xf11 …    mvendorid, marchid, mimpid, mhartid: read-only, 0
#pragma once

#include <array>
#include <cstdint>

#include "platform/rv32/environment.h"

namespace platform::rv32 {

/// Bits of mie and mip, codes of mcause.
enum class Interrupt : std::uint8_t { timer = 7, external = 11 };

enum class Exception : std::uint8_t {
  fetch_fault = 1,
  illegal = 2,
  breakpoint = 3,
  load_fault = 5,
  store_fault = 7,
  ecall = 11,
};

/// Bit 31 of mcause.
inline constexpr std::uint32_t interrupt_cause = 0x8000'0000u;

namespace csr {
inline constexpr std::uint32_t mstatus = 0x300;
inline constexpr std::uint32_t misa = 0x301;
inline constexpr std::uint32_t mie = 0x304;
inline constexpr std::uint32_t mtvec = 0x305;
inline constexpr std::uint32_t mcountinhibit = 0x320;
inline constexpr std::uint32_t mscratch = 0x340;
inline constexpr std::uint32_t mepc = 0x341;
inline constexpr std::uint32_t mcause = 0x342;
inline constexpr std::uint32_t mtval = 0x343;
inline constexpr std::uint32_t mip = 0x344;
inline constexpr std::uint32_t mcycle = 0xb00;
inline constexpr std::uint32_t minstret = 0xb02;
inline constexpr std::uint32_t mcycleh = 0xb80;
inline constexpr std::uint32_t minstreth = 0xb82;
inline constexpr std::uint32_t mvendorid = 0xf11;
inline constexpr std::uint32_t marchid = 0xf12;
inline constexpr std::uint32_t mimpid = 0xf13;
inline constexpr std::uint32_t mhartid = 0xf14;
}  // namespace csr

/// Plain values only: it is part of what Hart::State saves.
class CsrFile {
 public:
  /// All CSRs as after a reset at edge `at`; the lines keep their levels, which are others'.
  void reset(Cycle at, std::uint32_t boot_address);

  static bool exists(std::uint32_t number);
  static bool is_read_only(std::uint32_t number) { return number >> 10 == 3; }
  /// What an existing CSR reads in cycle `now`.
  std::uint32_t read(std::uint32_t number, Cycle now) const;
  /// Writes an existing CSR; from cycle `visible` on it reads so.
  void write(std::uint32_t number, std::uint32_t value, Cycle visible);

  /// One more instruction has retired.
  void count_retirement() { minstret_ += retirement_step_; }
  std::uint64_t minstret() const { return minstret_; }

  void set_line(Interrupt line, bool level, Cycle at);
  std::uint32_t pending_and_enabled() const { return mip() & mie_; }
  /// Whether an interrupt is to be taken.
  bool is_due() const { return is_enabled_ && pending_and_enabled() != 0; }
  /// The first cycle since which a line that is pending and enabled has been high.
  Cycle pending_since() const;
  /// Which of those pending and enabled goes first: the external one.
  Interrupt first_pending() const;

  /// Masks interrupts, keeps cause, mepc and mtval, and returns the handler's address.
  std::uint32_t enter_trap(std::uint32_t cause, std::uint32_t mepc, std::uint32_t mtval);
  /// mret: unmasks as before and returns mepc.
  std::uint32_t leave_trap();

 private:
  struct Line {
    bool is_high;
    Cycle risen;
    Cycle fallen;
  };
  static constexpr std::array<Interrupt, 2> by_priority = {Interrupt::external, Interrupt::timer};
  static constexpr std::uint32_t mask(Interrupt line) { return 1u << static_cast<unsigned>(line); }
  std::uint32_t mip() const;
  std::uint64_t mcycle(Cycle now) const;
  void set_mcycle(std::uint64_t value, Cycle visible);
  void inhibit(std::uint32_t value, Cycle visible);

  std::uint32_t mie_;
  std::uint32_t mtvec_;
  std::uint32_t mscratch_;
  std::uint32_t mepc_;
  std::uint32_t mcause_;
  std::uint32_t mtval_;
  std::uint32_t mcountinhibit_;
  bool is_enabled_;   ///< mstatus.MIE
  bool was_enabled_;  ///< mstatus.MPIE
  std::array<Line, by_priority.size()> lines_{};
  std::uint64_t minstret_;
  std::uint64_t retirement_step_;  ///< 0 while inhibited
  Cycle mcycle_zero_;              ///< the cycle in which mcycle would have been 0 …
  std::uint64_t mcycle_held_;      ///< … and what it stands at while inhibited
};

}  // namespace platform::rv32
