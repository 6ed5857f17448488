// Instructions as words, put together field by field from the manual's formats: what the tests feed
// to the hart, and nothing of the hart's own.
#pragma once

#include <cstdint>

namespace test {

/// An instruction and its length in bytes.
struct Code {
  std::uint32_t bits;
  std::uint32_t length;
};

using Reg = std::uint32_t;
inline constexpr Reg zero = 0, ra = 1, sp = 2, t0 = 5, t1 = 6, t2 = 7, s0 = 8, s1 = 9, a0 = 10,
                     a1 = 11, a2 = 12, a3 = 13, a4 = 14, a5 = 15;

namespace as {

/// Bits high … low of an immediate, to stand at bit `to`.
constexpr std::uint32_t part(std::int32_t imm, unsigned high, unsigned low, unsigned to) {
  const std::uint64_t mask = (std::uint64_t{1} << (high - low + 1)) - 1;
  return static_cast<std::uint32_t>((static_cast<std::uint32_t>(imm) >> low & mask) << to);
}

// The manual's six formats.
constexpr Code r_type(std::uint32_t funct7, Reg rs2, Reg rs1, std::uint32_t funct3, Reg rd,
                      std::uint32_t opcode) {
  return {funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode, 4};
}
constexpr Code i_type(std::int32_t imm, Reg rs1, std::uint32_t funct3, Reg rd,
                      std::uint32_t opcode) {
  return {part(imm, 11, 0, 20) | rs1 << 15 | funct3 << 12 | rd << 7 | opcode, 4};
}
constexpr Code s_type(std::int32_t imm, Reg rs2, Reg rs1, std::uint32_t funct3) {
  return {part(imm, 11, 5, 25) | rs2 << 20 | rs1 << 15 | funct3 << 12 | part(imm, 4, 0, 7) | 0x23,
          4};
}
constexpr Code b_type(std::int32_t imm, Reg rs2, Reg rs1, std::uint32_t funct3) {
  return {part(imm, 12, 12, 31) | part(imm, 10, 5, 25) | rs2 << 20 | rs1 << 15 | funct3 << 12 |
              part(imm, 4, 1, 8) | part(imm, 11, 11, 7) | 0x63,
          4};
}
/// `imm`: the upper twenty bits' value.
constexpr Code u_type(std::uint32_t imm, Reg rd, std::uint32_t opcode) {
  return {imm << 12 | rd << 7 | opcode, 4};
}
constexpr Code jal(Reg rd, std::int32_t distance) {
  return {part(distance, 20, 20, 31) | part(distance, 10, 1, 21) | part(distance, 11, 11, 20) |
              part(distance, 19, 12, 12) | rd << 7 | 0x6f,
          4};
}

constexpr Code lui(Reg rd, std::uint32_t imm) { return u_type(imm, rd, 0x37); }
constexpr Code auipc(Reg rd, std::uint32_t imm) { return u_type(imm, rd, 0x17); }
constexpr Code jalr(Reg rd, Reg rs1, std::int32_t imm) { return i_type(imm, rs1, 0, rd, 0x67); }
constexpr Code beq(Reg a, Reg b, std::int32_t d) { return b_type(d, b, a, 0); }
constexpr Code bne(Reg a, Reg b, std::int32_t d) { return b_type(d, b, a, 1); }
constexpr Code blt(Reg a, Reg b, std::int32_t d) { return b_type(d, b, a, 4); }
constexpr Code bge(Reg a, Reg b, std::int32_t d) { return b_type(d, b, a, 5); }
constexpr Code bltu(Reg a, Reg b, std::int32_t d) { return b_type(d, b, a, 6); }
constexpr Code bgeu(Reg a, Reg b, std::int32_t d) { return b_type(d, b, a, 7); }
constexpr Code lb(Reg rd, Reg base, std::int32_t imm) { return i_type(imm, base, 0, rd, 0x03); }
constexpr Code lh(Reg rd, Reg base, std::int32_t imm) { return i_type(imm, base, 1, rd, 0x03); }
constexpr Code lw(Reg rd, Reg base, std::int32_t imm) { return i_type(imm, base, 2, rd, 0x03); }
constexpr Code lbu(Reg rd, Reg base, std::int32_t imm) { return i_type(imm, base, 4, rd, 0x03); }
constexpr Code lhu(Reg rd, Reg base, std::int32_t imm) { return i_type(imm, base, 5, rd, 0x03); }
constexpr Code sb(Reg source, Reg base, std::int32_t imm) { return s_type(imm, source, base, 0); }
constexpr Code sh(Reg source, Reg base, std::int32_t imm) { return s_type(imm, source, base, 1); }
constexpr Code sw(Reg source, Reg base, std::int32_t imm) { return s_type(imm, source, base, 2); }
constexpr Code addi(Reg rd, Reg a, std::int32_t imm) { return i_type(imm, a, 0, rd, 0x13); }
constexpr Code slti(Reg rd, Reg a, std::int32_t imm) { return i_type(imm, a, 2, rd, 0x13); }
constexpr Code sltiu(Reg rd, Reg a, std::int32_t imm) { return i_type(imm, a, 3, rd, 0x13); }
constexpr Code xori(Reg rd, Reg a, std::int32_t imm) { return i_type(imm, a, 4, rd, 0x13); }
constexpr Code ori(Reg rd, Reg a, std::int32_t imm) { return i_type(imm, a, 6, rd, 0x13); }
constexpr Code andi(Reg rd, Reg a, std::int32_t imm) { return i_type(imm, a, 7, rd, 0x13); }
constexpr Code slli(Reg rd, Reg a, std::int32_t n) { return i_type(n, a, 1, rd, 0x13); }
constexpr Code srli(Reg rd, Reg a, std::int32_t n) { return i_type(n, a, 5, rd, 0x13); }
constexpr Code srai(Reg rd, Reg a, std::int32_t n) { return i_type(0x400 | n, a, 5, rd, 0x13); }
constexpr Code add(Reg rd, Reg a, Reg b) { return r_type(0, b, a, 0, rd, 0x33); }
constexpr Code sub(Reg rd, Reg a, Reg b) { return r_type(0x20, b, a, 0, rd, 0x33); }
constexpr Code sll(Reg rd, Reg a, Reg b) { return r_type(0, b, a, 1, rd, 0x33); }
constexpr Code slt(Reg rd, Reg a, Reg b) { return r_type(0, b, a, 2, rd, 0x33); }
constexpr Code sltu(Reg rd, Reg a, Reg b) { return r_type(0, b, a, 3, rd, 0x33); }
constexpr Code xor_(Reg rd, Reg a, Reg b) { return r_type(0, b, a, 4, rd, 0x33); }
constexpr Code srl(Reg rd, Reg a, Reg b) { return r_type(0, b, a, 5, rd, 0x33); }
constexpr Code sra(Reg rd, Reg a, Reg b) { return r_type(0x20, b, a, 5, rd, 0x33); }
constexpr Code or_(Reg rd, Reg a, Reg b) { return r_type(0, b, a, 6, rd, 0x33); }
constexpr Code and_(Reg rd, Reg a, Reg b) { return r_type(0, b, a, 7, rd, 0x33); }
constexpr Code mul(Reg rd, Reg a, Reg b) { return r_type(1, b, a, 0, rd, 0x33); }
constexpr Code mulh(Reg rd, Reg a, Reg b) { return r_type(1, b, a, 1, rd, 0x33); }
constexpr Code mulhsu(Reg rd, Reg a, Reg b) { return r_type(1, b, a, 2, rd, 0x33); }
constexpr Code mulhu(Reg rd, Reg a, Reg b) { return r_type(1, b, a, 3, rd, 0x33); }
constexpr Code div(Reg rd, Reg a, Reg b) { return r_type(1, b, a, 4, rd, 0x33); }
constexpr Code divu(Reg rd, Reg a, Reg b) { return r_type(1, b, a, 5, rd, 0x33); }
constexpr Code rem(Reg rd, Reg a, Reg b) { return r_type(1, b, a, 6, rd, 0x33); }
constexpr Code remu(Reg rd, Reg a, Reg b) { return r_type(1, b, a, 7, rd, 0x33); }
constexpr Code csrrw(Reg rd, std::int32_t csr, Reg a) { return i_type(csr, a, 1, rd, 0x73); }
constexpr Code csrrs(Reg rd, std::int32_t csr, Reg a) { return i_type(csr, a, 2, rd, 0x73); }
constexpr Code csrrc(Reg rd, std::int32_t csr, Reg a) { return i_type(csr, a, 3, rd, 0x73); }
constexpr Code csrrwi(Reg rd, std::int32_t csr, Reg n) { return i_type(csr, n, 5, rd, 0x73); }
constexpr Code csrrsi(Reg rd, std::int32_t csr, Reg n) { return i_type(csr, n, 6, rd, 0x73); }
constexpr Code csrrci(Reg rd, std::int32_t csr, Reg n) { return i_type(csr, n, 7, rd, 0x73); }

inline constexpr Code nop = addi(0, 0, 0);
inline constexpr Code fence = {0x0ff0'000f, 4};
inline constexpr Code fence_i = {0x0000'100f, 4};
inline constexpr Code ecall = {0x0000'0073, 4};
inline constexpr Code ebreak = {0x0010'0073, 4};
inline constexpr Code mret = {0x3020'0073, 4};
inline constexpr Code wfi = {0x1050'0073, 4};

// 16-bit forms.
inline constexpr Code c_nop = {0x0001, 2};
inline constexpr Code c_ebreak = {0x9002, 2};
inline constexpr Code c_illegal = {0x0000, 2};
constexpr Code c_addi(Reg rd, std::int32_t imm) {
  return {part(imm, 5, 5, 12) | rd << 7 | part(imm, 4, 0, 2) | 0x0001, 2};
}
constexpr Code c_jump(std::int32_t d, std::uint32_t funct3) {
  return {funct3 << 13 | part(d, 11, 11, 12) | part(d, 4, 4, 11) | part(d, 9, 8, 9) |
              part(d, 10, 10, 8) | part(d, 6, 6, 7) | part(d, 7, 7, 6) | part(d, 3, 1, 3) |
              part(d, 5, 5, 2) | 0x0001,
          2};
}
constexpr Code c_j(std::int32_t distance) { return c_jump(distance, 5); }
constexpr Code c_jal(std::int32_t distance) { return c_jump(distance, 1); }
constexpr Code c_branch(Reg rs1, std::int32_t d, std::uint32_t funct3) {
  return {funct3 << 13 | part(d, 8, 8, 12) | part(d, 4, 3, 10) | (rs1 - 8) << 7 | part(d, 7, 6, 5) |
              part(d, 2, 1, 3) | part(d, 5, 5, 2) | 0x0001,
          2};
}
/// rs1: x8 … x15.
constexpr Code c_beqz(Reg rs1, std::int32_t distance) { return c_branch(rs1, distance, 6); }
constexpr Code c_bnez(Reg rs1, std::int32_t distance) { return c_branch(rs1, distance, 7); }
constexpr Code c_jr(Reg rs1) { return {0x8002 | rs1 << 7, 2}; }
constexpr Code c_jalr(Reg rs1) { return {0x9002 | rs1 << 7, 2}; }
constexpr Code c_add(Reg rd, Reg rs2) { return {0x9002 | rd << 7 | rs2 << 2, 2}; }

}  // namespace as
}  // namespace test
