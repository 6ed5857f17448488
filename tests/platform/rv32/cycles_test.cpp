// What everything takes: a measurement for each rule of platform/rv32/README.md, to the cycle.
#include <catch2/catch.hpp>
#include <cstring>

#include "tests/platform/rv32/core_rig.h"

namespace {

using namespace test;  // NOLINT: the instructions' operands

constexpr Reg base = 21, flash = 22, ram = 23;
constexpr auto number(std::uint32_t csr) { return static_cast<std::int32_t>(csr); }

/// Registers as the sequences below want them: a0 = 100, a1 = 7, a2 = 0, a3 = −1, a4 = 2³¹.
void set_operands(CoreRig& rig) {
  rig.set(a0, 100);
  rig.set(a1, 7);
  rig.set(a2, 0);
  rig.set(a3, 0xffff'ffff);
  rig.set(a4, 0x8000'0000);
  rig.set(base, CoreRig::bus_base);
  rig.set(flash, 0x3000);
  rig.set(ram, CoreRig::ram_base + 0x100);
}

/// From the start of the first instruction to that of what follows the last.
Cycle cost(CoreRig& rig, std::uint32_t pc, const std::vector<Code>& codes) {
  set_operands(rig);
  rig.place(pc, codes);
  rig.start(pc);
  rig.run(codes.size());
  return rig.record.retirements.back().next - rig.record.retirements.front().begin;
}

struct Row {
  const char* name;
  std::vector<Code> codes;
  Cycle cycles;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    // R1: across words or not, it takes the same.
    for (const std::uint32_t pc : {CoreRig::origin, CoreRig::origin + 2}) {
      CoreRig rig;
      INFO(row.name << " at " << pc);
      CHECK(cost(rig, pc, row.codes) == row.cycles);
      CHECK(rig.record.traps.empty());
    }
  }
}

TEST_CASE("R1 R3: what takes one cycle", "[rv32]") {
  check({
      {"add", {as::add(t0, a0, a1)}, 1},
      {"c.addi", {as::c_addi(t0, 1)}, 1},
      {"addi", {as::addi(t0, a0, 1)}, 1},
      {"lui", {as::lui(t0, 1)}, 1},
      {"auipc", {as::auipc(t0, 1)}, 1},
      {"sll", {as::sll(t0, a0, a1)}, 1},
      {"srai", {as::srai(t0, a0, 31)}, 1},
      {"slt", {as::slt(t0, a0, a1)}, 1},
      {"fence", {as::fence}, 1},
      {"hint", {as::c_addi(zero, 3)}, 1},
      {"csrr mcycle", {as::csrrs(t0, number(rv::csr::mcycle), zero)}, 1},
      {"csrr mip", {as::csrrs(t0, number(rv::csr::mip), zero)}, 1},
      {"csrw mscratch", {as::csrrw(zero, number(rv::csr::mscratch), a0)}, 1},
      {"csrw mepc", {as::csrrw(zero, number(rv::csr::mepc), a0)}, 1},
      {"csrsi mscratch", {as::csrrsi(zero, number(rv::csr::mscratch), 3)}, 1},
      {"csrrs mstatus x0", {as::csrrs(t0, number(rv::csr::mstatus), zero)}, 1},
      {"csrrc mie x0", {as::csrrc(t0, number(rv::csr::mie), zero)}, 1},
      {"csrsi mstatus 0", {as::csrrsi(zero, number(rv::csr::mstatus), 0)}, 1},
      {"csrci mstatus 0", {as::csrrci(zero, number(rv::csr::mstatus), 0)}, 1},
      {"not taken", {as::beq(a0, a1, 64)}, 1},
      {"short one not taken", {as::c_beqz(a0, 64)}, 1},
      {"16 and 32 bits mixed",
       {as::c_nop, as::nop, as::c_nop, as::nop, as::nop, as::c_nop, as::c_nop, as::c_nop},
       8},
      {"one that needs the one before", {as::add(t0, a0, a1), as::add(t1, t0, t0)}, 2},
  });
}

TEST_CASE("R4: the low half of a product takes one cycle and the high half two", "[rv32]") {
  for (const Reg a : {a0, a2, a3, a4}) {
    for (const Reg b : {a0, a2, a3, a4}) {
      check({
          {"mul", {as::mul(t0, a, b)}, 1},
          {"mulh", {as::mulh(t0, a, b)}, 2},
          {"mulhsu", {as::mulhsu(t0, a, b)}, 2},
          {"mulhu", {as::mulhu(t0, a, b)}, 2},
      });
    }
  }
}

TEST_CASE("R5: a division takes 37 cycles and one by zero two", "[rv32]") {
  check({
      {"100 / 7", {as::div(t0, a0, a1)}, 37},
      {"0 / 7", {as::divu(t0, a2, a1)}, 37},
      {"1 / 0xffffffff", {as::divu(t0, a1, a3)}, 37},
      {"the quotient that does not fit", {as::div(t0, a4, a3)}, 37},
      {"and its rest", {as::rem(t0, a4, a3)}, 37},
      {"100 mod 7", {as::rem(t0, a0, a1)}, 37},
      {"unsigned", {as::remu(t0, a0, a1)}, 37},
      {"into nowhere", {as::div(zero, a0, a1)}, 37},
      {"div by 0", {as::div(t0, a0, a2)}, 2},
      {"divu by 0", {as::divu(t0, a0, a2)}, 2},
      {"rem by 0", {as::rem(t0, a0, zero)}, 2},
      {"remu by 0", {as::remu(t0, a0, a2)}, 2},
      {"0 by 0", {as::div(t0, a2, a2)}, 2},
  });
}

TEST_CASE("R6: a load or store takes two cycles where nothing waits", "[rv32]") {
  check({
      {"lw", {as::lw(t0, ram, 0)}, 2},
      {"lb", {as::lb(t0, ram, 3)}, 2},
      {"lhu", {as::lhu(t0, ram, 2)}, 2},
      {"lh at 1", {as::lh(t0, ram, 1)}, 2},
      {"sh at 1", {as::sh(a0, ram, 1)}, 2},
      {"sw", {as::sw(a0, ram, 0)}, 2},
      {"sb", {as::sb(a0, ram, 1)}, 2},
      {"lw from flash", {as::lw(t0, flash, 0)}, 2},
      {"lw and its use", {as::lw(t0, ram, 0), as::add(t1, t0, t0)}, 3},
      {"lw lw", {as::lw(t0, ram, 0), as::lw(t1, ram, 4)}, 4},
      {"lw sw", {as::lw(t0, ram, 0), as::sw(t0, ram, 4)}, 4},
      {"sw sw", {as::sw(a0, ram, 0), as::sw(a1, ram, 4)}, 4},
  });
}

TEST_CASE("R6 R7: an access commits when it has waited and the next follows", "[rv32]") {
  struct Access {
    const char* name;
    Code code;
    bool is_split;
  };
  const Access accesses[] = {
      {"lw", as::lw(t0, base, 0), false},      {"sw", as::sw(a0, base, 0), false},
      {"lh at 1", as::lh(t0, base, 1), false}, {"sh at 1", as::sh(a0, base, 1), false},
      {"lw at 1", as::lw(t0, base, 1), true},  {"lw at 2", as::lw(t0, base, 2), true},
      {"lw at 3", as::lw(t0, base, 3), true},  {"lh at 3", as::lh(t0, base, 3), true},
      {"sw at 1", as::sw(a0, base, 1), true},  {"sw at 2", as::sw(a0, base, 2), true},
      {"sw at 3", as::sw(a0, base, 3), true},  {"sh at 3", as::sh(a0, base, 3), true},
  };
  for (const Access& access : accesses) {
    for (const Cycle first : {0, 2, 5}) {
      for (const Cycle second : {0, 2, 5}) {
        CoreRig rig;
        INFO(access.name << " waiting " << first << " and " << second);
        rig.waits = {{CoreRig::bus_base, first}, {CoreRig::bus_base + 4, second}};
        const Cycle expected = access.is_split ? 3 + first + second : 2 + first;
        CHECK(cost(rig, CoreRig::origin, {access.code}) == expected);
        REQUIRE(rig.record.accesses.size() == (access.is_split ? 2 : 1));
        CHECK(rig.record.accesses[0].result.commit == CoreRig::epoch + 1 + first);
        if (access.is_split) {
          CHECK(rig.record.accesses[1].result.commit == CoreRig::epoch + 2 + first + second);
        }
        CHECK(rig.record.retirements[0].stamp == rig.record.retirements[0].next);
      }
    }
  }
}

TEST_CASE("R7: across words in memory it takes three cycles directly or not", "[rv32]") {
  for (const bool is_direct : {true, false}) {
    for (const Code code : {as::lw(t0, ram, 1), as::lw(t0, ram, 2), as::lw(t0, ram, 3),
                            as::lh(t0, ram, 3), as::sw(a0, ram, 1), as::sh(a0, ram, 3)}) {
      CoreRig rig;
      rig.is_direct = is_direct;
      CHECK(cost(rig, CoreRig::origin, {code}) == 3);
    }
  }
}

constexpr std::uint32_t target = 0x1100;

/// What a redirect goes to, and what that costs more (R2).
struct Target {
  const char* name;
  std::uint32_t address;
  Code code;
  Cycle penalty;
};
const Target targets[] = {
    {"four bytes at a word", target, as::nop, 0},
    {"two bytes at a word", target, as::c_nop, 0},
    {"two bytes within a word", target + 2, as::c_nop, 0},
    {"four bytes across words", target + 2, as::nop, 1},
};

/// What `code` and then one instruction at the target take: the latter 1 cycle.
Cycle redirect_cost(CoreRig& rig, std::uint32_t pc, const Target& to, const Code& code) {
  rig.place(to.address, {to.code});
  rig.place(pc, {code});
  rig.start(pc);
  rig.run(2);
  CHECK(rig.record.retirements[1].pc == to.address);
  const rv::Retirement& first = rig.record.retirements[0];
  const rv::Retirement& second = rig.record.retirements[1];
  CHECK(second.begin == first.next);
  CHECK(second.next - second.begin == 1);
  return first.next - first.begin;
}

TEST_CASE("R2 R8 R9 R11: jumps and taken branches to every kind of target", "[rv32]") {
  for (const Target& to : targets) {
    for (const std::uint32_t pc : {target - 64, target - 62, target + 64, target + 66}) {
      const auto distance = static_cast<std::int32_t>(to.address - pc);
      struct Redirect {
        const char* name;
        Code code;
        Cycle cycles;
        Cycle stamp;  ///< behind the begin
      };
      const Redirect redirects[] = {
          {"jal", as::jal(ra, distance), 2, 2},
          {"c.j", as::c_j(distance), 2, 2},
          {"c.jal", as::c_jal(distance), 2, 2},
          {"jalr", as::jalr(ra, base, 0), 2, 2},
          {"c.jr", as::c_jr(base), 2, 2},
          {"c.jalr", as::c_jalr(base), 2, 2},
          {"beq", as::beq(a0, a0, distance), 3, 2},
          {"bne", as::bne(a0, a1, distance), 3, 2},
          {"blt", as::blt(a1, a0, distance), 3, 2},
          {"bge", as::bge(a0, a1, distance), 3, 2},
          {"bltu", as::bltu(a1, a0, distance), 3, 2},
          {"bgeu", as::bgeu(a0, a1, distance), 3, 2},
          {"c.beqz", as::c_beqz(a2, distance), 3, 2},
          {"c.bnez", as::c_bnez(a0, distance), 3, 2},
          {"mret", as::mret, 3, 1},
      };
      for (const Redirect& redirect : redirects) {
        CoreRig rig;
        INFO(redirect.name << " from " << pc << " to " << to.name);
        set_operands(rig);
        rig.set(base, to.address);
        rig.set_csr(rv::csr::mepc, to.address);
        CHECK(redirect_cost(rig, pc, to, redirect.code) == redirect.cycles + to.penalty);
        const rv::Retirement& first = rig.record.retirements[0];
        CHECK(first.stamp == first.begin + redirect.stamp);
      }
    }
  }
}

TEST_CASE("R8: fence.i goes on behind itself like a jump", "[rv32]") {
  for (const Target& to : targets) {
    INFO(to.name);
    CoreRig rig;
    CHECK(redirect_cost(rig, to.address - 4, to, as::fence_i) == 2 + to.penalty);
  }
}

TEST_CASE("R10: writing a CSR takes three cycles whatever comes behind", "[rv32]") {
  for (const std::uint32_t csr :
       {rv::csr::mstatus, rv::csr::misa, rv::csr::mie, rv::csr::mtvec, rv::csr::mcountinhibit,
        rv::csr::mcause, rv::csr::mtval, rv::csr::mip, rv::csr::mcycle, rv::csr::mcycleh,
        rv::csr::minstret, rv::csr::minstreth}) {
    for (const Code code : {as::csrrw(t0, number(csr), a0), as::csrrw(zero, number(csr), zero),
                            as::csrrs(t0, number(csr), a2), as::csrrc(zero, number(csr), a0),
                            as::csrrwi(zero, number(csr), 0), as::csrrsi(t0, number(csr), 1),
                            as::csrrci(t0, number(csr), 31)}) {
      for (const Target& behind : targets) {
        INFO(csr << ' ' << code.bits << ", behind it " << behind.name);
        CoreRig rig;
        set_operands(rig);
        CHECK(redirect_cost(rig, behind.address - 4, behind, code) == 3);
        const rv::Retirement& first = rig.record.retirements[0];
        CHECK(first.stamp == first.begin + 1);
      }
    }
  }
}

TEST_CASE("R12: an exception's handler starts after three cycles", "[rv32]") {
  for (const Code code : {as::ecall, as::ebreak, as::c_ebreak, as::c_illegal, Code{~0u, 4},
                          as::csrrs(a0, 0x123, zero)}) {
    CoreRig rig;
    INFO(code.bits);
    CHECK(cost(rig, CoreRig::origin, {code}) == 3);
    CHECK(rig.record.retirements[0].stamp == CoreRig::epoch + 1);
    REQUIRE(rig.record.traps.size() == 1);
    CHECK(rig.record.traps[0].begin == CoreRig::epoch + 3);
  }
  // A fetch from nowhere is timed like an illegal instruction.
  for (const std::uint32_t pc : {0x7000'0000u, 0x7000'0002u}) {
    CoreRig rig;
    rig.start(pc);
    const rv::Retirement& retired = rig.step();
    CHECK(retired.next == CoreRig::epoch + 3);
    CHECK(retired.stamp == CoreRig::epoch + 1);
  }
}

TEST_CASE("R12: after a bus error the handler starts three cycles behind the response", "[rv32]") {
  struct ErrorRow {
    Code code;
    bool is_split;
  };
  for (const ErrorRow& row :
       {ErrorRow{as::lw(t0, base, 0), false}, ErrorRow{as::sb(t0, base, 1), false},
        ErrorRow{as::lw(t0, base, 2), true}, ErrorRow{as::sh(t0, base, 3), true}}) {
    for (const Cycle first : {0, 2, 5}) {
      for (const Cycle second : {0, 2, 5}) {
        for (const std::uint32_t error : {CoreRig::bus_base, CoreRig::bus_base + 4}) {
          if (!row.is_split && error != CoreRig::bus_base) continue;
          CoreRig rig;
          rig.waits = {{CoreRig::bus_base, first}, {CoreRig::bus_base + 4, second}};
          rig.errors = {error};
          const Cycle response = CoreRig::epoch + 1 + first + (row.is_split ? 1 + second : 0);
          CHECK(cost(rig, CoreRig::origin, {row.code}) == response + 3 - CoreRig::epoch);
          CHECK(rig.record.retirements[0].stamp == response + 1);
          REQUIRE(rig.record.traps.size() == 1);
          CHECK(rig.record.traps[0].begin == response + 3);
        }
      }
    }
  }
}

TEST_CASE("R15: the first instruction starts four cycles after the reset", "[rv32]") {
  for (const Cycle at : {0, 1, 12345}) {
    CoreRig rig;
    rig.place(0x380, {as::csrrs(t0, number(rv::csr::mcycle), zero)});
    rig.hart.reset(at, 0x300);
    const rv::Retirement& first = rig.step();
    CHECK(first.pc == 0x380);
    CHECK(first.begin == at + 4);
    CHECK(first.stamp == at + 5);
    // R16: read in the fourth cycle.
    CHECK(rig.get(t0) == 3);
  }
}

TEST_CASE("R16: mcycle counts every cycle and minstret what has retired", "[rv32]") {
  CoreRig rig;
  rig.place(0x80, {as::csrrs(t0, number(rv::csr::mcycle), zero), as::div(t1, t0, t0),
                   as::csrrs(t1, number(rv::csr::mcycle), zero),
                   as::csrrs(t2, number(rv::csr::minstret), zero),
                   as::csrrs(a0, number(rv::csr::minstreth), zero),
                   as::csrrs(a1, number(rv::csr::mcycleh), zero)});
  rig.hart.reset(500, 0);
  rig.run(6);
  CHECK(rig.get(t1) - rig.get(t0) == 38);
  CHECK(rig.get(t2) == 3);
  CHECK(rig.get(a0) == 0);
  CHECK(rig.get(a1) == 0);
}

TEST_CASE("R16: a counter goes on from what is written", "[rv32]") {
  CoreRig rig;
  rig.set(a3, 0xffff'fffe);
  rig.set(a4, 5);
  rig.place(CoreRig::origin, {as::csrrw(zero, number(rv::csr::mcycleh), a4),
                              as::csrrw(zero, number(rv::csr::mcycle), a3),
                              as::csrrs(t0, number(rv::csr::mcycle), zero),
                              as::csrrs(t1, number(rv::csr::mcycleh), zero)});
  rig.start();
  rig.run(4);
  // Visible one cycle after the write; the next instruction starts three after it: 2³² passed.
  CHECK(rig.get(t0) == 0);
  CHECK(rig.get(t1) == 6);

  rig.place(CoreRig::origin, {as::csrrw(zero, number(rv::csr::minstreth), a4),
                              as::csrrw(zero, number(rv::csr::minstret), a3),
                              as::csrrs(t0, number(rv::csr::minstret), zero), as::nop,
                              as::csrrs(t1, number(rv::csr::minstret), zero),
                              as::csrrs(t2, number(rv::csr::minstreth), zero)});
  rig.start();
  rig.run(6);
  CHECK(rig.get(t0) == 0xffff'fffe);
  CHECK(rig.get(t1) == 0);
  CHECK(rig.get(t2) == 6);
}

TEST_CASE("R16: mcountinhibit stops a counter where it is", "[rv32]") {
  constexpr auto inhibit = number(rv::csr::mcountinhibit);
  CoreRig rig;
  rig.place(CoreRig::origin,
            {as::csrrwi(zero, inhibit, 1), as::csrrs(t0, number(rv::csr::mcycle), zero),
             as::div(a0, a0, a1), as::csrrs(t1, number(rv::csr::mcycle), zero),
             as::csrrwi(zero, inhibit, 0), as::csrrs(t2, number(rv::csr::mcycle), zero)});
  set_operands(rig);
  rig.start();
  rig.run(6);
  // The cycle of the write is the last that counts: mcycle is epoch − 1 in it.
  CHECK(rig.get(t0) == CoreRig::epoch);
  CHECK(rig.get(t1) == CoreRig::epoch);
  // Three cycles after the other write, of which two count.
  CHECK(rig.get(t2) == CoreRig::epoch + 2);

  rig.place(CoreRig::origin,
            {as::csrrwi(zero, inhibit, 4), as::csrrs(t0, number(rv::csr::minstret), zero), as::nop,
             as::csrrs(t1, number(rv::csr::minstret), zero), as::csrrwi(zero, inhibit, 0),
             as::csrrs(t2, number(rv::csr::minstret), zero),
             as::csrrs(a0, number(rv::csr::minstret), zero)});
  rig.start();
  rig.set_csr(rv::csr::minstret, 100);
  rig.run(7);
  CHECK(rig.get(t0) == 101);
  CHECK(rig.get(t1) == 101);
  CHECK(rig.get(t2) == 101);
  CHECK(rig.get(a0) == 102);
}

TEST_CASE("A loop of four instructions takes eight cycles a turn", "[rv32]") {
  CoreRig rig;
  rig.place(CoreRig::origin,
            {as::c_addi(a0, -1), as::sw(a0, ram, 0), as::lbu(a1, ram, 0), as::c_bnez(a0, -10)});
  set_operands(rig);
  rig.start();
  rig.run(400);
  const Cycle end = rig.record.retirements.back().next;
  // The last branch is not taken.
  CHECK(end == CoreRig::epoch + 99 * 8 + 6);
}

TEST_CASE("Nobody looking on or the environment asked each cycle: the same in all", "[rv32]") {
  std::vector<rv::Hart::State> ends;
  std::vector<std::vector<unsigned char>> memories;
  for (const bool is_observed : {true, false}) {
    for (const bool is_direct : {true, false}) {
      for (const bool is_cycle_by_cycle : {true, false}) {
        CoreRig rig;
        rig.is_direct = is_direct;
        rig.is_cycle_by_cycle = is_cycle_by_cycle;
        rig.waits = {{CoreRig::bus_base, 3}};
        set_operands(rig);
        rig.set(t2, CoreRig::stop_register);
        rig.enable_interrupts();
        rig.set_csr(rv::csr::mtvec, 0x2000);
        // The handler counts in s1; each rise is short.
        rig.place(0x2000 + 44, {as::addi(s1, s1, 1), as::mret});
        for (Cycle n = 0; n < 200; ++n) {
          rig.line(CoreRig::epoch + 17 * n, true);
          rig.line(CoreRig::epoch + 17 * n + 6, false);
        }
        rig.place(
            CoreRig::origin,
            {as::addi(a0, a0, -1), as::sw(a0, ram, 1), as::lh(a1, ram, 3), as::mul(a2, a1, a1),
             as::lw(a3, base, 0), as::sw(a2, base, 0), as::div(a3, a3, a0), as::lw(a4, flash, 0),
             as::csrrw(t0, 0x343, a3), as::c_bnez(a0, -36), as::sw(zero, t2, 0)});
        rig.start();
        if (!is_observed) rig.hart.observe(nullptr);
        rig.record.stop_after = SIZE_MAX;
        rig.hart.run();
        CHECK(rig.get(s1) > 20);
        ends.push_back(rig.hart.state());
        memories.push_back(rig.ram);
        memories.back().insert(memories.back().end(), rig.bus.begin(), rig.bus.end());
      }
    }
  }
  for (std::size_t n = 1; n < ends.size(); ++n) {
    INFO(n);
    CHECK(ends[n].pc == ends[0].pc);
    CHECK(ends[n].now == ends[0].now);
    CHECK(ends[n].x == ends[0].x);
    CHECK(ends[n].csr.minstret() == ends[0].csr.minstret());
    CHECK(memories[n] == memories[0]);
  }
}

}  // namespace
