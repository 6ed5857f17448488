// What each instruction does, and what of the cycle model it takes.
#include "platform/rv32/arithmetic.h"
#include "platform/rv32/hart.h"

namespace platform::rv32 {

template <bool is_observed>
void Hart::interpret() {
  std::array<std::uint32_t, 32>& x = state_.x;
  // Two of the state's members in registers; `leave` and `enter` stand around whatever needs them.
  std::uint32_t pc = state_.pc;
  Cycle now = state_.now;
  const auto leave = [&] {
    state_.pc = pc;
    state_.now = now;
  };
  const auto enter = [&] {
    pc = state_.pc;
    now = state_.now;
  };

  for (;;) {
    while (now > limit_) {
      leave();
      if (must_leave(is_observed)) return;
      look();
      enter();
    }
    if constexpr (is_observed) {
      leave();
      observer_->before(*this);
      enter();
    }

    const Instruction& in = code_.at(pc);
    const std::uint32_t a = x[in.rs1];
    const std::uint32_t b = x[in.rs2];
    const auto imm = static_cast<std::uint32_t>(in.imm);
    const std::uint32_t after = pc + in.length;
    std::uint32_t next_pc = after;
    Cycle next = now + timing::simple.next;

    const auto go = [&](const Timing& timing, std::uint32_t target) {
      next_pc = target;
      next = now + timing.next + split_penalty(target);
      state_.bubble_from = now + timing.busy;
      state_.bubble_until = next;
    };
    // False: it has trapped.
    const auto load = [&](std::uint32_t length, std::uint32_t& value) {
      const std::uint32_t address = a + imm;
      if constexpr (!is_observed) {
        if (is_direct(address, length, now)) {
          if (const unsigned char* bytes = data_.readable(address)) {
            value = load_bytes(bytes, length);
            next = CycleModel::after_access(CycleModel::commit_without_waiting(now));
            return true;
          }
        }
      }
      leave();
      const Transfer done = transfer({address, length, false, 0});
      if (done.is_error) raise_bus_error(Exception::load_fault, done);
      value = done.value;
      next = CycleModel::after_access(done.commit);
      return !done.is_error;
    };
    const auto store = [&](std::uint32_t length, std::uint32_t value) {
      const std::uint32_t address = a + imm;
      if constexpr (!is_observed) {
        if (is_direct(address, length, now)) {
          if (unsigned char* bytes = data_.writable(address)) {
            store_bytes(bytes, length, value);
            code_.changed(address, length);
            next = CycleModel::after_access(CycleModel::commit_without_waiting(now));
            return true;
          }
        }
      }
      leave();
      const Transfer done = transfer({address, length, true, value});
      if (done.is_error) raise_bus_error(Exception::store_fault, done);
      next = CycleModel::after_access(done.commit);
      return !done.is_error;
    };
    // What changes the hart's course is done outside, and the loop goes on from there.
    bool is_outside = false;
    const auto outside = [&](auto&& act) {
      leave();
      act();
      is_outside = true;
    };

    switch (in.op) {
      case Op::lui:
        x[in.rd] = imm;
        break;
      case Op::auipc:
        x[in.rd] = pc + imm;
        break;
      case Op::jal:
        x[in.rd] = after;
        go(timing::jump, pc + imm);
        break;
      case Op::jalr:
        x[in.rd] = after;
        go(timing::jump, (a + imm) & ~1u);
        break;
      case Op::beq:
        if (a == b) go(timing::taken_branch, pc + imm);
        break;
      case Op::bne:
        if (a != b) go(timing::taken_branch, pc + imm);
        break;
      case Op::blt:
        if (as_signed(a) < as_signed(b)) go(timing::taken_branch, pc + imm);
        break;
      case Op::bge:
        if (as_signed(a) >= as_signed(b)) go(timing::taken_branch, pc + imm);
        break;
      case Op::bltu:
        if (a < b) go(timing::taken_branch, pc + imm);
        break;
      case Op::bgeu:
        if (a >= b) go(timing::taken_branch, pc + imm);
        break;

      case Op::lb: {
        std::uint32_t value = 0;
        is_outside = !load(1, value);
        if (!is_outside) x[in.rd] = load_sign_extended(value, 8);
        break;
      }
      case Op::lh: {
        std::uint32_t value = 0;
        is_outside = !load(2, value);
        if (!is_outside) x[in.rd] = load_sign_extended(value, 16);
        break;
      }
      case Op::lw: {
        std::uint32_t value = 0;
        is_outside = !load(4, value);
        if (!is_outside) x[in.rd] = value;
        break;
      }
      case Op::lbu: {
        std::uint32_t value = 0;
        is_outside = !load(1, value);
        if (!is_outside) x[in.rd] = value & 0xff;
        break;
      }
      case Op::lhu: {
        std::uint32_t value = 0;
        is_outside = !load(2, value);
        if (!is_outside) x[in.rd] = value & 0xffff;
        break;
      }
      case Op::sb:
        is_outside = !store(1, b & 0xff);
        break;
      case Op::sh:
        is_outside = !store(2, b & 0xffff);
        break;
      case Op::sw:
        is_outside = !store(4, b);
        break;

      case Op::addi:
        x[in.rd] = a + imm;
        break;
      case Op::slti:
        x[in.rd] = as_signed(a) < in.imm ? 1 : 0;
        break;
      case Op::sltiu:
        x[in.rd] = a < imm ? 1 : 0;
        break;
      case Op::xori:
        x[in.rd] = a ^ imm;
        break;
      case Op::ori:
        x[in.rd] = a | imm;
        break;
      case Op::andi:
        x[in.rd] = a & imm;
        break;
      case Op::slli:
        x[in.rd] = shift_left(a, imm);
        break;
      case Op::srli:
        x[in.rd] = shift_right(a, imm);
        break;
      case Op::srai:
        x[in.rd] = shift_right_signed(a, imm);
        break;
      case Op::add:
        x[in.rd] = a + b;
        break;
      case Op::sub:
        x[in.rd] = a - b;
        break;
      case Op::sll:
        x[in.rd] = shift_left(a, b);
        break;
      case Op::slt:
        x[in.rd] = as_signed(a) < as_signed(b) ? 1 : 0;
        break;
      case Op::sltu:
        x[in.rd] = a < b ? 1 : 0;
        break;
      case Op::xor_:
        x[in.rd] = a ^ b;
        break;
      case Op::srl:
        x[in.rd] = shift_right(a, b);
        break;
      case Op::sra:
        x[in.rd] = shift_right_signed(a, b);
        break;
      case Op::or_:
        x[in.rd] = a | b;
        break;
      case Op::and_:
        x[in.rd] = a & b;
        break;

      case Op::mul:
        x[in.rd] = a * b;
        break;
      case Op::mulh:
        x[in.rd] = mulh(a, b);
        next = now + timing::multiply_high.next;
        break;
      case Op::mulhsu:
        x[in.rd] = mulhsu(a, b);
        next = now + timing::multiply_high.next;
        break;
      case Op::mulhu:
        x[in.rd] = mulhu(a, b);
        next = now + timing::multiply_high.next;
        break;
      case Op::div:
        x[in.rd] = divide(a, b);
        next = now + timing::division(b == 0).next;
        break;
      case Op::divu:
        x[in.rd] = divide_unsigned(a, b);
        next = now + timing::division(b == 0).next;
        break;
      case Op::rem:
        x[in.rd] = remainder(a, b);
        next = now + timing::division(b == 0).next;
        break;
      case Op::remu:
        x[in.rd] = remainder_unsigned(a, b);
        next = now + timing::division(b == 0).next;
        break;

      case Op::fence:
        break;
      case Op::fence_i:
        go(timing::jump, after);
        break;
      case Op::csrrw:
      case Op::csrrs:
      case Op::csrrc:
      case Op::csrrwi:
      case Op::csrrsi:
      case Op::csrrci:
        outside([&] { access_csr(in); });
        break;
      case Op::mret:
        outside([&] { return_from_trap(); });
        break;
      case Op::wfi:
        outside([&] { fall_asleep(); });
        if (state_.asleep) return;
        break;
      case Op::ecall:
        outside([&] { raise(Exception::ecall, 0); });
        break;
      case Op::ebreak:
        outside([&] { raise(Exception::breakpoint, 0); });
        break;
      case Op::illegal:
        outside([&] { raise(Exception::illegal, imm); });
        break;
      case Op::fetch_fault:
        outside([&] { raise(Exception::fetch_fault, pc + imm); });
        break;
      case Op::undecoded:  // CodeMemory::at gives none
        break;
    }
    if (is_outside) {
      enter();
      continue;
    }

    x[0] = 0;
    state_.csr.count_retirement();
    const std::uint32_t retired_pc = pc;
    const Cycle begin = now;
    pc = next_pc;
    now = next;
    if constexpr (is_observed) {
      leave();
      report_retired(retired_pc, begin, id_free(now));
      enter();
    }
  }
}

template void Hart::interpret<false>();
template void Hart::interpret<true>();

}  // namespace platform::rv32
