// Which 32-bit words are instructions: each combination of opcode, funct3 and funct7, against a
// list written down here.
#include <catch2/catch.hpp>

#include "tests/platform/rv32/core_rig.h"

namespace {

using namespace test;  // NOLINT

/// As the manual's listing of RV32IM and Zifencei has it; the SYSTEM opcode is tested beside.
bool is_instruction(std::uint32_t opcode, std::uint32_t funct3, std::uint32_t funct7) {
  switch (opcode) {
    case 0b0110111:
    case 0b0010111:
    case 0b1101111:
      return true;
    case 0b1100111:
      return funct3 == 0;
    case 0b1100011:
      return funct3 != 2 && funct3 != 3;
    case 0b0000011:
      return funct3 != 3 && funct3 < 6;
    case 0b0100011:
      return funct3 < 3;
    case 0b0010011:
      if (funct3 == 1) return funct7 == 0;
      if (funct3 == 5) return funct7 == 0 || funct7 == 0b0100000;
      return true;
    case 0b0110011:
      if (funct7 == 0b0100000) return funct3 == 0 || funct3 == 5;
      return funct7 == 0 || funct7 == 1;
    case 0b0001111:
      return funct3 < 2;
    default:
      return false;
  }
}

/// Executes the word; whether it was refused, which must then be as all are.
bool is_refused(CoreRig& rig, std::uint32_t word) {
  rig.place(CoreRig::origin, {{word, 4}});
  // Loads and stores land in RAM, whatever they add.
  for (Reg reg = 1; reg < 32; ++reg) rig.set(reg, CoreRig::ram_base + 0x800);
  rig.start();
  rig.step();
  if (rig.record.traps.empty()) return false;
  if (rig.record.traps[0].cause != 2) return false;
  CHECK(rig.csr(rv::csr::mtval) == word);
  CHECK(rig.csr(rv::csr::mepc) == CoreRig::origin);
  return true;
}

TEST_CASE("Of the 32-bit words those are instructions that the manual lists", "[rv32]") {
  CoreRig rig;
  constexpr std::uint32_t system = 0b1110011;
  for (std::uint32_t opcode = 3; opcode < 128; opcode += 4) {
    if (opcode == system) continue;
    for (std::uint32_t funct3 = 0; funct3 < 8; ++funct3) {
      for (std::uint32_t funct7 = 0; funct7 < 128; ++funct7) {
        const Code code = as::r_type(funct7, a0, a1, funct3, a2, opcode);
        INFO(opcode << ' ' << funct3 << ' ' << funct7);
        if (is_refused(rig, code.bits) == is_instruction(opcode, funct3, funct7)) FAIL();
      }
    }
  }
}

TEST_CASE("Without operands there are ecall and ebreak and mret and wfi", "[rv32]") {
  CoreRig rig;
  for (std::int32_t funct12 = -2048; funct12 < 2048; ++funct12) {
    const auto number = static_cast<std::uint32_t>(funct12) & 0xfff;
    const bool is_known = number == 0 || number == 1 || number == 0x302 || number == 0x105;
    // A source or a target makes another word of it.
    if (!is_refused(rig, as::i_type(funct12, a0, 0, zero, 0x73).bits)) FAIL(number);
    if (!is_refused(rig, as::i_type(funct12, zero, 0, a0, 0x73).bits)) FAIL(number);
    if (number == 0x105) continue;  // it would sleep
    if (is_refused(rig, as::i_type(funct12, zero, 0, zero, 0x73).bits) == is_known) FAIL(number);
  }
  CHECK(is_refused(rig, as::i_type(0x300, zero, 4, zero, 0x73).bits));
}

TEST_CASE("There are eighteen CSRs and the last four are read-only", "[rv32]") {
  CoreRig rig;
  const std::set<std::uint32_t> writable = {0x300, 0x301, 0x304, 0x305, 0x320, 0x340, 0x341,
                                            0x342, 0x343, 0x344, 0xb00, 0xb02, 0xb80, 0xb82};
  const std::set<std::uint32_t> read_only = {0xf11, 0xf12, 0xf13, 0xf14};
  for (std::uint32_t number = 0; number < 0x1000; ++number) {
    INFO(number);
    const auto csr = static_cast<std::int32_t>(number);
    const bool exists = writable.count(number) + read_only.count(number) != 0;
    for (const Code code : {as::csrrs(a0, csr, zero), as::csrrc(a0, csr, zero),
                            as::csrrsi(a0, csr, 0), as::csrrci(a0, csr, 0)}) {
      if (is_refused(rig, code.bits) == exists) FAIL("read");
    }
    for (const Code code : {as::csrrw(a0, csr, zero), as::csrrw(zero, csr, a0),
                            as::csrrwi(a0, csr, 0), as::csrrs(a0, csr, a1), as::csrrc(a0, csr, a1),
                            as::csrrsi(a0, csr, 1), as::csrrci(a0, csr, 1)}) {
      if (is_refused(rig, code.bits) == (writable.count(number) != 0)) FAIL("written");
    }
    std::uint32_t value = 0;
    CHECK(rig.hart.read_csr(number, value) == exists);
    CHECK(rig.hart.write_csr(number, 0) == (writable.count(number) != 0));
  }
}

TEST_CASE("A CSR keeps the bits it has and reads them back", "[rv32]") {
  struct Row {
    std::uint32_t number;
    std::uint32_t after_reset;
    std::uint32_t ones;   ///< after all ones were written
    std::uint32_t zeros;  ///< after all zeros
  };
  const Row rows[] = {
      {0x300, 0x1800, 0x1888, 0x1800},
      {0x301, 0x4000'1104, 0x4000'1104, 0x4000'1104},
      {0x304, 0, 0x7fff'0888, 0},
      {0x305, 0x0000'0301, 0xffff'ff01, 1},
      {0x320, 0, 5, 0},
      {0x340, 0, 0xffff'ffff, 0},
      {0x341, 0, 0xffff'fffe, 0},
      {0x342, 0, 0x8000'001f, 0},
      {0x343, 0, 0xffff'ffff, 0},
      {0x344, 0, 0, 0},
      {0xf11, 0, 0, 0},
      {0xf12, 0, 0, 0},
      {0xf13, 0, 0, 0},
      {0xf14, 0, 0, 0},
  };
  for (const Row& row : rows) {
    CoreRig rig;
    INFO(row.number);
    rig.hart.reset(0, 0x300);
    const auto csr = static_cast<std::int32_t>(row.number);
    CHECK(rig.csr(row.number) == row.after_reset);
    if (row.number >= 0xf00) continue;
    rig.set(a0, 0xffff'ffff);
    rig.place(CoreRig::origin,
              {as::csrrw(a1, csr, a0), as::csrrw(a2, csr, zero), as::csrrs(a3, csr, zero)});
    rig.start();
    rig.run(3);
    CHECK(rig.get(a1) == row.after_reset);
    CHECK(rig.get(a2) == row.ones);
    CHECK(rig.get(a3) == row.zeros);
  }
}

}  // namespace
