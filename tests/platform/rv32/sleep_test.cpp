// R14: wfi, woken in every cycle around its beginning and long after it, with interrupts masked and
// not; saved asleep, stopped asleep.
#include <catch2/catch.hpp>

#include "tests/platform/rv32/core_rig.h"

namespace {

using namespace test;  // NOLINT: the instructions' operands

constexpr std::uint32_t mtvec = 0x2000;
constexpr std::uint32_t vector = mtvec + 4 * 11;
constexpr Cycle t = CoreRig::epoch;
constexpr Cycle asleep = t + 3;  ///< c0

void set_up(CoreRig& rig, bool is_unmasked) {
  rig.enable_interrupts();
  rig.set_csr(rv::csr::mstatus, is_unmasked ? 8 : 0);
  rig.set_csr(rv::csr::mtvec, mtvec);
  rig.place(CoreRig::origin, {as::wfi, as::csrrs(t0, 0xb02, zero), as::nop});
  rig.place(vector, {as::csrrs(t0, 0xb02, zero)});
}

void check_woken(CoreRig& rig, bool is_unmasked, Cycle woken) {
  REQUIRE(rig.record.retirements.size() == 2);
  const rv::Retirement& wfi = rig.record.retirements[0];
  const rv::Retirement& next = rig.record.retirements[1];
  CHECK(wfi.pc == CoreRig::origin);
  CHECK(wfi.begin == t);
  CHECK(wfi.stamp == t + 1);
  CHECK(wfi.next == woken + 2);
  REQUIRE(rig.record.sleeps.size() == 1);
  CHECK(rig.record.sleeps[0].from == asleep);
  CHECK(rig.record.sleeps[0].until == woken);
  // wfi has retired.
  CHECK(rig.get(t0) == 1);
  if (is_unmasked) {
    REQUIRE(rig.record.traps.size() == 1);
    CHECK(rig.record.traps[0].mepc == CoreRig::origin + 4);
    CHECK(next.pc == vector);
    CHECK(next.begin == woken + 4);
  } else {
    CHECK(rig.record.traps.empty());
    CHECK(next.pc == CoreRig::origin + 4);
    CHECK(next.begin == woken + 2);
  }
}

TEST_CASE("R14: wfi is woken by the line in any cycle from its third on", "[rv32]") {
  for (const bool is_unmasked : {false, true}) {
    for (const rv::Interrupt line : {rv::Interrupt::external}) {
      for (const Cycle risen : {-100, -1, 0, 1, 2, 3, 4, 5, 6, 7, 1000, 1'000'000}) {
        // Unmasked, what rises before t comes before the wfi.
        if (is_unmasked && risen < 0) continue;
        INFO(risen << (is_unmasked ? " unmasked" : " masked"));
        CoreRig rig;
        set_up(rig, is_unmasked);
        rig.line(t + risen, true, line);
        rig.start();
        rig.run(2);
        check_woken(rig, is_unmasked, std::max(asleep, t + risen));
      }
    }
  }
}

TEST_CASE("R14: an interrupt pending and masked makes wfi take five cycles", "[rv32]") {
  CoreRig rig;
  set_up(rig, false);
  rig.line(t - 10, true);
  rig.start();
  CHECK(rig.step().next == t + 5);
}

TEST_CASE("R14: a line that has fallen before the core sleeps does not wake it", "[rv32]") {
  for (const Cycle fallen : {1, 2, 3, 4}) {
    INFO(fallen);
    CoreRig rig;
    set_up(rig, false);
    rig.line(t, true);
    rig.line(t + fallen, false);
    rig.line(t + 50, true);
    rig.start();
    rig.run(2);
    check_woken(rig, false, fallen <= 3 ? t + 50 : asleep);
  }
}

TEST_CASE("R14: a line too short for the interrupt wakes without one", "[rv32]") {
  // Woken in c; the decision is in c + 1 and the line must be high in c + 2.
  for (const Cycle length : {1, 2, 3}) {
    INFO(length);
    CoreRig rig;
    set_up(rig, true);
    const Cycle c = t + 20;
    rig.line(c, true);
    rig.line(c + length, false);
    rig.start();
    rig.run(2);
    const rv::Retirement& next = rig.record.retirements[1];
    CHECK(rig.record.traps.size() == (length > 2 ? 1u : 0u));
    CHECK(next.begin == c + 1 + length);
  }
}

TEST_CASE("R14: an interrupt that mie does not name leaves the core asleep", "[rv32]") {
  CoreRig rig;
  set_up(rig, true);
  rig.set_csr(rv::csr::mie, 1u << 7);
  rig.line(t + 10, true);
  rig.line(t + 20, false);
  rig.line(t + 30, true);
  rig.start();
  rig.run(1);
  CHECK(rig.hart.state().asleep);
  CHECK(rig.record.retirements.empty());
  CHECK(rig.record.sleeps.empty());
}

TEST_CASE("R16: mcycle counts while asleep", "[rv32]") {
  CoreRig rig;
  set_up(rig, false);
  rig.place(CoreRig::origin - 4, {as::csrrs(t1, 0xb00, zero), as::wfi, as::csrrs(t2, 0xb00, zero)});
  rig.line(t + 500, true);
  rig.start(CoreRig::origin - 4);
  rig.run(3);
  CHECK(rig.get(t2) - rig.get(t1) == 502);
}

/// Keeps the state that it is shown in the middle of a sleep.
struct SavingRig : CoreRig {
  rv::Hart::State saved{};
  Cycle sleep(Cycle from) override {
    saved = hart.state();
    return CoreRig::sleep(from);
  }
};

TEST_CASE("Saved asleep and put back elsewhere it sleeps on", "[rv32]") {
  for (const bool is_unmasked : {false, true}) {
    SavingRig before;
    set_up(before, is_unmasked);
    before.line(t + 70, true);
    before.start();
    before.run(2);
    CHECK(before.saved.asleep);
    CHECK(before.saved.now == asleep);
    CHECK(before.saved.pc == CoreRig::origin + 4);

    CoreRig after;
    set_up(after, is_unmasked);
    after.line(t + 70, true);
    after.hart.restore(before.saved);
    after.run(2);
    check_woken(after, is_unmasked, t + 70);
    CHECK(after.hart.state().now == before.hart.state().now);
    CHECK(after.hart.state().x == before.hart.state().x);
  }
}

TEST_CASE("Stopped asleep it sleeps on when it runs again", "[rv32]") {
  CoreRig rig;
  set_up(rig, false);
  rig.start();
  rig.run(2);  // nothing comes: the environment stops it
  CHECK(rig.hart.state().asleep);
  CHECK(rig.record.retirements.empty());
  rig.line(t + 70, true);
  rig.run(2);
  check_woken(rig, false, t + 70);
}

}  // namespace
