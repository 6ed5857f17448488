// What every 32-bit instruction computes and where it goes, against 64-bit arithmetic written down
// here.
#include <catch2/catch.hpp>
#include <random>

#include "tests/platform/rv32/core_rig.h"

namespace {

using namespace test;  // NOLINT: the instructions' operands
using Words = std::vector<std::uint32_t>;

/// Around zero, around the sign, all bits, and patterns.
const Words corners = {0,           1,           2,           31,          32,          0x7fff'fffe,
                       0x7fff'ffff, 0x8000'0000, 0x8000'0001, 0xffff'fffe, 0xffff'ffff, 0x0000'ffff,
                       0xffff'0000, 0x5555'5555, 0xaaaa'aaaa, 0x1234'5678};
const std::vector<std::int32_t> immediates = {0, 1, -1, 2, 31, 0x555, -0x556, 2047, -2048};

std::int64_t as_signed(std::uint32_t word) {
  return word < 0x8000'0000u ? std::int64_t{word} : std::int64_t{word} - 0x1'0000'0000;
}
/// The word with this residue modulo 2³².
std::uint32_t word(std::int64_t value) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(value));
}
std::int64_t power_of_two(std::uint32_t n) { return std::int64_t{1} << n; }
/// Rounded down, as a shift does.
std::int64_t floor_quotient(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return quotient * b > a ? quotient - 1 : quotient;
}

using Oracle = std::uint32_t (*)(std::uint32_t a, std::uint32_t b);

std::uint32_t sum(std::uint32_t a, std::uint32_t b) { return word(std::int64_t{a} + b); }
std::uint32_t difference(std::uint32_t a, std::uint32_t b) { return word(std::int64_t{a} - b); }
std::uint32_t left(std::uint32_t a, std::uint32_t b) {
  return word(static_cast<std::int64_t>(std::uint64_t{a} << (b % 32)));
}
std::uint32_t right(std::uint32_t a, std::uint32_t b) { return word(a / power_of_two(b % 32)); }
std::uint32_t right_signed(std::uint32_t a, std::uint32_t b) {
  return word(floor_quotient(as_signed(a), power_of_two(b % 32)));
}
std::uint32_t less(std::uint32_t a, std::uint32_t b) { return as_signed(a) < as_signed(b); }
std::uint32_t less_unsigned(std::uint32_t a, std::uint32_t b) {
  return std::int64_t{a} < std::int64_t{b};
}
/// Bit by bit, by a truth table: bit 2·a + b.
template <unsigned table>
std::uint32_t bitwise(std::uint32_t a, std::uint32_t b) {
  std::uint32_t result = 0;
  for (unsigned n = 0; n < 32; ++n) {
    const std::int64_t row = 2 * (a / power_of_two(n) % 2) + b / power_of_two(n) % 2;
    result |= (table >> row & 1u) << n;
  }
  return result;
}
constexpr unsigned both = 0b1000, either = 0b1110, one = 0b0110;

std::uint32_t product(std::uint32_t a, std::uint32_t b) {
  return word(as_signed(a) * as_signed(b));
}
std::uint32_t high_product(std::uint32_t a, std::uint32_t b) {
  return word(floor_quotient(as_signed(a) * as_signed(b), power_of_two(32)));
}
std::uint32_t high_mixed(std::uint32_t a, std::uint32_t b) {
  return word(floor_quotient(as_signed(a) * std::int64_t{b}, power_of_two(32)));
}
std::uint32_t high_unsigned(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::uint32_t>(std::uint64_t{a} * b / 0x1'0000'0000u);
}
std::uint32_t quotient(std::uint32_t a, std::uint32_t b) {
  return b == 0 ? 0xffff'ffffu : word(as_signed(a) / as_signed(b));
}
std::uint32_t quotient_unsigned(std::uint32_t a, std::uint32_t b) {
  return b == 0 ? 0xffff'ffffu : word(std::int64_t{a} / std::int64_t{b});
}
std::uint32_t rest(std::uint32_t a, std::uint32_t b) {
  return b == 0 ? a : word(as_signed(a) - as_signed(a) / as_signed(b) * as_signed(b));
}
std::uint32_t rest_unsigned(std::uint32_t a, std::uint32_t b) {
  return b == 0 ? a : word(std::int64_t{a} - std::int64_t{a} / b * std::int64_t{b});
}

struct RegisterRow {
  const char* name;
  Code (*encode)(Reg rd, Reg a, Reg b);
  Oracle oracle;
};
const RegisterRow register_rows[] = {
    {"add", as::add, sum},
    {"sub", as::sub, difference},
    {"sll", as::sll, left},
    {"slt", as::slt, less},
    {"sltu", as::sltu, less_unsigned},
    {"xor", as::xor_, bitwise<one>},
    {"srl", as::srl, right},
    {"sra", as::sra, right_signed},
    {"or", as::or_, bitwise<either>},
    {"and", as::and_, bitwise<both>},
    {"mul", as::mul, product},
    {"mulh", as::mulh, high_product},
    {"mulhsu", as::mulhsu, high_mixed},
    {"mulhu", as::mulhu, high_unsigned},
    {"div", as::div, quotient},
    {"divu", as::divu, quotient_unsigned},
    {"rem", as::rem, rest},
    {"remu", as::remu, rest_unsigned},
};

struct ImmediateRow {
  const char* name;
  Code (*encode)(Reg rd, Reg a, std::int32_t imm);
  Oracle oracle;
};
const ImmediateRow immediate_rows[] = {
    {"addi", as::addi, sum},
    {"slti", as::slti, less},
    {"sltiu", as::sltiu, less_unsigned},
    {"xori", as::xori, bitwise<one>},
    {"ori", as::ori, bitwise<either>},
    {"andi", as::andi, bitwise<both>},
};
const ImmediateRow shift_rows[] = {
    {"slli", as::slli, left}, {"srli", as::srli, right}, {"srai", as::srai, right_signed}};

constexpr Reg rd = 20, first = 21, second = 22;
constexpr std::uint32_t untouched = 0xdead'beef;

/// Executes one instruction, which must neither trap nor jump, and returns what `target` holds.
std::uint32_t execute(CoreRig& rig, Code code, Reg target) {
  rig.place(CoreRig::origin, {code});
  rig.start();
  const rv::Retirement& retired = rig.step();
  if (!rig.record.traps.empty()) FAIL("it trapped");
  if (retired.next_pc != CoreRig::origin + code.length) FAIL("it jumped");
  return rig.get(target);
}

void set_operands(CoreRig& rig, std::uint32_t a, std::uint32_t b) {
  rig.set(rd, untouched);
  rig.set(first, a);
  rig.set(second, b);
}

TEST_CASE("An instruction of two registers gives what 64-bit arithmetic gives", "[rv32]") {
  CoreRig rig;
  for (const RegisterRow& row : register_rows) {
    for (const std::uint32_t a : corners) {
      for (const std::uint32_t b : corners) {
        INFO(row.name << ' ' << a << ' ' << b);
        const auto with = [&](Reg target, Reg x, Reg y) {
          set_operands(rig, a, b);
          return execute(rig, row.encode(target, x, y), target);
        };
        // As it is; over an operand; with one operand; with x0 as an operand, as the target.
        if (with(rd, first, second) != row.oracle(a, b) ||
            with(first, first, second) != row.oracle(a, b) ||
            with(second, first, second) != row.oracle(a, b) ||
            with(rd, first, first) != row.oracle(a, a) ||
            with(rd, zero, second) != row.oracle(0, b) ||
            with(rd, first, zero) != row.oracle(a, 0) || with(zero, first, second) != 0) {
          FAIL("another result");
        }
      }
    }
  }
}

TEST_CASE("Random operands too", "[rv32]") {
  CoreRig rig;
  std::mt19937 random(32);  // seed: any
  for (const RegisterRow& row : register_rows) {
    for (int n = 0; n < 500; ++n) {
      const auto a = static_cast<std::uint32_t>(random());
      // Quotients of all sizes.
      const auto b = static_cast<std::uint32_t>(random()) >> random() % 32;
      set_operands(rig, a, b);
      INFO(row.name << ' ' << a << ' ' << b);
      if (execute(rig, row.encode(rd, first, second), rd) != row.oracle(a, b)) FAIL();
    }
  }
}

TEST_CASE("Every register can be a source and a target", "[rv32]") {
  CoreRig rig;
  for (Reg target = 0; target < 32; ++target) {
    for (Reg source = 0; source < 32; ++source) {
      for (Reg reg = 1; reg < 32; ++reg) rig.set(reg, 1000 + reg);
      execute(rig, as::addi(target, source, 7), target);
      for (Reg reg = 0; reg < 32; ++reg) {
        const std::uint32_t before = reg == 0 ? 0 : 1000 + reg;
        const std::uint32_t source_value = source == 0 ? 0 : 1000 + source;
        const bool is_target = reg == target && target != 0;
        if (rig.get(reg) != (is_target ? source_value + 7 : before)) FAIL("x" << reg);
      }
    }
  }
}

TEST_CASE("An instruction with an immediate extends its sign", "[rv32]") {
  CoreRig rig;
  for (const ImmediateRow& row : immediate_rows) {
    for (const std::uint32_t a : corners) {
      for (const std::int32_t imm : immediates) {
        set_operands(rig, a, 0);
        INFO(row.name << ' ' << a << ' ' << imm);
        if (execute(rig, row.encode(rd, first, imm), rd) != row.oracle(a, word(imm)) ||
            execute(rig, row.encode(zero, first, imm), zero) != 0) {
          FAIL();
        }
      }
    }
  }
}

TEST_CASE("A shift by an immediate goes from 0 to 31", "[rv32]") {
  CoreRig rig;
  for (const ImmediateRow& row : shift_rows) {
    for (const std::uint32_t a : corners) {
      for (std::int32_t n = 0; n < 32; ++n) {
        set_operands(rig, a, 0);
        INFO(row.name << ' ' << a << ' ' << n);
        if (execute(rig, row.encode(rd, first, n), rd) != row.oracle(a, word(n))) FAIL();
      }
    }
  }
}

TEST_CASE("lui and auipc put twenty bits on top", "[rv32]") {
  CoreRig rig;
  for (const std::uint32_t imm : {0u, 1u, 0x7ffffu, 0x80000u, 0xfffffu, 0x12345u}) {
    CHECK(execute(rig, as::lui(rd, imm), rd) == imm * 4096);
    CHECK(execute(rig, as::auipc(rd, imm), rd) == word(std::int64_t{imm} * 4096 + rig.origin));
    CHECK(execute(rig, as::lui(zero, imm), zero) == 0);
    CHECK(execute(rig, as::auipc(zero, imm), zero) == 0);
  }
}

struct BranchRow {
  const char* name;
  Code (*encode)(Reg a, Reg b, std::int32_t distance);
  bool (*is_taken)(std::int64_t a, std::int64_t b, std::int64_t ua, std::int64_t ub);
};
using I64 = std::int64_t;
const BranchRow branch_rows[] = {
    {"beq", as::beq, [](I64, I64, I64 a, I64 b) { return a == b; }},
    {"bne", as::bne, [](I64, I64, I64 a, I64 b) { return a != b; }},
    {"blt", as::blt, [](I64 a, I64 b, I64, I64) { return a < b; }},
    {"bge", as::bge, [](I64 a, I64 b, I64, I64) { return a >= b; }},
    {"bltu", as::bltu, [](I64, I64, I64 a, I64 b) { return a < b; }},
    {"bgeu", as::bgeu, [](I64, I64, I64 a, I64 b) { return a >= b; }},
};

std::uint32_t pc_after(CoreRig& rig, std::uint32_t pc, Code code) {
  rig.place(pc, {code});
  rig.start(pc);
  return rig.step().next_pc;
}

TEST_CASE("A branch compares as its name says", "[rv32]") {
  CoreRig rig;
  for (const BranchRow& row : branch_rows) {
    for (const std::uint32_t a : corners) {
      for (const std::uint32_t b : corners) {
        set_operands(rig, a, b);
        INFO(row.name << ' ' << a << ' ' << b);
        const bool is_taken = row.is_taken(as_signed(a), as_signed(b), a, b);
        const std::uint32_t pc = CoreRig::origin;
        if (pc_after(rig, pc, row.encode(first, second, 64)) != pc + (is_taken ? 64 : 4)) FAIL();
      }
    }
  }
}

TEST_CASE("A branch reaches every even distance of 4 KiB on either side", "[rv32]") {
  CoreRig rig;
  set_operands(rig, 1, 2);
  constexpr std::uint32_t pc = 0x8000;
  for (std::int32_t distance = -4096; distance <= 4094; distance += 2) {
    INFO(distance);
    const std::uint32_t target = word(std::int64_t{pc} + distance);
    if (pc_after(rig, pc, as::bne(first, second, distance)) != target ||
        pc_after(rig, pc, as::beq(first, second, distance)) != pc + 4 ||
        pc_after(rig, pc, as::blt(first, second, distance)) != target ||
        pc_after(rig, pc, as::bge(second, first, distance)) != target ||
        pc_after(rig, pc, as::bltu(first, second, distance)) != target ||
        pc_after(rig, pc, as::bgeu(second, first, distance)) != target) {
      FAIL();
    }
  }
}

TEST_CASE("A short branch or jump reaches every distance that it can name", "[rv32]") {
  CoreRig rig;
  constexpr std::uint32_t pc = 0x8000;
  rig.set(a0, 0);
  rig.set(a1, 5);
  for (std::int32_t distance = -256; distance <= 254; distance += 2) {
    INFO(distance);
    const std::uint32_t target = word(std::int64_t{pc} + distance);
    if (pc_after(rig, pc, as::c_beqz(a0, distance)) != target ||
        pc_after(rig, pc, as::c_beqz(a1, distance)) != pc + 2 ||
        pc_after(rig, pc, as::c_bnez(a1, distance)) != target ||
        pc_after(rig, pc, as::c_bnez(a0, distance)) != pc + 2) {
      FAIL();
    }
  }
  for (std::int32_t distance = -2048; distance <= 2046; distance += 2) {
    INFO(distance);
    const std::uint32_t target = word(std::int64_t{pc} + distance);
    rig.set(ra, untouched);
    if (pc_after(rig, pc, as::c_j(distance)) != target || rig.get(ra) != untouched) FAIL();
    if (pc_after(rig, pc, as::c_jal(distance)) != target || rig.get(ra) != pc + 2) FAIL();
  }
}

TEST_CASE("jal reaches a mebibyte on either side and leaves the way back", "[rv32]") {
  CoreRig rig;
  constexpr std::uint32_t pc = 0x8000;
  const auto check = [&](std::int32_t distance) {
    INFO(distance);
    rig.set(rd, untouched);
    if (pc_after(rig, pc, as::jal(rd, distance)) != word(std::int64_t{pc} + distance) ||
        rig.get(rd) != pc + 4 ||
        pc_after(rig, pc, as::jal(zero, distance)) != word(std::int64_t{pc} + distance)) {
      FAIL();
    }
  };
  for (std::int32_t bit = 2; bit < 1 << 20; bit *= 2) {
    check(bit + 2);
    check(-bit);
    check(-bit - 2);
  }
  check((1 << 20) - 2);
  check(-(1 << 20));
  std::mt19937 random(20);  // seed: any
  for (int n = 0; n < 5000; ++n) {
    const auto distance = static_cast<std::int32_t>(random() % (1u << 20)) * 2 - (1 << 20);
    check(distance);
  }
}

TEST_CASE("jalr adds a signed offset and clears bit 0", "[rv32]") {
  CoreRig rig;
  constexpr std::uint32_t pc = 0x8000;
  for (const std::uint32_t base : {0u, 1u, 0x4000u, 0x4001u, 0xffff'ffffu, 0x8000'0000u}) {
    for (const std::int32_t imm : immediates) {
      INFO(base << ' ' << imm);
      const std::uint32_t target = word(as_signed(base) + imm) / 2 * 2;
      set_operands(rig, base, 0);
      CHECK(pc_after(rig, pc, as::jalr(rd, first, imm)) == target);
      CHECK(rig.get(rd) == pc + 4);
      // The target is computed before the way back is written.
      CHECK(pc_after(rig, pc, as::jalr(first, first, imm)) == target);
      CHECK(rig.get(first) == pc + 4);
      CHECK(pc_after(rig, pc, as::jalr(zero, zero, imm)) == word(imm) / 2 * 2);
      CHECK(rig.get(zero) == 0);
    }
  }
  for (Reg reg = 1; reg < 32; ++reg) {
    rig.set(reg, 0x2001);
    CHECK(pc_after(rig, pc, as::c_jr(reg)) == 0x2000);
    rig.set(reg, 0x2003);
    CHECK(pc_after(rig, pc, as::c_jalr(reg)) == 0x2002);
    CHECK(rig.get(ra) == pc + 2);
  }
}

TEST_CASE("fence and fence.i change nothing", "[rv32]") {
  CoreRig rig;
  for (Reg reg = 1; reg < 32; ++reg) rig.set(reg, reg);
  execute(rig, as::fence, zero);
  execute(rig, as::fence_i, zero);
  for (Reg reg = 0; reg < 32; ++reg) CHECK(rig.get(reg) == reg);
}

TEST_CASE("A csr instruction swaps or sets or clears and gives the old value", "[rv32]") {
  CoreRig rig;
  constexpr auto scratch = static_cast<std::int32_t>(rv::csr::mscratch);
  for (const std::uint32_t old : corners) {
    for (const std::uint32_t operand : corners) {
      INFO(old << ' ' << operand);
      const auto check = [&](Code code, Reg target, std::uint32_t now) {
        rig.set_csr(rv::csr::mscratch, old);
        set_operands(rig, operand, 0);
        if (execute(rig, code, target) != (target == zero ? 0 : old)) FAIL("not the old value");
        if (rig.csr(rv::csr::mscratch) != now) FAIL("not the new value");
      };
      check(as::csrrw(rd, scratch, first), rd, operand);
      check(as::csrrs(rd, scratch, first), rd, bitwise<either>(old, operand));
      check(as::csrrc(rd, scratch, first), rd, bitwise<0b0100>(old, operand));
      check(as::csrrw(first, scratch, first), first, operand);
      check(as::csrrs(first, scratch, first), first, bitwise<either>(old, operand));
      check(as::csrrw(zero, scratch, first), zero, operand);
      check(as::csrrw(rd, scratch, zero), rd, 0);
      check(as::csrrs(rd, scratch, zero), rd, old);
      check(as::csrrc(rd, scratch, zero), rd, old);
      const std::uint32_t five = operand % 32;
      check(as::csrrwi(rd, scratch, five), rd, five);
      check(as::csrrsi(rd, scratch, five), rd, bitwise<either>(old, five));
      check(as::csrrci(rd, scratch, five), rd, bitwise<0b0100>(old, five));
    }
  }
}

}  // namespace
