// The droop compensator against the closed form of the filter it undoes.
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>

#include "metrology/signal/droop_compensator.h"
#include "tests/metrology/signal_synthesis.h"

using metrology::hal::block_samples;
using namespace metrology::signal;
using namespace tests;

namespace {

constexpr int impulse_at = 60;
constexpr std::int32_t impulse = 1 << 22;

// Response to one code of 2^22 among zeros; rounding is then below 2^-26.
struct Response {
  std::int32_t output[block_samples];

  std::complex<double> at(double frequency_hz) const {
    std::complex<double> sum = 0;
    for (int n = 0; n < block_samples; ++n) {
      sum += static_cast<double>(output[n]) *
             std::polar(1.0, -2 * pi * frequency_hz / sample_rate_hz * (n - impulse_at));
    }
    return sum / (16.0 * impulse);
  }
};

Response voltage_response() {
  CompensatorState state{};
  std::int32_t codes[block_samples] = {};
  codes[impulse_at] = impulse;
  Response response{};
  compensate(state, codes, response.output);
  return response;
}

Response current_response(std::int32_t delay) {
  CompensatorState state{};
  std::int32_t codes[block_samples] = {};
  codes[impulse_at] = impulse;
  Response response{};
  compensate_and_delay(state, delay, codes, response.output);
  return response;
}

}  // namespace

TEST_CASE("droop compensator: a delay of exactly two samples", "[signal]") {
  const Response response = voltage_response();
  for (int n = 1; n <= 2; ++n) {
    CHECK(response.output[impulse_at + 2 - n] == response.output[impulse_at + 2 + n]);
  }
  CHECK(response.output[impulse_at + 5] == 0);
  CHECK(response.output[impulse_at - 1] == 0);
}

TEST_CASE("droop compensator: filter and compensator together are flat", "[signal]") {
  // The limits are the study's for the maximally flat five taps: what is left grows with f⁶.
  const Response response = voltage_response();
  struct Point {
    double frequency_hz;
    double limit;
  };
  const Point points[] = {{1, 1e-7},     {45, 1e-7},    {50, 1e-7},    {60, 1e-7},  {180, 3e-6},
                          {250, 1.2e-5}, {300, 3.2e-5}, {315, 4.2e-5}, {350, 8e-5}, {420, 2.3e-4}};
  for (const Point& point : points) {
    CAPTURE(point.frequency_hz);
    const double gain = sinc3_gain(point.frequency_hz) * std::abs(response.at(point.frequency_hz));
    CHECK(std::abs(gain - 1) <= point.limit);
  }
}

TEST_CASE("droop compensator: the fine delay shifts the phase and nothing else", "[signal]") {
  const std::complex<double> straight[] = {voltage_response().at(45), voltage_response().at(60),
                                           voltage_response().at(420)};
  const double frequencies_hz[] = {45, 60, 420};
  // With θ the delay at this frequency: θ³/6, and the slope's own 0.08·w⁴ of θ, w = 2πf/4096. The
  // t² term leaves θ²·w²/4 and θ⁴/8 of the amplitude. 8590/65536 sample are 32 µs.
  for (const std::int32_t delay : {-8590, -1023, -1, 1, 268, 8590, fine_delay_max}) {
    const Response response = current_response(delay);
    for (int k = 0; k < 3; ++k) {
      CAPTURE(delay, frequencies_hz[k]);
      const std::complex<double> ratio = response.at(frequencies_hz[k]) / straight[k];
      const double expected = -2 * pi * frequencies_hz[k] / sample_rate_hz * delay / 65536;
      const double theta = std::abs(expected);
      const double w = 2 * pi * frequencies_hz[k] / sample_rate_hz;
      const double phase_limit = theta * theta * theta / 6 + 0.08 * std::pow(w, 4) * theta;
      CHECK(std::abs(std::arg(ratio) - expected) <= 1.05 * phase_limit + 6e-8);
      const double amplitude_limit = theta * theta * (w * w / 4 + theta * theta / 8);
      CHECK(std::abs(std::abs(ratio) - 1) <= 1.05 * amplitude_limit + 1e-7);
    }
  }
}

TEST_CASE("droop compensator: delays beyond the limit act as the limit", "[signal]") {
  const Response at_limit = current_response(fine_delay_max);
  const Response beyond = current_response(1'000'000);
  const Response below = current_response(-1'000'000);
  const Response at_lower_limit = current_response(-fine_delay_max);
  for (int n = 0; n < block_samples; ++n) {
    REQUIRE(beyond.output[n] == at_limit.output[n]);
    REQUIRE(below.output[n] == at_lower_limit.output[n]);
  }
}

TEST_CASE("droop compensator: blocks join without a seam", "[signal]") {
  // The same codes with the impulse before, at and after a block's start give the same taps.
  const Response whole = voltage_response();
  for (int position = block_samples - 4; position < block_samples; ++position) {
    CompensatorState state{};
    std::int32_t codes[2][block_samples] = {};
    codes[0][position] = impulse;
    std::int32_t output[2][block_samples];
    compensate(state, codes[0], output[0]);
    compensate(state, codes[1], output[1]);
    for (int n = 0; n < 8; ++n) {
      const int at = position + n;
      CHECK(output[at / block_samples][at % block_samples] == whole.output[impulse_at + n]);
    }
  }
}

TEST_CASE("droop compensator: no sequence of codes leaves int32", "[signal]") {
  // Worst input of each linear step: full-scale codes signed like the taps. The bound in the header
  // is 1.82 · 2^27.
  CompensatorState state{};
  std::int32_t codes[block_samples];
  for (int period = 1; period <= 5; ++period) {
    for (int n = 0; n < block_samples; ++n) {
      codes[n] =
          (n / period) % 2 == 0 ? metrology::hal::adc_code_min : metrology::hal::adc_code_max;
    }
    std::int32_t output[block_samples];
    compensate_and_delay(state, fine_delay_max, codes, output);
    double exact_codes[block_samples];
    for (int n = 0; n < block_samples; ++n) exact_codes[n] = codes[n];
    for (int n = 4; n < block_samples; ++n) {
      const double* x = exact_codes + n - 2;
      const double d2 = 2 * x[0] - x[-1] - x[1];
      const double d4 = x[-2] - 4 * x[-1] + 6 * x[0] - 4 * x[1] + x[2];
      const double slope = (38 * (x[1] - x[-1]) - 7 * (x[2] - x[-2])) / 48;
      const double t = fine_delay_max / 65536.0;
      const double exact = 16 * (x[0] + d2 / 8 + d4 * 79 / 4096 - slope * t - d2 * t * t / 2);
      REQUIRE(std::abs(output[n] - exact) <= 2.5);
      REQUIRE(std::abs(output[n]) < 1.82 * (1 << 27));
    }
  }
}
