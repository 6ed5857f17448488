// Every kind of trap: what it leaves in the CSRs, where it goes, what it does not do.
#include <catch2/catch.hpp>

#include "tests/platform/rv32/core_rig.h"

namespace {

using namespace test;  // NOLINT: the instructions' operands

constexpr std::uint32_t mtvec = 0x2300;
constexpr std::uint32_t mie_bit = 1u << 3, mpie_bit = 1u << 7, mpp_bits = 3u << 11;
constexpr Reg base = 21;
constexpr std::uint32_t nowhere = 0x7000'0000;  ///< no memory

struct Row {
  const char* name;
  std::vector<Code> codes;  ///< the first one traps
  std::uint32_t base;       ///< in x21
  std::uint32_t cause;
  std::uint32_t mtval;
};

std::vector<Row> rows() {
  const std::uint32_t last = CoreRig::ram_base + CoreRig::ram_size;
  return {
      {"illegal word", {{0xffff'ffff, 4}}, 0, 2, 0xffff'ffff},
      {"zeros", {as::c_illegal}, 0, 2, 0},
      {"reserved halfword", {{0x8002, 2}}, 0, 2, 0x8002},
      {"CSR that is none", {as::csrrs(a0, 0x7c0, zero)}, 0, 2, 0x7c00'2573},
      {"write to a read-only CSR", {as::csrrw(zero, 0xf14, a0)}, 0, 2, 0xf145'1073},
      {"ebreak", {as::ebreak}, 0, 3, 0},
      {"c.ebreak", {as::c_ebreak}, 0, 3, 0},
      {"ecall", {as::ecall}, 0, 11, 0},
      {"load byte", {as::lb(a0, base, 5)}, nowhere, 5, nowhere + 5},
      {"load word", {as::lw(a0, base, 0)}, nowhere, 5, nowhere},
      {"load whose second part fails", {as::lw(a0, base, 0)}, last - 2, 5, last},
      {"load whose first part fails",
       {as::lw(a0, base, 0)},
       CoreRig::ram_base - 3,
       5,
       CoreRig::ram_base - 3},
      {"load both of whose parts fail", {as::lh(a0, base, 0)}, nowhere + 3, 5, nowhere + 3},
      {"store byte", {as::sb(a0, base, 1)}, nowhere, 7, nowhere + 1},
      {"store word", {as::sw(a0, base, -4)}, nowhere, 7, nowhere - 4},
      {"store whose second part fails", {as::sh(a0, base, 0)}, last - 1, 7, last},
      {"store whose first part fails",
       {as::sw(a0, base, 0)},
       CoreRig::ram_base - 1,
       7,
       CoreRig::ram_base - 1},
  };
}

TEST_CASE("A trap leaves its cause and place and masks interrupts", "[rv32]") {
  for (const Row& row : rows()) {
    for (const bool was_enabled : {true, false}) {
      INFO(row.name << (was_enabled ? " unmasked" : " masked"));
      CoreRig rig;
      rig.set_csr(rv::csr::mtvec, mtvec);
      rig.set_csr(rv::csr::mstatus, was_enabled ? mie_bit : 0);
      rig.set(base, row.base);
      rig.set(a0, 0x5a5a);
      rig.place(CoreRig::origin, row.codes);
      rig.place(mtvec, {as::nop});
      rig.start();
      const rv::Retirement retired = rig.step();
      CHECK(retired.pc == CoreRig::origin);
      CHECK(retired.next_pc == mtvec);
      CHECK(rig.hart.state().pc == mtvec);
      REQUIRE(rig.record.traps.size() == 1);
      CHECK(rig.record.traps[0].cause == row.cause);
      CHECK(rig.record.traps[0].mepc == CoreRig::origin);
      CHECK(rig.record.traps[0].handler == mtvec);
      CHECK(rig.record.traps[0].begin == retired.next);
      CHECK(rig.csr(rv::csr::mcause) == row.cause);
      CHECK(rig.csr(rv::csr::mepc) == CoreRig::origin);
      CHECK(rig.csr(rv::csr::mtval) == row.mtval);
      CHECK(rig.csr(rv::csr::mstatus) == (mpp_bits | (was_enabled ? mpie_bit : 0)));
      // It has not retired, and has written no register.
      CHECK(rig.csr(rv::csr::minstret) == 0);
      CHECK(rig.get(a0) == 0x5a5a);
      rig.step();
      CHECK(rig.csr(rv::csr::minstret) == 1);
    }
  }
}

TEST_CASE("Both parts of a store are carried out though one fails", "[rv32]") {
  CoreRig rig;
  rig.set(a0, 0x4433'2211);
  rig.set(base, CoreRig::bus_base + 2);
  rig.place(CoreRig::origin, {as::sw(a0, base, 0)});
  rig.errors = {CoreRig::bus_base};
  rig.start();
  rig.step();
  CHECK(rig.csr(rv::csr::mtval) == CoreRig::bus_base + 2);
  CHECK(rig.bus[4] == 0x33);
  CHECK(rig.bus[5] == 0x44);
  rig.errors = {CoreRig::bus_base + 4};
  rig.start();
  rig.step();
  CHECK(rig.csr(rv::csr::mtval) == CoreRig::bus_base + 4);
  CHECK(rig.bus[2] == 0x11);
  CHECK(rig.bus[3] == 0x22);
}

TEST_CASE("A fetch from where no code is traps and names the missing halfword", "[rv32]") {
  const std::uint32_t end = CoreRig::ram_base + CoreRig::ram_size;
  struct FetchRow {
    std::uint32_t pc;
    std::uint32_t mtval;
  };
  for (const FetchRow& row :
       {FetchRow{nowhere, nowhere}, FetchRow{nowhere + 2, nowhere + 2}, FetchRow{end, end},
        FetchRow{end - 2, end}, FetchRow{CoreRig::bus_base, CoreRig::bus_base}}) {
    INFO(row.pc);
    CoreRig rig;
    rig.ram[CoreRig::ram_size - 2] = 0x13;  // the first half of an addi
    rig.set_csr(rv::csr::mtvec, mtvec);
    rig.set(base, row.pc);
    rig.place(CoreRig::origin, {as::jalr(ra, base, 0)});
    rig.start();
    rig.run(2);
    REQUIRE(rig.record.traps.size() == 1);
    CHECK(rig.csr(rv::csr::mcause) == 1);
    CHECK(rig.csr(rv::csr::mepc) == row.pc);
    CHECK(rig.csr(rv::csr::mtval) == row.mtval);
    CHECK(rig.csr(rv::csr::minstret) == 1);
    CHECK(rig.get(ra) == CoreRig::origin + 4);
  }
  // Two bytes that are the last ones are no fault.
  CoreRig rig;
  rig.place(end - 2, {as::c_nop});
  rig.start(end - 2);
  CHECK(rig.step().next_pc == end);
  CHECK(rig.record.traps.empty());
}

TEST_CASE("mret returns and restores the mask", "[rv32]") {
  for (const std::uint32_t mpie : {mpie_bit, 0u}) {
    CoreRig rig;
    rig.set_csr(rv::csr::mstatus, mpie);
    rig.set_csr(rv::csr::mepc, 0x1235);
    rig.place(CoreRig::origin, {as::mret});
    rig.start();
    CHECK(rig.step().next_pc == 0x1234);
    CHECK(rig.csr(rv::csr::mstatus) == (mpp_bits | mpie_bit | (mpie != 0 ? mie_bit : 0)));
    CHECK(rig.csr(rv::csr::minstret) == 1);
  }
}

TEST_CASE("An interrupt goes to its own vector and the external one goes first", "[rv32]") {
  struct InterruptRow {
    bool external;
    bool timer;
    std::uint32_t cause;
  };
  for (const InterruptRow& row : {InterruptRow{true, false, 11}, InterruptRow{false, true, 7},
                                  InterruptRow{true, true, 11}}) {
    CoreRig rig;
    rig.enable_interrupts();
    rig.set_csr(rv::csr::mtvec, mtvec);
    rig.set_csr(rv::csr::mtval, 99);
    rig.place(CoreRig::origin, {as::nop, as::nop});
    rig.place(mtvec + 4 * row.cause, {as::nop});
    if (row.timer) rig.line(CoreRig::epoch, true, rv::Interrupt::timer);
    if (row.external) rig.line(CoreRig::epoch, true);
    rig.start();
    rig.run(2);
    REQUIRE(rig.record.traps.size() == 1);
    CHECK(rig.record.traps[0].cause == (0x8000'0000u | row.cause));
    CHECK(rig.record.retirements[1].pc == mtvec + 4 * row.cause);
    CHECK(rig.csr(rv::csr::mcause) == (0x8000'0000u | row.cause));
    CHECK(rig.csr(rv::csr::mepc) == CoreRig::origin + 4);
    CHECK(rig.csr(rv::csr::mtval) == 0);
    CHECK(rig.csr(rv::csr::mstatus) == (mpp_bits | mpie_bit));
    // The handler's instruction counts, the one that did not start does not.
    CHECK(rig.csr(rv::csr::minstret) == 2);
  }
}

TEST_CASE("A line that mie does not name interrupts nothing but shows in mip", "[rv32]") {
  CoreRig rig;
  rig.enable_interrupts();
  rig.set_csr(rv::csr::mie, 1u << 7);
  rig.place(CoreRig::origin, std::vector<Code>(8, as::csrrs(a0, 0x344, zero)));
  rig.line(CoreRig::epoch + 2, true);
  rig.line(CoreRig::epoch + 5, false);
  rig.start();
  for (Cycle n = 0; n < 8; ++n) {
    rig.step();
    // As it is in the very cycle of the instruction.
    CHECK(rig.get(a0) == (n >= 2 && n < 5 ? 1u << 11 : 0));
  }
  CHECK(rig.record.traps.empty());
}

TEST_CASE("A reset puts everything back but the lines", "[rv32]") {
  CoreRig rig;
  rig.enable_interrupts();
  rig.set_csr(rv::csr::mcountinhibit, 5);
  for (Reg reg = 1; reg < 32; ++reg) rig.set(reg, reg);
  rig.line(CoreRig::epoch, true, rv::Interrupt::timer);
  rig.place(CoreRig::origin, {as::nop, as::nop, as::nop});
  rig.set_csr(rv::csr::mstatus, 0);
  rig.start();
  rig.run(3);  // a cycle beyond the edge, or it has not been asked for
  rig.hart.reset(2000, 0x4000);
  CHECK(rig.hart.state().pc == 0x4080);
  CHECK(rig.hart.state().now == 2004);
  CHECK(rig.hart.state().reset_at == 2000);
  for (Reg reg = 0; reg < 32; ++reg) CHECK(rig.get(reg) == 0);
  CHECK(rig.csr(rv::csr::mtvec) == 0x4001);
  CHECK(rig.csr(rv::csr::mie) == 0);
  CHECK(rig.csr(rv::csr::mcountinhibit) == 0);
  CHECK(rig.csr(rv::csr::minstret) == 0);
  CHECK(rig.csr(rv::csr::mip) == 1u << 7);
}

}  // namespace
