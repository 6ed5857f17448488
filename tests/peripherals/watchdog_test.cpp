#include "peripherals/watchdog/watchdog.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/support/probe.h"

namespace {

namespace hal_watchdog = metrology::hal::watchdog;
using test::Cycle;

constexpr Cycle tick = 768;

class RecordedBites : public peripherals::WatchdogReset {
 public:
  void bite(Cycle at) override { edges.push_back(at); }
  std::vector<Cycle> edges;
};
using Bites = std::vector<Cycle>;

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  RecordedBites bites;
  peripherals::Watchdog watchdog{"watchdog", around.agenda, bites};

  explicit Bench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name) {
    bus.socket.bind(watchdog.socket);
  }

  void start(Cycle at, std::uint32_t timeout) {
    CHECK(bus.write(at - 1, hal_watchdog::timeout, timeout));
    CHECK(bus.write(at, hal_watchdog::control, hal_watchdog::control_run));
  }
};

}  // namespace

TEST_CASE("watchdog: bites 768 core clocks a tick after its start, not one sooner") {
  Bench bench;
  bench.start(101, 3);
  bench.around.run_to(101 + 3 * tick - 1);
  CHECK(bench.bites.edges.empty());
  bench.around.run_to(101 + 3 * tick);
  CHECK(bench.bites.edges == Bites{101 + 3 * tick});
}

TEST_CASE("watchdog: a kick one clock before the bite begins the time anew") {
  Bench bench;
  bench.start(100, 1);
  CHECK(bench.bus.write(100 + tick - 1, hal_watchdog::kick, hal_watchdog::kick_key));
  bench.around.run_to(100 + 2 * tick - 2);
  CHECK(bench.bites.edges.empty());
  bench.around.run_to(100 + 2 * tick - 1);
  CHECK(bench.bites.edges == Bites{100 + 2 * tick - 1});
}

TEST_CASE("watchdog: the wrong key, and a second start, do not help") {
  Bench bench;
  bench.start(100, 1);
  CHECK(bench.bus.write(500, hal_watchdog::kick, hal_watchdog::kick_key ^ 1));
  CHECK(bench.bus.write(501, hal_watchdog::control, hal_watchdog::control_run));
  CHECK(bench.bus.write(502, hal_watchdog::control, 0));
  CHECK(bench.bus.read(503, hal_watchdog::control) == hal_watchdog::control_run);
  bench.around.run_to(100 + tick);
  CHECK(bench.bites.edges == Bites{100 + tick});
}

TEST_CASE("watchdog: a kick before the start starts nothing, without a start it never bites") {
  Bench bench;
  CHECK(bench.bus.write(10, hal_watchdog::timeout, 1));
  CHECK(bench.bus.write(11, hal_watchdog::kick, hal_watchdog::kick_key));
  bench.around.run_to(10 * tick);
  CHECK(bench.bites.edges.empty());
  CHECK(bench.bus.read(10 * tick + 1, hal_watchdog::control) == 0u);
}

TEST_CASE("watchdog: a reset stops it and puts TIMEOUT back to one second") {
  Bench bench;
  CHECK(bench.bus.read(1, hal_watchdog::timeout) == 32'768u);
  bench.start(100, 2);
  bench.watchdog.reset(200);
  bench.around.run_to(10 * tick);
  CHECK(bench.bites.edges.empty());
  CHECK(bench.bus.read(10 * tick + 1, hal_watchdog::timeout) == 32'768u);
  CHECK(bench.bus.read(10 * tick + 2, hal_watchdog::control) == 0u);
}

TEST_CASE("watchdog: TIMEOUT takes 1 to 2^20 ticks while stopped, nothing while it runs") {
  Bench bench;
  CHECK(!bench.bus.write(1, hal_watchdog::timeout, 0));
  CHECK(bench.bus.write(2, hal_watchdog::timeout, 1));
  CHECK(bench.bus.write(3, hal_watchdog::timeout, 1u << 20));
  CHECK(!bench.bus.write(4, hal_watchdog::timeout, (1u << 20) + 1));
  CHECK(bench.bus.write(5, hal_watchdog::control, 1));
  CHECK(!bench.bus.write(6, hal_watchdog::timeout, 5));
  CHECK(bench.bus.read(7, hal_watchdog::timeout) == 1u << 20);
}

TEST_CASE("watchdog: restore takes its time up again") {
  Bench bench;
  const auto idle = bench.watchdog.state();
  bench.start(100, 2);
  const auto saved = bench.watchdog.state();
  bench.watchdog.restore(idle);
  bench.watchdog.restore(saved);
  bench.around.run_to(3 * tick);
  CHECK(bench.bites.edges == Bites{100 + 2 * tick});
}

TEST_CASE("watchdog: what its table does not list is a bus error") {
  Bench bench;
  CHECK(!bench.bus.write(1, hal_watchdog::control, 2));
  CHECK(!bench.bus.read(2, hal_watchdog::kick));
  CHECK(!bench.bus.read(3, 0x0C));
  CHECK(!bench.bus.write(4, 0x0C, 0));
  CHECK(!bench.bus.read(5, hal_watchdog::timeout, 1));
}
