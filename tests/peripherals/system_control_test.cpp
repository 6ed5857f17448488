#include "peripherals/system_control/system_control.h"

#include <catch2/catch.hpp>

#include "metrology/hal/memory_map.h"
#include "tests/peripherals/support/probe.h"

namespace {

namespace sysctrl = metrology::hal::sysctrl;

class RecordedRequest : public peripherals::ResetRequest {
 public:
  void request(test::Cycle at) override { asked.push_back(at); }
  std::vector<test::Cycle> asked;
};

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  RecordedRequest resets;
  peripherals::SystemControl control{"control", around.counter, resets};

  explicit Bench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name) {
    bus.socket.bind(control.socket);
  }
};

}  // namespace

TEST_CASE("system control: the counter is the number of the commit edge") {
  Bench bench;
  CHECK(bench.bus.read(1234, sysctrl::counter_lo) == 1234u);
  CHECK(bench.bus.read(1235, sysctrl::counter_lo) == 1235u);
}

TEST_CASE("system control: reading COUNTER_LO latches COUNTER_HI across the wrap") {
  Bench bench;
  bench.around.counter.begin(1000 - (test::Cycle{8} << 32));  // edge 1000 wraps to 8·2^32
  CHECK(bench.bus.read(999, sysctrl::counter_lo) == 0xFFFF'FFFFu);
  CHECK(bench.bus.read(1003, sysctrl::counter_hi) == 7u);
  CHECK(bench.bus.read(1007, sysctrl::counter_lo) == 7u);
  CHECK(bench.bus.read(1008, sysctrl::counter_hi) == 8u);
}

TEST_CASE("system control: only the key asks for a reset, at the commit edge") {
  Bench bench;
  CHECK(bench.bus.write(10, sysctrl::reset_request, 1));
  CHECK(bench.resets.asked.empty());
  CHECK(bench.bus.write(20, sysctrl::reset_request, sysctrl::reset_key));
  CHECK(bench.resets.asked == std::vector<test::Cycle>{20});
  bench.control.set_reset_cause(sysctrl::cause_software);
  bench.control.reset(20);
  CHECK(bench.bus.read(30, sysctrl::reset_cause) == sysctrl::cause_software);
  CHECK(bench.bus.read(40, sysctrl::counter_lo) == 40u);  // goes on through a reset
}

TEST_CASE("system control: what its table does not list is a bus error") {
  Bench bench;
  CHECK(!bench.bus.write(1, sysctrl::counter_lo, 0));
  CHECK(!bench.bus.write(1, sysctrl::reset_cause, 0));
  CHECK(!bench.bus.read(1, sysctrl::reset_request));
  CHECK(!bench.bus.read(1, 0x10));
  CHECK(!bench.bus.read(1, sysctrl::counter_lo, 2));
}
