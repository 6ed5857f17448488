// The S0 width table of the manual (pro380 §7), at its exact limits.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <iterator>

#include "metrology/energy/pulse_width.h"

using namespace metrology::energy;

namespace {

/// Width in ms of the table, written out a second time from the manual, per rate and power.
struct Limit {
  std::uint32_t watts;
  double below_ms;
  double from_ms;
};

struct RateBands {
  std::uint32_t rate_centi;
  double lowest_ms;
  std::initializer_list<Limit> limits;
};

const RateBands table[] = {
    {1'000'000, 40, {{2500, 40, 20}, {10000, 20, 10}, {20000, 10, 5}, {40000, 5, 2.5}}},
    {200'000, 40, {{2500, 40, 20}, {10000, 20, 10}, {20000, 10, 5}, {40000, 5, 2.5}}},
    {100'000, 40, {{2500, 40, 20}, {10000, 20, 10}, {20000, 10, 5}, {40000, 5, 2.5}}},
    {10'000, 40, {{50000, 40, 20}}},
    {1'000, 40, {}},
    {100, 40, {}},
    {10, 40, {}},
    {1, 40, {}},
};

/// Nearest core clock at 25.165824 MHz.
std::uint32_t cycles(double ms) { return static_cast<std::uint32_t>(std::lround(ms * 25165.824)); }

}  // namespace

TEST_CASE("Widths are the table's milliseconds to the nearest core clock") {
  CHECK(core_cycles_of_half_ms(80) == 1'006'633);  // 1 006 632.96
  CHECK(core_cycles_of_half_ms(40) == 503'316);    //   503 316.48
  CHECK(core_cycles_of_half_ms(20) == 251'658);    //   251 658.24
  CHECK(core_cycles_of_half_ms(10) == 125'829);    //   125 829.12
  CHECK(core_cycles_of_half_ms(5) == 62'915);      //    62 914.56
  CHECK(led_width_cycles == 50'332);               //    50 331.648
  CHECK(pulse_gap_cycles == 25'166);               //    25 165.824, never less than 1 ms
}

TEST_CASE("Every band of every rate ends exactly at its limit") {
  // P = energy · 675 · 2^20 / (5^12 · duration) W, duration in ticks: in 675 · 2^18 ticks, P watts
  // are P · 5^12 / 4 pWh, a whole number for these limits.
  const std::int64_t duration = std::int64_t{675} << 18;
  for (const RateBands& rate : table) {
    CAPTURE(rate.rate_centi);
    CHECK(s0_width_cycles(rate.rate_centi, 0, duration) == cycles(rate.lowest_ms));
    for (const Limit& limit : rate.limits) {
      CAPTURE(limit.watts);
      const std::uint64_t product = std::uint64_t{limit.watts} * 244'140'625;
      REQUIRE(product % 4 == 0);
      const std::uint64_t energy = product / 4;
      CHECK(s0_width_cycles(rate.rate_centi, energy - 1, duration) == cycles(limit.below_ms));
      CHECK(s0_width_cycles(rate.rate_centi, energy, duration) == cycles(limit.from_ms));
      CHECK(s0_width_cycles(rate.rate_centi, energy + 1, duration) == cycles(limit.from_ms));
      CHECK(s0_width_cycles(rate.rate_centi, energy, duration + 1) == cycles(limit.below_ms));
      CHECK(s0_width_cycles(rate.rate_centi, energy, duration - 1) == cycles(limit.from_ms));
    }
  }
}

TEST_CASE("Without a limit the width never changes") {
  for (const std::uint32_t rate_centi : {1'000U, 100U, 10U, 1U}) {
    // 12 MW for 31 ms, the most a CT meter of 7500/5 can show in its longest window.
    CHECK(s0_width_cycles(rate_centi, 318'000'000'000'000ULL, 25'165'824) == cycles(40));
  }
  CHECK(s0_width_cycles(1'000'000, 318'000'000'000'000ULL, 25'165'824) == cycles(2.5));
}

TEST_CASE("The rates of register 1066 are the eight of the manual") {
  for (const RateBands& rate : table) CHECK(is_s0_rate(rate.rate_centi));
  CHECK(std::size(s0_rates_centi) == std::size(table));
  CHECK_FALSE(is_s0_rate(0));
  CHECK_FALSE(is_s0_rate(500'000));
  CHECK_FALSE(is_s0_rate(2));
}
