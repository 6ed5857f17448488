#include "tests/end_to_end/pulse_counts.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

namespace end_to_end {

double uneven_pulses(double step_W, double ripple_VA, double window_s, double imp_per_kWh) {
  const double two_pi = 2 * std::acos(-1.0);
  return pulses_of((step_W / 4 + ripple_VA / two_pi) * window_s, imp_per_kWh);
}

double held_up_pulses(double power_W, double imp_per_kWh) {
  return std::max(0.0, pulses_of(power_W * 0.041, imp_per_kWh) - 1);
}

void check_counts(Workbench& bench, const std::string& output, double imp_per_kWh,
                  Direction direction, const CountLimits& limits) {
  const auto expected = [&](Ps world) {
    double Ws = 0;
    for (int phase = 0; phase < 3; ++phase) {
      const auto energy = bench.truth(phase).active(0, world);
      Ws += direction == Direction::forward ? energy.forward : energy.reverse;
    }
    return pulses_of(Ws, imp_per_kWh);
  };
  const auto& pulses = bench.edges().pulses(output);
  REQUIRE(!pulses.empty());
  REQUIRE(pulses.front().start > active_latency);
  // The shares of the limits that were used up: by coming too early, and too late.
  double early = 0;
  double late = 0;
  for (std::size_t n = 0; n < pulses.size(); ++n) {
    const Ps world = pulses[n].start - active_latency;
    const double due = expected(world);
    const double count = static_cast<double>(n);
    const double stray = limits.stray(world);
    early = std::max(early, (count + 1 - due) / stray);
    late = std::max(late, (due - count) / (1 + limits.owed + stray));
  }
  const Ps world = bench.now() - active_latency;
  const double due = expected(world);
  const double count = static_cast<double>(pulses.size());
  early = std::max(early, (count - due) / limits.stray(world));
  late = std::max(late, (due - count) / (1 + limits.owed + limits.stray(world)));
  INFO(output << ": " << count << " pulses of " << due << "; limits used " << early << ", "
              << late);
  CHECK(early <= 1);
  CHECK(late <= 1);
}

void check_shapes(Workbench& bench, const std::string& output) {
  const auto& pulses = bench.edges().pulses(output);
  for (std::size_t n = 0; n < pulses.size(); ++n) {
    if (n > 0) CHECK(pulses[n].start - pulses[n - 1].end >= ps_per_ms);
    if (pulses[n].end == 0) {
      CHECK(n + 1 == pulses.size());  // only the last one may be on its way
      continue;
    }
    const double width_s = static_cast<double>(pulses[n].end - pulses[n].start) * 1e-12;
    double nearest_s = 1;
    for (const double ms : s0_widths_ms)
      nearest_s = std::min(nearest_s, std::abs(width_s - ms / 1e3));
    CHECK(nearest_s <= core_clock_s);
  }
}

}  // namespace end_to_end
