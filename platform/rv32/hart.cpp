#include "platform/rv32/hart.h"

#include <algorithm>

namespace platform::rv32 {

void Hart::observe(Observer* observer) {
  observer_ = observer;
  limit_ = at_once;
}

void Hart::reset(Cycle at, std::uint32_t boot_address) {
  State state{};
  state.pc = boot_address + 0x80;
  state.now = CycleModel::after_reset(at);
  state.reset_at = at;
  state.csr = state_.csr;
  state.csr.reset(at, boot_address);
  restore(state);
}

void Hart::restore(const State& state) {
  state_ = state;
  is_stopped_ = false;
  limit_ = at_once;
  direct_until_ = at_once;
}

void Hart::run() {
  limit_ = at_once;
  direct_until_ = at_once;
  while (!is_stopped_) {
    if (state_.asleep) {
      sleep_on();
    } else if (has_observer()) {
      interpret<true>();
    } else {
      interpret<false>();
    }
  }
  is_stopped_ = false;
}

void Hart::stop() {
  is_stopped_ = true;
  limit_ = at_once;
}

void Hart::set_line(Interrupt line, bool level, Cycle at) {
  state_.csr.set_line(line, level, at);
  limit_ = at_once;
}

void Hart::set_register(unsigned number, std::uint32_t value) {
  if (number != 0) state_.x.at(number) = value;
}

bool Hart::read_csr(std::uint32_t number, std::uint32_t& value) const {
  if (!CsrFile::exists(number)) return false;
  value = state_.csr.read(number, state_.now);
  return true;
}

bool Hart::write_csr(std::uint32_t number, std::uint32_t value) {
  if (!CsrFile::exists(number) || CsrFile::is_read_only(number)) return false;
  state_.csr.write(number, value, state_.now);
  limit_ = at_once;
  return true;
}

void Hart::look() {
  if (environment_.horizon() < state_.now) environment_.reach(state_.now - 1);
  if (state_.csr.is_due()) take_interrupt();
  look_ahead();
}

void Hart::look_ahead() {
  limit_ = is_stopped_ || state_.csr.is_due() ? at_once : environment_.horizon();
  direct_until_ = at_once;
}

void Hart::take_interrupt() {
  const Cycle decision = CycleModel::decision(state_.csr.pending_since(), id_free(state_.now));
  const Cycle confirmation = CycleModel::confirmation(decision);
  if (environment_.horizon() <= confirmation) environment_.reach(confirmation);
  if (!state_.csr.is_due()) {
    state_.now = std::max(state_.now, CycleModel::after_withdrawal(decision));
    return;
  }
  Trap trap{};
  trap.cause = interrupt_cause | static_cast<std::uint32_t>(state_.csr.first_pending());
  trap.mepc = state_.pc;
  trap.handler = state_.csr.enter_trap(trap.cause, trap.mepc, 0);
  trap.begin = CycleModel::handler(decision);
  state_.pc = trap.handler;
  state_.now = trap.begin;
  if (has_observer()) observer_->trapped(*this, trap);
}

void Hart::flow_to(std::uint32_t pc, Cycle free, Cycle start) {
  state_.pc = pc;
  state_.now = start;
  state_.bubble_from = free;
  state_.bubble_until = start;
}

void Hart::flow_to(std::uint32_t pc, const Timing& timing, Cycle penalty) {
  flow_to(pc, state_.now + timing.busy, state_.now + timing.next + penalty);
}

bool Hart::ask_direct(Cycle begin) {
  direct_until_ = environment_.direct_until(begin);
  return CycleModel::commit_without_waiting(begin) <= direct_until_;
}

bool Hart::access_directly(const Access& access, Cycle begin, AccessResult& result) {
  if (!is_direct(access.address, access.length, begin)) return false;
  result = {CycleModel::commit_without_waiting(begin), 0, false};
  if (access.is_write) {
    unsigned char* bytes = data_.writable(access.address);
    if (bytes == nullptr) return false;
    store_bytes(bytes, access.length, access.value);
    code_.changed(access.address, access.length);
  } else {
    const unsigned char* bytes = data_.readable(access.address);
    if (bytes == nullptr) return false;
    result.value = load_bytes(bytes, access.length);
  }
  return true;
}

AccessResult Hart::access_part(const Access& access, Cycle begin) {
  AccessResult result{};
  if (!access_directly(access, begin, result)) {
    result = environment_.access(access, begin);
    look_ahead();
  }
  if (has_observer()) observer_->accessed(*this, access, result);
  return result;
}

Hart::Transfer Hart::transfer(const Access& access) {
  if (is_within_word(access.address, access.length)) {
    const AccessResult whole = access_part(access, state_.now);
    return {whole.commit, whole.value, whole.is_error, access.address};
  }
  Access first = access;
  first.length = 4 - (access.address & 3);
  if (access.is_write) first.value &= (1u << 8 * first.length) - 1;
  Access second = access;
  second.address = access.address + first.length;
  second.length = access.length - first.length;
  if (access.is_write) second.value >>= 8 * first.length;

  const AccessResult low = access_part(first, state_.now);
  const AccessResult high = access_part(second, CycleModel::second_request(low.commit));
  return {high.commit, low.value | high.value << 8 * first.length, low.is_error || high.is_error,
          low.is_error ? first.address : second.address};
}

void Hart::enter_handler(Exception cause, std::uint32_t mtval, Cycle stamp, Cycle free,
                         Cycle start) {
  const std::uint32_t pc = state_.pc;
  const Cycle begin = state_.now;
  Trap trap{};
  trap.cause = static_cast<std::uint32_t>(cause);
  trap.mepc = pc;
  trap.handler = state_.csr.enter_trap(trap.cause, pc, mtval);
  trap.begin = start;
  flow_to(trap.handler, free, start);
  look_ahead();
  report_retired(pc, begin, stamp);
  if (has_observer()) observer_->trapped(*this, trap);
}

void Hart::raise(Exception cause, std::uint32_t mtval) {
  constexpr const Timing& timing = timing::exception;
  const Cycle begin = state_.now;
  enter_handler(cause, mtval, begin + timing.retires, begin + timing.busy, begin + timing.next);
}

void Hart::raise_bus_error(Exception cause, const Transfer& transfer) {
  const Cycle free = CycleModel::after_access(transfer.commit);
  enter_handler(cause, transfer.error_address, free, free,
                CycleModel::after_bus_error(transfer.commit));
}

void Hart::access_csr(const Instruction& instruction) {
  const Op op = instruction.op;
  const bool is_immediate = op == Op::csrrwi || op == Op::csrrsi || op == Op::csrrci;
  const bool is_swap = op == Op::csrrw || op == Op::csrrwi;
  const bool is_set = op == Op::csrrs || op == Op::csrrsi;
  const bool is_write = is_swap || instruction.rs1 != 0;
  const auto number = static_cast<std::uint32_t>(instruction.imm);
  const std::uint32_t pc = state_.pc;
  const Cycle begin = state_.now;
  if (!CsrFile::exists(number) || (is_write && CsrFile::is_read_only(number))) {
    raise(Exception::illegal, code_.word(pc));
    return;
  }
  // The lines show in it as they are in this very cycle.
  if (number == csr::mip && environment_.horizon() <= begin) environment_.reach(begin);

  const std::uint32_t old = state_.csr.read(number, begin);
  const std::uint32_t operand = is_immediate ? instruction.rs1 : state_.x[instruction.rs1];
  if (instruction.rd != 0) state_.x[instruction.rd] = old;
  // A write takes effect when all else of the instruction is done, its own retirement too.
  state_.csr.count_retirement();
  const bool is_flush = is_write && number != csr::mscratch && number != csr::mepc;
  const Timing& timing = is_flush ? timing::csr_flush : timing::simple;
  if (is_write) {
    const std::uint32_t value = is_swap ? operand : is_set ? old | operand : old & ~operand;
    state_.csr.write(number, value, CycleModel::csr_visible(begin));
  }
  flow_to(pc + instruction.length, timing);
  look_ahead();
  report_retired(pc, begin, begin + timing.retires);
}

void Hart::return_from_trap() {
  const std::uint32_t pc = state_.pc;
  const Cycle begin = state_.now;
  state_.csr.count_retirement();
  const std::uint32_t target = state_.csr.leave_trap();
  flow_to(target, timing::trap_return, split_penalty(target));
  look_ahead();
  report_retired(pc, begin, begin + timing::trap_return.retires);
}

void Hart::fall_asleep() {
  const Cycle from = state_.now + CycleModel::asleep_after;
  state_.csr.count_retirement();
  state_.pc += wfi_length;
  state_.now = from;
  state_.asleep = true;
  if (environment_.horizon() <= from) environment_.reach(from);
  sleep_on();
}

void Hart::sleep_on() {
  const Cycle from = state_.now;
  for (Cycle asked = from; state_.csr.pending_and_enabled() == 0;) {
    asked = environment_.sleep(asked) + 1;
    if (is_stopped_) return;
  }
  const Cycle woken = std::max(from, state_.csr.pending_since());
  state_.asleep = false;
  flow_to(state_.pc, CycleModel::free_after_wake(woken), CycleModel::next_after_wake(woken));
  look_ahead();
  if (!has_observer()) return;
  observer_->slept(*this, from, woken);
  const Cycle begin = from - CycleModel::asleep_after;
  report_retired(state_.pc - wfi_length, begin, begin + CycleModel::wfi_retires);
}

void Hart::report_retired(std::uint32_t pc, Cycle begin, Cycle stamp) {
  if (has_observer()) observer_->retired(*this, {pc, begin, stamp, state_.pc, state_.now});
}

}  // namespace platform::rv32
