#include "peripherals/interrupt_controller/interrupt_controller.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/support/probe.h"

namespace {

namespace intc = metrology::hal::intc;
using metrology::hal::Irq;

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  test::RecordedLine output;
  peripherals::InterruptController controller{"controller", output};
  test::Cycle now = 0;

  explicit Bench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name) {
    bus.socket.bind(controller.socket);
  }

  std::uint32_t read(std::uint32_t offset) { return bus.read(++now, offset).value(); }
  void write(std::uint32_t offset, std::uint32_t value) {
    REQUIRE(bus.write(++now, offset, value));
  }
  void set_up(Irq source, std::uint32_t priority) {
    const auto number = static_cast<std::uint32_t>(source);
    write(intc::priority_0 + 4 * number, priority);
    write(intc::enable, read(intc::enable) | 1u << number);
  }
};

}  // namespace

TEST_CASE(
    "interrupt controller: a source reaches the CPU only enabled, with priority, above the "
    "threshold") {
  Bench bench;
  bench.controller.line(Irq::pulse).set(true);
  bench.read(intc::enable);
  CHECK(!bench.output.level);
  bench.write(intc::enable, 1u << 2);
  CHECK(!bench.output.level);  // priority 0
  bench.write(intc::priority_0 + 8, 3);
  CHECK(bench.output.level);
  bench.write(intc::threshold, 3);
  CHECK(!bench.output.level);
  bench.write(intc::threshold, 2);
  CHECK(bench.output.level);
  bench.controller.line(Irq::pulse).set(false);
  CHECK(!bench.output.level);
  CHECK(bench.read(intc::claim) == 0);
}

TEST_CASE(
    "interrupt controller: CLAIM gives the highest priority, among equals the lowest number") {
  Bench bench;
  bench.set_up(Irq::dma_block, 2);
  bench.set_up(Irq::gpio, 5);
  bench.set_up(Irq::pulse, 5);
  for (const Irq source : {Irq::dma_block, Irq::gpio, Irq::pulse}) {
    bench.controller.line(source).set(true);
  }
  CHECK(bench.read(intc::pending) == (1u << 1 | 1u << 2 | 1u << 3));
  CHECK(bench.read(intc::claim) == 2);
  CHECK(bench.read(intc::threshold) == 5);
}

TEST_CASE(
    "interrupt controller: only higher priorities nest, and COMPLETE restores the threshold") {
  Bench bench;
  bench.set_up(Irq::dma_block, 1);
  bench.set_up(Irq::gpio, 2);
  bench.set_up(Irq::pulse, 7);
  bench.controller.line(Irq::dma_block).set(true);
  CHECK(bench.read(intc::claim) == 1);
  CHECK(!bench.output.level);
  bench.controller.line(Irq::gpio).set(true);
  CHECK(bench.output.level);
  CHECK(bench.read(intc::claim) == 3);
  bench.controller.line(Irq::pulse).set(true);
  CHECK(bench.read(intc::claim) == 2);
  CHECK(bench.read(intc::claim) == 0);  // nothing above 7; pushes nothing
  bench.controller.line(Irq::pulse).set(false);
  bench.write(intc::complete, 2);
  CHECK(bench.read(intc::threshold) == 2);
  CHECK(!bench.output.level);  // gpio is being served
  bench.controller.line(Irq::gpio).set(false);
  bench.write(intc::complete, 3);
  CHECK(bench.read(intc::threshold) == 1);
  bench.write(intc::complete, 1);
  CHECK(bench.read(intc::threshold) == 0);
  CHECK(bench.output.level);       // the block's level still stands
  bench.write(intc::complete, 1);  // nothing to complete
  CHECK(bench.read(intc::threshold) == 0);
}

TEST_CASE("interrupt controller: what its table does not list is a bus error") {
  Bench bench;
  CHECK(!bench.bus.read(1, 0x14));
  CHECK(!bench.bus.read(1, intc::priority_0));  // source 0 has no priority
  CHECK(bench.bus.read(1, intc::priority_0 + 4));
  CHECK(bench.bus.read(1, intc::priority_0 + 60));
  CHECK(!bench.bus.read(1, intc::priority_0 + 64));
  CHECK(!bench.bus.read(1, intc::complete));
  CHECK(!bench.bus.write(1, intc::pending, 0));
  CHECK(!bench.bus.write(1, intc::claim, 0));
  CHECK(!bench.bus.write(1, intc::enable, 1));
  CHECK(!bench.bus.write(1, intc::enable, 0x1'0000));
  CHECK(!bench.bus.write(1, intc::threshold, 8));
  CHECK(!bench.bus.write(1, intc::priority_0 + 4, 8));
  for (const unsigned length : {1u, 2u}) {
    CHECK(!bench.bus.read(1, intc::enable, length));
    CHECK(!bench.bus.write(1, intc::enable, 0, length));
  }
  for (const std::uint32_t misaligned : {1u, 2u, 3u}) {
    CHECK(!bench.bus.read(1, intc::enable + misaligned));
  }
}

TEST_CASE("interrupt controller: reset forgets settings, not levels, restore brings both back") {
  Bench bench;
  bench.set_up(Irq::gpio, 4);
  bench.controller.line(Irq::gpio).set(true);
  CHECK(bench.output.level);
  const auto saved = bench.controller.state();
  bench.controller.reset(100);
  CHECK(!bench.output.level);
  CHECK(bench.read(intc::pending) == 1u << 3);
  CHECK(bench.read(intc::enable) == 0);
  bench.controller.restore(saved);
  CHECK(bench.output.level);
}
