// Full load while the mains misbehave, and from the very power-up: whatever happens to the windows,
// no energy is lost and none is counted twice.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "platform/metering_firmware.h"
#include "tests/end_to_end/pulse_counts.h"
#include "tests/end_to_end/workbench.h"

using namespace end_to_end;

namespace {

constexpr Load full_load{230, 100, 30};
constexpr double phase_VA = 230.0 * 100;
constexpr Ps first_event = 2 * ps_per_s;
/// Not a multiple of any cycle, so that events come at another point of the cycle each time.
constexpr Ps event_spacing = 1'037'123'456'789;
constexpr int event_count = 20;
constexpr Ps measured_from = 1'500 * ps_per_ms;
constexpr Ps measured_to = first_event + event_count * event_spacing + ps_per_s;

Setup fast_pulses() {
  Setup setup;
  setup.s0_rate_centi = 1'000'000;
  return setup;
}

struct Reading {
  BookedEnergy forward, reverse;
};

Reading read_phase(Workbench& bench, int phase) {
  const std::uint32_t part = 8u + 4u * static_cast<unsigned>(phase);
  const auto both = bench.raw_energies({0x3020 + part, 0x3040 + part});
  return {both[0], both[1]};
}

/// Runs all events and holds each phase's whole energy to 0.01 % and one window, of `window_s` at
/// most, all events together, and the pulses of all phases to the same.
void check_energy(Workbench& bench, double window_s) {
  bench.run_until(measured_from);
  const Reading first[] = {read_phase(bench, 0), read_phase(bench, 1), read_phase(bench, 2)};
  bench.run_until(measured_to);
  for (int phase = 0; phase < 3; ++phase) {
    const Reading begin = first[phase];
    const Reading end = read_phase(bench, phase);
    const double forward_Ws = (end.forward.Wh - begin.forward.Wh) * 3600;
    const double reverse_Ws = (end.reverse.Wh - begin.reverse.Wh) * 3600;
    const auto truth = bench.truth(phase).active(begin.forward.until, end.forward.until);
    const double window_Ws = phase_VA * window_s;
    INFO(fmt::format("L{}: forward {:.2f} Ws, reverse {:.2f} Ws, truth {:.2f} Ws, a window {:.1f}",
                     phase + 1, forward_Ws, reverse_Ws, truth.forward, window_Ws));
    REQUIRE(truth.forward > 10 * phase_VA);
    REQUIRE(truth.reverse == 0);
    CHECK(std::abs(forward_Ws - truth.forward) <= 1e-4 * truth.forward + window_Ws);
    CHECK(reverse_Ws <= window_Ws);
  }
  const double stray = pulses_of(3 * phase_VA * window_s, 10'000);
  check_counts(bench, "m1.s0_forward", 10'000, Direction::forward,
               {[&](Ps world) {
                  return stray +
                         pulses_of(1e-4 * bench.total_truth().active(0, world).forward, 10'000);
                },
                held_up_pulses(3 * phase_VA, 10'000)});
  CHECK(bench.row_integer(0xF050) == 0);  // no sample block was lost
}

}  // namespace

TEST_CASE("frequency steps at full load lose no energy") {
  Workbench bench(fast_pulses());
  bench.schedule(0, full_load);
  const double frequencies_Hz[] = {45, 60, 50, 52.37, 47.3, 51.2, 59.1};
  for (int n = 0; n < event_count; ++n) {
    bench.grid().schedule_frequency(first_event + static_cast<Ps>(n) * event_spacing,
                                    std::llround(frequencies_Hz[n % 7] * 1e9));
  }
  check_energy(bench, 1.0 / 45);
  CHECK(std::abs(bench.raw(0x2020) - frequencies_Hz[(event_count - 1) % 7]) <= 5e-4);
}

TEST_CASE("a reversed phase sequence at full load loses no energy") {
  Workbench bench(fast_pulses());
  bench.schedule(0, full_load);
  for (int n = 0; n < event_count; ++n) {
    bench.grid().schedule_sequence(first_event + static_cast<Ps>(n) * event_spacing, n % 2 == 0);
  }
  check_energy(bench, 1.0 / 50);
}

TEST_CASE("loss and return of the reference phase L1 at full load lose no energy") {
  Workbench bench(fast_pulses());
  bench.schedule(0, full_load);
  for (int n = 0; n < event_count; ++n) {
    bench.grid().schedule_dip(0, first_event + static_cast<Ps>(n) * event_spacing,
                              static_cast<Ps>(30 + 41 * n) * ps_per_ms, 0);
  }
  // Without a reference a window is forced after 128 samples.
  check_energy(bench, 128.0 / 4096);
}

TEST_CASE("interruption of all phases at full load loses no energy") {
  Workbench bench(fast_pulses());
  bench.schedule(0, full_load);
  for (int n = 0; n < event_count; ++n) {
    for (int phase = 0; phase < 3; ++phase) {
      bench.grid().schedule_dip(phase, first_event + static_cast<Ps>(n) * event_spacing,
                                static_cast<Ps>(30 + 41 * n) * ps_per_ms, 0);
    }
  }
  check_energy(bench, 128.0 / 4096);
}

namespace {

/// Where metering begins: metrology/signal/README.md says with the fifth sample set, whose content
/// is 2 samples and 382.5 modulator clocks (of 24 core clocks) older than its number.
Ps metered_from(Workbench& bench) {
  const auto& firmware =
      dynamic_cast<const platform::MeteringFirmware&>(*bench.meter().firmware()).firmware();
  constexpr std::int64_t sample_cycles = 6144;
  constexpr std::int64_t half_filter_cycles = 9'180;
  constexpr std::int64_t delay_cycles = 2 * sample_cycles + half_filter_cycles;
  return bench.meter().clock().edge(firmware.state().adc_start_cycle +
                                    bench.meter().counter_origin() + 4 * sample_cycles -
                                    delay_cycles);
}

/// Full load from the first picosecond on: from the fifth sample set on all of it is booked and
/// pulsed.
void check_power_up(const Load& load, double ripple_VA) {
  Workbench bench(fast_pulses());
  bench.schedule(0, load);
  bench.run_until(ps_per_s);
  const Ps from = metered_from(bench);
  // The first sample lies 15.625 ms after the reset.
  CHECK(from < 16 * ps_per_ms);
  const BookedEnergy booked = bench.raw_energy(0x3020);
  const auto& truth = bench.total_truth();
  CHECK(booked.Wh * 3600 == Approx(truth.active(from, booked.until).forward).epsilon(1e-4));
  const double unmetered = pulses_of(truth.active(0, from).forward, 10'000);
  // Accuracy after a second is a hundredth of a pulse.
  const double stray = uneven_pulses(0, ripple_VA, 0.02, 10'000) + 0.02;
  const CountLimits limits{[=](Ps) { return stray; }, unmetered};
  check_counts(bench, "m1.s0_forward", 10'000, Direction::forward, limits);
  check_counts(bench, "m1.led_active", 10'000, Direction::forward, limits);
  check_shapes(bench, "m1.s0_forward");
}

}  // namespace

TEST_CASE("full load from power-up is counted from the first samples on, balanced") {
  check_power_up({230, 100, 0}, 0);
}
TEST_CASE("full load from power-up is counted from the first samples on, L2 alone") {
  check_power_up({230, 100, 0, {false, true, false}}, 23'000);
}
