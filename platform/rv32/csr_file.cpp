#include "platform/rv32/csr_file.h"

#include <algorithm>

#include "platform/rv32/cycle_model.h"

namespace platform::rv32 {
namespace {

constexpr std::uint32_t mstatus_mie = 1u << 3;
constexpr std::uint32_t mstatus_mpie = 1u << 7;
constexpr std::uint32_t mstatus_mpp = 3u << 11;
/// 32 bits; C, I, M.
constexpr std::uint32_t misa_rv32imc = 0x4000'0000u | 1u << 2 | 1u << 8 | 1u << 12;
constexpr std::uint32_t mie_mask = 0x7fff'0888u;
constexpr std::uint32_t mtvec_base = 0xffff'ff00u;
constexpr std::uint32_t mtvec_vectored = 1;
constexpr std::uint32_t mcause_mask = interrupt_cause | 0x1fu;
constexpr std::uint32_t inhibit_mcycle = 1u << 0;
constexpr std::uint32_t inhibit_minstret = 1u << 2;

std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }
std::uint64_t with_low(std::uint64_t value, std::uint32_t half) {
  return (value & 0xffff'ffff'0000'0000u) | half;
}
std::uint64_t with_high(std::uint64_t value, std::uint32_t half) {
  return std::uint64_t{half} << 32 | low(value);
}

}  // namespace

void CsrFile::reset(Cycle at, std::uint32_t boot_address) {
  const auto lines = lines_;
  *this = {};
  lines_ = lines;
  mtvec_ = (boot_address & mtvec_base) | mtvec_vectored;
  retirement_step_ = 1;
  mcycle_zero_ = at + 1;
}

bool CsrFile::exists(std::uint32_t number) {
  static constexpr std::uint32_t numbers[] = {
      csr::mstatus, csr::misa,      csr::mie,       csr::mtvec,   csr::mcountinhibit, csr::mscratch,
      csr::mepc,    csr::mcause,    csr::mtval,     csr::mip,     csr::mcycle,        csr::minstret,
      csr::mcycleh, csr::minstreth, csr::mvendorid, csr::marchid, csr::mimpid,        csr::mhartid};
  return std::find(std::begin(numbers), std::end(numbers), number) != std::end(numbers);
}

std::uint32_t CsrFile::read(std::uint32_t number, Cycle now) const {
  switch (number) {
    case csr::mstatus:
      return (is_enabled_ ? mstatus_mie : 0) | (was_enabled_ ? mstatus_mpie : 0) | mstatus_mpp;
    case csr::misa:
      return misa_rv32imc;
    case csr::mie:
      return mie_;
    case csr::mtvec:
      return mtvec_;
    case csr::mcountinhibit:
      return mcountinhibit_;
    case csr::mscratch:
      return mscratch_;
    case csr::mepc:
      return mepc_;
    case csr::mcause:
      return mcause_;
    case csr::mtval:
      return mtval_;
    case csr::mip:
      return mip();
    case csr::mcycle:
      return low(mcycle(now));
    case csr::mcycleh:
      return high(mcycle(now));
    case csr::minstret:
      return low(minstret_);
    case csr::minstreth:
      return high(minstret_);
    default:
      return 0;
  }
}

void CsrFile::write(std::uint32_t number, std::uint32_t value, Cycle visible) {
  switch (number) {
    case csr::mstatus:
      is_enabled_ = (value & mstatus_mie) != 0;
      was_enabled_ = (value & mstatus_mpie) != 0;
      return;
    case csr::mie:
      mie_ = value & mie_mask;
      return;
    case csr::mtvec:
      mtvec_ = (value & mtvec_base) | mtvec_vectored;
      return;
    case csr::mcountinhibit:
      inhibit(value, visible);
      return;
    case csr::mscratch:
      mscratch_ = value;
      return;
    case csr::mepc:
      mepc_ = value & ~1u;
      return;
    case csr::mcause:
      mcause_ = value & mcause_mask;
      return;
    case csr::mtval:
      mtval_ = value;
      return;
    case csr::mcycle:
      set_mcycle(with_low(mcycle(visible), value), visible);
      return;
    case csr::mcycleh:
      set_mcycle(with_high(mcycle(visible), value), visible);
      return;
    case csr::minstret:
      minstret_ = with_low(minstret_, value);
      return;
    case csr::minstreth:
      minstret_ = with_high(minstret_, value);
      return;
    default:
      return;
  }
}

std::uint64_t CsrFile::mcycle(Cycle now) const {
  if ((mcountinhibit_ & inhibit_mcycle) != 0) return mcycle_held_;
  return static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(mcycle_zero_);
}

void CsrFile::set_mcycle(std::uint64_t value, Cycle visible) {
  mcycle_held_ = value;
  mcycle_zero_ = static_cast<Cycle>(static_cast<std::uint64_t>(visible) - value);
}

void CsrFile::inhibit(std::uint32_t value, Cycle visible) {
  // What it reads then is where it stops, or goes on from.
  set_mcycle(mcycle(visible), visible);
  mcountinhibit_ = value & (inhibit_mcycle | inhibit_minstret);
  retirement_step_ = (mcountinhibit_ & inhibit_minstret) != 0 ? 0 : 1;
}

void CsrFile::set_line(Interrupt which, bool level, Cycle at) {
  Line& line = lines_[which == by_priority[0] ? 0 : 1];
  if (line.is_high == level) return;
  line.is_high = level;
  if (!level) {
    line.fallen = at;
  } else if (line.fallen != at) {
    // Low for no cycle at all is not low.
    line.risen = at;
  }
}

std::uint32_t CsrFile::mip() const {
  std::uint32_t pending = 0;
  for (std::size_t n = 0; n < lines_.size(); ++n) {
    if (lines_[n].is_high) pending |= mask(by_priority[n]);
  }
  return pending;
}

Cycle CsrFile::pending_since() const {
  Cycle since = peripherals::cycle_never;
  for (std::size_t n = 0; n < lines_.size(); ++n) {
    if (lines_[n].is_high && (mie_ & mask(by_priority[n])) != 0) {
      since = std::min(since, lines_[n].risen);
    }
  }
  return since;
}

Interrupt CsrFile::first_pending() const {
  return (pending_and_enabled() & mask(by_priority[0])) != 0 ? by_priority[0] : by_priority[1];
}

std::uint32_t CsrFile::enter_trap(std::uint32_t cause, std::uint32_t mepc, std::uint32_t mtval) {
  was_enabled_ = is_enabled_;
  is_enabled_ = false;
  mepc_ = mepc;
  mcause_ = cause;
  mtval_ = mtval;
  const std::uint32_t base = mtvec_ & mtvec_base;
  return (cause & interrupt_cause) != 0 ? base + 4 * (cause & ~interrupt_cause) : base;
}

std::uint32_t CsrFile::leave_trap() {
  is_enabled_ = was_enabled_;
  was_enabled_ = true;
  return mepc_;
}

}  // namespace platform::rv32
