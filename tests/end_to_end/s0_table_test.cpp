// Every cell of the manual's S0 table, end to end, half a per mille either side of each limit: the
// width to one core clock, on edges of the core clock, the interval to a tenth of a sample.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/end_to_end/pulse_counts.h"
#include "tests/end_to_end/workbench.h"

using namespace end_to_end;

namespace {

/// Manual §5, "Pulse width": power below which a width holds.
struct Band {
  double below_W;
  double width_ms;
};
const std::vector<Band> fast_rates = {
    {2'500, 40}, {10'000, 20}, {20'000, 10}, {40'000, 5}, {1e9, 2.5}};
const std::vector<Band> rate_100 = {{50'000, 40}, {1e9, 20}};
const std::vector<Band> slow_rates = {{1e9, 40}};

double width_at(const std::vector<Band>& bands, double power_W) {
  for (const Band& band : bands) {
    if (power_W < band.below_W) return band.width_ms;
  }
  return 0;
}

constexpr double sample_s = 1.0 / 4096;
/// A step is settled when its windows have been played: 78.125 ms and one window later.
constexpr Ps settling = 200 * ps_per_ms;

/// One of the two, and the lag that makes it pulse.
struct Output {
  const char* name;
  const char* idle_name;
  double lag_deg;
};
constexpr Output forward{"m1.s0_forward", "m1.s0_reverse", 0};
constexpr Output reverse{"m1.s0_reverse", "m1.s0_forward", 180};

/// A stretch of constant power.
struct Stay {
  double power_W;
  Ps begin;
  Ps end;
};

/// Checks the pulses of one stay; returns how many there were.
int check_stay(Workbench& bench, const Output& output, const Stay& stay, double imp_per_kWh,
               double width_ms) {
  const auto& clock = bench.meter().clock();
  const auto& pulses = bench.edges().pulses(output.name);
  const double period_s = 3.6e6 / (imp_per_kWh * stay.power_W);
  int checked = 0;
  for (std::size_t n = 0; n < pulses.size(); ++n) {
    const Pulse& pulse = pulses[n];
    if (pulse.start < stay.begin + settling || pulse.start >= stay.end || pulse.end == 0) continue;
    INFO(stay.power_W << " W at " << imp_per_kWh << " imp/kWh, pulse at " << pulse.start << " ps");
    const auto first = clock.at_or_after(pulse.start);
    const auto last = clock.at_or_after(pulse.end);
    CHECK(clock.edge(first) == pulse.start);
    CHECK(clock.edge(last) == pulse.end);
    CHECK(std::abs(static_cast<double>(last - first) - width_ms * 1e-3 / core_clock_s) <= 1.0);
    if (checked > 0) {
      const double interval_s = static_cast<double>(pulse.start - pulses[n - 1].start) * 1e-12;
      CHECK(std::abs(interval_s - period_s) <= 0.1 * sample_s + compensator_error * period_s);
    }
    ++checked;
  }
  return checked;
}

/// Visits every cell of one rate's row, and stays until three pulses at least have come.
void check_rate(double imp_per_kWh, const std::vector<Band>& bands, const Output& output) {
  Setup setup;
  setup.s0_rate_centi = static_cast<std::uint32_t>(std::lround(imp_per_kWh * 100));
  Workbench bench(setup);
  std::vector<double> powers_W;
  for (const Band& band : bands) {
    if (band.below_W > 1e6) break;
    powers_W.push_back(band.below_W * 0.9995);
    powers_W.push_back(band.below_W * 1.0005);
  }
  if (powers_W.empty()) powers_W = {40'000, 82'800};
  std::vector<Stay> stays;
  Ps at = 0;
  for (const double power_W : powers_W) {
    const double length_s = std::max(2.0, 3.2 * 3.6e6 / (imp_per_kWh * power_W));
    bench.schedule(at, {230, power_W / (3 * 230), output.lag_deg});
    stays.push_back({power_W, at, at + static_cast<Ps>(length_s * 1e12)});
    at = stays.back().end;
  }
  stays.front().begin = ps_per_s;  // the first windows after power-up are no whole cycles
  bench.run_until(at);
  for (const Stay& stay : stays) {
    CHECK(check_stay(bench, output, stay, imp_per_kWh, width_at(bands, stay.power_W)) >= 2);
  }
  CHECK(bench.edges().pulses(output.idle_name).empty());
}

}  // namespace

TEST_CASE("S0 table: 10 000 imp/kWh") { check_rate(10'000, fast_rates, forward); }
TEST_CASE("S0 table: 2 000 imp/kWh") { check_rate(2'000, fast_rates, forward); }
TEST_CASE("S0 table: 1 000 imp/kWh") { check_rate(1'000, fast_rates, forward); }
TEST_CASE("S0 table: 100 imp/kWh") { check_rate(100, rate_100, forward); }
TEST_CASE("S0 table: 10 imp/kWh") { check_rate(10, slow_rates, forward); }
TEST_CASE("S0 table: 1 imp/kWh") { check_rate(1, slow_rates, forward); }
TEST_CASE("S0 table: 0.1 imp/kWh") { check_rate(0.1, slow_rates, forward); }
TEST_CASE("S0 table: 0.01 imp/kWh") { check_rate(0.01, slow_rates, forward); }
TEST_CASE("S0 table, reverse: 10 000 imp/kWh") { check_rate(10'000, fast_rates, reverse); }
TEST_CASE("S0 table, reverse: 2 000 imp/kWh") { check_rate(2'000, fast_rates, reverse); }
TEST_CASE("S0 table, reverse: 1 000 imp/kWh") { check_rate(1'000, fast_rates, reverse); }
TEST_CASE("S0 table, reverse: 100 imp/kWh") { check_rate(100, rate_100, reverse); }
TEST_CASE("S0 table, reverse: 10 imp/kWh") { check_rate(10, slow_rates, reverse); }
TEST_CASE("S0 table, reverse: 1 imp/kWh") { check_rate(1, slow_rates, reverse); }
TEST_CASE("S0 table, reverse: 0.1 imp/kWh", "[slow]") { check_rate(0.1, slow_rates, reverse); }
TEST_CASE("S0 table, reverse: 0.01 imp/kWh", "[slow]") { check_rate(0.01, slow_rates, reverse); }
