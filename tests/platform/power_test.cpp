// The supply comes and goes, the watchdog bites: to the clock, and whatever is under way.
#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "models/display/display.h"
#include "models/eeprom/eeprom.h"
#include "tests/platform/support/scripted_meter.h"

namespace {

namespace hal = metrology::hal;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_us;
using test::Cycle;

constexpr std::uint32_t counter_lo = hal::sysctrl::base + hal::sysctrl::counter_lo;

/// Reads the counter for ever: 4 cycles an access and 6 of computing.
void poll(test::Bus& bus) {
  while (true) {
    bus.read(counter_lo);
    bus.charge(6);
  }
}

struct Bench : test::ScriptedMeter {
  using ScriptedMeter::ScriptedMeter;
  void rail_at(Ps t, bool on) {
    script.at(t, [this, on] { meter->supply_input().rail(sc_core::sc_time_stamp().value(), on); });
  }
  std::vector<Ps> resets() const {
    std::vector<Ps> found;
    for (const auto& event : events.of("m1.reset", "reset")) found.push_back(event.t);
    return found;
  }
};

}  // namespace

TEST_CASE("power: the CPU acts up to the edge before the rail's fall, and not at that one") {
  // A fall at the picosecond of edge 1000, one before and one after it.
  struct Row {
    int offset_ps;
    Cycle first_dead;
  };
  const platform::ClockTree clock;
  Bench bench(ps_per_ms, {[](test::Bus& bus) {
                while (true) bus.read(hal::intc::base + hal::intc::pending);  // commits every other
              }});
  std::vector<Cycle> dead;
  Cycle begin = 0;
  for (const Row& row : {Row{-1, 1000}, Row{0, 1000}, Row{1, 1001}}) {
    bench.rail_at(clock.edge(begin + 1000) + static_cast<Ps>(row.offset_ps), false);
    bench.rail_at(clock.edge(begin + 1999) + 5, true);
    dead.push_back(begin + row.first_dead);
    begin += 2000;
  }
  bench.script.run();
  const auto commits = bench.commits(hal::intc::base + hal::intc::pending);
  for (std::size_t k = 0; k < dead.size(); ++k) {
    const Cycle on = 2000 * static_cast<Cycle>(k) + 2000;
    const auto first = std::lower_bound(commits.begin(), commits.end(), dead[k]);
    REQUIRE(first != commits.begin());
    // Accesses commit every second clock from edge on + 11: the last one lies right before.
    const Cycle powered = 2000 * static_cast<Cycle>(k);
    const Cycle phase = (powered + 11) % 2;
    const Cycle last = dead[k] - 1 - ((dead[k] - 1 - phase) % 2 + 2) % 2;
    CHECK(*(first - 1) == last);
    REQUIRE(first != commits.end());
    CHECK(*first == on + 10 + 1);  // start-up of 10 cycles, one to the commit edge
  }
}

TEST_CASE("power: at its return everything begins anew at the first edge, with cause power-on") {
  const platform::ClockTree clock;
  struct Row {
    Cycle near;
    int offset_ps;
    Cycle on;
  };
  Bench bench(10 * ps_per_ms, {[](test::Bus& bus) {
                bus.read(hal::sysctrl::base + hal::sysctrl::reset_cause);
                bus.read(counter_lo);
                bus.read(hal::rtc::base + hal::rtc::count);
                bus.write(hal::ram_base + 0x7000, bus.read(hal::ram_base + 0x7000) + 1);
                poll(bus);
              }});
  const std::vector<Row> rows{{20'000, -1, 20'000}, {40'000, 0, 40'000}, {60'000, 1, 60'001}};
  std::vector<Cycle> expected{0};
  for (const Row& row : rows) {
    bench.rail_at(clock.edge(row.near - 5'000), false);
    bench.rail_at(clock.edge(row.near) + static_cast<Ps>(row.offset_ps), true);
    expected.push_back(row.on);
  }
  bench.script.run();
  const auto resets = bench.resets();
  REQUIRE(resets.size() == expected.size());
  std::vector<std::uint64_t> causes;
  std::vector<std::uint64_t> counters;
  std::vector<std::uint64_t> ticks;
  std::vector<std::uint64_t> cells;
  for (const auto& access : bench.events.of("m1.cpu", "access")) {
    const std::uint64_t address = access.number("address");
    if (address == hal::sysctrl::base + hal::sysctrl::reset_cause) {
      causes.push_back(access.number("value"));
      counters.push_back(~0ull);
    } else if (address == counter_lo && !counters.empty() && counters.back() == ~0ull) {
      counters.back() = access.number("value");
    } else if (address == hal::rtc::base + hal::rtc::count) {
      ticks.push_back(access.number("value"));
    } else if (address == hal::ram_base + 0x7000 && access.number("write") == 0) {
      cells.push_back(access.number("value"));
    }
  }
  for (std::size_t k = 0; k < expected.size(); ++k) {
    INFO(k);
    CHECK(resets[k] == bench.edge(expected[k]));
    CHECK(causes.at(k) == hal::sysctrl::cause_power_on);
    CHECK(counters.at(k) == 10 + 4 + 3);  // start-up, one access, three to the second's commit
    CHECK(ticks.at(k) == 0);
    CHECK(cells.at(k) == 0);  // RAM forgets
  }
  CHECK(bench.meter->counter_origin() == 60'001);
}

TEST_CASE("power: a running pulse is cut at the edge, and said so, as is no other") {
  const std::uint32_t timer = hal::pulse::base + 2 * hal::pulse::stride;
  Bench bench(20 * ps_per_ms, {[&](test::Bus& bus) {
                bus.write(timer + hal::pulse::width, 50'000);
                bus.write(timer + hal::pulse::compare, 10'000);
                bus.write(timer + hal::pulse::control, 1);
              }});
  const platform::ClockTree clock;
  bench.rail_at(clock.edge(12'345) - 7, false);
  bench.rail_at(clock.edge(20'000), true);
  bench.script.run();
  const auto edges = bench.events.of("m1.s0_forward", "edge");
  REQUIRE(edges.size() == 4);  // the firmware arms again
  CHECK(bench.cycle_of(edges[0].t) == 10'000);
  CHECK(edges[1].t == bench.edge(12'345));
  CHECK(bench.cycle_of(edges[2].t) == 30'000);
  CHECK(bench.cycle_of(edges[3].t) == 80'000);
  const auto cuts = bench.events.of("m1.s0_forward", "cut");
  REQUIRE(cuts.size() == 1);
  CHECK(cuts[0].t == bench.edge(12'345));
  CHECK(bench.events.of("m1.led_active", "cut").empty());
}

TEST_CASE("power: outputs, interrupts and a sleeping CPU end with it") {
  int lives = 0;
  int interrupts = 0;
  Bench bench(100 * ps_per_ms, {[&](test::Bus& bus) {
                                  ++lives;
                                  bus.write(hal::gpio::base + hal::gpio::direction, 1u << 4);
                                  bus.write(hal::gpio::base + hal::gpio::output, 1u << 4);
                                  bus.write(hal::gpio::base + hal::gpio::rise_enable, 1);
                                  bus.write(hal::intc::base + hal::intc::priority_0 + 4 * 3, 1);
                                  bus.write(hal::intc::base + hal::intc::enable, 1u << 3);
                                  bus.enable_interrupts();
                                  bus.wait_for_interrupt();
                                },
                                [&](test::Bus& bus) {
                                  ++interrupts;
                                  bus.write(hal::gpio::base + hal::gpio::status, 1);
                                }});
  bench.rail_at(20 * ps_per_ms, false);
  bench.drive_at(30 * ps_per_ms, hal::GpioPin::button_left, true);
  bench.drive_at(31 * ps_per_ms, hal::GpioPin::button_left, false);
  bench.rail_at(50 * ps_per_ms, true);
  bench.drive_at(80 * ps_per_ms, hal::GpioPin::button_left, true);
  bool powered_between = true;
  bench.script.at(40 * ps_per_ms, [&] { powered_between = bench.meter->powered(); });
  bench.script.run();
  CHECK(!powered_between);
  CHECK(bench.meter->powered());
  CHECK(lives == 2);
  CHECK(interrupts == 1);
  const auto backlight = bench.events.of("m1.backlight", "edge");
  REQUIRE(backlight.size() == 3);
  // It changes with the LCD's frames, but goes with the supply.
  CHECK(bench.cycle_of(backlight[0].t) == 512 * 768);
  CHECK(bench.cycle_of(backlight[1].t) == bench.cycle_of(20 * ps_per_ms));
  CHECK(bench.events.of("m1.supply", "rail").size() == 2);
}

TEST_CASE("power: a rail that comes back before the next edge was never away") {
  Bench bench(ps_per_ms, {poll});
  const platform::ClockTree clock;
  bench.rail_at(clock.edge(1000) + 1, false);
  bench.rail_at(clock.edge(1001) - 1, true);
  bench.rail_at(clock.edge(2000), false);
  bench.rail_at(clock.edge(2000), true);
  bench.script.run();
  CHECK(bench.resets().size() == 1);
}

TEST_CASE("power: a meter whose rail is off at first begins when it comes") {
  Bench bench(ps_per_ms, {poll});
  bench.meter->supply_input().mains(0, false);
  bench.meter->supply_input().charged(0, false);
  bench.meter->supply_input().rail(0, false);
  bench.rail_at(100 * ps_per_us, true);
  bench.script.run();
  REQUIRE(bench.resets().size() == 1);
  CHECK(bench.resets()[0] == bench.edge(bench.cycle_of(100 * ps_per_us)));
  CHECK(bench.commits(counter_lo).front() == bench.cycle_of(100 * ps_per_us) + 10 + 3);
}

TEST_CASE("power: mains and charged show in the power monitor two edges later, and interrupt") {
  std::vector<std::uint32_t> states;
  Bench bench(ps_per_ms, {[&](test::Bus& bus) {
                            bus.write(hal::power::base + hal::power::enable, 7);
                            bus.write(hal::intc::base + hal::intc::priority_0 + 4 * 6, 1);
                            bus.write(hal::intc::base + hal::intc::enable, 1u << 6);
                            bus.enable_interrupts();
                            while (true) bus.charge(1000);
                          },
                          [&](test::Bus& bus) {
                            states.push_back(bus.read(hal::power::base + hal::power::state));
                            bus.write(hal::power::base + hal::power::events, 7);
                          }});
  const platform::ClockTree clock;
  bench.script.at(clock.edge(5000),
                  [&] { bench.meter->supply_input().mains(clock.edge(5000), false); });
  bench.script.at(clock.edge(9000) + 1,
                  [&] { bench.meter->supply_input().mains(clock.edge(9000) + 1, true); });
  bench.script.run();
  CHECK(states == std::vector<std::uint32_t>{hal::power::state_charged,
                                             hal::power::state_charged | hal::power::state_mains});
  CHECK(bench.edges_of("interrupt_entry") == std::vector<Cycle>{5002, 9003});
  CHECK(bench.events.of("m1.supply", "mains").size() == 2);
}

TEST_CASE("power: the watchdog resets at its edge, before what the CPU would do there") {
  std::vector<std::uint32_t> causes;
  Bench bench(ps_per_ms, {[&](test::Bus& bus) {
                causes.push_back(bus.read(hal::sysctrl::base + hal::sysctrl::reset_cause));
                if (causes.size() > 1) return;
                bus.write(hal::watchdog::base + hal::watchdog::timeout, 2);
                bus.write(hal::watchdog::base + hal::watchdog::control, 1);
                while (true) bus.read(hal::intc::base + hal::intc::pending);
              }});
  bench.script.run();
  CHECK(causes ==
        std::vector<std::uint32_t>{hal::sysctrl::cause_power_on, hal::sysctrl::cause_watchdog});
  const Cycle started = bench.commits(hal::watchdog::base + hal::watchdog::control).at(0);
  const Cycle bite = started + Cycle{2} * 768;
  REQUIRE(bench.resets().size() == 2);
  CHECK(bench.resets()[1] == bench.edge(bite));
  // started, its response, then commits every second clock.
  CHECK(bench.commits(hal::intc::base + hal::intc::pending).back() < bite);
  CHECK(bench.commits(hal::intc::base + hal::intc::pending).back() >= bite - 2);
  CHECK(bench.commits(hal::sysctrl::base + hal::sysctrl::reset_cause).at(1) == bite + 10 + 3);
  CHECK(bench.meter->counter_origin() == 0);  // the counter goes on
}

TEST_CASE("power: a rail that falls with the watchdog's bite wins") {
  Bench bench(ps_per_ms, {[](test::Bus& bus) {
                bus.write(hal::watchdog::base + hal::watchdog::timeout, 1);
                bus.write(hal::watchdog::base + hal::watchdog::control, 1);
                poll(bus);
              }});
  // start-up 10, TIMEOUT's write 4, CONTROL's commit 3 later.
  const Cycle bite = 10 + 4 + 3 + 768;
  bench.rail_at(bench.edge(bite), false);
  bench.rail_at(bench.edge(bite + 100), true);
  bench.script.run();
  const auto resets = bench.resets();
  REQUIRE(resets.size() >= 2);
  CHECK(resets[1] == bench.edge(bite + 100));
}

TEST_CASE("power: the EEPROM and the glass lose theirs at the same edge") {
  test::Recorder events;
  models::eeprom::Eeprom eeprom({}, events);
  models::display::Display display("m1.display", events);
  test::Script script(100 * ps_per_ms);
  test::SteppedSine silence{{{0, 0.0}}};
  platform::MeterConfig config;
  config.costs.start_up = 10;
  platform::MeterTerminals terminals;
  for (const models::pins::AnalogSource*& source : terminals.analog) source = &silence;
  terminals.glass = &display;
  terminals.i2c_device = &eeprom;
  int lives = 0;
  platform::Meter meter(config, terminals, test::factory_of({[&](test::Bus& bus) {
                          if (++lives > 1) return;
                          bus.write(hal::gpio::base + hal::gpio::direction, 1u << 5);  // WP low
                          bus.write(hal::lcd::base + hal::lcd::segment_0, 1);
                          bus.write(hal::lcd::base + hal::lcd::control, 1);
                          bus.write(hal::i2c::base + hal::i2c::control, 1);
                          bus.write(hal::i2c::base + hal::i2c::buffer_0, 0x5555'0000);
                          bus.charge(600'000);  // the first frame is past
                          bus.write(hal::i2c::base + hal::i2c::command, 0x50 | 4u << 8);
                        }}),
                        events, script);
  // The STOP comes 9500 clocks after the command or so, the cut 1 ms later: within the write time.
  const Ps cut = meter.clock().edge(600'000 + 35'000);
  script.at(cut, [&] { meter.supply_input().rail(cut, false); });
  script.at(50 * ps_per_ms, [&] { meter.supply_input().rail(50 * ps_per_ms, true); });
  script.run();
  CHECK(events.of("m1.eeprom", "write").size() == 1);
  const auto torn = events.of("m1.eeprom", "torn");
  REQUIRE(torn.size() == 1);
  CHECK(torn[0].t == cut);
  const auto shown = events.of("m1.display", "show");
  REQUIRE(shown.size() == 2);
  CHECK(shown[1].t == cut);
  CHECK(eeprom.state().powered);
  CHECK(eeprom.state().write_protected);
  CHECK(lives == 2);
}

TEST_CASE("power: the world must announce what it does to the supply") {
  Bench bench(ps_per_ms, {poll});
  const Ps unannounced = 100 * ps_per_us;
  sc_core::sc_start(sc_core::sc_time::from_value(unannounced));
  CHECK_THROWS_AS(bench.meter->supply_input().rail(unannounced, false), std::logic_error);
  CHECK_THROWS_AS(bench.meter->supply_input().mains(unannounced, false), std::logic_error);
  CHECK_THROWS_AS(bench.meter->supply_input().charged(unannounced, false), std::logic_error);
}

TEST_CASE("meter: damaged flash is read as it is, by access and directly") {
  std::uint32_t by_access = 0;
  std::int32_t directly = 0;
  std::uint32_t before = 0;
  Bench bench(ps_per_ms, {[&](test::Bus& bus) {
                before = bus.read(hal::program_block_base);
                bus.charge(10'000);
                by_access = bus.read(hal::program_block_base);
                directly = *bus.words(hal::program_block_base);
              }});
  bench.script.at(100 * ps_per_us,
                  [&] { bench.meter->damage_flash(hal::program_block_base, 0x10); });
  bench.script.run();
  CHECK(before == 0x5052'4F47);
  CHECK(by_access == (0x5052'4F47 ^ 0x10));
  CHECK(static_cast<std::uint32_t>(directly) == by_access);
  CHECK_THROWS_AS(bench.meter->damage_flash(hal::flash_size, 1), std::out_of_range);
  CHECK_THROWS_AS(bench.meter->damage_flash(2, 1), std::out_of_range);
}
