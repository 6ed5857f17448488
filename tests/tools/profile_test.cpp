// Where a profile says that cycles go, against little programs whose cycles are counted by hand:
// 1 for arithmetic, 2 for loads, stores and jumps, 3 for taken branches, switches of the interrupts
// and mret.
#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "metrology/app/charges.h"
#include "tests/platform/rv32/core_rig.h"
#include "tools/profile/profiler.h"

namespace {

using namespace test;  // NOLINT: the instructions' operands
using namespace tools::profile;
using tools::ElfImage;
using tools::SymbolKind;

constexpr std::int32_t mstatus = 0x300, mepc = 0x341;
constexpr std::uint32_t main_at = CoreRig::origin, f_at = 0x1400, g_at = 0x1500;
constexpr std::uint32_t mtvec = 0x2000, vector = mtvec + 4 * 11, handler_at = 0x3000;

/// A program in the rig's flash and who looks on.
struct Bench {
  CoreRig rig;
  ElfImage image{};
  std::unique_ptr<Profiler> profiler;

  Bench() {
    rig.set(sp, CoreRig::ram_base + 0x800);
    rig.set(s0, CoreRig::bus_base);
    rig.set_csr(rv::csr::mtvec, mtvec);
  }
  void function(const std::string& name, std::uint32_t begin, const std::vector<Code>& codes) {
    const std::uint32_t end = rig.place(begin, codes);
    image.symbols.push_back({name, begin, end - begin, SymbolKind::function});
  }
  void mark(const std::string& name, std::uint32_t value) {
    image.symbols.push_back({name, value, 0, SymbolKind::none});
  }
  void observe() {
    image.segments = {{0, 0, CoreRig::flash_size, rig.flash}};
    profiler = std::make_unique<Profiler>(image, MachineMap{CoreRig::bus_base, CoreRig::bus_base});
    rig.hart.observe(profiler.get());
  }
  /// From `main` on to the write of the stop register.
  Profile run() {
    rig.start(main_at);
    observe();
    rig.hart.run();
    return profiler->profile();
  }
  const FunctionCost& of(const Profile& profile, const std::string& name) const {
    const auto& functions = profiler->code().functions();
    for (std::size_t n = 0; n < functions.size(); ++n) {
      if (functions[n].name == name) return profile.functions[n];
    }
    throw std::logic_error("no function " + name);
  }
};

std::vector<Code> operator+(std::vector<Code> a, const std::vector<Code>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
std::vector<Code> nops(std::size_t count) { return std::vector<Code>(count, as::nop); }
std::int32_t distance(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>(to - from);
}

/// 3 cycles.
const std::vector<Code> stop = {as::lui(t0, CoreRig::stop_register >> 12), as::sw(zero, t0, 0)};
/// 5 cycles.
const std::vector<Code> leaf = {as::addi(a1, a1, 1), as::mulh(a2, a1, a1), as::jalr(zero, ra, 0)};

/// 37 cycles from its first instruction to behind its mret; lets others in for 20 of them.
const std::vector<Code> handler =
    std::vector<Code>{as::addi(sp, sp, -16), as::lw(t0, s0, 0), as::csrrs(t1, mepc, zero),
                      as::sw(t1, sp, 0), as::csrrsi(zero, mstatus, 8)} +
    nops(20) +
    std::vector<Code>{as::csrrci(zero, mstatus, 8), as::lw(t1, sp, 0), as::csrrw(zero, mepc, t1),
                      as::addi(sp, sp, 16), as::mret};
constexpr std::uint64_t handler_cycles = 1 + 2 + 1 + 2 + 3 + 20 + 3 + 2 + 1 + 1 + 3;
/// From the decision to the vector, and the jump there.
constexpr std::uint64_t entry_cycles = 3 + 2;

void check_conservation(const Profile& profile) {
  std::uint64_t own = 0;
  for (const FunctionCost& cost : profile.functions) own += cost.own;
  CHECK(own == profile.awake);
  CHECK(profile.awake + profile.asleep == static_cast<std::uint64_t>(profile.end - profile.begin));
}

}  // namespace

TEST_CASE("Profile: a call tree's cycles go to each function and to those that call it") {
  Bench bench;
  bench.function("main", main_at,
                 std::vector<Code>{as::jal(ra, distance(main_at, f_at)),
                                   as::jal(ra, distance(main_at + 4, g_at))} +
                     stop);
  bench.function("f", f_at,
                 {as::addi(sp, sp, -16), as::sw(ra, sp, 0), as::jal(ra, distance(f_at + 8, g_at)),
                  as::jal(ra, distance(f_at + 12, g_at)), as::lw(ra, sp, 0), as::addi(sp, sp, 16),
                  as::jalr(zero, ra, 0)});
  bench.function("g", g_at, leaf);
  const Profile profile = bench.run();

  const FunctionCost& main = bench.of(profile, "main");
  CHECK(main.own == 2 + 2 + 3);
  CHECK(main.inclusive == 7 + 12 + 3 * 5);
  CHECK(main.worst_call == 0);  // it has not ended
  const FunctionCost& f = bench.of(profile, "f");
  CHECK(f.calls == 1);
  CHECK(f.own == 1 + 2 + 2 + 2 + 2 + 1 + 2);
  CHECK(f.inclusive == 12 + 2 * 5);
  CHECK(f.worst_call == 22);
  const FunctionCost& g = bench.of(profile, "g");
  CHECK(g.calls == 3);
  CHECK(g.own == 15);
  CHECK(g.inclusive == 15);
  CHECK(g.worst_call == 5);
  CHECK(profile.begin == CoreRig::epoch);
  CHECK(profile.awake == 34);
  check_conservation(profile);
}

TEST_CASE("Profile: short and long forms of calls and returns are the same") {
  Bench bench;
  bench.rig.set(a0, g_at);
  bench.function(
      "main", main_at,
      std::vector<Code>{as::c_jal(distance(main_at, f_at)), as::c_jalr(a0), as::jalr(ra, a0, 0)} +
          stop);
  bench.function("f", f_at, {as::c_jr(ra)});
  bench.function("g", g_at, {as::c_jr(ra)});
  const Profile profile = bench.run();
  CHECK(bench.of(profile, "f").calls == 1);
  CHECK(bench.of(profile, "f").worst_call == 2);
  CHECK(bench.of(profile, "g").calls == 2);
  // Back to main at + 2 and + 4: a 4-byte instruction at + 4 is in one word.
  CHECK(bench.of(profile, "g").worst_call == 2);
  CHECK(bench.of(profile, "main").inclusive == profile.awake);
  check_conservation(profile);
}

TEST_CASE("Profile: recursion counts once in what a function takes with all it calls") {
  Bench bench;
  bench.rig.set(a0, 3);
  bench.function("main", main_at, std::vector<Code>{as::jal(ra, distance(main_at, f_at))} + stop);
  bench.function("f", f_at,
                 {as::addi(sp, sp, -16), as::sw(ra, sp, 0), as::beq(a0, zero, 12),
                  as::addi(a0, a0, -1), as::jal(ra, distance(f_at + 16, f_at)), as::lw(ra, sp, 0),
                  as::addi(sp, sp, 16), as::jalr(zero, ra, 0)});
  const Profile profile = bench.run();
  constexpr std::uint64_t turn = 1 + 2 + 1 + 1 + 2 + 2 + 1 + 2;
  constexpr std::uint64_t last = 1 + 2 + 3 + 2 + 1 + 2;
  const FunctionCost& f = bench.of(profile, "f");
  CHECK(f.calls == 4);
  CHECK(f.own == 3 * turn + last);
  CHECK(f.inclusive == 3 * turn + last);
  CHECK(f.worst_call == 3 * turn + last);
  CHECK(bench.of(profile, "main").inclusive == 2 + 3 + 3 * turn + last);
}

TEST_CASE("Profile: a tail call ends one function and begins another, which returns for it") {
  Bench bench;
  bench.function("main", main_at,
                 std::vector<Code>{as::jal(ra, distance(main_at, f_at)), as::nop} + stop);
  bench.function("f", f_at, {as::nop, as::jal(zero, distance(f_at + 4, g_at))});
  bench.function("g", g_at, leaf);
  const Profile profile = bench.run();
  CHECK(bench.of(profile, "f").worst_call == 1 + 2);
  CHECK(bench.of(profile, "f").inclusive == 3);
  CHECK(bench.of(profile, "g").calls == 1);
  CHECK(bench.of(profile, "g").worst_call == 5);
  CHECK(bench.of(profile, "main").own == 2 + 1 + 3);
  CHECK(bench.of(profile, "main").inclusive == 6 + 3 + 5);
}

TEST_CASE("Profile: a handler is told by what it claimed, without and with another in it") {
  Bench bench;
  bench.rig.enable_interrupts();
  bench.rig.bus[0] = 7;
  bench.function("main", main_at, std::vector<Code>{as::jal(ra, distance(main_at, f_at))} + stop);
  bench.function("f", f_at, nops(100) + std::vector<Code>{as::jalr(zero, ra, 0)});
  bench.rig.place(vector, {as::jal(zero, distance(vector, handler_at))});
  bench.function("handler", handler_at, handler);
  bench.rig.line(CoreRig::epoch + 10, true);
  bench.rig.line(CoreRig::epoch + 20, false);
  bench.rig.line(CoreRig::epoch + 30, true);  // while the first is at its nops
  bench.rig.line(CoreRig::epoch + 38, false);
  const Profile profile = bench.run();

  REQUIRE(profile.handlers.size() == 1);
  const auto& [key, cost] = *profile.handlers.begin();
  CHECK(key.cause == 0x8000'000B);
  CHECK(key.source == 7);
  CHECK(cost.times == 2);
  CHECK(cost.cycles == 2 * (entry_cycles + handler_cycles));
  CHECK(cost.worst == entry_cycles + handler_cycles);
  CHECK(cost.worst_with_nested == 2 * (entry_cycles + handler_cycles));
  // What was interrupted takes no longer for it.
  CHECK(bench.of(profile, "f").worst_call == 100 + 2);
  CHECK(bench.of(profile, "handler").own == 2 * handler_cycles);
  CHECK(bench.of(profile, "handler").worst_call == handler_cycles);
  CHECK(profile.awake == 2 + 102 + 3 + cost.cycles);
  check_conservation(profile);
}

TEST_CASE("Profile: what is asleep is no load") {
  Bench bench;
  bench.rig.set_csr(rv::csr::mie, 1u << 11);
  bench.function("main", main_at, std::vector<Code>{as::wfi, as::nop} + stop);
  bench.rig.line(CoreRig::epoch + 500, true);
  const Profile profile = bench.run();
  CHECK(profile.asleep == 500 - 3);
  CHECK(profile.awake == 3 + 2 + 1 + 3);
  CHECK(profile.charges.seen().empty());
  check_conservation(profile);
}

TEST_CASE("Profile: the stack's low mark is its pointer's, in the range that the image gives") {
  Bench bench;
  const std::uint32_t top = CoreRig::ram_base + 0x800;
  bench.mark("stack_top", top);
  bench.mark("bss_end", top - 256);
  bench.rig.set(sp, 0);
  bench.function(
      "main", main_at,
      std::vector<Code>{as::nop, as::addi(sp, a0, 0), as::jal(ra, distance(main_at + 8, f_at)),
                        as::jal(ra, distance(main_at + 12, g_at))} +
          stop);
  bench.rig.set(a0, top);
  bench.function("f", f_at, {as::addi(sp, sp, -64), as::addi(sp, sp, 64), as::jalr(zero, ra, 0)});
  bench.function("g", g_at, {as::addi(sp, sp, -48), as::addi(sp, sp, 48), as::jalr(zero, ra, 0)});
  const Profile profile = bench.run();
  REQUIRE(profile.stack);
  CHECK(profile.stack->top - profile.stack->lowest == 64);
  CHECK(profile.stack->top - profile.stack->limit == 256);
  CHECK(bench.profiler->code().functions()[profile.stack->function].name == "f");
  CHECK(profile.stack->nested == 0);
}

TEST_CASE("Profile: a reset cuts what was under way, and begins anew at its edge") {
  Bench bench;
  bench.function("start", 0x80, {as::jal(zero, distance(0x80, main_at))});
  bench.function("main", main_at,
                 nops(7) + std::vector<Code>{as::jal(ra, distance(main_at + 28, f_at))});
  bench.function("f", f_at, std::vector<Code>{as::nop} + stop);
  bench.run();
  bench.rig.hart.reset(2000, 0);
  bench.rig.hart.run();
  const Profile profile = bench.profiler->profile();
  CHECK(bench.of(profile, "start").own == 4 + 2);  // its first instruction begins 4 cycles later
  CHECK(bench.of(profile, "main").own == 2 * (7 + 2));
  CHECK(bench.of(profile, "f").calls == 2);
  CHECK(bench.of(profile, "f").worst_call == 0);
  CHECK(profile.end == 2000 + 6 + 9 + 4);
  // From the end of the first life to the reset's edge nobody worked.
  CHECK(profile.awake == 13 + 19);
}

// --- charges ------------------------------------------------------------------------------------

TEST_CASE(
    "Profile: a charge holds the code since the one before, and nothing that the bus charges") {
  Bench bench;
  bench.rig.set_csr(rv::csr::mie, 1u << 11);
  bench.rig.waits = {{CoreRig::bus_base, 4}};
  bench.rig.set(a0, 6);
  const std::vector<Code> program =
      nops(5) + std::vector<Code>{as::slti(zero, zero, 7),  // 6
                                  as::lw(t0, s0, 0),
                                  as::nop,
                                  as::csrrci(zero, mstatus, 8),
                                  as::nop,
                                  as::slti(zero, zero, 8),  // 3
                                  as::div(a1, a0, a0),
                                  as::slti(zero, zero, 7),  // 38
                                  as::wfi,
                                  as::sw(a0, sp, 0),
                                  as::slti(zero, zero, 2047),  // 3
                                  as::nop,
                                  as::slti(zero, zero, 9),
                                  as::sltiu(zero, a0, 10),  // 3
                                  as::slti(a1, zero, 7),
                                  as::sltiu(a1, zero, 7),
                                  as::slti(zero, a1, 7),
                                  as::slti(zero, zero, 11)};  // 4: no other is a marker
  bench.function("main", main_at, program + stop);
  bench.rig.line(CoreRig::epoch + 500, true);
  const Profile profile = bench.run();

  using Pair = ChargeRecord::Pair;
  const auto& seen = profile.charges.seen();
  const auto worst = [&](const Pair& pair, std::uint32_t count) {
    return seen.at(pair).at(count).worst;
  };
  CHECK(seen.size() == 5);
  CHECK(worst({7, ChargeRecord::none}, 0) == 38);
  CHECK(seen.at({7, ChargeRecord::none}).at(0).times == 2);
  CHECK(worst({8, ChargeRecord::none}, 0) == 3);
  CHECK(worst({2047, ChargeRecord::none}, 0) == 3);
  CHECK(worst({9, 10}, 6) == 3);
  CHECK(worst({11, ChargeRecord::none}, 0) == 4);
  CHECK(profile.charges.times(9) == 1);
  CHECK(profile.charges.times(10) == 6);
}

TEST_CASE(
    "Profile: start-up, a handler's entry and exit are measured, each charge in its context") {
  Bench bench;
  const std::uint32_t serve_at = 0x3100;
  bench.function("start", 0x80, nops(3) + std::vector<Code>{as::jal(ra, distance(0x8c, main_at))});
  bench.function("firmware_main", main_at,
                 std::vector<Code>{as::addi(sp, a0, 0), as::csrrw(zero, 0x304, a1),
                                   as::csrrsi(zero, mstatus, 8)} +
                     nops(40) + std::vector<Code>{as::slti(zero, zero, 50)} + stop);
  bench.rig.place(vector - mtvec, {as::jal(zero, distance(vector - mtvec, handler_at))});
  bench.function(
      "handler", handler_at,
      {as::addi(sp, sp, -16), as::sw(ra, sp, 0), as::jal(ra, distance(handler_at + 8, serve_at)),
       as::lw(ra, sp, 0), as::addi(sp, sp, 16), as::mret});
  bench.function("firmware_external_interrupt", serve_at,
                 {as::nop, as::slti(zero, zero, 51), as::jalr(zero, ra, 0)});
  bench.observe();
  bench.rig.hart.reset(0, 0);
  bench.rig.set(a0, CoreRig::ram_base + 0x800);
  bench.rig.set(a1, 1u << 11);
  bench.rig.line(30, true);
  bench.rig.line(36, false);
  bench.rig.hart.run();
  const Profile profile = bench.profiler->profile();

  const auto worst = [&](std::uint32_t charge) {
    return profile.charges.seen().at({charge, ChargeRecord::none}).at(0).worst;
  };
  namespace charges = metrology::app::charges;
  CHECK(worst(charges::start_up.number) == 4 + 3 + 2);
  CHECK(worst(charges::interrupt_entry.number) == entry_cycles + 1 + 2 + 2);
  CHECK(worst(51) == 1 + 1);
  CHECK(worst(charges::interrupt_exit.number) == 2 + 2 + 1 + 3);
  // csrw mie is code, csrsi mstatus is not.
  CHECK(worst(50) == 1 + 3 + 40 + 1);
  check_conservation(profile);
}
