// Where windows begin and end: tiling, force, loss and return of phases, ramps, distortion.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/metrology/signal_synthesis.h"

using namespace metrology::signal;
using metrology::hal::block_samples;
using namespace tests;

namespace {

constexpr double resistive_A = 10;

SixChannels resistive_load(double rms_V, double frequency_hz) {
  SixChannels channels = three_phase_voltages(rms_V, frequency_hz, direct_full_scale_A);
  for (std::size_t phase = 0; phase < 3; ++phase) {
    channels[3 + phase].tones = {{frequency_hz, resistive_A, channels[phase].tones[0].phase_rad}};
  }
  return channels;
}

void require_tiling(const std::vector<Window>& windows) {
  REQUIRE(!windows.empty());
  for (std::size_t k = 0; k < windows.size(); ++k) {
    const SampleTime length = windows[k].end - windows[k].begin;
    REQUIRE(length >= shortest_window_samples * one_sample);
    REQUIRE(length <= longest_window_samples * one_sample);
    if (k > 0) REQUIRE(windows[k].begin == windows[k - 1].end);
  }
}

double samples(const Window& window) {
  return static_cast<double>(window.end - window.begin) / 65536;
}

double content_s(SampleTime time) {
  return static_cast<double>(time) / 65536 / sample_rate_hz - content_delay_s;
}

// ∫ of 2·U·I·sin²(2πft + phase) over a window's content [Ws].
double resistive_energy(const Window& window, double rms_V, double frequency_hz, double phase_rad) {
  const auto integral = [&](double t) {
    return t - std::sin(2 * (2 * pi * frequency_hz * t + phase_rad)) / (4 * pi * frequency_hz);
  };
  return rms_V * resistive_A *
         (integral(content_s(window.end)) - integral(content_s(window.begin)));
}

// A sum of straight lines between samples misses, at each end of an interval, 1/12 of the power's
// slope there (Euler and Maclaurin; at most S·2·2πf/4096) and up to 1/120 of its second difference;
// over whole cycles the ends cancel. Besides, 1e-4 of a sample for rounding.
double splitting_tolerance(double rms_V, double frequency_hz) {
  const double angle = 4 * pi * frequency_hz / sample_rate_hz;
  return rms_V * resistive_A * (2 * angle / 12 + 2 * angle * angle / 120 + 1e-4) / sample_rate_hz;
}

int count_irregular(const std::vector<Window>& windows, double from_s) {
  int count = 0;
  for (const Window& window : windows) {
    if (!window.regular && content_s(window.begin) > from_s) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("windows: one cycle each, without gaps, from the first second on regular", "[signal]") {
  for (const double frequency : {33.0, 45.0, 50.0, 51.2, 52.37, 60.0, 80.0}) {
    const auto windows = run_path(3, resistive_load(230, frequency));
    require_tiling(windows);
    CHECK(count_irregular(windows, 0.15) == 0);
    for (const Window& window : windows) {
      if (content_s(window.begin) < 0.15) continue;
      // An interpolated crossing is true to 1e-4 sample (sine against straight line).
      REQUIRE(samples(window) == Approx(sample_rate_hz / frequency).margin(2e-4));
    }
  }
}

TEST_CASE("windows: the first one begins with the fifth set, and is no cycle", "[signal]") {
  for (const std::int64_t first_set : {std::int64_t{0}, std::int64_t{block_samples} * 100}) {
    for (const double frequency : {45.0, 50.0, 60.0}) {
      const SixChannels channels = resistive_load(230, frequency);
      SignalState state;
      reset(state, first_set);
      CHECK(state.window_begin == (first_set + 4) * one_sample);
      std::vector<Window> windows;
      for (std::int64_t set = first_set; set < first_set + 4096; set += block_samples) {
        Window found[max_windows_per_block];
        const int count = process_block(state, {}, synthesise(channels, set).data(), found);
        windows.insert(windows.end(), found, found + count);
      }
      require_tiling(windows);
      CHECK(windows.front().begin == (first_set + 4) * one_sample);
      CHECK_FALSE(windows.front().regular);
      // Crossings count from the 96th set on, and not sooner than 50 after a forced end.
      for (std::size_t k = 3; k < windows.size(); ++k) CHECK(windows[k].regular);
      for (int phase = 0; phase < 3; ++phase) {
        const double angle = channels[static_cast<std::size_t>(phase)].tones[0].phase_rad;
        CHECK(energy_Ws(windows.front(), phase, direct_full_scale_A) ==
              Approx(resistive_energy(windows.front(), 230, frequency, angle))
                  .margin(splitting_tolerance(230, frequency))
                  .epsilon(0));
      }
    }
  }
}

TEST_CASE("windows: before any cycle is known Q is corrected as at 50 Hz", "[signal]") {
  // Without a live voltage no window is regular; 79 V · 10 A at 90° after the filters' 400 samples.
  SixChannels channels = resistive_load(79, 50);
  for (std::size_t phase = 3; phase < 6; ++phase) channels[phase].tones[0].phase_rad -= pi / 2;
  double energy = 0;
  double seconds = 0;
  for (const Window& window : run_path(10, channels)) {
    REQUIRE_FALSE(window.regular);
    if (content_s(window.begin) < 0.2) continue;
    Window reactive = window;
    reactive.phase[0].p = window.phase[0].q;
    energy += energy_Ws(reactive, 0, direct_full_scale_A);
    seconds += content_s(window.end) - content_s(window.begin);
  }
  CHECK(energy / seconds == Approx(79 * resistive_A).epsilon(5e-4));
}

TEST_CASE("windows: each holds the exact integral between its ends, forced ones too", "[signal]") {
  // At 30 Hz no crossing comes within 128 samples, so every window is forced somewhere.
  for (const double frequency : {30.0, 47.3, 60.0}) {
    const SixChannels channels = resistive_load(230, frequency);
    for (const Window& window : run_path(2, channels)) {
      for (int phase = 0; phase < 3; ++phase) {
        const double angle = channels[static_cast<std::size_t>(phase)].tones[0].phase_rad;
        const double exact = resistive_energy(window, 230, frequency, angle);
        REQUIRE(energy_Ws(window, phase, direct_full_scale_A) ==
                Approx(exact).margin(splitting_tolerance(230, frequency)).epsilon(0));
      }
    }
  }
}

TEST_CASE("windows: without voltage they are forced every 128 samples", "[signal]") {
  const auto windows = run_path(1, SixChannels{});
  require_tiling(windows);
  CHECK(windows.front().begin == sets_before_first_window * one_sample);
  for (const Window& window : windows) {
    REQUIRE(window.end - window.begin == longest_window_samples * one_sample);
    REQUIRE(!window.regular);
    for (const PhaseSums& sums : window.phase) {
      REQUIRE(sums.u2 == 0);
      REQUIRE(sums.i2 == 0);
      REQUIRE(sums.p == 0);
      REQUIRE(sums.q == 0);
    }
  }
}

TEST_CASE("windows: crossings of a voltage too small to be live do not count", "[signal]") {
  const auto dead = run_path(2, resistive_load(79, 50));
  for (const Window& window : dead) REQUIRE(!window.regular);
  // 100 V and above is live; what was never live before starts within the first second.
  CHECK(count_irregular(run_path(2, resistive_load(103, 50)), 1) == 0);
}

TEST_CASE("windows: a live phase stays live down to 80 V", "[signal]") {
  const SixChannels full = resistive_load(230, 50);
  const SixChannels low = resistive_load(81.5, 50);
  const SixChannels lost = resistive_load(78.5, 50);
  const auto run_to = [&](const SixChannels& then) {
    return run_path(2, [&](std::int64_t set) { return synthesise(set < 1024 ? full : then, set); });
  };
  CHECK(count_irregular(run_to(low), 0.4) == 0);
  for (const Window& window : run_to(lost)) {
    if (content_s(window.begin) > 0.4) REQUIRE(!window.regular);
  }
}

TEST_CASE("windows: the reference is the first live phase", "[signal]") {
  for (std::size_t lost = 0; lost < 4; ++lost) {
    SixChannels channels = resistive_load(230, 50);
    for (std::size_t phase = 0; phase < lost && phase < 3; ++phase) channels[phase].tones.clear();
    SignalState state;
    reset(state);
    for (std::int64_t set = 0; set < 8192; set += block_samples) {
      Window windows[max_windows_per_block];
      process_block(state, {}, synthesise(channels, set).data(), windows);
    }
    for (std::size_t phase = 0; phase < 3; ++phase) {
      CHECK(state.presence.live[phase] == (phase >= lost));
    }
    if (lost < 3) CHECK(state.presence.reference == lost);
  }
}

TEST_CASE("windows: losing L1 and its return hand the reference over, no energy lost", "[signal]") {
  const SixChannels whole = resistive_load(230, 50);
  SixChannels without_l1 = whole;
  without_l1[0].tones.clear();
  const auto windows = run_path(4, [&](std::int64_t set) {
    return synthesise(set >= 4096 && set < 8192 ? without_l1 : whole, set);
  });
  require_tiling(windows);
  // Irregular: what the failing voltage cut, then until the new reference's second crossing.
  int irregular[2] = {};
  for (const Window& window : windows) {
    const double at = content_s(window.begin);
    if (at > 0.9 && !window.regular) ++irregular[at < 1.9 ? 0 : 1];
    for (int phase = 1; phase < 3; ++phase) {
      if (at < 0.1) continue;
      const double angle = whole[static_cast<std::size_t>(phase)].tones[0].phase_rad;
      REQUIRE(energy_Ws(window, phase, direct_full_scale_A) ==
              Approx(resistive_energy(window, 230, 50, angle))
                  .margin(splitting_tolerance(230, 50))
                  .epsilon(0));
    }
  }
  CHECK(irregular[0] >= 2);
  CHECK(irregular[0] <= 5);
  CHECK(irregular[1] >= 1);
  CHECK(irregular[1] <= 5);
}

TEST_CASE("windows: a dip to half keeps the reference, an interruption finds it again",
          "[signal]") {
  const SixChannels whole = resistive_load(230, 50);
  const SixChannels half = resistive_load(115, 50);
  const auto from_1_s_to_1_25_s = [&](const SixChannels& then) {
    return run_path(3, [&](std::int64_t set) {
      return synthesise(set >= 4096 && set < 5120 ? then : whole, set);
    });
  };
  const auto dipped = from_1_s_to_1_25_s(half);
  require_tiling(dipped);
  CHECK(count_irregular(dipped, 0.2) == 0);

  const auto interrupted = from_1_s_to_1_25_s(SixChannels{});
  require_tiling(interrupted);
  // Back to whole cycles within: the forced window at the return, a block for the judgement, the
  // low-pass' 96 samples, two cycles: 0.12 s.
  CHECK(count_irregular(interrupted, 1.25 + 0.12) == 0);
  for (const Window& window : interrupted) {
    const bool in_the_gap = content_s(window.begin) > 1.002 && content_s(window.end) < 1.248;
    const bool after = content_s(window.begin) > 1.252;
    if (in_the_gap) REQUIRE(!window.regular);
    for (int phase = 0; phase < 3 && (in_the_gap || after); ++phase) {
      const double angle = whole[static_cast<std::size_t>(phase)].tones[0].phase_rad;
      const double truth = after ? resistive_energy(window, 230, 50, angle) : 0;
      REQUIRE(energy_Ws(window, phase, direct_full_scale_A) ==
              Approx(truth).margin(splitting_tolerance(230, 50)).epsilon(0));
    }
  }
}

TEST_CASE("windows: reversed sequence of phases changes nothing", "[signal]") {
  SixChannels channels = resistive_load(230, 50);
  std::swap(channels[1].tones, channels[2].tones);
  std::swap(channels[4].tones, channels[5].tones);
  const Measured seen = measure(run_path(3, channels), 1, direct_full_scale_A);
  for (const double p : seen.p_W) CHECK(p == Approx(2300).epsilon(1e-5));
}

TEST_CASE("windows: distortion and noise make no crossings of their own", "[signal]") {
  // 40 % third harmonic against the fundamental has three zero crossings a half-cycle at the
  // terminals; the low-pass leaves one.
  SixChannels channels = resistive_load(230, 50);
  channels[0].tones = {{50, 230, 0.2}, {150, 92, 0.6 + pi}, {250, 40, 1.0}};
  std::uint64_t random = 1;
  const auto windows = run_path(2, [&](std::int64_t set) {
    Block block = synthesise(channels, set);
    for (std::int32_t& code : block) {
      random = random * 6364136223846793005U + 1442695040888963407U;
      code += static_cast<std::int32_t>(random >> 48) - 32768;  // ±3 V
    }
    return block;
  });
  require_tiling(windows);
  CHECK(count_irregular(windows, 0.2) == 0);
  for (const Window& window : windows) {
    if (content_s(window.begin) < 0.2) continue;
    REQUIRE(samples(window) == Approx(81.92).margin(0.2));
  }
}

TEST_CASE("windows: they follow a ramp of the frequency", "[signal]") {
  // 45 to 60 Hz at 3 Hz/s. Energy over the ramp against the integral, and each window's length
  // against the frequency at its middle; the low-pass' lag of 6 ms shows as 0.02 Hz.
  constexpr double rate = 3;
  const auto turns = [](double t) {
    const double ramp = std::fmin(std::fmax(t - 0.5, 0.0), 5.0);
    return 45 * t + rate * ramp * ramp / 2 + (t > 5.5 ? 15 * (t - 5.5) : 0.0);
  };
  const double u_peak = 230 * std::sqrt(2.0) / voltage_full_scale_V * codes_per_full_scale;
  const double i_peak = resistive_A * std::sqrt(2.0) / direct_full_scale_A * codes_per_full_scale;
  Waveforms waveforms;
  waveforms.fill([](double) { return 0.0; });
  waveforms[0] = [&](double t) { return u_peak * std::sin(2 * pi * turns(t)); };
  waveforms[3] = [&](double t) { return i_peak * std::sin(2 * pi * turns(t)); };
  const auto windows = run_path(6.2, [&](std::int64_t set) { return walk(waveforms, set); });
  require_tiling(windows);
  CHECK(count_irregular(windows, 0.2) == 0);
  double energy = 0;
  double begin_s = 0;
  double end_s = 0;
  for (const Window& window : windows) {
    const double middle = (content_s(window.begin) + content_s(window.end)) / 2;
    if (middle < 0.3) continue;
    energy += energy_Ws(window, 0, direct_full_scale_A);
    if (begin_s == 0) begin_s = content_s(window.begin);
    end_s = content_s(window.end);
    const double frequency = 45 + rate * std::fmin(std::fmax(middle - 0.5, 0.0), 5.0);
    REQUIRE(sample_rate_hz / samples(window) == Approx(frequency).margin(0.06).epsilon(0));
  }
  constexpr int steps = 1'000'000;
  double sine_squares = 0;
  for (int k = 0; k < steps; ++k) {
    sine_squares +=
        std::pow(std::sin(2 * pi * turns(begin_s + (end_s - begin_s) * (k + 0.5) / steps)), 2);
  }
  const double truth = 2 * 230 * resistive_A * sine_squares / steps * (end_s - begin_s);
  CHECK(energy == Approx(truth).epsilon(1e-5));
}
