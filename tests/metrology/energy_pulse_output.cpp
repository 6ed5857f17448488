// The play-out: pulses(t) = floor(E_played(t) · rate) − debt(t) at all times, no pulse cut, lost or
// armed in the past, each with the width of the power played at its start.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

#include "metrology/energy/debt_watch.h"
#include "metrology/energy/pulse_output.h"
#include "tests/metrology/pulse_player.h"

using namespace metrology;
using namespace metrology::energy;
using namespace tests;

namespace {

constexpr double cycle_50_Hz = 81.92;

double seconds(std::int64_t cycles) { return static_cast<double>(cycles) / 25'165'824.0; }

}  // namespace

TEST_CASE("The identity holds at all times under random loads") {
  for (const std::uint32_t rate_centi : s0_rates_centi) {
    std::mt19937_64 random(rate_centi);
    Player player(rate_centi);
    double forward = 1000.0;
    double reverse = 0.0;
    for (int n = 0; n < 3000; ++n) {
      if (random() % 40 == 0) {
        forward =
            random() % 5 == 0 ? 0.0 : std::pow(10.0, static_cast<double>(random() % 5100) / 1000.0);
        reverse =
            random() % 2 == 0 ? 0.0 : std::pow(10.0, static_cast<double>(random() % 5000) / 1000.0);
      }
      const double samples =
          random() % 50 == 0 ? 128.0 : 62.0 + static_cast<double>(random() % 30'000) / 1000.0;
      player.window(samples, forward, reverse);
    }
    for (const int channel : {s0_forward, s0_reverse, led_active}) {
      player.check_identity(player.now(), channel);
      // The width is that of the power being played at the start.
      for (const Started& pulse : player.starts(channel)) {
        const double power = player.power_at(pulse.start, channel);
        if (channel == led_active) {
          REQUIRE(pulse.width == 50'332);
        } else if (rate_centi >= 100'000) {
          const double ms = power < 2500    ? 40.0
                            : power < 10000 ? 20.0
                            : power < 20000 ? 10.0
                            : power < 40000 ? 5.0
                                            : 2.5;
          REQUIRE(pulse.width == std::llround(ms * 25165.824));
        }
      }
    }
  }
}

TEST_CASE("At constant power starts are even to one core clock") {
  // 2 kW at 1000 imp/kWh: 1.8 s; 23 kW at 10 000: 15.652 ms.
  for (const auto& [power, rate_centi] : {std::pair{2000.0, 100'000U}, {23000.0, 1'000'000U}}) {
    Player player(rate_centi);
    for (int n = 0; n < 1000; ++n) player.window(cycle_50_Hz, power);
    const std::vector<Started>& starts = player.starts(s0_forward);
    const double interval = 3.6e6 / (rate_centi / 100.0 * power);
    REQUIRE(starts.size() >= 8);
    for (std::size_t n = 1; n < starts.size(); ++n) {
      // Rounded down to a clock at both ends, energies to 1 pWh of at least 10⁹ a window.
      CHECK(seconds(starts[n].start - starts[n - 1].start) ==
            Approx(interval).margin(1.5 / 25'165'824.0));
    }
    // The first whole pulse of energy has come one interval after the beginning, plus the latency.
    CHECK(seconds(starts.front().start) ==
          Approx(interval + seconds(play_offset_cycles)).margin(1.5 / 25'165'824.0));
  }
}

TEST_CASE("A step from 2.4 kW to 69 kW at 10 000 imp/kWh owes at most 8 pulses, soon drained") {
  for (int offset = 0; offset < 40; ++offset) {
    Player player(1'000'000);
    for (int n = 0; n < 50 + offset; ++n) player.window(cycle_50_Hz, 2400);
    std::int64_t most = 0;
    double drained_s = 0;
    const std::int64_t step = player.now();
    for (int n = 0; n < 60; ++n) {
      player.window(cycle_50_Hz, 69000);
      most = std::max(most, player.owed(s0_forward));
      if (player.owed(s0_forward) > 0) drained_s = seconds(player.now() - step);
    }
    // During a 40 ms pulse begun just before the step and its gap, 191.67 /s · 41 ms = 7.9 pulses
    // fall due, at most 8 of them whole.
    CHECK(most <= 8);
    CHECK(player.owed(s0_forward) == 0);
    CHECK(drained_s < 0.35);  // latency 77 ms + 41 ms + the drain at 285.7 − 191.7 a second
    player.check_identity(player.now(), s0_forward);
    bool wide_seen = false;
    bool narrow_seen = false;
    for (const Started& pulse : player.starts(s0_forward)) {
      wide_seen = wide_seen || pulse.width == 1'006'633;
      narrow_seen = narrow_seen || pulse.width == 62'915;
      CHECK((pulse.width == 1'006'633 || pulse.width == 62'915));
    }
    CHECK(wide_seen);
    CHECK(narrow_seen);
  }
}

TEST_CASE("Opposing phases of 23 kW owe a pulse every 15.65 ms on both outputs") {
  Player player(1'000'000);
  for (int n = 0; n < 500; ++n) player.window(cycle_50_Hz, 23000, 23000);
  for (const int channel : {s0_forward, s0_reverse}) {
    const std::vector<Started>& starts = player.starts(channel);
    REQUIRE(starts.size() > 600);
    const double mean = seconds(starts.back().start - starts.front().start) /
                        static_cast<double>(starts.size() - 1);
    CHECK(mean == Approx(3.6 / 230.0).epsilon(1e-6));
    CHECK(starts.back().width == 125'829);
  }
  // The LED shows both: 46 kW, half the interval.
  CHECK(player.starts(led_active).size() >= 2 * player.starts(s0_forward).size() - 2);
}

TEST_CASE("Beyond saturation the debt grows by what is not carried, and is kept") {
  Player player(1'000'000);
  for (int n = 0; n < 50; ++n) player.window(cycle_50_Hz, 120000);
  const std::int64_t first = player.owed(s0_forward);
  const std::int64_t first_at = player.now();
  for (int n = 0; n < 500; ++n) player.window(cycle_50_Hz, 120000);
  const double grown = static_cast<double>(player.owed(s0_forward) - first);
  // 120 kW is 333.33 pulses a second, 2.5 ms + 1 ms carry 285.71.
  CHECK(grown == Approx(seconds(player.now() - first_at) * (120.0 / 0.36 - 1 / 0.0035)).margin(2));
  player.check_identity(player.now(), s0_forward);
  // It drains when the load is gone, every pulse of it, at the width of no power: 40 ms.
  const std::int64_t owed = player.owed(s0_forward);
  const std::size_t before = player.starts(s0_forward).size();
  while (player.owed(s0_forward) > 0 && player.now() < first_at * 100) player.window(128, 0);
  CHECK(player.owed(s0_forward) == 0);
  CHECK(static_cast<std::int64_t>(player.starts(s0_forward).size() - before) >= owed);
  player.check_identity(player.now(), s0_forward);
}

TEST_CASE("Constant power up to the limit of width plus gap is carried without debt") {
  Player player(1'000'000);
  for (int n = 0; n < 500; ++n) player.window(cycle_50_Hz, 102'800);
  CHECK(player.owed(s0_forward) <= 1);
  Player over(1'000'000);
  for (int n = 0; n < 500; ++n) over.window(cycle_50_Hz, 104'000);
  // 10 s of 104 kW owe 3.17 /s more than 285.71.
  CHECK(over.owed(s0_forward) > 25);
}

TEST_CASE("A rate change keeps fraction and debt and holds at once") {
  std::mt19937_64 random(11);
  Player player(1'000'000);
  for (int n = 0; n < 4000; ++n) {
    player.window(70.0 + static_cast<double>(random() % 20'000) / 1000.0,
                  static_cast<double>(random() % 130'000), static_cast<double>(random() % 20'000));
    if (random() % 7 == 0) {
      player.rate(s0_rates_centi[random() % std::size(s0_rates_centi)]);
      player.check_identity(player.now(), s0_forward);
      player.check_identity(player.now(), s0_reverse);
    }
  }
}

TEST_CASE("A change to a slow rate fires no burst and loses no fraction") {
  // 18 kW at 10 000 imp/kWh: a pulse every 20 ms; then at 1 imp/kWh: one every 200 s.
  Player player(1'000'000);
  for (int n = 0; n < 100; ++n) player.window(cycle_50_Hz, 18'000);
  const std::size_t before = player.starts(s0_forward).size();
  player.rate(100);
  for (int n = 0; n < 100; ++n) player.window(cycle_50_Hz, 18'000);
  CHECK(player.starts(s0_forward).size() - before <= 1);
  player.check_identity(player.now(), s0_forward);
}

TEST_CASE("A pulse is due in the clock its energy completes in, neither before nor after") {
  // One pulse's energy, 10^17 / 10^6 pWh, in 100 clocks: complete at the end of the window, which
  // is the beginning of clock 1100.
  PulseState state;
  reset(state, 1'000'000);
  PlayWindow window{32'000, 35'200, {}};
  window.energies.output_pWh[s0_forward] = 100'000'000'000;
  push(state, window);
  window = {35'200, 38'400, {}};
  window.energies.output_pWh[s0_forward] = 150'000'000'000;
  push(state, window);
  CHECK(debt(state, s0_forward, 1098) == 0);
  CHECK(debt(state, s0_forward, 1099) == 0);
  CHECK(debt(state, s0_forward, 1100) == 1);
  // The second is due two thirds through the second window, at 1166.67: in clock 1166.
  CHECK(debt(state, s0_forward, 1165) == 1);
  CHECK(debt(state, s0_forward, 1166) == 2);
  const PulsePlan first = plan(state, s0_forward, 0);
  CHECK(first.known);
  CHECK(first.start_cycle == 1100);
  pulse_started(state, s0_forward, 1100, 10);
  state.output[s0_forward].free_from_cycle = 0;
  CHECK(plan(state, s0_forward, 0).start_cycle == 1166);
  pulse_started(state, s0_forward, 1166, 10);
  CHECK(debt(state, s0_forward, 1166) == 0);
  // A rate change at that very clock finds the pulse due: it was, by the clock's end.
  change_s0_rate(state, 1, 1166);
  CHECK(debt(state, s0_forward, 1166) == 0);
}

TEST_CASE("A full ring owes its oldest window's pulses at once instead of losing them") {
  PulseState state;
  reset(state, 1'000'000);
  std::uint64_t sum = 0;
  for (int n = 0; n < 40; ++n) {
    PlayWindow window{n * 1'000'000'000LL, (n + 1) * 1'000'000'000LL, {}};
    window.energies.output_pWh[s0_forward] = 3'333'333'333'333ULL;
    push(state, window);
    sum += 3'333'333'333'333ULL;
  }
  const std::int64_t end = 40LL * 1'000'000'000 / 32;
  CHECK(debt(state, s0_forward, end) ==
        static_cast<std::int64_t>(Native{sum} * 1'000'000 / Native{100'000'000'000'000'000ULL}));
}

TEST_CASE("Debt that keeps growing for five seconds is said until it falls") {
  DebtWatch watched{};
  for (const std::int64_t owed : {3, 4, 5, 6}) {
    watch(watched, owed);
    CHECK_FALSE(watched.growing);
  }
  watch(watched, 7);
  CHECK(watched.growing);
  watch(watched, 6);  // the play of one pulse
  CHECK(watched.growing);
  watch(watched, 5);
  CHECK_FALSE(watched.growing);
  // From here on anew: growth as slow as a pulse in three seconds is noticed, too.
  for (const std::int64_t owed : {5, 5, 6, 6, 6}) {
    watch(watched, owed);
    CHECK_FALSE(watched.growing);
  }
  watch(watched, 7);
  CHECK(watched.growing);
  watch(watched, 0);
  CHECK_FALSE(watched.growing);
}

TEST_CASE("Debt that drains, stands still or comes and goes is not said to grow") {
  const auto never_growing = [](std::initializer_list<std::int64_t> debts) {
    DebtWatch watched{};
    for (const std::int64_t owed : debts) {
      watch(watched, owed);
      if (watched.growing) return false;
    }
    return true;
  };
  CHECK(never_growing({2, 1500, 1400, 1300, 1200, 1100, 1000, 900}));
  CHECK(never_growing({100, 98, 96, 94, 92, 90, 88, 86}));
  CHECK(never_growing({100, 99, 99, 98, 98, 97, 97, 96, 96, 95}));
  CHECK(never_growing({7, 8, 7, 8, 8, 7, 8, 7, 8, 7, 8}));
  CHECK(never_growing({0, 6, 0, 6, 0, 6, 0, 6, 0, 6}));
}
