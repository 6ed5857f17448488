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
  peripherals::PulseTimers timers{"timers", around.agenda, around.clock, irq, {&pin}};

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
    compare += width + 5000;
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
    armed += 1000;
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
  auto state = bench.timers.state();
  const Cycle before_wrap = (Cycle{1} << 32) - 500;
  state.counter_origin = -before_wrap;  // the counter at edge 0
  bench.timers.restore(state);
  bench.arm(100, before_wrap + 1000, 10);
  bench.around.run_to(2000);
  CHECK(bench.pin.edges == Edges{{1000, true}, {1010, false}});
  CHECK((bench.status(2000) & pulse::status_late) == 0);
}

TEST_CASE("pulse timer: a running pulse is never cut or stretched by the next arming") {
  struct Row {
    Cycle compare;
    bool late;
    Edges edges;
  };
  // The first pulse runs from 1000 to 1100 clocks after the row's beginning.
  const Row rows[] = {
      {1050, true, {{1000, true}, {1110, false}}},  // moves to 1100: the output stays on
      {1099, true, {{1000, true}, {1110, false}}},
      {1100, false, {{1000, true}, {1110, false}}},
      {1101, false, {{1000, true}, {1100, false}, {1101, true}, {1111, false}}},
  };
  Bench bench;
  Cycle begin = 0;
  for (const Row& row : rows) {
    INFO("second compare " << row.compare);
    bench.pin.edges.clear();
    bench.arm(begin + 100, begin + 1000, 100);
    bench.arm(begin + 1010, begin + row.compare, 10);
    CHECK((bench.status(begin + 1010) & pulse::status_late) == (row.late ? pulse::status_late : 0));
    bench.around.run_to(begin + 2000);
    Edges expected;
    for (const auto& [at, level] : row.edges) expected.emplace_back(begin + at, level);
    CHECK(bench.pin.edges == expected);
    bench.bus.write(begin + 2001, pulse::status, pulse::status_late);
    begin += 3000;
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
  bench.arm(960, 2000, 10);
  bench.bus.write(1999, pulse::control, 0);
  bench.around.run_to(3000);
  CHECK(bench.pin.edges.size() == 2);
  bench.arm(3100, 4000, 10);
  bench.bus.write(4000, pulse::control, 0);  // the pulse has started at this edge
  bench.around.run_to(5000);
  CHECK(bench.pin.edges == Edges{{900, true}, {910, false}, {4000, true}, {4010, false}});
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

TEST_CASE("pulse timer: a reset releases the output one clock later and forgets what was armed") {
  Bench bench;
  bench.arm(100, 1000, 100);
  bench.around.run_to(1050);
  bench.arm(1053, 1500, 10);
  bench.timers.reset(1053);
  CHECK(!bench.irq.level);
  bench.around.run_to(3000);
  CHECK(bench.pin.edges == Edges{{1000, true}, {1054, false}});
}

TEST_CASE("pulse timer: restore takes up an armed and a running pulse where they stood") {
  Bench bench;
  bench.arm(100, 1000, 500);
  bench.arm(1100, 2000, 10);
  const auto saved = bench.timers.state();
  bench.timers.reset(1101);
  bench.around.run_to(1102);
  bench.timers.restore(saved);
  CHECK(bench.irq.level);
  bench.around.run_to(3000);
  CHECK(bench.pin.edges == Edges{{1000, true},
                                 {1102, false},  // the reset's
                                 {1500, false},
                                 {2000, true},
                                 {2010, false}});
}
