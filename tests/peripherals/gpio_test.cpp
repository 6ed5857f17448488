#include "peripherals/gpio/gpio.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/support/probe.h"

namespace {

namespace hal_gpio = metrology::hal::gpio;
using test::Cycle;
using test::Edges;
using test::Ps;

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  test::RecordedLine irq;
  test::RecordedPin led{around.clock};
  test::RecordedPin lamp{around.clock};
  peripherals::Gpio gpio{"gpio",         around.agenda, around.clock,
                         around.counter, irq,           {nullptr, nullptr, nullptr, &led, &lamp},
                         {0, 1u << 4}};

  explicit Bench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name) {
    bus.socket.bind(gpio.socket);
  }

  void drive(int pin, Ps t, bool level) {
    around.run_to_time(t);
    gpio.pin(pin).drive(t, level);
  }
  std::uint32_t input(Cycle at) { return bus.read(at, hal_gpio::input).value(); }
};

}  // namespace

TEST_CASE("gpio: a level shows two edges after the first edge at which it stands") {
  struct Row {
    Cycle near;
    int offset_ps;
    bool level;
    Cycle shows;
  };
  Bench bench;
  for (const Row& row :
       {Row{100, -1, true, 102}, Row{200, 0, false, 202}, Row{300, 1, true, 303},
        Row{400, -1, false, 402}, Row{500, 0, true, 502}, Row{600, 1, false, 603}}) {
    INFO(row.offset_ps << " ps from edge " << row.near);
    const Ps edge = bench.around.clock.edge(row.near);
    bench.drive(2, edge + static_cast<Ps>(row.offset_ps), row.level);
    CHECK(bench.input(row.shows - 1) == (row.level ? 0 : 1u << 2));
    CHECK(bench.input(row.shows) == (row.level ? 1u << 2 : 0));
  }
}

TEST_CASE("gpio: what falls between two edges is not seen, what stands at one edge is") {
  Bench bench;
  bench.bus.write(10, hal_gpio::rise_enable, 1);
  bench.drive(0, bench.around.clock.edge(100) + 1, true);
  bench.drive(0, bench.around.clock.edge(101) - 1, false);
  CHECK(bench.bus.read(110, hal_gpio::status) == 0u);
  bench.drive(0, bench.around.clock.edge(200), true);
  bench.drive(0, bench.around.clock.edge(200) + 1, false);
  CHECK(bench.input(201) == 0);
  CHECK(bench.input(202) == 1);
  CHECK(bench.input(203) == 0);
  CHECK(bench.bus.read(210, hal_gpio::status) == 1u);
}

TEST_CASE("gpio: levels of consecutive edges follow one another through the synchroniser") {
  Bench bench;
  // 200: pin 0 on, 201: pin 1 on, 202: pin 0 off, 203: pin 1 off, and again.
  std::vector<std::uint32_t> seen;
  for (Cycle n = 200; n < 208; ++n) {
    bench.drive(static_cast<int>(n % 2), bench.around.clock.edge(n) - 5, n % 4 < 2);
    bench.around.run_to(n);
    seen.push_back(bench.gpio.state().input);
  }
  CHECK(seen == std::vector<std::uint32_t>{0, 0, 1, 3, 2, 0, 1, 3});
}

TEST_CASE("gpio: enabled edges set STATUS and hold the interrupt until cleared") {
  Bench bench;
  bench.bus.write(10, hal_gpio::rise_enable, 0b01);
  bench.bus.write(11, hal_gpio::fall_enable, 0b10);
  const Ps rise = bench.around.clock.edge(100);
  bench.drive(0, rise, true);
  bench.gpio.pin(1).drive(rise, true);
  bench.around.run_to(101);
  CHECK(!bench.irq.level);
  bench.around.run_to(102);
  CHECK(bench.irq.level);
  CHECK(bench.bus.read(102, hal_gpio::status) == 0b01u);
  const Ps fall = bench.around.clock.edge(200);
  bench.drive(0, fall, false);
  bench.gpio.pin(1).drive(fall, false);
  CHECK(bench.bus.read(202, hal_gpio::status) == 0b11u);
  bench.bus.write(203, hal_gpio::status, 0b01);
  CHECK(bench.irq.level);
  bench.bus.write(204, hal_gpio::status, 0b10);
  CHECK(!bench.irq.level);
}

TEST_CASE(
    "gpio: an output follows its write by one clock and reads back through the synchroniser") {
  Bench bench;
  bench.bus.write(100, hal_gpio::output, 1u << 3);
  bench.around.run_to(150);
  CHECK(bench.led.edges.empty());  // still an input
  bench.bus.write(200, hal_gpio::direction, 1u << 3);
  CHECK(bench.input(202) == 0);
  CHECK(bench.input(203) == 1u << 3);
  bench.bus.write(300, hal_gpio::output, 0);
  bench.around.run_to(400);
  CHECK(bench.led.edges == Edges{{201, true}, {301, false}});
  CHECK(bench.led.at_kernel_time);
}

TEST_CASE("gpio: a reset releases outputs one clock later") {
  Bench bench;
  bench.bus.write(100, hal_gpio::direction, 1u << 3);
  bench.bus.write(104, hal_gpio::output, 1u << 3);
  bench.around.run_to(200);
  bench.gpio.reset(200);
  bench.around.run_to(300);
  CHECK(bench.led.edges == Edges{{105, true}, {201, false}});
}

TEST_CASE("gpio: restore takes up a level on its way and a write not yet at the pins") {
  Bench bench;
  const auto idle = bench.gpio.state();
  bench.bus.write(50, hal_gpio::direction, 1u << 3);
  bench.drive(0, bench.around.clock.edge(100), true);
  bench.bus.write(100, hal_gpio::output, 1u << 3);
  const auto saved = bench.gpio.state();
  bench.gpio.restore(idle);
  bench.gpio.restore(saved);
  CHECK(bench.input(101) == 0);
  CHECK(bench.led.edges == Edges{{101, true}});
  CHECK(bench.input(102) == 1);
  CHECK(bench.input(103) == (1u | 1u << 3));
}

TEST_CASE("gpio: HIGH_TIME counts the clocks for which INPUT is high, to the clock") {
  Bench bench;
  const auto high_time = [&bench](Cycle at) {
    return bench.bus.read(at, hal_gpio::high_time_0 + 4 * 2).value();
  };
  bench.drive(2, bench.around.clock.edge(100), true);
  CHECK(high_time(101) == 0);
  CHECK(high_time(102) == 0);  // INPUT shows it from here on
  CHECK(high_time(103) == 1);
  CHECK(high_time(200) == 98);
  bench.drive(2, bench.around.clock.edge(300), false);
  CHECK(high_time(302) == 200);
  CHECK(high_time(303) == 200);
  CHECK(high_time(5000) == 200);
  bench.drive(2, bench.around.clock.edge(6000) - 1, true);
  bench.gpio.reset(6005);
  CHECK(high_time(6010) == 200 + 8);  // goes on through a reset
  CHECK(bench.bus.read(6011, hal_gpio::high_time_0) == 0u);
  CHECK(bench.bus.read(6012, hal_gpio::high_time_0 + 4 * 15) == 0u);
  CHECK(!bench.bus.read(6013, hal_gpio::high_time_0 + 4 * 16));
  CHECK(!bench.bus.write(6014, hal_gpio::high_time_0, 0));
}

TEST_CASE("gpio: HIGH_TIME wraps at 2^32 clocks") {
  Bench bench;
  bench.drive(0, bench.around.clock.edge(98), true);
  const Cycle wrap = 100 + (Cycle{1} << 32);
  CHECK(bench.bus.read(wrap - 1, hal_gpio::high_time_0) == 0xFFFF'FFFFu);
  CHECK(bench.bus.read(wrap, hal_gpio::high_time_0) == 0u);
}

TEST_CASE("gpio: without supply outputs are off at once and nothing is seen") {
  Bench bench;
  bench.bus.write(100, hal_gpio::direction, 1u << 3);
  bench.bus.write(104, hal_gpio::output, 1u << 3);
  bench.drive(0, bench.around.clock.edge(150), true);
  bench.around.run_to(200);
  bench.gpio.power_off(200);
  CHECK(bench.led.edges == Edges{{105, true}, {200, false}});
  bench.drive(1, bench.around.clock.edge(250), true);
  bench.drive(0, bench.around.clock.edge(260), false);
  CHECK(bench.input(299) == 0);
  bench.around.run_to(300);
  bench.gpio.power_on(300);
  CHECK(bench.input(301) == 0);
  CHECK(bench.input(302) == 2);
  CHECK(bench.bus.read(310, hal_gpio::high_time_0) == 0u);
  CHECK(bench.bus.read(310, hal_gpio::high_time_0 + 4) == 8u);
  CHECK(bench.bus.read(311, hal_gpio::direction) == 0u);
}

TEST_CASE("gpio: a write not yet at the pins when the supply goes never gets there") {
  Bench bench;
  bench.bus.write(100, hal_gpio::direction, 1u << 3);
  bench.bus.write(200, hal_gpio::output, 1u << 3);
  bench.gpio.power_off(200);
  bench.around.run_to(300);
  CHECK(bench.led.edges.empty());
}

TEST_CASE("gpio: a pin that is pulled up is high while nobody drives it") {
  test::Surroundings around;
  test::Probe bus(around);
  test::RecordedLine irq;
  test::RecordedPin protect(around.clock);
  peripherals::Gpio gpio("gpio", around.agenda, around.clock, around.counter, irq,
                         {nullptr, nullptr, nullptr, nullptr, nullptr, &protect}, {1u << 5, 0});
  bus.socket.bind(gpio.socket);
  CHECK(bus.read(10, hal_gpio::input) == 1u << 5);
  bus.write(100, hal_gpio::direction, 1u << 5);
  CHECK(bus.read(102, hal_gpio::input) == 1u << 5);
  CHECK(bus.read(103, hal_gpio::input) == 0u);
  bus.write(200, hal_gpio::output, 1u << 5);
  bus.write(300, hal_gpio::output, 0);
  around.run_to(400);
  gpio.reset(400);
  around.run_to(500);
  CHECK(protect.edges == Edges{{101, false}, {201, true}, {301, false}, {401, true}});
}

TEST_CASE("gpio: a paced pin changes with the first frame that begins after the write") {
  constexpr Cycle frame = 512 * 768;
  constexpr std::uint32_t lamp = 1u << 4;
  constexpr std::uint32_t led = 1u << 3;
  Bench bench;
  bench.bus.write(100, hal_gpio::direction, lamp | led);
  bench.bus.write(200, hal_gpio::output, lamp | led);
  bench.bus.write(frame - 1, hal_gpio::output, led);
  // Off again before it was ever on; the other pin at once.
  bench.bus.write(frame + 100, hal_gpio::output, lamp);
  CHECK(bench.lamp.edges.empty());
  bench.bus.write(2 * frame, hal_gpio::output, 0);  // a write at a frame's begin: the next one
  bench.bus.write(4 * frame - 1, hal_gpio::output, lamp);
  bench.around.run_to(4 * frame + 500);
  bench.gpio.reset(4 * frame + 500);
  bench.around.run_to(6 * frame);
  CHECK(bench.lamp.edges ==
        Edges{{2 * frame, true}, {3 * frame, false}, {4 * frame, true}, {4 * frame + 501, false}});
  CHECK(bench.led.edges == Edges{{201, true}, {frame + 101, false}});
}

TEST_CASE("gpio: a paced pin is off at once without supply and after a reset nothing comes late") {
  constexpr Cycle frame = 512 * 768;
  constexpr std::uint32_t lamp = 1u << 4;
  Bench bench;
  bench.bus.write(100, hal_gpio::direction, lamp);
  bench.bus.write(200, hal_gpio::output, lamp);
  bench.around.run_to(frame + 77);
  bench.gpio.power_off(frame + 77);
  bench.gpio.power_on(frame + 100);
  bench.bus.write(frame + 200, hal_gpio::direction, lamp);
  bench.bus.write(frame + 300, hal_gpio::output, lamp);
  bench.gpio.reset(frame + 400);
  bench.around.run_to(3 * frame);
  CHECK(bench.lamp.edges == Edges{{frame, true}, {frame + 77, false}});
}

TEST_CASE("gpio: what its table does not list is a bus error") {
  Bench bench;
  CHECK(!bench.bus.write(1, hal_gpio::input, 0));
  CHECK(!bench.bus.write(1, hal_gpio::output, 1u << 16));
  CHECK(!bench.bus.read(1, 0x18));
  CHECK(!bench.bus.read(1, hal_gpio::input, 1));
  CHECK(!bench.bus.read(1, hal_gpio::input + 2));
}
