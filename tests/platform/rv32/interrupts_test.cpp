// R13: a line that rises in every cycle around and within every kind of instruction, and one that
// falls again too soon. What is expected is computed here from what each instruction takes.
#include <catch2/catch.hpp>
#include <string>

#include "tests/platform/rv32/core_rig.h"

namespace {

using namespace test;  // NOLINT: the instructions' operands

constexpr std::uint32_t mtvec = 0x2000;
constexpr std::uint32_t vector = mtvec + 4 * 11;
constexpr Reg base = 21, ram = 23;
constexpr std::uint32_t external = 1u << 11;

/// An instruction's place in time: t, its last cycle e, the next one's start.
struct Slot {
  std::uint32_t pc;
  Cycle begin, last, next;
};

struct Kind {
  std::string name;
  Code code;
  Cycle busy, next;  ///< from t: cycles until e + 1, until the next one's start
  std::uint32_t next_pc;
};

constexpr std::uint32_t at = CoreRig::origin + 8;  ///< where the instruction in question stands
constexpr std::uint32_t split = 0x1102;            ///< a target across words, of another course
constexpr std::uint32_t whole = 0x1100;

std::vector<Kind> kinds() {
  const auto distance = [](std::uint32_t to) { return static_cast<std::int32_t>(to - at); };
  return {
      {"one cycle", as::add(t0, a0, a0), 1, 1, at + 4},
      {"short", as::c_addi(t0, 1), 1, 1, at + 2},
      {"mulh", as::mulh(t0, a0, a0), 2, 2, at + 4},
      {"div", as::div(t0, a0, a0), 37, 37, at + 4},
      {"div by zero", as::div(t0, a0, zero), 2, 2, at + 4},
      {"load", as::lw(t0, ram, 0), 2, 2, at + 4},
      {"store that waits 4", as::sw(t0, base, 0), 6, 6, at + 4},
      {"split load", as::lw(t0, ram, 2), 3, 3, at + 4},
      {"split store that waits 4 and 2", as::sw(t0, base, 1), 9, 9, at + 4},
      {"jump", as::jal(zero, distance(whole)), 2, 2, whole},
      {"jump to a split target", as::jal(zero, distance(split)), 2, 3, split},
      {"branch not taken", as::beq(a0, zero, 64), 1, 1, at + 4},
      {"branch", as::beq(a0, a0, distance(whole)), 2, 3, whole},
      {"branch to a split target", as::beq(a0, a0, distance(split)), 2, 4, split},
      {"csr read", as::csrrs(t0, 0x300, zero), 1, 1, at + 4},
      {"csr write", as::csrrw(zero, 0x343, a0), 2, 3, at + 4},
      {"mscratch written", as::csrrw(zero, 0x340, a0), 1, 1, at + 4},
      {"fence.i", as::fence_i, 2, 2, at + 4},
  };
}

/// nop, nop, the instruction, and 1-cycle instructions wherever it goes.
void set_up(CoreRig& rig, const Kind& kind) {
  rig.waits = {{CoreRig::bus_base, 4}, {CoreRig::bus_base + 4, 2}};
  rig.set_csr(rv::csr::mtvec, mtvec);
  rig.enable_interrupts();
  rig.set(a0, 100);
  rig.set(ram, CoreRig::ram_base);
  rig.set(base, CoreRig::bus_base);
  rig.place(CoreRig::origin, {as::nop, as::nop});
  rig.place(kind.next_pc, std::vector<Code>(12, as::nop));
  rig.place(at, {kind.code});
  rig.place(vector, std::vector<Code>(16, as::nop));
}

std::vector<Slot> course(const Kind& kind) {
  const Cycle t = CoreRig::epoch;
  std::vector<Slot> slots = {{at - 8, t, t, t + 1}, {at - 4, t + 1, t + 1, t + 2}};
  slots.push_back({at, t + 2, t + 1 + kind.busy, t + 2 + kind.next});
  for (std::uint32_t n = 0; n < 10; ++n) {
    const Cycle begin = slots.back().next;
    slots.push_back({kind.next_pc + 4 * n, begin, begin, begin + 1});
  }
  return slots;
}

/// What R13 says of a line that is high from cycle k on: after which slot, and d.
struct Expected {
  std::size_t after;
  Cycle decision;
};
Expected rule13(const std::vector<Slot>& slots, Cycle k) {
  std::size_t n = 0;
  while (k > slots[n].next - 1) ++n;
  return {n, std::max(k, slots[n].last + 1)};
}

TEST_CASE("A line that rises in any cycle around an instruction interrupts by R13", "[rv32]") {
  for (const bool is_cycle_by_cycle : {false, true}) {
    for (const Kind& kind : kinds()) {
      const std::vector<Slot> slots = course(kind);
      for (Cycle k = CoreRig::epoch; k < slots[4].next; ++k) {
        INFO(kind.name << ", risen " << k - CoreRig::epoch << " behind the begin");
        CoreRig rig;
        rig.is_cycle_by_cycle = is_cycle_by_cycle;
        set_up(rig, kind);
        rig.line(k, true);
        const Expected expected = rule13(slots, k);
        rig.start();
        rig.run(expected.after + 2);  // the last is the handler's first
        REQUIRE(rig.record.traps.size() == 1);
        const rv::Trap& trap = rig.record.traps[0];
        CHECK(trap.cause == 0x8000'000bu);
        CHECK(trap.handler == vector);
        CHECK(trap.begin == expected.decision + 3);
        CHECK(trap.mepc == slots[expected.after + 1].pc);
        for (std::size_t n = 0; n <= expected.after; ++n) {
          CHECK(rig.record.retirements[n].pc == slots[n].pc);
          CHECK(rig.record.retirements[n].begin == slots[n].begin);
          CHECK(rig.record.retirements[n].next == slots[n].next);
        }
        CHECK(rig.record.retirements.back().pc == vector);
        CHECK(rig.record.retirements.back().begin == expected.decision + 3);
      }
    }
  }
}

TEST_CASE("A line that falls before it is confirmed lets the next instruction start", "[rv32]") {
  for (const Kind& kind : kinds()) {
    const std::vector<Slot> slots = course(kind);
    for (Cycle k = CoreRig::epoch; k < slots[4].next; ++k) {
      for (Cycle length = 1; length < 7; ++length) {
        INFO(kind.name << ", risen " << k - CoreRig::epoch << " behind the begin, for " << length);
        CoreRig rig;
        set_up(rig, kind);
        rig.line(k, true);
        rig.line(k + length, false);
        rig.start();
        rig.run(11);
        // High in the cycle before the next instruction's start, or it was never seen; then high
        // in d + 1, or the next starts in d + 2.
        const Expected expected = rule13(slots, k);
        const Cycle d = expected.decision;
        const bool is_seen = k + length > slots[expected.after].next - 1;
        const bool is_taken = k + length > d + 1;
        REQUIRE(rig.record.traps.size() == (is_seen && is_taken ? 1u : 0u));
        const rv::Retirement& next = rig.record.retirements[expected.after + 1];
        if (is_seen && is_taken) {
          CHECK(rig.record.traps[0].begin == d + 3);
          CHECK(rig.record.traps[0].mepc == slots[expected.after + 1].pc);
        } else {
          CHECK(next.pc == slots[expected.after + 1].pc);
          const Cycle start = slots[expected.after].next;
          CHECK(next.begin == (is_seen ? std::max(start, d + 2) : start));
        }
      }
    }
  }
}

TEST_CASE("A line that rises again within the confirmation interrupts from then on", "[rv32]") {
  // Low in d + 1 only: the instruction at d + 2 starts, and the interrupt comes behind it.
  CoreRig rig;
  set_up(rig, kinds()[0]);
  const Cycle k = CoreRig::epoch + 1;  // in the second nop: d = k + 1
  rig.line(k, true);
  rig.line(k + 2, false);
  rig.line(k + 3, true);
  rig.start();
  rig.run(4);
  REQUIRE(rig.record.traps.size() == 1);
  CHECK(rig.record.retirements[2].pc == at);
  CHECK(rig.record.retirements[2].begin == k + 3);
  CHECK(rig.record.traps[0].mepc == at + 4);
  CHECK(rig.record.traps[0].begin == k + 3 + 4);
}

TEST_CASE("A line that falls and rises at one edge has not fallen", "[rv32]") {
  CoreRig rig;
  set_up(rig, kinds()[13]);  // e + 1 is epoch + 4, the next would start at epoch + 6
  rig.line(CoreRig::epoch + 3, true);
  rig.line(CoreRig::epoch + 5, false);
  rig.line(CoreRig::epoch + 5, true);
  rig.start();
  rig.run(4);
  REQUIRE(rig.record.traps.size() == 1);
  CHECK(rig.record.traps[0].begin == CoreRig::epoch + 4 + 3);
}

TEST_CASE("The shortest latency is four cycles and three where nothing runs", "[rv32]") {
  CoreRig rig;
  set_up(rig, kinds()[0]);
  rig.line(CoreRig::epoch, true);
  rig.start();
  rig.run(2);
  CHECK(rig.record.traps[0].begin == CoreRig::epoch + 4);

  CoreRig bubble;
  set_up(bubble, kinds()[12]);  // branch at epoch + 2, nothing runs at epoch + 4
  bubble.line(CoreRig::epoch + 4, true);
  bubble.start();
  bubble.run(4);
  CHECK(bubble.record.traps[0].begin == CoreRig::epoch + 4 + 3);
}

TEST_CASE("A division at 100 with the line from 110 on: vector at 140, handler at 142", "[rv32]") {
  for (const bool is_split : {false, true}) {
    CoreRig rig;
    set_up(rig, kinds()[3]);
    const std::uint32_t handler = is_split ? 0x3002 : 0x3000;
    rig.place(handler, {as::nop});
    rig.place(vector, {as::jal(zero, static_cast<std::int32_t>(handler - vector))});
    rig.line(110, true);
    rig.start(at, 100);
    rig.run(3);
    CHECK(rig.record.traps[0].begin == 140);
    CHECK(rig.record.retirements[1].begin == 140);
    CHECK(rig.record.retirements[2].pc == handler);
    CHECK(rig.record.retirements[2].begin == (is_split ? 143 : 142));
  }
}

/// The line is high all the time; something unmasks it at t.
struct Unmasking {
  const char* name;
  Code code;
  std::uint32_t mie, mstatus;  ///< before
};
TEST_CASE("What a CSR write unmasks interrupts three cycles behind its bubble", "[rv32]") {
  const Unmasking rows[] = {
      {"csrsi mstatus", as::csrrsi(zero, 0x300, 8), external, 0},
      {"csrw mstatus", as::csrrw(zero, 0x300, a0), external, 0},
      {"csrw mie", as::csrrw(zero, 0x304, a1), 0, 8},
      {"csrs mie", as::csrrs(zero, 0x304, a1), 0, 8},
  };
  for (const Unmasking& row : rows) {
    for (const Cycle risen : {-10, 0, 1, 2, 3}) {
      INFO(row.name << ' ' << risen);
      CoreRig rig;
      rig.set_csr(rv::csr::mtvec, mtvec);
      rig.set_csr(rv::csr::mie, row.mie);
      rig.set_csr(rv::csr::mstatus, row.mstatus);
      rig.set(a0, 8);
      rig.set(a1, external);
      rig.place(CoreRig::origin, {row.code, as::nop, as::nop, as::nop});
      rig.place(vector, std::vector<Code>(4, as::nop));
      rig.line(CoreRig::epoch + risen, true);
      rig.start();
      rig.run(3);
      // e + 1 = t + 2, the next would start at t + 3 and end there.
      REQUIRE(rig.record.traps.size() == 1);
      const bool is_before_next = risen <= 2;
      CHECK(rig.record.traps[0].mepc == CoreRig::origin + (is_before_next ? 4 : 8));
      CHECK(rig.record.traps[0].begin == CoreRig::epoch + (is_before_next ? 5 : 7));
    }
  }
}

TEST_CASE("What a CSR write masks does not interrupt any more", "[rv32]") {
  for (const Code code : {as::csrrci(zero, 0x300, 8), as::csrrw(zero, 0x304, zero)}) {
    for (const Cycle risen : {0, 1, 2, 3, 10}) {
      CoreRig rig;
      rig.enable_interrupts();
      rig.place(CoreRig::origin, {code, as::nop, as::nop, as::nop});
      rig.line(CoreRig::epoch + risen, true);
      rig.start();
      rig.run(4);
      CHECK(rig.record.traps.empty());
      CHECK(rig.record.retirements[1].begin == CoreRig::epoch + 3);
    }
    // A cycle sooner it comes before the instruction.
    CoreRig rig;
    rig.enable_interrupts();
    rig.set_csr(rv::csr::mtvec, mtvec);
    rig.place(vector, std::vector<Code>(4, as::nop));
    rig.place(CoreRig::origin - 4, {as::nop, code});
    rig.line(CoreRig::epoch, true);
    rig.start(CoreRig::origin - 4);
    rig.run(2);
    CHECK(rig.record.traps.size() == 1);
  }
}

TEST_CASE("mret with the line high interrupts again and one risen later by R13", "[rv32]") {
  for (const bool is_split : {false, true}) {
    for (const Cycle risen : {-10, 0, 1, 2, 3, 4}) {
      INFO(risen << (is_split ? " to a split target" : ""));
      const std::uint32_t back = is_split ? split : whole;
      CoreRig rig;
      rig.set_csr(rv::csr::mtvec, mtvec);
      rig.set_csr(rv::csr::mie, external);
      rig.set_csr(rv::csr::mstatus, 1u << 7);
      rig.set_csr(rv::csr::mepc, back);
      rig.place(CoreRig::origin, {as::mret});
      rig.place(back, {as::nop, as::nop, as::nop});
      rig.place(vector, std::vector<Code>(4, as::nop));
      rig.line(CoreRig::epoch + risen, true);
      rig.start();
      rig.run(4);
      // MIE is visible from t + 2 on, and e + 1 is t + 2; the next starts at t + 3, or t + 4.
      const Cycle next = is_split ? 4 : 3;
      const bool is_before_next = risen <= next - 1;
      REQUIRE(rig.record.traps.size() == 1);
      CHECK(rig.record.traps[0].mepc == back + (is_before_next ? 0 : 4 * (1 + risen - next)));
      CHECK(rig.record.traps[0].begin ==
            CoreRig::epoch + (is_before_next ? std::max<Cycle>(risen, 2) : risen + 1) + 3);
    }
  }
}

TEST_CASE("An interrupt cannot come while another's handler has not unmasked", "[rv32]") {
  CoreRig rig;
  set_up(rig, kinds()[0]);
  rig.line(CoreRig::epoch, true);
  rig.start();
  rig.run(5);
  CHECK(rig.record.traps.size() == 1);
}

}  // namespace
