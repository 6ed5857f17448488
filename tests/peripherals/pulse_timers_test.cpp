#include "peripherals/pulse_timers/pulse_timers.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/support/probe.h"

namespace {

namespace pulse = metrology::hal::pulse;
using test::Cycle;
using test::Edges;

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  test::RecordedLine irq;
  test::RecordedPin pin{around.clock};
  peripherals::PulseTimers timers{"timers",       around.agenda, around.clock,
                                  around.counter, irq,           {&pin}};

  explicit Bench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name) {
    bus.socket.bind(timers.socket);
  }

  /// Arms channel 0 by a write that commits at edge `at`.
  void arm(Cycle at, Cycle compare, std::uint32_t width) {
    REQUIRE(bus.write(at - 2, pulse::compare, static_cast<std::uint32_t>(compare)));
    REQUIRE(bus.write(at - 1, pulse::width, width));
    REQUIRE(bus.write(at, pulse::control, pulse::control_arm));
  }
  std::uint32_t status(Cycle at) { return bus.read(at, pulse::status).value(); }
};

}  // namespace

TEST_CASE("pulse timer: starts at exactly COMPARE and lasts exactly WIDTH") {
  Bench bench;
  Cycle compare = 5000;
  for (const std::uint32_t width : {1u, 2u, 62'914u, 1'006'633u}) {
    INFO("width " << width);
    bench.pin.edges.clear();
    bench.arm(compare - 4000, compare, width);
    CHECK(bench.status(compare - 1) == 0);
    CHECK(bench.bus.read(compare - 1, pulse::control) == pulse::control_arm);
    CHECK(!bench.irq.level);
    CHECK(bench.status(compare) == (pulse::status_started | pulse::status_active));
    CHECK(bench.bus.read(compare, pulse::control) == 0u);
    CHECK(bench.irq.level);
    bench.around.run_to(compare + width - 1);
    CHECK(bench.pin.edges == Edges{{compare, true}});
    bench.around.run_to(compare + width);
    CHECK(bench.pin.edges == Edges{{compare, true}, {compare + width, false}});
    CHECK(bench.status(compare + width) == pulse::status_started);
    CHECK(bench.pin.at_kernel_time);
    CHECK(bench.pin.on_an_edge);
    bench.bus.write(compare + width + 1, pulse::status, pulse::status_started);
    compare += width + pulse::minimum_gap_cycles + 5000;
  }
}

TEST_CASE(
    "pulse timer: COMPARE one clock ahead is in time, now or past is late and starts at once") {
  struct Row {
    Cycle distance;
    Cycle start;
    bool late;
  };
  Bench bench;
  Cycle armed = 0;
  for (const Row& row : {Row{2, 2, false}, Row{1, 1, false}, Row{0, 1, true}, Row{-1, 1, true},
                         Row{-900, 1, true}}) {
    INFO("distance " << row.distance);
    armed += 30'000;
    bench.pin.edges.clear();
    bench.arm(armed, armed + row.distance, 10);
    CHECK((bench.status(armed) & pulse::status_late) == (row.late ? pulse::status_late : 0));
    bench.around.run_to(armed + 500);
    CHECK(bench.pin.edges == Edges{{armed + row.start, true}, {armed + row.start + 10, false}});
    bench.bus.write(armed + 501, pulse::status, pulse::status_late | pulse::status_started);
  }
}

TEST_CASE("pulse timer: a compare value beyond the counter's 32 bits is in the future") {
  Bench bench;
  const Cycle before_wrap = (Cycle{1} << 32) - 500;
  bench.around.counter.begin(-before_wrap);  // what it shows at edge 0
  bench.arm(100, before_wrap + 1000, 10);
  bench.around.run_to(2000);
  CHECK(bench.pin.edges == Edges{{1000, true}, {1010, false}});
  CHECK((bench.status(2000) & pulse::status_late) == 0);
}

TEST_CASE(
    "pulse timer: the next arming neither cuts nor stretches a pulse, and keeps 1 ms from its "
    "end") {
  struct Row {
    Cycle armed;
    Cycle compare;
    bool late;
    Cycle start;
  };
  // The first pulse runs from 1000 to 1100 clocks after the row's beginning; 1 ms of 25.165824 MHz
  // is 25 165.8 clocks, so the second starts 25 166 clocks after that at the earliest.
  const Row rows[] = {
      {1010, 1050, true, 26'266},      {1010, 1099, true, 26'266},
      {1010, 1100, true, 26'266},      {1010, 26'265, true, 26'266},
      {1010, 26'266, false, 26'266},   {1010, 26'267, false, 26'267},
      {1099, 1000, true, 26'266},      {1100, 1200, true, 26'266},
      {26'264, 26'265, true, 26'266},  {26'265, 26'266, false, 26'266},
      {26'266, 26'267, false, 26'267}, {26'265, 1, true, 26'266},
      {26'266, 1, true, 26'267},
  };
  Bench bench;
  Cycle begin = 0;
  for (const Row& row : rows) {
    INFO("armed at " << row.armed << " for " << row.compare);
    bench.pin.edges.clear();
    bench.arm(begin + 100, begin + 1000, 100);
    bench.arm(begin + row.armed, begin + row.compare, 10);
    CHECK((bench.status(begin + row.armed) & pulse::status_late) ==
          (row.late ? pulse::status_late : 0));
    bench.around.run_to(begin + 30'000);
    CHECK(bench.pin.edges == Edges{{begin + 1000, true},
                                   {begin + 1100, false},
                                   {begin + row.start, true},
                                   {begin + row.start + 10, false}});
    bench.bus.write(begin + 30'001, pulse::status, pulse::status_late);
    begin += 80'000;
  }
}

TEST_CASE("pulse timer: WIDTH and COMPARE written while armed wait for the next arming") {
  Bench bench;
  bench.arm(100, 1000, 10);
  bench.bus.write(200, pulse::width, 500);
  bench.bus.write(201, pulse::compare, 300);
  bench.around.run_to(2000);
  CHECK(bench.pin.edges == Edges{{1000, true}, {1010, false}});
}

TEST_CASE("pulse timer: arming again moves the start, disarming removes it") {
  Bench bench;
  bench.arm(100, 1000, 10);
  bench.arm(200, 900, 10);
  bench.around.run_to(950);
  CHECK(bench.pin.edges == Edges{{900, true}, {910, false}});
  bench.arm(960, 32'000, 10);
  bench.bus.write(31'999, pulse::control, 0);
  bench.around.run_to(33'000);
  CHECK(bench.pin.edges.size() == 2);
  bench.arm(33'100, 34'000, 10);
  bench.bus.write(34'000, pulse::control, 0);  // the pulse has started at this edge
  bench.around.run_to(35'000);
  CHECK(bench.pin.edges == Edges{{900, true}, {910, false}, {34'000, true}, {34'010, false}});
}

TEST_CASE("pulse timer: the interrupt holds until STARTED of every channel is cleared") {
  Bench bench;
  bench.arm(100, 1000, 10);
  bench.bus.write(101, pulse::stride + pulse::compare, 1000);
  bench.bus.write(102, pulse::stride + pulse::control, 1);
  bench.around.run_to(1000);
  bench.bus.write(1001, pulse::status, pulse::status_started);
  CHECK(bench.irq.level);
  CHECK(bench.status(1002) == pulse::status_active);
  bench.bus.write(1003, pulse::stride + pulse::status, pulse::status_late);
  CHECK(bench.irq.level);
  bench.bus.write(1004, pulse::stride + pulse::status, pulse::status_started);
  CHECK(!bench.irq.level);
}

TEST_CASE("pulse timer: what its table does not list is a bus error") {
  Bench bench;
  CHECK(!bench.bus.write(1, pulse::width, 0));
  CHECK(bench.bus.write(1, pulse::width, pulse::width_max));
  CHECK(!bench.bus.write(1, pulse::width, pulse::width_max + 1));
  CHECK(!bench.bus.write(1, pulse::control, 2));
  CHECK(!bench.bus.write(1, pulse::status, 8));
  CHECK(!bench.bus.read(1, 0x10));
  CHECK(bench.bus.read(1, 3 * pulse::stride));
  CHECK(!bench.bus.read(1, 4 * pulse::stride));
  CHECK(!bench.bus.read(1, pulse::compare, 2));
  CHECK(!bench.bus.read(1, pulse::compare + 1));
}

TEST_CASE("pulse timer: a reset forgets what is armed and lets a running pulse end by itself") {
  // The pulse runs from 1000 to 1100; a reset at its first and last edge, between, and next to
  // them.
  Bench bench;
  Cycle begin = 0;
  for (const Cycle reset_at : {1000, 1001, 1050, 1099, 1100, 1101}) {
    INFO("reset at " << reset_at);
    bench.pin.edges.clear();
    bench.arm(begin + 100, begin + 1000, 100);
    bench.around.run_to(begin + reset_at);
    bench.timers.reset(begin + reset_at);
    CHECK(!bench.irq.level);
    CHECK(bench.status(begin + reset_at) == (reset_at < 1100 ? pulse::status_active : 0));
    CHECK(bench.bus.read(begin + reset_at, pulse::width) == 1u);
    CHECK(bench.bus.read(begin + reset_at, pulse::compare) == 0u);
    bench.around.run_to(begin + 3000);
    CHECK(bench.pin.edges == Edges{{begin + 1000, true}, {begin + 1100, false}});
    begin += 40'000;
  }
}

TEST_CASE("pulse timer: a pulse armed before a reset never comes") {
  Bench bench;
  bench.arm(100, 1000, 100);
  bench.timers.reset(999);
  CHECK(bench.bus.read(999, pulse::control) == 0u);
  bench.around.run_to(3000);
  CHECK(bench.pin.edges.empty());
}

TEST_CASE("pulse timer: the gap after a pulse holds across a reset") {
  Bench bench;
  bench.arm(100, 1000, 100);
  bench.arm(1040, 60'000, 10);  // forgotten by the reset
  bench.around.run_to(1050);
  bench.timers.reset(1050);
  bench.arm(1053, 1060, 10);
  CHECK(bench.status(1053) == (pulse::status_active | pulse::status_late));
  bench.around.run_to(70'000);
  CHECK(bench.pin.edges == Edges{{1000, true}, {1100, false}, {26'266, true}, {26'276, false}});
}

TEST_CASE("pulse timer: restore takes up an armed and a running pulse where they stood") {
  Bench bench;
  bench.arm(100, 1000, 30'000);
  bench.arm(1100, 60'000, 10);
  const auto saved = bench.timers.state();
  // Something else in every field: another width and end, another start, late, nothing started.
  auto scrambled = saved;
  scrambled.channel[0] = {7, 9, 11, 2000, 1500, 1'000'000, false, true};
  bench.timers.restore(scrambled);
  CHECK(!bench.irq.level);
  bench.around.run_to(1200);
  bench.timers.restore(saved);
  CHECK(bench.irq.level);
  CHECK(bench.status(1200) == (pulse::status_started | pulse::status_active));
  bench.around.run_to(70'000);
  CHECK(bench.pin.edges == Edges{{1000, true}, {31'000, false}, {60'000, true}, {60'010, false}});
}
