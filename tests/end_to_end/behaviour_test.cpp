// Starting, standing still, directions, rounding, correction, and a day without drift.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/end_to_end/workbench.h"

using namespace end_to_end;

namespace {

/// EN 50470-3: at Ist and power factor 1 the meter starts and goes on; 3·230·Ist W.
void check_start(MeterVariant variant, double current_A) {
  constexpr int flashes = 3;
  Setup setup;
  setup.variant = variant;
  Workbench bench(setup);
  bench.schedule(0, {230, current_A, 0});
  const double tau_s = 360 / (690 * current_A);
  bench.run_until(static_cast<Ps>((tau_s * flashes + 2) * 1e12));
  const auto& seen = bench.edges().pulses("m1.led_active");
  REQUIRE(seen.size() == static_cast<std::size_t>(flashes));
  for (std::size_t n = 1; n < seen.size(); ++n) {
    CHECK(static_cast<double>(seen[n].start - seen[n - 1].start) * 1e-12 ==
          Approx(tau_s).epsilon(1e-3));
  }
}

}  // namespace

TEST_CASE("a direct meter starts at 20 mA") { check_start(MeterVariant::mod, 0.020); }
TEST_CASE("a CT meter starts at 1.5 mA") { check_start(MeterVariant::mod_ct, 0.0015); }

TEST_CASE("it stands still at 1.15 Un without current") {
  Setup setup;
  setup.variant = MeterVariant::s_ct;
  Workbench bench(setup);
  bench.schedule(0, {1.15 * 230, 0, 0});
  bench.run_until(1'200 * ps_per_s);  // EN 50470-3 asks for 20.2 min of class C with ≤ 1 pulse
  CHECK(bench.edges().pulses("m1.led_active").empty());
  CHECK(bench.edges().pulses("m1.led_reactive").empty());
  CHECK(bench.edges().pulses("m1.s0_forward").empty());
  CHECK(bench.raw_energy(0x3020).Wh == 0);
  CHECK(bench.raw(0x2068) == 0);
  CHECK(bench.raw(0x2008) == Approx(1.15 * 230).epsilon(1e-4));
}

TEST_CASE("a change of direction costs at most one cycle's energy") {
  Workbench bench(Setup{});
  for (int n = 0; n < 40; ++n) {
    // 1.037 s: the reversal comes at another point of the cycle each time.
    bench.schedule(static_cast<Ps>(n) * 1'037 * ps_per_ms, {230, 20, n % 2 == 0 ? 0.0 : 180.0});
  }
  bench.run_until(ps_per_s);
  struct Reading {
    BookedEnergy forward, reverse;
  };
  const auto read = [&](int phase) {
    const std::uint32_t part = 8u + 4u * static_cast<unsigned>(phase);
    return Reading{bench.raw_energy(0x3020 + part), bench.raw_energy(0x3040 + part)};
  };
  const Reading first[] = {read(0), read(1), read(2)};
  bench.run_until(42 * ps_per_s);
  const double cycle_Wh = 230 * 20 * 0.020 / 3600;
  for (int phase = 0; phase < 3; ++phase) {
    const Reading begin = first[phase];
    const Reading end = read(phase);
    const auto& truth = bench.truth(phase);
    const double forward = end.forward.Wh - begin.forward.Wh;
    const double reverse = end.reverse.Wh - begin.reverse.Wh;
    const auto forward_truth = truth.active(begin.forward.until, end.forward.until);
    const auto reverse_truth = truth.active(begin.reverse.until, end.reverse.until);
    CHECK(std::abs(forward - forward_truth.forward / 3600) <= 39 * cycle_Wh);
    CHECK(std::abs(reverse - reverse_truth.reverse / 3600) <= 39 * cycle_Wh);
    // What the directions lose to each other, the sum does not: whole windows are netted.
    const double net = (forward_truth.forward - reverse_truth.reverse) / 3600;
    CHECK(forward - reverse == Approx(net).margin(1e-4 * 42 * 4.6 / 3.6));
  }
}

TEST_CASE("the firmware corrects a sensor's ratio and phase error") {
  // 0.3 % and 2 µs (2.2 minutes of arc at 50 Hz) of late current, 1 µs of it by the ADC's start
  // offset nearest to it: at power factor 0.25 uncorrected 0.24 %.
  Setup setup;
  for (std::size_t phase = 0; phase < 3; ++phase) {
    setup.sensors.current[phase].ratio_error = 0.003;
    setup.sensors.current[phase].delay_ps = 700'000;
    setup.calibration[phase].current_ppm = -2991;  // 1/1.003 − 1
    setup.calibration[phase].current_delay_ns = -700;
  }
  Workbench bench(setup);
  bench.schedule(0, {230, 5, std::acos(0.25) * 180 / std::acos(-1.0)});
  bench.run_until(2 * ps_per_s);
  const BookedEnergy first = bench.raw_energy(0x3020);
  bench.run_until(7 * ps_per_s);
  const BookedEnergy second = bench.raw_energy(0x3020);
  const double truth = bench.total_truth().active(first.until, second.until).forward / 3600;
  CHECK((second.Wh - first.Wh) / truth == Approx(1).margin(1e-4));
}
