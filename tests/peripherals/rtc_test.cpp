#include "peripherals/rtc/rtc.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/support/probe.h"

namespace {

namespace hal_rtc = metrology::hal::rtc;
using test::Cycle;

constexpr Cycle tick = 768;

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  test::RecordedLine irq;
  peripherals::Rtc rtc{"rtc", around.agenda, around.counter, irq};

  explicit Bench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name) {
    bus.socket.bind(rtc.socket);
  }

  /// ALARM, then the arming write, which commits at `at`.
  void arm(Cycle at, std::uint32_t alarm) {
    CHECK(bus.write(at - 1, hal_rtc::alarm, alarm));
    CHECK(bus.write(at, hal_rtc::control, hal_rtc::control_arm));
  }
  bool goes_off_at(Cycle at) {
    around.run_to(at - 1);
    const bool before = irq.level;
    around.run_to(at);
    return !before && irq.level;
  }
};

}  // namespace

TEST_CASE("rtc: a tick begins every 768 core clocks from power-on, 32 768 a second") {
  Bench bench;
  CHECK(bench.bus.read(tick - 1, hal_rtc::count) == 0u);
  CHECK(bench.bus.read(tick, hal_rtc::count) == 1u);
  CHECK(bench.bus.read(2 * tick - 1, hal_rtc::count) == 1u);
  CHECK(bench.bus.read(2 * tick, hal_rtc::count) == 2u);
  CHECK(bench.bus.read(metrology::hal::core_hz - 1, hal_rtc::count) == 32'767u);
  CHECK(bench.bus.read(metrology::hal::core_hz, hal_rtc::count) == 32'768u);
}

TEST_CASE("rtc: power-on begins the count anew, a reset does not") {
  Bench bench;
  bench.around.counter.begin(1000);
  CHECK(bench.bus.read(1000 + 5 * tick - 1, hal_rtc::count) == 4u);
  bench.rtc.reset(1000 + 5 * tick - 1);
  CHECK(bench.bus.read(1000 + 5 * tick, hal_rtc::count) == 5u);
}

TEST_CASE("rtc: COUNT wraps at 2^32, and an alarm beyond the wrap is in the future") {
  Bench bench;
  bench.around.counter.begin(-((Cycle{1} << 32) - 10) * tick);  // tick 2^32 − 10 at edge 0
  CHECK(bench.bus.read(10 * tick - 1, hal_rtc::count) == 0xFFFF'FFFFu);
  bench.arm(10 * tick - 1, 3);
  CHECK(bench.bus.read(10 * tick, hal_rtc::count) == 0u);
  CHECK(bench.goes_off_at(13 * tick));
}

TEST_CASE("rtc: the alarm goes off as its tick begins, a tick that has begun, at once") {
  struct Row {
    Cycle armed;  // after the row's beginning, a tick's first edge
    std::uint32_t ticks_ahead;
    Cycle due;
  };
  Bench bench;
  Cycle begin = 0;
  for (const Row& row :
       {Row{0, 1, tick}, Row{0, 5, 5 * tick}, Row{tick - 1, 1, tick}, Row{100, 0, 101},
        Row{0, 0, 1}, Row{tick - 1, 0, tick}, Row{300, 0xFFFF'FFFF, 301}, Row{1, 2, 2 * tick}}) {
    begin += 1000 * tick;
    INFO("armed " << row.armed << " clocks into a tick, " << row.ticks_ahead << " ahead");
    bench.arm(begin + row.armed, static_cast<std::uint32_t>(begin / tick) + row.ticks_ahead);
    CHECK(bench.bus.read(begin + row.armed, hal_rtc::control) == 1u);
    CHECK(bench.goes_off_at(begin + row.due));
    CHECK(bench.bus.read(begin + row.due, hal_rtc::control) == 0u);
    CHECK(bench.bus.read(begin + row.due, hal_rtc::status) == 1u);
    CHECK(bench.bus.write(begin + row.due + 1, hal_rtc::status, 1));
    CHECK(!bench.irq.level);
  }
}

TEST_CASE("rtc: ALARM written while armed waits for the next arming") {
  Bench bench;
  bench.arm(10, 5);
  bench.bus.write(11, hal_rtc::alarm, 2);
  bench.around.run_to(2 * tick);
  CHECK(!bench.irq.level);
  bench.bus.write(2 * tick + 1, hal_rtc::alarm, 4);
  bench.bus.write(2 * tick + 2, hal_rtc::control, hal_rtc::control_arm);
  CHECK(bench.goes_off_at(4 * tick));
  bench.bus.write(4 * tick + 1, hal_rtc::status, 1);
  bench.around.run_to(6 * tick);
  CHECK(!bench.irq.level);
}

TEST_CASE("rtc: disarmed in time nothing comes, a reset disarms and clears") {
  Bench bench;
  bench.arm(10, 2);
  bench.bus.write(2 * tick - 1, hal_rtc::control, 0);
  bench.around.run_to(3 * tick);
  CHECK(!bench.irq.level);
  bench.arm(3 * tick + 1, 4);
  bench.around.run_to(4 * tick);
  CHECK(bench.irq.level);
  bench.arm(4 * tick + 2, 6);
  bench.rtc.reset(4 * tick + 3);
  CHECK(!bench.irq.level);
  CHECK(bench.bus.read(4 * tick + 4, hal_rtc::alarm) == 0u);
  bench.around.run_to(7 * tick);
  CHECK(!bench.irq.level);
}

TEST_CASE("rtc: restore takes an armed alarm up again") {
  Bench bench;
  const auto idle = bench.rtc.state();
  bench.arm(10, 2);
  const auto saved = bench.rtc.state();
  bench.rtc.restore(idle);
  bench.rtc.restore(saved);
  CHECK(bench.goes_off_at(2 * tick));
}

TEST_CASE("rtc: what its table does not list is a bus error") {
  Bench bench;
  CHECK(!bench.bus.write(1, hal_rtc::count, 0));
  CHECK(!bench.bus.write(2, hal_rtc::control, 2));
  CHECK(!bench.bus.write(3, hal_rtc::status, 2));
  CHECK(!bench.bus.read(4, 0x10));
  CHECK(!bench.bus.read(5, hal_rtc::count, 2));
  CHECK(!bench.bus.read(6, hal_rtc::count + 2));
}
