// The play-out: pulses(t) = floor(E_played(t) · rate) − debt(t) at all times, no pulse cut, lost or
// armed in the past, each with the width of the power played at its start.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "metrology/energy/debt_watch.h"
#include "metrology/energy/pulse_output.h"

using namespace metrology;
using namespace metrology::energy;

namespace {

__extension__ using Native = unsigned __int128;

constexpr std::int64_t cycles_per_sample = hal::core_cycles_per_sample;
constexpr std::int64_t cycles_per_block = cycles_per_sample * hal::block_samples;
/// Where the firmware plays: 320 samples later less the signal path's 21468 clocks.
constexpr std::int64_t play_offset_cycles = 320 * cycles_per_sample - 21'468;
constexpr std::int64_t lead_cycles = 25'166;
constexpr int s0_forward = static_cast<int>(hal::PulseChannel::s0_forward);
constexpr int s0_reverse = static_cast<int>(hal::PulseChannel::s0_reverse);
constexpr int led_active = static_cast<int>(hal::PulseChannel::led_active);

struct Started {
  std::int64_t start;
  std::int64_t width;
};

/// All of one output's history, kept apart from the code under test.
struct Reference {
  std::vector<Started> starts;
  Native settled = 0;  ///< phase before `window`, in pWh · 0.01 imp/kWh
  std::uint32_t rate_centi = 0;
};

/// Plays windows as the firmware does: samples come in blocks, windows are known at the end of the
/// block they end in, pulses start when their time has come.
class Player {
 public:
  explicit Player(std::uint32_t s0_rate_centi) {
    reset(state_, s0_rate_centi);
    for (int channel = 0; channel < 4; ++channel) {
      reference_[channel].rate_centi = state_.output[channel].rate_centi;
    }
  }

  /// Adds a window of `samples` samples and 1/65536 with powers in W per output.
  void window(double samples, double forward_W, double reverse_W = 0.0) {
    const std::int64_t begin = end_ticks_;
    const auto ticks = static_cast<std::int64_t>(samples * 65536.0) * 3;
    end_ticks_ += ticks;
    const double hours = static_cast<double>(ticks) / 32.0 / 25'165'824.0 / 3600.0;
    PlayWindow made{begin + play_offset_cycles * 32, end_ticks_ + play_offset_cycles * 32, {}};
    const auto pWh = [&](double power) {
      return static_cast<std::uint64_t>(std::llround(power * hours * 1e12));
    };
    made.energies.output_pWh[s0_forward] = pWh(forward_W);
    made.energies.output_pWh[s0_reverse] = pWh(reverse_W);
    made.energies.output_pWh[led_active] = pWh(forward_W) + pWh(reverse_W);
    waiting_.push_back(made);
    all_.push_back(made);
    while ((block_ + 1) * cycles_per_block * 32 < end_ticks_) next_block();
  }

  void rate(std::uint32_t rate_centi) {
    start_until(now_);
    change_s0_rate(state_, rate_centi, now_);
    settle_reference(now_ + 1);
    for (const int channel : {s0_forward, s0_reverse}) {
      state_.output[channel].armed = false;
      reference_[channel].rate_centi = rate_centi;
      arm(channel, now_ + lead_cycles);
    }
  }

  /// Checks the identity at `at` clocks for an output; pulses due in [t, t + 1) start at t.
  void check_identity(std::int64_t at, int channel) const {
    std::int64_t started = 0;
    for (const Started& pulse : reference_[channel].starts) started += pulse.start <= at ? 1 : 0;
    REQUIRE(started == due(at, channel) - debt(state_, channel, at));
    REQUIRE(debt(state_, channel, at) >= 0);
  }

  /// Whole pulses' worth of energy played before the end of clock `at`.
  std::int64_t due(std::int64_t at, int channel) const {
    Native whole = 0;
    const Native one = Native{100'000'000} * 1'000'000'000;
    const std::int64_t at_ticks = (at + 1) * 32;
    Native sum = reference_[channel].settled;
    for (std::size_t n = settled_windows_; n < all_.size(); ++n) {
      const PlayWindow& window = all_[n];
      if (window.begin_ticks >= at_ticks) break;
      const Native gain =
          Native{window.energies.output_pWh[channel]} * reference_[channel].rate_centi;
      if (window.end_ticks <= at_ticks) {
        sum += gain;
        continue;
      }
      const auto length = static_cast<Native>(window.end_ticks - window.begin_ticks);
      const auto elapsed = static_cast<Native>(at_ticks - window.begin_ticks);
      whole = sum / one;
      const Native rest = (sum - whole * one) * length + gain * elapsed;
      return static_cast<std::int64_t>(whole + (rest == 0 ? 0 : (rest - 1) / (one * length)));
    }
    return static_cast<std::int64_t>(sum / one);
  }

  std::int64_t now() const { return now_; }
  std::int64_t owed(int channel) const { return debt(state_, channel, now_); }
  const std::vector<Started>& starts(int channel) const { return reference_[channel].starts; }
  /// Power in W of what an output plays at a clock.
  double power_at(std::int64_t cycle, int channel) const {
    for (const PlayWindow& window : all_) {
      if (cycle * 32 >= window.end_ticks) continue;
      const double seconds =
          static_cast<double>(window.end_ticks - window.begin_ticks) / 32.0 / 25'165'824.0;
      return static_cast<double>(window.energies.output_pWh[channel]) * 1e-12 * 3600.0 / seconds;
    }
    return 0.0;
  }

 private:
  void next_block() {
    ++block_;
    const std::int64_t arrival = block_ * cycles_per_block + 160'000;  // computing takes its time
    start_until(arrival);
    now_ = arrival;
    for (int channel = 0; channel < 4; ++channel) {
      for (std::int64_t back = 0; back < cycles_per_block; back += 98'765) {
        if (now_ - back > 0) check_identity_settled(now_ - back, channel);
      }
    }
    settle(state_, now_);
    std::size_t taken = 0;
    for (const PlayWindow& window : waiting_) {
      const std::int64_t content_end = window.end_ticks - play_offset_cycles * 32;
      if (content_end > block_ * cycles_per_block * 32) break;
      push(state_, window);
      ++taken;
      for (int channel = 0; channel < 4; ++channel) {
        if (!state_.output[channel].armed) arm(channel, now_ + 1);
      }
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken));
  }

  /// As check_identity, but debt() knows only instants after the last settling.
  void check_identity_settled(std::int64_t at, int channel) const {
    if (at * 32 < settled_until_ticks()) return;
    std::int64_t started = 0;
    for (auto pulse = reference_[channel].starts.rbegin();
         pulse != reference_[channel].starts.rend() && pulse->start > at; ++pulse) {
      ++started;
    }
    // debt() counts pulses started later as started: put them back.
    const std::int64_t owed_then = debt(state_, channel, at) + started;
    REQUIRE(owed_then >= 0);
    REQUIRE(static_cast<std::int64_t>(reference_[channel].starts.size()) - started ==
            due(at, channel) - owed_then);
  }

  std::int64_t settled_until_ticks() const {
    return state_.count == 0 ? now_ * 32 : state_.window[state_.first].begin_ticks;
  }

  void settle_reference(std::int64_t cycle) {
    // Moves the reference's own settled sum to `cycle`, splitting the window there.
    const std::int64_t at_ticks = cycle * 32;
    while (settled_windows_ < all_.size() && all_[settled_windows_].begin_ticks < at_ticks) {
      PlayWindow& window = all_[settled_windows_];
      const bool whole = window.end_ticks <= at_ticks;
      for (int channel = 0; channel < 4; ++channel) {
        std::uint64_t& energy = window.energies.output_pWh[channel];
        const auto played = static_cast<std::uint64_t>(
            whole ? Native{energy}
                  : Native{energy} * static_cast<Native>(at_ticks - window.begin_ticks) /
                        static_cast<Native>(window.end_ticks - window.begin_ticks));
        reference_[channel].settled += Native{played} * reference_[channel].rate_centi;
        energy -= played;
      }
      if (!whole) {
        window.begin_ticks = at_ticks;
        return;
      }
      ++settled_windows_;
    }
  }

  void arm(int channel, std::int64_t earliest) {
    const PulsePlan planned = plan(state_, channel, earliest);
    if (!planned.known) return;
    // The requirement: nothing is armed for the past.
    REQUIRE(planned.start_cycle > now_);
    OutputState& output = state_.output[channel];
    output.armed = true;
    output.armed_start_cycle = planned.start_cycle;
    output.armed_width_cycles = planned.width_cycles;
  }

  void start_until(std::int64_t cycle) {
    for (int channel = 0; channel < 4; ++channel) {
      OutputState& output = state_.output[channel];
      while (output.armed && output.armed_start_cycle <= cycle) {
        now_ = output.armed_start_cycle;
        const Started pulse{output.armed_start_cycle, output.armed_width_cycles};
        std::vector<Started>& starts = reference_[channel].starts;
        if (!starts.empty()) {
          REQUIRE(pulse.start >= starts.back().start + starts.back().width + pulse_gap_cycles);
        }
        starts.push_back(pulse);
        pulse_started(state_, channel, pulse.start, output.armed_width_cycles);
        arm(channel, output.free_from_cycle);
      }
    }
    now_ = cycle;
  }

  PulseState state_;
  Reference reference_[4];
  std::vector<PlayWindow> waiting_;
  std::vector<PlayWindow> all_;
  std::size_t settled_windows_ = 0;
  std::int64_t end_ticks_ = 0;
  std::int64_t block_ = 0;
  std::int64_t now_ = 0;
};

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

TEST_CASE("A step from 2.4 kW to 69 kW at 10 000 imp/kWh leaves at most 6 pulses of debt") {
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
    // A 40 ms pulse begun just before the step hides 191.67 /s · 41 ms = 7.9 pulses' time; those
    // due before and the next in time are none of the debt.
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

TEST_CASE("Debt that keeps growing for five seconds is said until it is gone") {
  DebtWatch watched{};
  for (const std::int64_t owed : {3, 4, 5, 6}) {
    watch(watched, owed);
    CHECK_FALSE(watched.growing);
  }
  watch(watched, 7);
  CHECK(watched.growing);
  watch(watched, 2);
  CHECK(watched.growing);
  watch(watched, 0);
  CHECK_FALSE(watched.growing);

  // Debt that drains slowly is not growing.
  for (std::int64_t owed = 100; owed > 0; --owed) watch(watched, owed);
  CHECK_FALSE(watched.growing);
  // A step's short debt is not either.
  for (const std::int64_t owed : {0, 6, 0, 6, 0, 6, 0, 6, 0, 6}) watch(watched, owed);
  CHECK_FALSE(watched.growing);
}
