// Boundaries lie where the code behind the detector may index: in the block, and after a sample.
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "metrology/signal/crossing_detector.h"
#include "tests/metrology/signal_synthesis.h"

using namespace metrology::signal;
using metrology::hal::block_samples;
using namespace tests;

namespace {

// Every boundary's promises (boundary.h), and the distances (crossing_detector.h).
void require_sound(const Boundary* boundaries, int count, std::int64_t first_set,
                   SampleTime last_before) {
  REQUIRE(count >= 0);
  REQUIRE(count <= max_boundaries_per_block);
  SampleTime last = last_before;
  for (int k = 0; k < count; ++k) {
    const Boundary& boundary = boundaries[k];
    REQUIRE(boundary.first_after >= 0);
    REQUIRE(boundary.first_after < block_samples);
    REQUIRE(boundary.fraction >= 1);
    REQUIRE(boundary.fraction <= one_sample);
    REQUIRE(boundary.time ==
            (first_set + boundary.first_after - 1) * one_sample + boundary.fraction);
    REQUIRE(boundary.time - last >= shortest_window_samples * one_sample);
    REQUIRE(boundary.time - last <= longest_window_samples * one_sample);
    last = boundary.time;
  }
}

std::vector<std::int32_t> sine(double peak, double frequency_hz, double phase_rad,
                               std::int64_t first_set) {
  std::vector<std::int32_t> codes(block_samples);
  for (int n = 0; n < block_samples; ++n) {
    const double t = static_cast<double>(first_set + n) / sample_rate_hz;
    codes[static_cast<std::size_t>(n)] = static_cast<std::int32_t>(
        std::lround(peak * std::sin(2 * pi * frequency_hz * t + phase_rad)));
  }
  return codes;
}

}  // namespace

TEST_CASE("crossings: a hair before a block's first sample is inside the block", "[signal]") {
  constexpr std::int64_t first_set = 10 * block_samples;
  for (std::int32_t before = -1; before >= -4000; before -= before > -200 ? 1 : 97) {
    for (const std::int32_t code : {1'000, 300'000, 3'000'000, metrology::hal::adc_code_max}) {
      if (16 * code < -7 * before) continue;  // an eighth of the way does not reach zero
      CrossingDetectorState state{};
      state.low_pass_1 = 16 * code;
      state.low_pass_2 = before;
      state.last_boundary = first_set * one_sample - 80 * one_sample;
      const SampleTime last = state.last_boundary;
      const std::vector<std::int32_t> codes(block_samples, code);
      Boundary boundaries[max_boundaries_per_block];
      const int count = find_boundaries(state, first_set, codes.data(), true, boundaries);
      require_sound(boundaries, count, first_set, last);
      REQUIRE(boundaries[0].first_after == 0);
      REQUIRE(boundaries[0].crossing);
      // The line from `before` to one eighth of the way up crosses zero here; to 1/65536 sample.
      const double step = std::floor((16.0 * code - before) / 8);
      REQUIRE(static_cast<double>(boundaries[0].fraction) ==
              Approx(-before * 65536.0 / step).margin(1.0).epsilon(0));
    }
  }
}

TEST_CASE("crossings: boundaries of any sine stay in their block", "[signal]") {
  for (const double peak : {0.0, 100.0, 1e6, 3.41e6, 8.3e6}) {
    for (int k = 0; k < 300; ++k) {
      const double frequency = 20 + k * 0.31;
      CrossingDetectorState state{};
      restart(state);
      for (std::int64_t set = 0; set < 12 * block_samples; set += block_samples) {
        const SampleTime last = state.last_boundary;
        Boundary boundaries[max_boundaries_per_block];
        const int count = find_boundaries(state, set, sine(peak, frequency, 0.7 * k, set).data(),
                                          true, boundaries);
        require_sound(boundaries, count, set, last);
      }
    }
  }
}

TEST_CASE("crossings: interpolation favours no side", "[signal]") {
  // A frequency that slides through all fractions: the mean of the distances is the cycle, and no
  // distance is off by more than the straight line is (2e-4 sample).
  CrossingDetectorState state{};
  restart(state);
  std::vector<SampleTime> times;
  constexpr double frequency = 49.9871;
  for (std::int64_t set = 0; set < 400 * block_samples; set += block_samples) {
    Boundary boundaries[max_boundaries_per_block];
    const int count =
        find_boundaries(state, set, sine(3.41e6, frequency, 0.3, set).data(), true, boundaries);
    for (int n = 0; n < count; ++n) {
      if (set > 4 * block_samples) times.push_back(boundaries[n].time);
    }
  }
  REQUIRE(times.size() > 600);
  const double mean =
      static_cast<double>(times.back() - times.front()) / static_cast<double>(times.size() - 1);
  CHECK(mean / 65536 == Approx(sample_rate_hz / frequency).margin(4e-4 / 600).epsilon(0));
}
