// The assembled meter: its ends, its neighbours, its state.
#include "platform/meter.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "platform/metering_firmware.h"
#include "tests/platform/support/child_run.h"
#include "tests/platform/support/generated_run.h"
#include "tests/platform/support/script.h"
#include "tests/platform/support/scripted_meter.h"

namespace {

namespace hal = metrology::hal;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_us;
using platform::SyncMode;

std::string lines_of(const std::string& log, const std::string& instance_prefix) {
  std::istringstream lines(log);
  std::string line;
  std::string found;
  while (std::getline(lines, line)) {
    if (line.find("\"instance\":\"" + instance_prefix) != std::string::npos) found += line + '\n';
  }
  return found;
}

/// t of the first line.
Ps time_of(const std::string& lines) {
  return std::stoull(lines.substr(std::string("{\"t\":").size()));
}

/// The real firmware under a load of 3 × 230 V · 60 A with requests and a dip of the crystal.
Ps simulate_metering(SyncMode sync, platform::EventLog& log) {
  const Ps duration = 600 * ps_per_ms + 1;
  test::Script script(duration);
  platform::MeterConfig config;
  config.parameters.magic = hal::parameter_page_magic;
  config.parameters.variant = hal::MeterVariant::mod;
  config.parameters.s0_rate_centi = 1'000'000;
  config.sync = sync;
  config.trace_bus = true;
  platform::MeterTerminals terminals;
  std::vector<std::unique_ptr<test::SteppedSine>> sources;
  for (std::size_t k = 0; k < terminals.analog.size(); ++k) {
    const double amplitude = k < 3 ? 325.27 : k < 6 ? 84.85 : 0;
    sources.push_back(std::make_unique<test::SteppedSine>(
        std::vector<test::SteppedSine::Step>{{0, amplitude}, {300 * ps_per_ms + 7, amplitude / 2}},
        static_cast<double>(k % 3) / -3.0));
    terminals.analog[k] = sources.back().get();
  }
  platform::Meter meter(config, terminals, platform::metering_firmware(), log, script);
  for (Ps t = 10 * ps_per_ms; t < duration; t += 41 * ps_per_ms) {
    script.at(t, [&meter] {
      meter.debug_port().read_row(0x2080, nullptr);
      meter.debug_port().read_raw(0x3000, nullptr);
    });
  }
  script.at(350 * ps_per_ms, [&meter] { meter.set_crystal_ppb(-80'000); });
  script.at(400 * ps_per_ms,
            [&meter] { meter.debug_port().write_row(0x1066, {0x447A'0000}, nullptr); });
  script.run();
  return duration;
}

}  // namespace

TEST_CASE("meter: with its own firmware both sync modes write the same log") {
  const std::string horizon = test::log_of(
      [](platform::EventLog& log) { return simulate_metering(SyncMode::horizon, log); });
  const std::string cycle =
      test::log_of([](platform::EventLog& log) { return simulate_metering(SyncMode::cycle, log); });
  CHECK(test::first_difference(horizon, cycle) == test::no_difference);
  CHECK(!lines_of(horizon, "m1.s0_forward").empty());
  CHECK(!lines_of(horizon, "m1.registers").empty());
}

TEST_CASE("meter: one second of everything, both sync modes write the same log") {
  test::GeneratedRun run{424'242, 1000 * ps_per_ms, SyncMode::horizon};
  const std::string horizon = test::log_of(run);
  run.sync = SyncMode::cycle;
  CHECK(test::first_difference(horizon, test::log_of(run)) == test::no_difference);
  CHECK(test::line_count(horizon) > 10'000);
}

TEST_CASE("meter: the CPU acts on nothing at or beyond the end of the run") {
  // Ends around the edges of a busy stretch: whatever the end, the log is the beginning of a longer
  // run's log.
  const platform::ClockTree clock(0);
  const std::string whole = test::log_of({77, 400 * ps_per_us, SyncMode::cycle});
  for (const platform::Cycle n : {5000, 5001, 5002, 5003, 5004, 5005}) {
    for (const int offset_ps : {-1, 0, 1, 2}) {
      const Ps end = clock.edge(n) + static_cast<Ps>(offset_ps);
      std::string logs[2];
      for (const SyncMode sync : {SyncMode::horizon, SyncMode::cycle}) {
        logs[sync == SyncMode::cycle ? 1 : 0] = test::log_of([&](platform::EventLog& log) {
          return test::simulate({77, 400 * ps_per_us, sync, 1, -1, nullptr, end}, log);
        });
      }
      INFO("end " << offset_ps << " ps from edge " << n);
      CHECK(test::first_difference(logs[0], logs[1]) == test::no_difference);
      CHECK(whole.compare(0, logs[0].size(), logs[0]) == 0);
      CHECK(!logs[0].empty());
    }
  }
}

TEST_CASE("meter: the log of a shorter run is all of the longer one's before its end") {
  // A firmware that polls the mailbox, answers (a record of the registers, told one clock later)
  // and goes on polling.
  const auto simulate = [](SyncMode sync, Ps end, platform::EventLog& log) {
    test::Script script(end);
    test::SteppedSine silence{{{0, 0.0}}};
    platform::MeterConfig config;
    config.sync = sync;
    config.costs.start_up = 10;
    config.trace_bus = true;
    platform::MeterTerminals terminals;
    for (const models::pins::AnalogSource*& source : terminals.analog) source = &silence;
    platform::Meter meter(config, terminals, test::factory_of({[](test::Bus& bus) {
                            while (true) {
                              if (bus.read(hal::mailbox::base + hal::mailbox::status) != 0) {
                                bus.write(hal::mailbox::base + hal::mailbox::reply, 1);
                              }
                              bus.charge(7);
                            }
                          }}),
                          log, script);
    script.at(50 * ps_per_us, [&] { meter.debug_port().write_row(1, {}, nullptr); });
    script.run();
    return end;
  };
  const auto log_until = [&](SyncMode sync, Ps end) {
    return test::log_of([&](platform::EventLog& log) { return simulate(sync, end, log); });
  };
  const std::string whole = log_until(SyncMode::horizon, 60 * ps_per_us);
  const std::string answers = lines_of(whole, "m1.registers");
  REQUIRE(test::line_count(answers) == 1);
  const Ps answered = time_of(answers);
  const platform::ClockTree clock;
  const platform::Cycle edge = clock.at_or_after(answered);
  REQUIRE(clock.edge(edge) == answered);  // also the commit edge of the write to REPLY
  for (const platform::Cycle n : {edge - 1, edge, edge + 1}) {
    for (const int offset_ps : {-1, 0, 1, 2}) {
      const Ps end = clock.edge(n) + static_cast<Ps>(offset_ps);
      std::string expected;
      std::istringstream lines(whole);
      for (std::string line; std::getline(lines, line);) {
        if (time_of(line) < end) expected += line + '\n';
      }
      for (const SyncMode sync : {SyncMode::horizon, SyncMode::cycle}) {
        INFO("end " << offset_ps << " ps from edge " << n - edge << " after the answer's");
        CHECK(test::first_difference(expected, log_until(sync, end)) == test::no_difference);
      }
    }
  }
}

TEST_CASE("meter: two in one process live as each would alone") {
  for (const SyncMode sync : {SyncMode::horizon, SyncMode::cycle}) {
    test::GeneratedRun run{31, 8 * ps_per_ms, sync, 2};
    const std::string both = test::log_of(run);
    for (const int number : {0, 1}) {
      run.only = number;
      const std::string alone = test::log_of(run);
      CHECK(alone.rfind("FAILED", 0) != 0);
      CHECK(test::first_difference(lines_of(both, "m" + std::to_string(number) + "."), alone) ==
            test::no_difference);
    }
  }
}

TEST_CASE("meter: a crystal that changes at the very edge of a pulse leaves the edge there") {
  const std::uint32_t timer = hal::pulse::base;
  const platform::ClockTree nominal;
  test::ScriptedMeter bench(ps_per_ms, {[&](test::Bus& bus) {
                              bus.write(timer + hal::pulse::width, 100);
                              bus.write(timer + hal::pulse::compare, 5000);
                              bus.write(timer + hal::pulse::control, 1);
                            }});
  bench.script.at(nominal.edge(5000), [&] { bench.meter->set_crystal_ppb(1000); });
  bench.script.at(nominal.edge(5100), [&] { bench.meter->set_crystal_ppb(0); });
  bench.script.run();
  const auto edges = bench.events.of("m1.led_active", "edge");
  REQUIRE(edges.size() == 2);
  CHECK(bench.cycle_of(edges[0].t) == 5000);
  CHECK(bench.cycle_of(edges[1].t) == 5100);
}

TEST_CASE("meter: the world is refused at an instant that the CPU has passed unannounced") {
  test::ScriptedMeter bench(ps_per_ms, {[](test::Bus& bus) {
                              while (true) bus.charge(10);
                            }});
  const Ps unannounced = 100 * ps_per_us;
  sc_core::sc_start(sc_core::sc_time::from_value(unannounced));
  CHECK_THROWS_AS(bench.meter->gpio_input(hal::GpioPin::button_left).drive(unannounced, true),
                  std::logic_error);
  CHECK_THROWS_AS(bench.meter->debug_port().read_row(1, nullptr), std::logic_error);
  CHECK_THROWS_AS(bench.meter->set_crystal_ppb(1), std::logic_error);
  CHECK_THROWS_AS(bench.meter->state(), std::logic_error);  // nor is it quiet
}

TEST_CASE("meter: a terminal with nothing connected is refused with a sentence") {
  test::Script script(ps_per_ms);
  platform::NoLog log;
  CHECK_THROWS_WITH(platform::Meter({}, {}, test::factory_of({[](test::Bus&) {}}), log, script),
                    "m1: nothing is connected to analog input u1");
}

TEST_CASE("meter: a crystal that changes takes armed pulses and a sleeping CPU along") {
  const std::uint32_t timer = hal::pulse::base;
  test::ScriptedMeter bench(4 * ps_per_ms, {[&](test::Bus& bus) {
                              bus.write(timer + hal::pulse::width, 30'000);
                              bus.write(timer + hal::pulse::compare, 20'000);
                              bus.write(timer + hal::pulse::control, 1);
                              bus.charge(80'000);
                              bus.read(hal::sysctrl::base + hal::sysctrl::counter_lo);
                            }});
  const platform::ClockTree nominal;
  bench.script.at(nominal.edge(10'000), [&] { bench.meter->set_crystal_ppb(1'000'000); });
  bench.script.at(nominal.edge(30'000), [&] { bench.meter->set_crystal_ppb(-1'000'000); });
  bench.script.run();
  const auto edges = bench.events.of("m1.led_active", "edge");
  REQUIRE(edges.size() == 2);
  // 10 000 edges at +1000 ppm from edge 10 000 on: 10 000 · 39 736.43 / 1.001 ps.
  const double period = 244140625.0 / 6144;
  CHECK(static_cast<double>(edges[0].t) == Approx(period * (10'000 + 10'000 / 1.001)).margin(1));
  // At nominal edge 30 000 the fast clock has made 20 020 edges: the next one begins the stretch.
  const Ps changed = bench.edge(30'020);
  CHECK(changed >= nominal.edge(30'000));
  CHECK(changed <= nominal.edge(30'000) + 1);
  CHECK(static_cast<double>(edges[1].t) ==
        Approx(static_cast<double>(changed) + period * (50'000 - 30'020) / 0.999).margin(2));
  const auto commits = bench.commits(hal::sysctrl::base + hal::sysctrl::counter_lo);
  REQUIRE(commits.size() == 1);
}
