#include "platform/rv32/decode.h"

#include <array>

#include "platform/rv32/bit_fields.h"

namespace platform::rv32 {
namespace {

constexpr std::uint8_t word_length = 4;

/// What the fields at fixed places hold, and the five ways to lay out an immediate.
struct Fields {
  std::uint32_t word;

  std::uint8_t rd() const { return static_cast<std::uint8_t>(bits(word, 11, 7)); }
  std::uint8_t rs1() const { return static_cast<std::uint8_t>(bits(word, 19, 15)); }
  std::uint8_t rs2() const { return static_cast<std::uint8_t>(bits(word, 24, 20)); }
  std::uint32_t funct3() const { return bits(word, 14, 12); }
  std::uint32_t funct7() const { return bits(word, 31, 25); }

  std::int32_t imm_i() const { return sign_extend(bits(word, 31, 20), 11); }
  std::int32_t imm_s() const {
    return sign_extend(bits(word, 31, 25) << 5 | bits(word, 11, 7), 11);
  }
  std::int32_t imm_b() const {
    return sign_extend(bits(word, 31, 31) << 12 | bits(word, 7, 7) << 11 | bits(word, 30, 25) << 5 |
                           bits(word, 11, 8) << 1,
                       12);
  }
  std::int32_t imm_u() const { return static_cast<std::int32_t>(word & 0xffff'f000u); }
  std::int32_t imm_j() const {
    return sign_extend(bits(word, 31, 31) << 20 | bits(word, 19, 12) << 12 |
                           bits(word, 20, 20) << 11 | bits(word, 30, 21) << 1,
                       20);
  }
};

// By funct3; Op::illegal where there is none.
using ByFunct3 = std::array<Op, 8>;
constexpr ByFunct3 branches = {Op::beq, Op::bne, Op::illegal, Op::illegal,
                               Op::blt, Op::bge, Op::bltu,    Op::bgeu};
constexpr ByFunct3 loads = {Op::lb,  Op::lh,  Op::lw,      Op::illegal,
                            Op::lbu, Op::lhu, Op::illegal, Op::illegal};
constexpr ByFunct3 stores = {Op::sb,      Op::sh,      Op::sw,      Op::illegal,
                             Op::illegal, Op::illegal, Op::illegal, Op::illegal};
constexpr ByFunct3 with_immediate = {Op::addi, Op::slli, Op::slti, Op::sltiu,
                                     Op::xori, Op::srli, Op::ori,  Op::andi};
constexpr ByFunct3 with_register = {Op::add,  Op::sll, Op::slt, Op::sltu,
                                    Op::xor_, Op::srl, Op::or_, Op::and_};
constexpr ByFunct3 multiplications = {Op::mul, Op::mulh, Op::mulhsu, Op::mulhu,
                                      Op::div, Op::divu, Op::rem,    Op::remu};
constexpr ByFunct3 fences = {Op::fence,   Op::fence_i, Op::illegal, Op::illegal,
                             Op::illegal, Op::illegal, Op::illegal, Op::illegal};
constexpr ByFunct3 csr_accesses = {Op::illegal, Op::csrrw,  Op::csrrs,  Op::csrrc,
                                   Op::illegal, Op::csrrwi, Op::csrrsi, Op::csrrci};

/// funct7 of sub, sra and srai; of mul … remu.
constexpr std::uint32_t alternate = 0x20;
constexpr std::uint32_t multiply = 0x01;

Op alternate_of(Op op) {
  switch (op) {
    case Op::add:
      return Op::sub;
    case Op::srl:
      return Op::sra;
    case Op::srli:
      return Op::srai;
    default:
      return Op::illegal;
  }
}

/// The four words of machine mode that have no operands.
Op privileged(std::uint32_t word) {
  switch (word) {
    case 0x0000'0073:
      return Op::ecall;
    case 0x0010'0073:
      return Op::ebreak;
    case 0x3020'0073:
      return Op::mret;
    case 0x1050'0073:
      return Op::wfi;
    default:
      return Op::illegal;
  }
}

Instruction immediate_arithmetic(const Fields& f) {
  const Op op = with_immediate[f.funct3()];
  if (op != Op::slli && op != Op::srli) return {op, f.rd(), f.rs1(), 0, word_length, f.imm_i()};
  Op shift = Op::illegal;
  if (f.funct7() == 0) shift = op;
  if (f.funct7() == alternate) shift = alternate_of(op);
  return {shift, f.rd(), f.rs1(), 0, word_length, f.rs2()};
}

Instruction register_arithmetic(const Fields& f) {
  Op op = Op::illegal;
  if (f.funct7() == 0) op = with_register[f.funct3()];
  if (f.funct7() == alternate) op = alternate_of(with_register[f.funct3()]);
  if (f.funct7() == multiply) op = multiplications[f.funct3()];
  return {op, f.rd(), f.rs1(), f.rs2(), word_length, 0};
}

Instruction system(const Fields& f) {
  if (f.funct3() == 0) return {privileged(f.word), 0, 0, 0, word_length, 0};
  return {csr_accesses[f.funct3()],
          f.rd(),
          f.rs1(),
          0,
          word_length,
          static_cast<std::int32_t>(bits(f.word, 31, 20))};
}

Instruction by_opcode(const Fields& f) {
  switch (bits(f.word, 6, 0)) {
    case 0x37:
      return {Op::lui, f.rd(), 0, 0, word_length, f.imm_u()};
    case 0x17:
      return {Op::auipc, f.rd(), 0, 0, word_length, f.imm_u()};
    case 0x6f:
      return {Op::jal, f.rd(), 0, 0, word_length, f.imm_j()};
    case 0x67:
      return {f.funct3() == 0 ? Op::jalr : Op::illegal, f.rd(), f.rs1(), 0, word_length, f.imm_i()};
    case 0x63:
      return {branches[f.funct3()], 0, f.rs1(), f.rs2(), word_length, f.imm_b()};
    case 0x03:
      return {loads[f.funct3()], f.rd(), f.rs1(), 0, word_length, f.imm_i()};
    case 0x23:
      return {stores[f.funct3()], 0, f.rs1(), f.rs2(), word_length, f.imm_s()};
    case 0x13:
      return immediate_arithmetic(f);
    case 0x33:
      return register_arithmetic(f);
    case 0x0f:
      return {fences[f.funct3()], 0, 0, 0, word_length, 0};
    case 0x73:
      return system(f);
    default:
      return {Op::illegal, 0, 0, 0, word_length, 0};
  }
}

}  // namespace

Instruction decode(std::uint32_t word) {
  const Instruction instruction = by_opcode({word});
  if (instruction.op != Op::illegal) return instruction;
  return {Op::illegal, 0, 0, 0, word_length, static_cast<std::int32_t>(word)};
}

}  // namespace platform::rv32
