#include "platform/rv32/expand.h"

#include "platform/rv32/bit_fields.h"

namespace platform::rv32 {
namespace {

constexpr std::uint8_t half_length = 2;
constexpr std::uint8_t zero = 0;
constexpr std::uint8_t ra = 1;
constexpr std::uint8_t sp = 2;

/// Where the fields lie, and the immediates' scrambled bits.
struct Fields {
  std::uint32_t half;

  std::uint32_t at(unsigned high, unsigned low) const { return bits(half, high, low); }
  std::uint32_t bit(unsigned n) const { return bits(half, n, n); }

  std::uint8_t rd() const { return static_cast<std::uint8_t>(at(11, 7)); }
  std::uint8_t rs2() const { return static_cast<std::uint8_t>(at(6, 2)); }
  /// The three-bit fields name x8 … x15.
  std::uint8_t short_rs1() const { return static_cast<std::uint8_t>(8 + at(9, 7)); }
  std::uint8_t short_rs2() const { return static_cast<std::uint8_t>(8 + at(4, 2)); }

  std::int32_t imm6() const { return sign_extend(bit(12) << 5 | at(6, 2), 5); }
  std::int32_t shift() const { return static_cast<std::int32_t>(bit(12) << 5 | at(6, 2)); }
  std::int32_t word_offset() const {
    return static_cast<std::int32_t>(bit(5) << 6 | at(12, 10) << 3 | bit(6) << 2);
  }
  std::int32_t stack_load_offset() const {
    return static_cast<std::int32_t>(at(3, 2) << 6 | bit(12) << 5 | at(6, 4) << 2);
  }
  std::int32_t stack_store_offset() const {
    return static_cast<std::int32_t>(at(8, 7) << 6 | at(12, 9) << 2);
  }
  std::int32_t frame_offset() const {
    return static_cast<std::int32_t>(at(10, 7) << 6 | at(12, 11) << 4 | bit(5) << 3 | bit(6) << 2);
  }
  std::int32_t stack_adjustment() const {
    return sign_extend(bit(12) << 9 | at(4, 3) << 7 | bit(5) << 6 | bit(2) << 5 | bit(6) << 4, 9);
  }
  std::int32_t jump_offset() const {
    return sign_extend(bit(12) << 11 | bit(8) << 10 | at(10, 9) << 8 | bit(6) << 7 | bit(7) << 6 |
                           bit(2) << 5 | bit(11) << 4 | at(5, 3) << 1,
                       11);
  }
  std::int32_t branch_offset() const {
    return sign_extend(bit(12) << 8 | at(6, 5) << 6 | bit(2) << 5 | at(11, 10) << 3 | at(4, 3) << 1,
                       8);
  }
};

constexpr Instruction illegal = {Op::illegal, 0, 0, 0, half_length, 0};

Instruction make(Op op, std::uint8_t rd, std::uint8_t rs1, std::uint8_t rs2, std::int32_t imm) {
  return {op, rd, rs1, rs2, half_length, imm};
}

Instruction quadrant0(const Fields& f) {
  switch (f.at(15, 13)) {
    case 0:  // c.addi4spn
      return f.frame_offset() == 0 ? illegal
                                   : make(Op::addi, f.short_rs2(), sp, 0, f.frame_offset());
    case 2:  // c.lw
      return make(Op::lw, f.short_rs2(), f.short_rs1(), 0, f.word_offset());
    case 6:  // c.sw
      return make(Op::sw, 0, f.short_rs1(), f.short_rs2(), f.word_offset());
    default:
      return illegal;
  }
}

/// c.srli, c.srai, c.andi, and c.sub, c.xor, c.or, c.and.
Instruction short_arithmetic(const Fields& f) {
  const std::uint8_t rd = f.short_rs1();
  switch (f.at(11, 10)) {
    case 0:
      return f.bit(12) != 0 ? illegal : make(Op::srli, rd, rd, 0, f.shift());
    case 1:
      return f.bit(12) != 0 ? illegal : make(Op::srai, rd, rd, 0, f.shift());
    case 2:
      return make(Op::andi, rd, rd, 0, f.imm6());
    default:
      break;
  }
  if (f.bit(12) != 0) return illegal;
  constexpr Op ops[] = {Op::sub, Op::xor_, Op::or_, Op::and_};
  return make(ops[f.at(6, 5)], rd, rd, f.short_rs2(), 0);
}

Instruction quadrant1(const Fields& f) {
  switch (f.at(15, 13)) {
    case 0:  // c.addi, c.nop
      return make(Op::addi, f.rd(), f.rd(), 0, f.imm6());
    case 1:
      return make(Op::jal, ra, 0, 0, f.jump_offset());
    case 2:  // c.li
      return make(Op::addi, f.rd(), zero, 0, f.imm6());
    case 3:
      if (f.imm6() == 0) return illegal;
      return f.rd() == sp ? make(Op::addi, sp, sp, 0, f.stack_adjustment())
                          : make(Op::lui, f.rd(), 0, 0, f.imm6() * 4096);
    case 4:
      return short_arithmetic(f);
    case 5:
      return make(Op::jal, zero, 0, 0, f.jump_offset());
    case 6:
      return make(Op::beq, 0, f.short_rs1(), zero, f.branch_offset());
    default:
      return make(Op::bne, 0, f.short_rs1(), zero, f.branch_offset());
  }
}

/// c.jr, c.mv, c.ebreak, c.jalr, c.add.
Instruction jump_or_move(const Fields& f) {
  if (f.bit(12) == 0) {
    if (f.rs2() != zero) return make(Op::add, f.rd(), zero, f.rs2(), 0);
    return f.rd() == zero ? illegal : make(Op::jalr, zero, f.rd(), 0, 0);
  }
  if (f.rs2() != zero) return make(Op::add, f.rd(), f.rd(), f.rs2(), 0);
  return f.rd() == zero ? make(Op::ebreak, 0, 0, 0, 0) : make(Op::jalr, ra, f.rd(), 0, 0);
}

Instruction quadrant2(const Fields& f) {
  switch (f.at(15, 13)) {
    case 0:
      return f.bit(12) != 0 ? illegal : make(Op::slli, f.rd(), f.rd(), 0, f.shift());
    case 2:
      return f.rd() == zero ? illegal : make(Op::lw, f.rd(), sp, 0, f.stack_load_offset());
    case 4:
      return jump_or_move(f);
    case 6:
      return make(Op::sw, 0, sp, f.rs2(), f.stack_store_offset());
    default:
      return illegal;
  }
}

}  // namespace

Instruction expand(std::uint16_t half) {
  const Fields f{half};
  Instruction instruction = illegal;
  if (f.at(1, 0) == 0) instruction = quadrant0(f);
  if (f.at(1, 0) == 1) instruction = quadrant1(f);
  if (f.at(1, 0) == 2) instruction = quadrant2(f);
  if (instruction.op == Op::illegal) instruction.imm = half;
  return instruction;
}

}  // namespace platform::rv32
