// One decoded instruction: of RV32IM with Zicsr and Zifencei; a 16-bit form is the instruction it
// stands for, two bytes long.
#pragma once

#include <cstdint>

namespace platform::rv32 {

enum class Op : std::uint8_t {
  undecoded,    ///< CodeMemory has not looked yet
  fetch_fault,  ///< no code here; imm: how far beyond pc the missing halfword lies
  illegal,      ///< imm: the word, or the halfword, that is none
  lui,          ///< imm: what rd gets
  auipc,
  jal,
  jalr,
  beq,
  bne,
  blt,
  bge,
  bltu,
  bgeu,
  lb,
  lh,
  lw,
  lbu,
  lhu,
  sb,
  sh,
  sw,
  addi,
  slti,
  sltiu,
  xori,
  ori,
  andi,
  slli,  ///< imm of the shifts: 0 … 31
  srli,
  srai,
  add,
  sub,
  sll,
  slt,
  sltu,
  xor_,
  srl,
  sra,
  or_,
  and_,
  fence,
  fence_i,
  ecall,
  ebreak,
  mret,
  wfi,
  csrrw,  ///< imm of the csr instructions: the CSR's number; rs1: register or immediate
  csrrs,
  csrrc,
  csrrwi,
  csrrsi,
  csrrci,
  mul,
  mulh,
  mulhsu,
  mulhu,
  div,
  divu,
  rem,
  remu,
};

struct Instruction {
  Op op;
  std::uint8_t rd;  ///< of what an instruction does not have, 0
  std::uint8_t rs1;
  std::uint8_t rs2;
  std::uint8_t length;  ///< bytes, 2 or 4
  std::int32_t imm;     ///< sign-extended; of lui and auipc in place
};
static_assert(sizeof(Instruction) <= 12);

/// wfi has no 16-bit form.
inline constexpr std::uint32_t wfi_length = 4;

inline bool operator==(const Instruction& a, const Instruction& b) {
  return a.op == b.op && a.rd == b.rd && a.rs1 == b.rs1 && a.rs2 == b.rs2 && a.length == b.length &&
         a.imm == b.imm;
}

}  // namespace platform::rv32
