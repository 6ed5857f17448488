// The tariff input's judgement (pro380 §9): recognised from 160 V, released from 100 V, within
// 100 ms, unmoved by a missing half-wave; over 45 … 60 Hz and all phases.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>

#include "metrology/energy/mains_input.h"
#include "metrology/hal/memory_map.h"

using namespace metrology;
using namespace metrology::energy;

namespace {

constexpr double block_s = 128.0 / 4096;
constexpr double core_hz = 25'165'824.0;
const double pi = std::acos(-1.0);

/// A voltage on the input: `before_V` up to `change_s`, `after_V` from then on, and the half-wave
/// `missing` (counted from second 0) not there. Its half-waves begin `phase` of one after second 0.
struct Input {
  double hz;
  double phase;  ///< 0 … 1
  double before_V;
  double after_V;
  double change_s;
  int missing = -1;

  /// Seconds within [from, to] that the opto-coupler conducts.
  double high_s(double from, double to) const {
    const double half_s = 0.5 / hz;
    double sum = 0;
    const int first = static_cast<int>(std::floor(from / half_s - phase));
    for (int n = first; (n + phase) * half_s < to; ++n) {
      if (n == missing) continue;
      const double begin = (n + phase) * half_s;
      sum += conducted(begin, half_s, before_V, from, std::min(to, change_s));
      sum += conducted(begin, half_s, after_V, std::max(from, change_s), to);
    }
    return sum;
  }

 private:
  static double conducted(double begin, double half_s, double volts, double from, double to) {
    const double peak = volts * std::sqrt(2.0);
    if (peak <= 120.0) return 0;
    const double angle = std::asin(120.0 / peak) / pi;
    return std::max(
        0.0, std::min(begin + (1 - angle) * half_s, to) - std::max(begin + angle * half_s, from));
  }
};

/// The judgements at the ends of blocks.
class Judge {
 public:
  explicit Judge(const Input& input) : input_(input) { take(0); }

  /// Returns whether it is judged by now.
  bool block() {
    const double end_s = (blocks_ + 1) * block_s;
    high_s_ += input_.high_s(blocks_ * block_s, end_s);
    ++blocks_;
    return take(end_s);
  }
  bool on() const { return state_.on; }
  double now_s() const { return blocks_ * block_s; }

 private:
  bool take(double at_s) {
    return take_reading(state_, {static_cast<std::uint32_t>(std::llround(at_s * core_hz)),
                                 static_cast<std::uint32_t>(std::llround(high_s_ * core_hz))});
  }

  Input input_;
  MainsInput state_{};
  int blocks_ = 0;
  double high_s_ = 0;
};

/// How finely frequency, phase and the instant of a change within a block are swept.
struct Sweep {
  double step_hz;
  int phases;
  int instants;
  int missing;  ///< half-waves, one at a time, of which one is missing after the change; 0: none is
};

/// The worst delay from a change to its judgement; none if one was never judged, or was judged and
/// then taken back within half a second.
std::optional<double> worst_delay_s(double before_V, double after_V, const Sweep& sweep) {
  constexpr int blocks_before = 3;
  double worst = 0;
  const auto try_one = [&](const Input& input) {
    Judge judge(input);
    while (judge.now_s() < input.change_s - block_s) judge.block();
    const bool before = judge.on();
    if (before != (before_V > after_V)) return false;
    while (judge.on() == before) {
      judge.block();
      if (judge.now_s() > input.change_s + 1) return false;
    }
    worst = std::max(worst, judge.now_s() - input.change_s);
    for (int n = 0; n < 16; ++n) {
      judge.block();
      if (judge.on() == before) return false;
    }
    return true;
  };
  for (int step = 0; 45 + step * sweep.step_hz <= 60; ++step) {
    const double hz = 45 + step * sweep.step_hz;
    for (int phase = 0; phase < sweep.phases; ++phase) {
      for (int instant = 0; instant < sweep.instants; ++instant) {
        // One core clock behind a boundary is the worst instant there is.
        const double change_s =
            (blocks_before + static_cast<double>(instant) / sweep.instants) * block_s + 1 / core_hz;
        Input input{hz, static_cast<double>(phase) / sweep.phases, before_V, after_V, change_s, -1};
        for (int missing = 0; missing < std::max(1, sweep.missing); ++missing) {
          if (sweep.missing > 0) input.missing = static_cast<int>(change_s * 2 * hz) + missing;
          if (!try_one(input)) return std::nullopt;
        }
      }
    }
  }
  return worst;
}

/// Whether a steady voltage, with or without a missing half-wave, is judged `on` at every block.
bool always(double volts, bool on, bool missing) {
  for (int step = 0; step <= 300; ++step) {
    const double hz = 45 + 0.05 * step;
    for (int phase = 0; phase < 200; ++phase) {
      Judge judge({hz, phase / 200.0, volts, volts, 0, missing ? static_cast<int>(2 * hz) : -1});
      while (!judge.block()) {
      }
      for (int n = 0; n < 60; ++n) {
        if (judge.on() != on) return false;
        judge.block();
      }
    }
  }
  return true;
}

}  // namespace

TEST_CASE("From 160 V on the tariff input is recognised, from 100 V down never, at every phase") {
  CHECK(always(160, true, false));
  CHECK(always(276, true, false));
  CHECK(always(100, false, false));
  CHECK(always(0, false, false));
}

TEST_CASE("One missing half-wave changes nothing") {
  CHECK(always(160, true, true));
  CHECK(always(230, true, true));
  CHECK(always(100, false, true));
}

TEST_CASE("The tariff input is recognised and released within three blocks, 93.75 ms") {
  struct Step {
    double before_V, after_V;
  };
  for (const Step step : {Step{0, 160}, Step{100, 160}, Step{0, 276}, Step{160, 100},
                          Step{276, 100}, Step{276, 0}, Step{160, 0}}) {
    CAPTURE(step.before_V, step.after_V);
    const std::optional<double> delay =
        worst_delay_s(step.before_V, step.after_V, {0.25, 40, 48, 0});
    REQUIRE(delay);
    CHECK(*delay < 3 * block_s);
    CHECK(*delay > 1.5 * block_s);  // nothing shorter could tell them apart
  }
}

TEST_CASE("A half-wave that is missing just after 160 V came does not delay them") {
  const std::optional<double> delay = worst_delay_s(0, 160, {0.5, 20, 16, 12});
  REQUIRE(delay);
  CHECK(*delay < 3 * block_s);
}

TEST_CASE("Any steady voltage is judged the same for ever") {
  std::mt19937_64 random(11);
  for (int n = 0; n < 20'000; ++n) {
    const double volts = 80 + static_cast<double>(random() % 10'000) / 100;
    const double hz = 45 + static_cast<double>(random() % 1500) / 100;
    Judge judge({hz, static_cast<double>(random() % 1000) / 1000, volts, volts, 0});
    while (!judge.block()) {
    }
    int changes = 0;
    bool on = judge.on();
    for (int block = 0; block < 100; ++block) {
      judge.block();
      changes += judge.on() != on ? 1 : 0;
      on = judge.on();
    }
    CAPTURE(volts, hz);
    REQUIRE(changes <= 1);  // between the thresholds it may take a while to be recognised
  }
}

TEST_CASE("The judgement's limits hold to the core clock, across a counter that wraps") {
  constexpr std::uint32_t block = 786'432;  // 128 · 6144 core clocks
  for (const bool was_on : {false, true}) {
    // 0.5 and 0.41 of 1 572 864: 786 432 and 644 874.24.
    for (const std::uint32_t high : was_on ? std::array<std::uint32_t, 2>{644'874, 644'875}
                                           : std::array<std::uint32_t, 2>{786'431, 786'432}) {
      const std::uint32_t start = 0xFFFF'FF00;
      MainsInput input{{{start, start}, {start + block, start + high / 2}}, 2, was_on};
      CHECK(take_reading(input, {start + 2 * block, start + high}));
      CHECK(input.on == (high == 786'432 || high == 644'875));
    }
  }
}

TEST_CASE("Nothing is judged before two blocks have passed") {
  MainsInput input{};
  CHECK_FALSE(take_reading(input, {0, 0}));
  CHECK_FALSE(take_reading(input, {786'432, 786'432}));
  CHECK_FALSE(input.on);
  CHECK(take_reading(input, {2 * 786'432, 2 * 786'432}));
  CHECK(input.on);
}
