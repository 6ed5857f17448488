// Rounding, clipping and noise of the ADC's codes.
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "models/grid/grid.h"
#include "sampled.h"
#include "scripted_source.h"

using peripherals::Sinc3Kernels;
using peripherals::Sinc3Sampler;
using tests::RationalClock;
using tests::ScriptedSource;

namespace {

constexpr std::int64_t nHz = 1'000'000'000;

struct Result {
  int clipped;
  std::vector<std::int32_t> codes;
};

Result convert(const ScriptedSource& source, const peripherals::SamplerSettings& settings,
               std::int64_t first, int count, int block = 128) {
  const RationalClock clock;
  Sinc3Kernels kernels;
  Sinc3Sampler sampler(source, clock, kernels, settings);
  Result result{0, std::vector<std::int32_t>(static_cast<std::size_t>(count))};
  for (int k = 0; k < count; k += block) {
    const int now = count - k < block ? count - k : block;
    result.clipped += sampler.convert(1000, 0, first + k, now, result.codes.data() + k);
  }
  return result;
}

}  // namespace

TEST_CASE("a constant is rounded once, to nearest") {
  // One unit is one code at full scale 2²³.
  const double value = GENERATE(0.0, 0.49, 0.51, -0.49, -0.51, 8388607.49, -8388608.49, 12345.6);
  const Result result = convert(ScriptedSource({{0, value, {}}}), {8388608}, 0, 3);
  CHECK(result.codes[1] == std::lround(value));
  CHECK(result.clipped == 0);
}

TEST_CASE("what passes full scale is clipped to 24 bits and counted") {
  CHECK(convert(ScriptedSource({{0, 8388607.51, {}}}), {8388608}, 0, 5).codes[0] == 8388607);
  CHECK(convert(ScriptedSource({{0, 8388607.51, {}}}), {8388608}, 0, 5).clipped == 5);
  CHECK(convert(ScriptedSource({{0, -8388608.51, {}}}), {8388608}, 0, 5).codes[4] == -8388608);
  CHECK(convert(ScriptedSource({{0, -8388608.51, {}}}), {8388608}, 0, 5).clipped == 5);
  CHECK(convert(ScriptedSource({{0, 1e30, {}}}), {170}, 0, 2).codes[1] == 8388607);
}

TEST_CASE("the clip count is that of the samples beyond full scale") {
  // 64 Hz: 64 samples a cycle, at phases (k − (766 − 1)/2/256)/64 turns from the start's phase. An
  // amplitude of 1/cos(2π·6.3/64) clips the tops that lie within ±6.3 samples, either sign.
  const double amplitude = 800 / std::cos(2 * 3.14159265358979 * 6.3 / 64);
  const double gain = std::pow(
      std::sin(3.14159265358979 * 64 / 4096) / (256 * std::sin(3.14159265358979 * 64 / 1048576)),
      3);
  const ScriptedSource source({{0, 0, {{amplitude / gain, 64 * nHz, 0, 0}}}});
  const RationalClock clock;
  // The ADC starts at edge 1000: 39 736.43 ns; the filter looks back 382.5 modulator clocks.
  int expected = 0;
  for (int k = 0; k < 640; ++k) {
    const double t = (1000 + 6144.0 * k - 24 * 382.5) / 25165824;
    expected += std::abs(amplitude * std::sin(2 * 3.14159265358979 * 64 * t)) > 800;
  }
  REQUIRE(expected >= 240);
  CHECK(convert(source, {800}, 0, 640).clipped == expected);
}

TEST_CASE("noise is white, Gaussian, of the rms asked for, and a function of seed and sample") {
  const ScriptedSource source({{0, 100, {}}});
  constexpr int count = 65'536;
  const Result result = convert(source, {8388608, 20, 7}, 0, count);
  double sum = 0;
  double square = 0;
  double neighbour = 0;
  double fourth = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const double x = result.codes[k] - 100;
    sum += x;
    square += x * x;
    fourth += x * x * x * x;
    if (k > 0) neighbour += x * (result.codes[k - 1] - 100);
  }
  const double variance = square / count;
  // Five standard deviations of each estimate; rounding adds 1/12 to the variance.
  CHECK(std::abs(sum / count) < 5 * 20 / 256.0);
  CHECK(variance == Approx(400 + 1 / 12.0).epsilon(5 * std::sqrt(2.0 / count)));
  CHECK(std::abs(neighbour / count / variance) < 5 / 256.0);
  CHECK(fourth / count / (variance * variance) == Approx(3).margin(5 * std::sqrt(24.0 / count)));

  CHECK(convert(source, {8388608, 20, 7}, 1000, 500, 31).codes ==
        std::vector<std::int32_t>(result.codes.begin() + 1000, result.codes.begin() + 1500));
  CHECK(convert(source, {8388608, 20, 8}, 0, 500).codes !=
        std::vector<std::int32_t>(result.codes.begin(), result.codes.begin() + 500));
}

TEST_CASE("noise fills every part of the bell as it should, the tails included") {
  constexpr int count = 4'000'000;
  std::vector<double> values(count);
  const peripherals::GaussianNoise noise(11, 1);
  noise.add(0, count, values.data());
  // Borders inside and outside of the ziggurat's 256 layers, whose tail begins at 3.654.
  for (const double border : {0.0, 0.05, 0.3, 1.0, 1.7, 2.5, 3.3, 3.7, 4.2}) {
    const double share = std::erfc(border / std::sqrt(2.0)) / 2;  // beyond it, on one side
    const double deviation = std::sqrt(share * (1 - share) / count);
    int above = 0;
    int below = 0;
    for (const double value : values) {
      above += value > border;
      below += value < -border;
    }
    INFO(border);
    CHECK(above / static_cast<double>(count) == Approx(share).margin(5 * deviation));
    CHECK(below / static_cast<double>(count) == Approx(share).margin(5 * deviation));
  }
}

TEST_CASE("noise of one number is the same however it is asked for") {
  const peripherals::GaussianNoise noise(3, 2.5);
  std::vector<double> together(1000, 1.0);
  noise.add(5000, 1000, together.data());
  for (int k = 0; k < 1000; ++k) {
    double alone = 1;
    noise.add(5000 + k, 1, &alone);
    CHECK(alone == together[static_cast<std::size_t>(k)]);
  }
}

TEST_CASE("more tones than the kernel cache holds still come out right") {
  std::vector<models::pins::Tone> tones;
  for (int k = 1; k <= 40; ++k) tones.push_back({15, k * (50 * nHz), 0, 0.07 * k});
  const ScriptedSource source({{0, 0, tones}, {50'000'000'000, 3, tones}});
  const RationalClock clock;
  Sinc3Kernels kernels(3);
  Sinc3Sampler sampler(source, clock, kernels, {800});
  std::vector<std::int32_t> codes(256);
  sampler.convert(1000, 0, 0, 256, codes.data());
  CHECK(tests::largest_difference(codes,
                                  tests::walk_modulator(source, clock, 1000, 0, 0, 256, 800)) <= 1);
}

TEST_CASE("a waveform cannot change any more up to the last look of a converted sample") {
  models::grid::Grid grid;
  const RationalClock clock;
  Sinc3Kernels kernels;
  Sinc3Sampler sampler(grid.voltage(0), clock, kernels, {800});
  std::vector<std::int32_t> codes(128);
  sampler.convert(1000, 3, 0, 128, codes.data());
  const models::pins::Ps last = clock.edge(1000 + 24 * 3 + 6144 * 127);
  CHECK_THROWS_AS(grid.schedule_voltage(0, last, {}), std::invalid_argument);
  CHECK_NOTHROW(grid.schedule_voltage(0, last + 1, {}));
}

TEST_CASE("a channel without full scale is refused") {
  const ScriptedSource source({{0, 0, {}}});
  const RationalClock clock;
  Sinc3Kernels kernels;
  CHECK_THROWS_AS(Sinc3Sampler(source, clock, kernels, {0}), std::invalid_argument);
  CHECK_THROWS_AS(Sinc3Sampler(source, clock, kernels, {800, -1}), std::invalid_argument);
}
