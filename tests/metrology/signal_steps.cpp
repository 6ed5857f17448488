// What changes and extremes do to the sums: nothing is lost, nothing overflows.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <vector>

#include "tests/metrology/signal_synthesis.h"

using namespace metrology::signal;
using metrology::hal::block_samples;
using namespace tests;

namespace {

constexpr std::size_t codes_per_block = std::size_t{6} * block_samples;

double volts_to_codes(double peak_V) {
  return peak_V / voltage_full_scale_V * codes_per_full_scale;
}
double amps_to_codes(double peak_A) { return peak_A / direct_full_scale_A * codes_per_full_scale; }

}  // namespace

TEST_CASE("steps: energy across a step is that of the waveforms", "[signal]") {
  // Before `at` one load, after it another. Both filters smear the step over three samples; u·i of
  // smeared signals and smeared u·i differ by a fraction of a sample period of the larger power.
  struct Step {
    const char* name;
    double at_s;
    double u_before_V, u_after_V, i_before_A, i_after_A;
  };
  const Step steps[] = {
      {"load on at the voltage's crest", 0.505, 230, 230, 0, 100},
      {"load off at its zero", 0.510, 230, 230, 100, 0},
      {"2.4 kW to 69 kW", 0.5034, 230, 230, 10.4, 100},
      {"export to import", 0.5077, 230, 230, -50, 50},
      {"dip of voltage and current", 0.505, 230, 115, 50, 25},
      {"interruption", 0.5029, 230, 0, 50, 0},
  };
  for (const Step& step : steps) {
    CAPTURE(step.name);
    const double angular = 2 * pi * 50;
    Waveforms waveforms;
    waveforms.fill([](double) { return 0.0; });
    const auto gated = [=](double before, double after) {
      return [=](double t) {
        return std::sqrt(2.0) * (t < step.at_s ? before : after) * std::sin(angular * t);
      };
    };
    waveforms[0] = gated(volts_to_codes(step.u_before_V), volts_to_codes(step.u_after_V));
    waveforms[3] = gated(amps_to_codes(step.i_before_A), amps_to_codes(step.i_after_A));
    const auto windows = run_path(1, [&](std::int64_t set) { return walk(waveforms, set); });

    double seen_Ws = 0;
    double begin_s = 0;
    double end_s = 0;
    for (const Window& window : windows) {
      const double begin =
          static_cast<double>(window.begin) / 65536 / sample_rate_hz - content_delay_s;
      if (begin < 0.2) continue;
      if (begin_s == 0) begin_s = begin;
      end_s = static_cast<double>(window.end) / 65536 / sample_rate_hz - content_delay_s;
      seen_Ws += energy_Ws(window, 0, direct_full_scale_A);
    }
    REQUIRE(begin_s < step.at_s - 0.1);
    REQUIRE(end_s > step.at_s + 0.1);
    const auto integral = [&](double t) { return t - std::sin(2 * angular * t) / (2 * angular); };
    const double truth_Ws =
        step.u_before_V * step.i_before_A * (integral(step.at_s) - integral(begin_s)) +
        step.u_after_V * step.i_after_A * (integral(end_s) - integral(step.at_s));
    const double larger_W = std::max(std::abs(step.u_before_V * step.i_before_A),
                                     std::abs(step.u_after_V * step.i_after_A));
    INFO("error in sample periods of the larger power: " << (seen_Ws - truth_Ws) / larger_W *
                                                                sample_rate_hz);
    CHECK(std::abs(seen_Ws - truth_Ws) <= 0.5 * larger_W / sample_rate_hz);
  }
}

TEST_CASE("steps: the voltage's step with a d.c. offset leaves P right a second later",
          "[signal]") {
  SixChannels before = three_phase_voltages(230, 50, direct_full_scale_A);
  for (std::size_t phase = 0; phase < 3; ++phase) {
    before[phase].offset_codes = 20000;
    before[3 + phase].offset_codes = -3000;
    before[3 + phase].tones = {{50, 0.25, before[phase].tones[0].phase_rad}};
  }
  SixChannels after = before;
  for (std::size_t phase = 0; phase < 3; ++phase) after[phase].tones[0].rms = 184;
  const auto windows = run_path(
      4, [&](std::int64_t set) { return synthesise(set < 4096 + 640 ? before : after, set); });
  const Measured seen = measure(windows, 2.2, direct_full_scale_A);
  for (const double p : seen.p_W) CHECK(p == Approx(184 * 0.25).epsilon(1e-4));
}

TEST_CASE("steps: the played energy's knots lie on a straight line", "[signal]") {
  // A pulse is placed by linear interpolation between a window's ends; the promise is 0.1 sample
  // between any two starts, so no two knots may be off the line by more than half of that.
  double worst = 0;
  for (const double frequency : {45.0, 50.0, 51.2, 52.37, 60.0}) {
    for (const double rms_A : {0.25, 100.0}) {
      for (const double lag : {0.0, pi / 3, -std::acos(0.8)}) {
        SixChannels channels = three_phase_voltages(230, frequency, direct_full_scale_A);
        channels[3].tones = {{frequency, rms_A, channels[0].tones[0].phase_rad - lag}};
        std::vector<double> booked{0};
        std::vector<double> played{0};
        for (const Window& window : run_path(3, channels)) {
          if (window.begin < metrology::hal::samples_per_second * one_sample) continue;
          booked.push_back(booked.back() + energy_Ws(window, 0, direct_full_scale_A));
          played.push_back(played.back() + static_cast<double>(window.end - window.begin) / 65536);
        }
        const double p = booked.back() / played.back();  // 0.01 % of error is no jitter
        double lowest = 0;
        double highest = 0;
        for (std::size_t k = 0; k < booked.size(); ++k) {
          lowest = std::min(lowest, booked[k] / p - played[k]);
          highest = std::max(highest, booked[k] / p - played[k]);
        }
        CAPTURE(frequency, rms_A, lag);
        REQUIRE(played.back() > 8000);
        worst = std::max(worst, highest - lowest);
        CHECK(highest - lowest <= 0.05);
      }
    }
  }
  std::printf("energy knots off their line, peak to peak: %.4f samples\n", worst);
}

TEST_CASE("extremes: full-scale square waves give their exact energy", "[signal]") {
  // 32 codes at either end of the range, 64 Hz.
  const auto square = [](std::int64_t set) {
    Block block(metrology::hal::block_words, 0);
    for (std::size_t n = 0; n < codes_per_block; ++n) {
      const auto at = static_cast<std::int64_t>(n % block_samples) + set;
      block[n] = (at / 32) % 2 == 0 ? metrology::hal::adc_code_max : metrology::hal::adc_code_min;
    }
    return block;
  };
  // The same through the compensator's five taps in floating point: it overshoots at the flanks.
  double mean_square = 0;
  for (int n = 0; n < 64; ++n) {
    const auto x = [n](int k) { return (n + k + 64) % 64 < 32 ? 1.0 : -1.0; };
    const double d2 = 2 * x(0) - x(-1) - x(1);
    const double d4 = x(-2) - 4 * x(-1) + 6 * x(0) - 4 * x(1) + x(2);
    mean_square += std::pow(x(0) + d2 / 8 + d4 * 79 / 4096, 2) / 64;
  }
  mean_square *= std::pow(codes_per_full_scale, 2) * 256;
  for (const Window& window : run_path(2, square)) {
    if (window.begin < 4096 * one_sample) continue;
    REQUIRE(window.regular);
    const double length = static_cast<double>(window.end - window.begin) / 65536;
    CHECK(length == Approx(64).epsilon(1e-6));
    for (const PhaseSums& sums : window.phase) {
      CHECK(static_cast<double>(sums.p) / length / mean_square == Approx(1).epsilon(1e-5));
      CHECK(sums.p == Approx(static_cast<double>(sums.u2)).epsilon(1e-6));
      CHECK(std::abs(static_cast<double>(sums.q)) < 1e-4 * static_cast<double>(sums.p));
    }
  }
}

TEST_CASE("extremes: any codes keep the sums in range and the windows tiled", "[signal]") {
  // Patterns of full-scale codes; the sanitizer build looks for overflow. Signs of sums of squares
  // and the inequality of Cauchy and Schwarz would break at the first wrap-around.
  std::uint64_t random = 7;
  const auto next_bit = [&random] {
    random = random * 6364136223846793005U + 1442695040888963407U;
    return (random >> 63) != 0;
  };
  for (int pattern = 0; pattern < 7; ++pattern) {
    CAPTURE(pattern);
    const auto windows =
        run_path(2,
                 [&](std::int64_t set) {
                   Block block(metrology::hal::block_words, 0);
                   for (std::size_t n = 0; n < codes_per_block; ++n) {
                     const auto at = static_cast<std::int64_t>(n % block_samples) + set;
                     bool high = false;
                     switch (pattern) {
                       case 0:
                         high = at % 2 == 0;
                         break;
                       case 1:
                         high = (at / 4) % 2 == 0;
                         break;
                       case 2:
                         high = (at / 41) % 2 == 0;
                         break;
                       case 3:
                         high = true;
                         break;
                       case 4:
                         high = next_bit();
                         break;
                       case 5:
                         high = at % 2 == 0 || (at / 2048) % 2 == 0;
                         break;
                       default:
                         high = at >= 2048 ? at % 2 == 0 : at % 82 < 60;
                         break;
                     }
                     block[n] = high ? metrology::hal::adc_code_max : metrology::hal::adc_code_min;
                   }
                   return block;
                 },
                 {{fine_delay_max, -fine_delay_max, 0}});
    REQUIRE(!windows.empty());
    for (std::size_t k = 0; k < windows.size(); ++k) {
      if (k > 0) REQUIRE(windows[k].begin == windows[k - 1].end);
      for (const PhaseSums& sums : windows[k].phase) {
        REQUIRE(sums.u2 >= 0);
        REQUIRE(sums.i2 >= 0);
      }
    }
  }
}

TEST_CASE("state: a copy continues exactly as the original", "[signal]") {
  SixChannels channels = three_phase_voltages(230, 52.37, direct_full_scale_A);
  channels[3].tones = {{52.37, 5, 0.1}};
  constexpr std::int64_t warm_up_sets = 5120;
  constexpr std::int64_t all_sets = 7680;
  SignalState original;
  reset(original);
  Window windows[2][max_windows_per_block];
  for (std::int64_t set = 0; set < warm_up_sets; set += block_samples) {
    process_block(original, {}, synthesise(channels, set).data(), windows[0]);
  }
  SignalState copy = original;
  for (std::int64_t set = warm_up_sets; set < all_sets; set += block_samples) {
    const Block block = synthesise(channels, set);
    const int count = process_block(original, {}, block.data(), windows[0]);
    REQUIRE(process_block(copy, {}, block.data(), windows[1]) == count);
    for (int k = 0; k < count; ++k) {
      REQUIRE(windows[0][k].end == windows[1][k].end);
      REQUIRE(windows[0][k].phase[0].p == windows[1][k].phase[0].p);
      REQUIRE(windows[0][k].phase[0].q == windows[1][k].phase[0].q);
    }
  }
}
