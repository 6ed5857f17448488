#include "peripherals/power_monitor/power_monitor.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/support/probe.h"

namespace {

namespace power = metrology::hal::power;
using test::Cycle;
using test::Ps;

constexpr std::uint32_t both = power::state_mains | power::state_charged;

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  test::RecordedLine irq;
  peripherals::PowerMonitor monitor{"monitor", around.agenda, around.clock, irq};

  explicit Bench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name) {
    bus.socket.bind(monitor.socket);
  }
  void mains(Ps t, bool present) {
    around.run_to_time(t);
    monitor.mains(t, present);
  }
  void charged(Ps t, bool charged) {
    around.run_to_time(t);
    monitor.charged(t, charged);
  }
  std::uint32_t state(Cycle at) { return bus.read(at, power::state).value(); }
  std::uint32_t events(Cycle at) { return bus.read(at, power::events).value(); }
};

}  // namespace

TEST_CASE("power monitor: a level shows, and interrupts, two edges after it stands") {
  struct Row {
    Cycle near;
    int offset_ps;
    Cycle shows;
  };
  Bench bench;
  CHECK(bench.state(1) == both);
  bench.bus.write(2, power::enable, power::event_mains_lost);
  for (const Row& row : {Row{100, -1, 102}, Row{200, 0, 202}, Row{300, 1, 303}}) {
    INFO(row.offset_ps << " ps from edge " << row.near);
    bench.mains(bench.around.clock.edge(row.near) + static_cast<Ps>(row.offset_ps), false);
    CHECK(bench.state(row.shows - 1) == both);
    CHECK(!bench.irq.level);
    CHECK(bench.state(row.shows) == power::state_charged);
    CHECK(bench.irq.level);
    CHECK(bench.events(row.shows) == power::event_mains_lost);
    bench.mains(bench.around.clock.edge(row.near + 10), true);
    bench.bus.write(row.near + 20, power::events, 7);
    CHECK(!bench.irq.level);
  }
}

TEST_CASE("power monitor: each change has its event, of which the enabled ones interrupt") {
  Bench bench;
  bench.bus.write(2, power::enable, power::event_charged);
  bench.mains(bench.around.clock.edge(100), false);
  bench.charged(bench.around.clock.edge(200), false);
  bench.mains(bench.around.clock.edge(300), true);
  CHECK(bench.events(310) == (power::event_mains_lost | power::event_mains_back));
  CHECK(!bench.irq.level);
  bench.charged(bench.around.clock.edge(400), true);
  CHECK(bench.events(401) == (power::event_mains_lost | power::event_mains_back));
  CHECK(bench.events(402) == 7u);
  CHECK(bench.irq.level);
  bench.bus.write(403, power::events, power::event_charged);
  CHECK(!bench.irq.level);
  CHECK(bench.events(404) == (power::event_mains_lost | power::event_mains_back));
  bench.bus.write(405, power::enable, power::event_mains_lost);  // one that was seen before
  CHECK(bench.irq.level);
}

TEST_CASE("power monitor: both levels at one instant, and a glitch between two edges") {
  Bench bench;
  const Ps at = bench.around.clock.edge(100);
  bench.mains(at, false);
  bench.charged(at, false);
  CHECK(bench.state(101) == both);
  CHECK(bench.state(102) == 0u);
  bench.mains(bench.around.clock.edge(200) + 1, true);
  bench.mains(bench.around.clock.edge(201) - 1, false);
  CHECK(bench.events(210) == power::event_mains_lost);
}

TEST_CASE("power monitor: a reset clears events and enables, not the levels") {
  Bench bench;
  bench.bus.write(2, power::enable, 7);
  bench.mains(bench.around.clock.edge(100), false);
  bench.around.run_to(110);
  bench.monitor.reset(110);
  CHECK(!bench.irq.level);
  CHECK(bench.events(111) == 0u);
  CHECK(bench.bus.read(112, power::enable) == 0u);
  CHECK(bench.state(113) == power::state_charged);
}

TEST_CASE("power monitor: power-on takes the levels over at once, without events") {
  Bench bench;
  bench.mains(bench.around.clock.edge(100), false);
  bench.around.run_to(101);
  bench.monitor.power_off(101);  // one edge before it would show
  bench.charged(bench.around.clock.edge(200), false);
  bench.mains(bench.around.clock.edge(300), true);
  bench.around.run_to(310);
  bench.monitor.power_on(310);
  CHECK(bench.state(310) == power::state_mains);
  CHECK(bench.events(320) == 0u);
  bench.charged(bench.around.clock.edge(400), true);
  CHECK(bench.events(402) == power::event_charged);
}

TEST_CASE("power monitor: restore takes up a level on its way") {
  Bench bench;
  const auto idle = bench.monitor.state();
  bench.mains(bench.around.clock.edge(100), false);
  const auto saved = bench.monitor.state();
  bench.monitor.restore(idle);
  bench.monitor.restore(saved);
  CHECK(bench.state(101) == both);
  CHECK(bench.state(102) == power::state_charged);
}

TEST_CASE("power monitor: what its table does not list is a bus error") {
  Bench bench;
  CHECK(!bench.bus.write(1, power::state, 0));
  CHECK(!bench.bus.write(2, power::enable, 8));
  CHECK(!bench.bus.write(3, power::events, 8));
  CHECK(!bench.bus.read(4, 0x0C));
  CHECK(!bench.bus.read(5, power::state, 1));
}
