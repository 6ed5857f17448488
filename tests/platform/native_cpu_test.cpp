// What an access, an interrupt, a sleep and a reset cost, to the cycle.
#include <catch2/catch.hpp>

#include "metrology/app/charges.h"
#include "metrology/hal/memory_map.h"
#include "tests/platform/support/scripted_meter.h"

namespace {

namespace hal = metrology::hal;
using hal::GpioPin;
using models::pins::ps_per_ms;
using test::Bus;
using test::Cycle;
using test::ScriptedMeter;

constexpr std::uint32_t counter = hal::sysctrl::base + hal::sysctrl::counter_lo;
constexpr std::uint32_t claim = hal::intc::base + hal::intc::claim;
constexpr std::uint32_t complete = hal::intc::base + hal::intc::complete;
constexpr Cycle start_up = 10;
constexpr Cycle entry_cycles = metrology::app::charges::interrupt_entry.cycles;
constexpr Cycle exit_cycles = metrology::app::charges::interrupt_exit.cycles;

void enable_source(Bus& bus, hal::Irq source, std::uint32_t priority) {
  const auto number = static_cast<std::uint32_t>(source);
  bus.write(hal::intc::base + hal::intc::priority_0 + 4 * number, priority);
  bus.write(hal::intc::base + hal::intc::enable,
            bus.read(hal::intc::base + hal::intc::enable) | 1u << number);
}

void enable_button(Bus& bus) {
  enable_source(bus, hal::Irq::gpio, 3);
  bus.write(hal::gpio::base + hal::gpio::rise_enable, 1);
}

void clear_button(Bus& bus) { bus.write(hal::gpio::base + hal::gpio::status, 1); }

}  // namespace

TEST_CASE("cpu: the first access after start-up commits at its documented edge") {
  ScriptedMeter bench(ps_per_ms, {[](Bus& bus) { bus.read(counter); }});
  bench.script.run();
  // g = 2: three cycles to the commit edge.
  CHECK(bench.commits(counter) == std::vector<Cycle>{start_up + 3});
  CHECK(bench.events.of("m1.cpu", "access")[0].number("value") == start_up + 3);
}

TEST_CASE("cpu: each region costs 2 + g cycles") {
  struct Row {
    std::uint32_t address;
    Cycle cost;
  };
  const std::vector<Row> rows = {
      {hal::flash_base, 2},
      {hal::parameter_page_base + 4, 2},
      {hal::ram_base + 0x2000, 2},
      {hal::dma::base + hal::dma::status, 2},
      {hal::intc::base + hal::intc::enable, 2},
      {hal::adc::base + hal::adc::control, 4},
      {hal::sysctrl::base + hal::sysctrl::reset_cause, 4},
      {hal::pulse::base + hal::pulse::width, 4},
      {hal::gpio::base + hal::gpio::input, 4},
      {hal::mailbox::base + hal::mailbox::status, 4},
      {hal::ram_base + 0x2001, 3},  // misaligned: split in two, the second overlaps the response
      {hal::ram_base + 0x2002, 3},
      {hal::ram_base + 0x2003, 3},
      {hal::flash_base + 6, 3},
  };
  std::vector<std::uint32_t> between;
  ScriptedMeter bench(ps_per_ms, {[&](Bus& bus) {
                        for (const Row& row : rows) {
                          const std::uint32_t before = bus.read(counter);
                          bus.read(row.address);
                          between.push_back(bus.read(counter) - before);
                        }
                      }});
  bench.script.run();
  REQUIRE(between.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    INFO("address " << rows[i].address);
    // The first counter's response, the access, three cycles to the second counter's commit.
    CHECK(between[i] == 1 + rows[i].cost + 3);
  }
}

TEST_CASE("cpu: misaligned words in RAM read and write the right bytes") {
  std::vector<std::uint32_t> seen;
  ScriptedMeter bench(ps_per_ms, {[&](Bus& bus) {
                        const std::uint32_t place = hal::ram_base + 0x3000;
                        for (const std::uint32_t shift : {1u, 2u, 3u}) {
                          bus.write(place, 0x1111'1111);
                          bus.write(place + 4, 0x2222'2222);
                          bus.write(place + shift, 0xDDCC'BBAA);
                          seen.push_back(bus.read(place));
                          seen.push_back(bus.read(place + 4));
                          seen.push_back(bus.read(place + shift));
                        }
                      }});
  bench.script.run();
  CHECK(seen == std::vector<std::uint32_t>{0xCCBB'AA11, 0x2222'22DD, 0xDDCC'BBAA,  //
                                           0xBBAA'1111, 0x2222'DDCC, 0xDDCC'BBAA,  //
                                           0xAA11'1111, 0x22DD'CCBB, 0xDDCC'BBAA});
}

TEST_CASE("cpu: an access that would overlap a DMA window begins at its end") {
  struct Row {
    std::uint32_t address;
    Cycle begin;   // from the window's beginning
    Cycle commit;  // from the window's beginning
  };
  const std::uint32_t ram = hal::ram_base + 0x2000;
  const std::uint32_t gpio = hal::gpio::base + hal::gpio::input;
  const std::vector<Row> rows = {
      {ram, -2, -1}, {ram, -1, 0},   {ram, 0, 15},  {ram, 13, 15},  {ram, 14, 15},  {ram, 15, 16},
      {gpio, -3, 0}, {gpio, -2, 17}, {gpio, 0, 17}, {gpio, 13, 17}, {gpio, 14, 17}, {gpio, 15, 18},
  };
  Cycle first_window = 0;
  ScriptedMeter bench(20 * ps_per_ms, {[&](Bus& bus) {
                        bus.write(hal::dma::base + hal::dma::control, 1);
                        bus.write(hal::adc::base + hal::adc::control, 1);
                        first_window = bus.read(hal::adc::base + hal::adc::start_time_lo) + 768;
                        Cycle window = first_window;
                        for (const Row& row : rows) {
                          const Cycle now = bus.read(counter) + 1;
                          bus.charge(static_cast<std::uint32_t>(window + row.begin - now));
                          bus.read(row.address);
                          window += 6144;
                        }
                      }});
  bench.script.run();
  const auto on_ram = bench.commits(ram);
  const auto on_gpio = bench.commits(gpio);
  REQUIRE(on_ram.size() + on_gpio.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    INFO("row " << i);
    const Cycle window = first_window + 6144 * static_cast<Cycle>(i);
    const Cycle commit = i < on_ram.size() ? on_ram[i] : on_gpio[i - on_ram.size()];
    CHECK(commit - window == rows[i].commit);
  }
}

TEST_CASE("cpu: from a pin to the handler's first access is a constant, wherever a charge stands") {
  // Level at edge n, INPUT and STATUS at n + 2, sampled there, the entry, then the access.
  const std::vector<Cycle> pins = {5000, 5937, 6201, 7000, 8191};
  ScriptedMeter bench(ps_per_ms, {[](Bus& bus) {
                                    enable_button(bus);
                                    bus.enable_interrupts();
                                    for (int i = 0; i < 50; ++i) bus.charge(997);
                                  },
                                  [](Bus& bus) {
                                    bus.read(claim);
                                    clear_button(bus);
                                    bus.write(complete, 3);
                                  }});
  std::vector<Cycle> expected;
  for (const Cycle n : pins) {
    bench.drive_at(bench.edge(n), GpioPin::button_left, true);
    bench.drive_at(bench.edge(n + 10), GpioPin::button_left, false);
    expected.push_back(n + 2 + entry_cycles + 1);
  }
  bench.script.run();
  CHECK(bench.commits(claim) == expected);
}

TEST_CASE("cpu: an interrupt that comes during an access or a masked stretch waits for its end") {
  ScriptedMeter bench(ps_per_ms, {[](Bus& bus) {
                                    enable_button(bus);
                                    bus.enable_interrupts();
                                    bus.charge(1000);
                                    bus.disable_interrupts();
                                    bus.charge(2000);
                                    bus.read(counter);
                                    bus.enable_interrupts();
                                    bus.charge(100);
                                  },
                                  [](Bus& bus) {
                                    bus.read(claim);
                                    clear_button(bus);
                                    bus.write(complete, 3);
                                  }});
  bench.drive_at(bench.edge(2000), GpioPin::button_left, true);
  bench.script.run();
  const Cycle read_commit = bench.commits(counter).at(0);
  // One cycle of response, three to set MIE, then it is sampled.
  CHECK(bench.edges_of("interrupt_entry") == std::vector<Cycle>{read_commit + 1 + 3});
}

TEST_CASE("cpu: an interrupted charge goes on with the rest") {
  constexpr Cycle handler = 2 + 4 + 2;  // claim, clear, complete
  ScriptedMeter bench(ps_per_ms, {[](Bus& bus) {
                                    enable_button(bus);
                                    bus.enable_interrupts();
                                    bus.read(counter);
                                    bus.charge(5000);
                                    bus.read(counter);
                                  },
                                  [](Bus& bus) {
                                    bus.read(claim);
                                    clear_button(bus);
                                    bus.write(complete, 3);
                                  }});
  bench.drive_at(bench.edge(2000), GpioPin::button_left, true);
  bench.script.run();
  const auto commits = bench.commits(counter);
  REQUIRE(commits.size() == 2);
  CHECK(commits[1] - commits[0] == 1 + 5000 + entry_cycles + handler + exit_cycles + 3);
}

TEST_CASE("cpu: a higher priority nests in a handler that has enabled interrupts, a lower waits") {
  std::vector<std::uint32_t> order;
  const std::uint32_t timer = hal::pulse::base;
  ScriptedMeter bench(ps_per_ms, {[&](Bus& bus) {
                                    enable_button(bus);
                                    enable_source(bus, hal::Irq::pulse, 5);
                                    bus.write(timer + hal::pulse::compare,
                                              2100);  // while the button's handler runs
                                    bus.write(timer + hal::pulse::control, 1);
                                    bus.write(timer + 0x20 + hal::pulse::compare, 5000);
                                    bus.write(timer + 0x20 + hal::pulse::control, 1);
                                    bus.enable_interrupts();
                                    bus.charge(10'000);
                                  },
                                  [&](Bus& bus) {
                                    const std::uint32_t source = bus.read(claim);
                                    order.push_back(source);
                                    bus.enable_interrupts();
                                    bus.charge(300);
                                    if (source == 3) clear_button(bus);
                                    if (source == 2) {
                                      bus.write(timer + hal::pulse::status, 1);
                                      bus.write(timer + 0x20 + hal::pulse::status, 1);
                                    }
                                    bus.disable_interrupts();
                                    order.push_back(100 + source);
                                    bus.write(complete, source);
                                  }});
  bench.drive_at(bench.edge(2000), GpioPin::button_left, true);
  bench.drive_at(bench.edge(4000), GpioPin::button_left, false);
  bench.drive_at(bench.edge(5100), GpioPin::button_left, true);  // while the pulse's handler runs
  bench.script.run();
  CHECK(order == std::vector<std::uint32_t>{3, 2, 102, 103,  // nested
                                            2, 102, 3, 103});
  // The nested entry is sampled in the very cycle of the pulse's start.
  CHECK(bench.edges_of("interrupt_entry").at(1) == 2100);
}

TEST_CASE(
    "cpu: wait_for_interrupt returns at once, in 5 cycles, when one is pending while masked") {
  ScriptedMeter bench(ps_per_ms, {[](Bus& bus) {
                                    enable_button(bus);
                                    bus.charge(3000);
                                    bus.read(counter);
                                    bus.wait_for_interrupt();
                                    bus.read(counter);
                                  },
                                  [](Bus&) { FAIL("interrupts are disabled"); }});
  bench.drive_at(bench.edge(2000), GpioPin::button_left, true);
  bench.script.run();
  const auto commits = bench.commits(counter);
  REQUIRE(commits.size() == 2);
  CHECK(commits[1] - commits[0] == 1 + 5 + 3);
}

TEST_CASE("cpu: wait_for_interrupt sleeps until the cycle in which the interrupt comes") {
  ScriptedMeter bench(ps_per_ms, {[](Bus& bus) {
                        enable_button(bus);
                        bus.wait_for_interrupt();
                        bus.read(counter);
                      }});
  bench.drive_at(bench.edge(9000), GpioPin::button_left, true);
  bench.script.run();
  // INPUT at 9002, two cycles to wake, three to the commit edge.
  CHECK(bench.commits(counter) == std::vector<Cycle>{9002 + 2 + 3});
}

TEST_CASE("cpu: a source that is not enabled does not end the sleep") {
  ScriptedMeter bench(ps_per_ms, {[](Bus& bus) {
                        bus.write(hal::gpio::base + hal::gpio::rise_enable, 1);
                        bus.wait_for_interrupt();
                        bus.read(counter);
                      }});
  bench.drive_at(bench.edge(9000), GpioPin::button_left, true);
  bench.script.run();
  CHECK(bench.commits(counter).empty());
  CHECK(bench.meter->quiet());
}

TEST_CASE("cpu: bus errors and software resets rebuild the firmware and tell why") {
  std::vector<std::uint32_t> causes;
  std::vector<Cycle> begun;
  std::size_t life = 0;
  const std::vector<std::function<void(Bus&)>> ends = {
      [](Bus& bus) { bus.write(hal::sysctrl::base + hal::sysctrl::reset_request, 0x5AFE'0001); },
      [](Bus& bus) { bus.read(0x6000'0000); },
      [](Bus& bus) { bus.read(hal::gpio::base + 1); },
      [](Bus& bus) { bus.write(hal::flash_base, 0); },
      [](Bus& bus) { bus.read(hal::ram_base + hal::ram_size); },
      [](Bus& bus) { bus.read(hal::adc::base + 0x80); },
  };
  ScriptedMeter bench(10 * ps_per_ms, {[&](Bus& bus) {
                        causes.push_back(bus.read(hal::sysctrl::base + hal::sysctrl::reset_cause));
                        begun.push_back(bus.read(counter));
                        bus.charge(1000);
                        if (life < ends.size()) ends[life++](bus);
                      }});
  bench.script.run();
  CHECK(causes == std::vector<std::uint32_t>{1, 2, 4, 4, 4, 4, 4});
  // After the counter's commit: response and charge, then per end: commit edge at which a software
  // reset acts, or the response of a bus error; start-up; cause and counter.
  const Cycle resets[] = {3, 2, 4, 2, 2, 4};
  for (std::size_t i = 0; i + 1 < begun.size(); ++i) {
    CHECK(begun[i + 1] - begun[i] == 1 + 1000 + resets[i] + start_up + 4 + 3);
  }
  CHECK(bench.events.of("m1.reset", "reset").size() == 7);
}

TEST_CASE("cpu: a reset inside a nested handler leaves nothing of it behind") {
  int lives = 0;
  int interrupts = 0;
  const std::uint32_t timer = hal::pulse::base;
  ScriptedMeter bench(ps_per_ms, {[&](Bus& bus) {
                                    ++lives;
                                    enable_button(bus);
                                    enable_source(bus, hal::Irq::pulse, 5);
                                    if (lives == 1) {
                                      bus.write(timer + hal::pulse::width, 10'000);
                                      bus.write(timer + hal::pulse::compare, 2100);
                                      bus.write(timer + hal::pulse::control, 1);
                                    }
                                    bus.enable_interrupts();
                                    bus.charge(100'000);
                                  },
                                  [&](Bus& bus) {
                                    ++interrupts;
                                    const std::uint32_t source = bus.read(claim);
                                    bus.enable_interrupts();
                                    bus.charge(300);
                                    if (source == 2) bus.read(0x5000'0000);
                                    clear_button(bus);
                                    bus.disable_interrupts();
                                    bus.write(complete, source);
                                  }});
  bench.drive_at(bench.edge(2000), GpioPin::button_left, true);
  bench.drive_at(bench.edge(3000), GpioPin::button_left, false);
  bench.drive_at(bench.edge(9000), GpioPin::button_left, true);
  bench.script.run();
  CHECK(lives == 2);
  CHECK(interrupts == 3);
  const auto edges = bench.events.of("m1.led_active", "edge");
  REQUIRE(edges.size() == 2);
  CHECK(bench.cycle_of(bench.events.of("m1.reset", "reset").at(1).t) < 12'100);
  CHECK(bench.cycle_of(edges[0].t) == 2100);
  CHECK(bench.cycle_of(edges[1].t) == 12'100);  // the reset does not cut the pulse
}
