// What happens at one picosecond: the peripherals' actions of an edge come before the script's.
// The receivers remember, so the order shows.
#include <catch2/catch.hpp>
#include <optional>

#include "models/receivers/s0_receiver.h"
#include "tests/platform/support/child_run.h"
#include "tests/platform/support/dice.h"
#include "tests/platform/support/scripted_meter.h"

namespace {

namespace hal = metrology::hal;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::receivers::S0Receiver;
using models::receivers::S0Supply;
using platform::Cycle;
using platform::SyncMode;

constexpr S0Supply on_24_V{24, 2200};
constexpr S0Supply off{0, 2200};

constexpr Cycle first_pulse = 2000;
constexpr Cycle pulse_distance = 26'000;  // the timers keep 1 ms between two pulses
constexpr std::uint32_t width = 300;
constexpr int pulse_count = 12;
constexpr Ps end = 14 * ps_per_ms;

constexpr std::uint32_t timer(std::uint32_t channel) {
  return hal::pulse::base + hal::pulse::stride * channel;
}

void arm(test::Bus& bus, std::uint32_t channel, std::uint32_t compare, std::uint32_t clocks) {
  bus.write(timer(channel) + hal::pulse::width, clocks);
  bus.write(timer(channel) + hal::pulse::compare, compare);
  bus.write(timer(channel) + hal::pulse::control, hal::pulse::control_arm);
}

/// Pulses of known edges at S0 forward; short ones of random edges at the other outputs, so that
/// the kernel's queue holds something else each time.
void make_pulses(test::Bus& bus, std::uint64_t seed) {
  test::Dice dice(seed);
  for (std::uint32_t k = 0; k < pulse_count; ++k) {
    const auto start = static_cast<std::uint32_t>(first_pulse + pulse_distance * k);
    arm(bus, 2, start, width);
    for (const std::uint32_t channel : {0u, 1u, 3u}) {
      arm(bus, channel, start - dice.below(600), 1 + dice.below(50));
    }
    const std::uint32_t now = bus.read(hal::sysctrl::base + hal::sysctrl::counter_lo);
    bus.charge(start + width + 20 - now);
  }
}

/// A meter whose S0 outputs stand before receivers that remember.
struct Bench {
  Bench(SyncMode sync, std::function<void(test::Bus&)> firmware, platform::EventLog& log)
      : forward("m1.s0_forward", "m1.diagnostic", log, on_24_V),
        reverse("m1.s0_reverse", "m1.diagnostic", log, on_24_V) {
    platform::MeterConfig config;
    config.sync = sync;
    config.costs.start_up = 10;
    platform::MeterTerminals terminals;
    for (const models::pins::AnalogSource*& source : terminals.analog) source = &silence;
    terminals.pulse[2] = &forward;
    terminals.pulse[3] = &reverse;
    meter.emplace(config, terminals, test::factory_of({std::move(firmware)}), log, script);
  }
  void supply_at(Ps t, const S0Supply& supply) {
    script.at(t, [this, t, supply] {
      forward.set_supply(t, supply);
      reverse.set_supply(t, supply);
    });
  }

  test::Script script{end};
  test::SteppedSine silence{{{0, 0.0}}};
  S0Receiver forward;
  S0Receiver reverse;
  std::optional<platform::Meter> meter;
};

/// The supplies come and go at, 1 ps before and 1 ps after the pulses' edges.
Ps simulate(SyncMode sync, std::uint64_t seed, platform::EventLog& log) {
  Bench bench(
      sync, [seed](test::Bus& bus) { make_pulses(bus, seed); }, log);
  test::Dice dice(seed + 1000);
  const platform::ClockTree clock;
  for (Cycle k = 0; k < pulse_count; ++k) {
    for (const Cycle edge : {Cycle{0}, Cycle{width}}) {
      const Ps at = clock.edge(first_pulse + pulse_distance * k + edge) + dice.below(3) - 1;
      bench.supply_at(at, dice.once_in(2) ? on_24_V : off);
    }
  }
  bench.script.run();
  return end;
}

}  // namespace

TEST_CASE("instants: supplies that change at pulse edges give the same log in both sync modes") {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    std::string logs[2];
    for (const SyncMode sync : {SyncMode::horizon, SyncMode::cycle}) {
      logs[sync == SyncMode::cycle ? 1 : 0] =
          test::log_of([&](platform::EventLog& log) { return simulate(sync, seed, log); });
    }
    INFO("seed " << seed);
    CHECK(test::first_difference(logs[0], logs[1]) == test::no_difference);
    CHECK(logs[0].rfind("FAILED", 0) != 0);
    CHECK(test::line_count(logs[0]) > 2 * pulse_count);
  }
}

TEST_CASE("instants: at a pulse's own edge the pulse comes first, then the script") {
  // A supply that goes at edge + offset: the receiver sees the rising edge unless it went before.
  struct Row {
    int offset_ps;
    std::size_t edges;
  };
  for (const Row& row : {Row{-1, 0}, Row{0, 2}, Row{1, 2}}) {
    for (const SyncMode sync : {SyncMode::horizon, SyncMode::cycle}) {
      const std::string log = test::log_of([&](platform::EventLog& events) {
        Bench bench(
            sync, [](test::Bus& bus) { arm(bus, 2, first_pulse, width); }, events);
        const Ps edge = platform::ClockTree().edge(first_pulse);
        bench.supply_at(edge + static_cast<Ps>(row.offset_ps), off);
        bench.script.run();
        return end;
      });
      // The first line is the reset's.
      INFO("supply goes " << row.offset_ps << " ps from the edge\n" << log);
      CHECK(log.rfind("FAILED", 0) != 0);
      CHECK(test::line_count(log) == 1 + row.edges);
    }
  }
}
