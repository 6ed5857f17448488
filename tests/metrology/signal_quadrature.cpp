// The reactive path: its filter against the promise beside the coefficients, its gain correction
// and its delay.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>

#include "metrology/signal/quadrature.h"
#include "tests/metrology/signal_synthesis.h"

using namespace metrology::signal;
using namespace tests;

namespace {

double shift_gain(double frequency_hz) {
  double sum = 0;
  for (int k = 0; k < quadrature_half_taps; ++k) {
    sum += 2.0 * quadrature_coefficients[k] * std::sin(2 * pi * frequency_hz / 512 * (k + 1));
  }
  return sum / 16777216.0;
}

double decimator_droop(double frequency_hz) {
  const double x = pi * frequency_hz / sample_rate_hz;
  return std::pow(std::sin(8 * x) / (8 * std::sin(x)), 2);
}

double path_gain(double frequency_hz) {
  return shift_gain(frequency_hz) * std::pow(decimator_droop(frequency_hz), 2);
}

}  // namespace

TEST_CASE("90° filter: pass band and stop bands as promised", "[signal]") {
  const auto worst = [](double from_hz, double to_hz, double (*deviation)(double)) {
    double largest = 0;
    for (int k = 0; k <= 4000; ++k) {
      const double f = from_hz + (to_hz - from_hz) * k / 4000;
      largest = std::max(largest, std::abs(deviation(f)));
    }
    return largest;
  };
  CHECK(worst(45, 60, [](double f) { return path_gain(f) - 1; }) < 0.0215);
  CHECK(worst(89, 256, shift_gain) < 0.007);
  CHECK(worst(90, 120, shift_gain) < 0.0038);
  CHECK(worst(135, 256, shift_gain) < 0.0015);
  CHECK(worst(0, 30, shift_gain) < 0.1);
}

TEST_CASE("90° filter: sums fit their types for any input", "[signal]") {
  double absolute = 0;
  for (const std::int32_t c : quadrature_coefficients) absolute += 2.0 * std::abs(c) / 16777216;
  // The triangle of height 8 over full-scale codes, with what the compensator's overshoot adds.
  const double decimated = 65.0 * codes_per_full_scale;
  CHECK(absolute * decimated < std::pow(2.0, 31));
  CHECK(2 * decimated * absolute * decimated < std::pow(2.0, 63));
  // 17 products a window, four times that after scaling, 10 % gain.
  CHECK(17 * 2 * decimated * absolute * decimated / 16 * 4 * 1.1 < std::pow(2.0, 63));
}

TEST_CASE("gain correction: the inverse of the path's gain between 42.7 and 64 Hz", "[signal]") {
  for (SampleTime length = 64 * one_sample; length <= 96 * one_sample; length += 2411) {
    const double exact = 1 / path_gain(sample_rate_hz * 65536 / static_cast<double>(length));
    CHECK(gain_correction(length) / 16777216.0 == Approx(exact).epsilon(1.2e-5));
  }
  CHECK(gain_correction(50 * one_sample) == gain_correction(64 * one_sample));
  CHECK(gain_correction(128 * one_sample) == gain_correction(96 * one_sample));
}

TEST_CASE("scaled_by_gain: as in wide arithmetic, rounded down", "[signal]") {
  for (const std::int64_t sum :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{123'456'789'012'345},
        -(std::int64_t{1} << 60), (std::int64_t{1} << 60) - 1}) {
    for (const std::int32_t gain : {unit_gain, unit_gain - 12345, unit_gain + 1234567}) {
      const auto exact = std::floor(static_cast<long double>(sum) * gain / 16777216.0L);
      CHECK(static_cast<long double>(scaled_by_gain(sum, gain)) == exact);
    }
  }
}

TEST_CASE("reactive path: positive when the current lags, in the unit of p", "[signal]") {
  SixChannels channels = three_phase_voltages(230, 50, direct_full_scale_A);
  const double lags[] = {pi / 4, -pi / 4, 3 * pi / 4};
  for (std::size_t phase = 0; phase < 3; ++phase) {
    channels[3 + phase].tones = {{50, 10, channels[phase].tones[0].phase_rad - lags[phase]}};
  }
  const auto windows = run_path(1.5, channels);
  const PhaseSums* phase = windows.back().phase;
  // At 45° |P| = |Q|; P is known to 2e-6 a window, Q to the gain's 1e-5.
  CHECK(phase[0].q == Approx(static_cast<double>(phase[0].p)).epsilon(2e-5));
  CHECK(-phase[1].q == Approx(static_cast<double>(phase[1].p)).epsilon(2e-5));
  CHECK(phase[2].q == Approx(static_cast<double>(-phase[2].p)).epsilon(2e-5));
  CHECK(phase[0].q > 0);
  CHECK(phase[1].q < 0);
  CHECK(phase[2].q > 0);
}

TEST_CASE("reactive path: 196 samples later than the active one", "[signal]") {
  // Currents whose amplitude swings once a second, in phase in one run and lagging 90° in another.
  // p and q swing with it; the angle between the swings is the delay. Balanced phases, because the
  // ripple of a single one's power would swing, too; and 90°, because then the filter's slope over
  // the side tones does not enter.
  const auto swing_of = [](double lag_rad, std::int64_t PhaseSums::*sum) {
    constexpr double swing_hz = 1;
    SixChannels channels = three_phase_voltages(230, 50, direct_full_scale_A);
    for (std::size_t phase = 0; phase < 3; ++phase) {
      const double angle = channels[phase].tones[0].phase_rad - lag_rad;
      channels[3 + phase].tones = {
          {50, 20, angle}, {50 + swing_hz, 5, angle}, {50 - swing_hz, 5, angle}};
    }
    std::complex<double> swing = 0;
    int taken = 0;
    for (const Window& window : run_path(6.5, channels)) {
      const double middle = static_cast<double>(window.begin + window.end) / 2 / 65536;
      if (middle < sample_rate_hz || taken == 250) continue;  // 5 swings of 50 windows
      ++taken;
      for (const PhaseSums& sums : window.phase) {
        swing += static_cast<double>(sums.*sum) *
                 std::polar(1.0, -2 * pi * swing_hz * middle / sample_rate_hz);
      }
    }
    REQUIRE(taken == 250);
    return swing;
  };
  const double lag_rad = -std::arg(swing_of(pi / 2, &PhaseSums::q) / swing_of(0, &PhaseSums::p));
  CHECK(lag_rad / (2 * pi) * sample_rate_hz == Approx(reactive_extra_delay_samples).margin(0.1));
}
