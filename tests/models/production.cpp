// Typical and drawn parts: within their tolerances, different from meter to meter, always the same.
#include "models/sensors/production.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "models/sensors/crystal.h"
#include "models/sensors/front_end.h"

using models::sensors::draw_front_end;
using models::sensors::FrontEndSpec;
using models::sensors::typical_front_end;

namespace {

std::vector<FrontEndSpec> draw_many(bool ct) {
  std::vector<FrontEndSpec> out;
  for (int n = 0; n < 2000; ++n) out.push_back(draw_front_end(ct, 5, "m" + std::to_string(n)));
  return out;
}

/// Gain of phase `i`'s voltage or current channel at 23 °C, less 1.
double voltage_error(const FrontEndSpec& spec, std::size_t i) {
  return (1 + spec.voltage[i].ratio_error) / (1 + spec.reference_error) - 1;
}
double current_error(const FrontEndSpec& spec, std::size_t i) {
  return (1 + spec.current[i].ratio_error) / (1 + spec.reference_error) - 1;
}

}  // namespace

TEST_CASE("drawn parts stay within the tolerances of production") {
  const bool ct = GENERATE(false, true);
  const FrontEndSpec typical = typical_front_end(ct);
  for (const FrontEndSpec& spec : draw_many(ct)) {
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(std::abs(voltage_error(spec, i)) <= 0.01);
      CHECK(std::abs(current_error(spec, i)) <= 0.01);
      const double lead = spec.current[i].lead_rad / typical.current[i].lead_rad;
      CHECK(std::abs(lead - 1) <= 0.2 + 1e-9);
      CHECK(std::abs(spec.voltage[i].ratio_per_K - 20e-6) <= 10e-6 + 1e-12);
      CHECK(std::abs(spec.current[i].ratio_per_K - 25e-6) <= 10e-6 + 1e-12);
      CHECK(std::abs(spec.voltage[i].offset_V) <= 0.005);
      CHECK(std::abs(spec.current[i].delay_ps) <= 440'000);
    }
    CHECK(std::abs(spec.reference_per_K - 12e-6) <= 10e-6 + 1e-12);
    CHECK(std::abs(spec.temperature_error_K) <= 1);
    CHECK(std::abs(spec.crystal.error) <= 20e-6);
    CHECK_NOTHROW(models::sensors::channel_noise(spec, 800, ct ? 10.2 : 170));
  }
}

TEST_CASE("tolerances are used: a third of their width is one standard deviation") {
  double sum = 0;
  double square = 0;
  double largest = 0;
  int count = 0;
  for (const FrontEndSpec& spec : draw_many(false)) {
    for (const auto& divider : spec.voltage) {
      sum += divider.ratio_error;
      square += divider.ratio_error * divider.ratio_error;
      largest = std::max(largest, std::abs(divider.ratio_error));
      ++count;
    }
  }
  // ±0.5 %: a Gaussian cut off at three standard deviations keeps 0.9866 of its own.
  const double deviation = 0.005 / 3 * 0.9866;
  CHECK(std::sqrt(square / count) == Approx(deviation).epsilon(5 / std::sqrt(2.0 * count)));
  CHECK(std::abs(sum / count) < 5 * deviation / std::sqrt(static_cast<double>(count)));
  CHECK(largest > 0.0045);
}

TEST_CASE("a meter's parts depend on the seed and its name alone") {
  const FrontEndSpec first = draw_front_end(false, 1, "m1");
  CHECK(draw_front_end(false, 1, "m1").current[2].lead_rad == first.current[2].lead_rad);
  CHECK(draw_front_end(false, 2, "m1").current[2].lead_rad != first.current[2].lead_rad);
  CHECK(draw_front_end(false, 1, "m2").current[2].lead_rad != first.current[2].lead_rad);
  CHECK(first.voltage[0].ratio_error != first.voltage[1].ratio_error);
}

TEST_CASE("noise of the terminals and of the modulator add up in quadrature") {
  FrontEndSpec spec;
  spec.modulator_noise_codes = 20;
  spec.thermal_noise_V = 800 * 15 / 8388608.0;   // 15 codes of 800 V / 2^23
  spec.thermal_noise_A = 10.2 * 21 / 8388608.0;  // 21 codes
  const models::sensors::ChannelNoise noise = models::sensors::channel_noise(spec, 800, 10.2);
  CHECK(noise.voltage == Approx(25));
  CHECK(noise.current == Approx(29));
  CHECK(noise.temperature == 20);
}

TEST_CASE("a tuning fork crystal is slow by 0.034 ppm a square kelvin beside its turnover") {
  models::sensors::CrystalSpec spec;
  spec.error = 5e-6;
  spec.curvature_per_K2 = -0.034e-6;
  CHECK(models::sensors::crystal_ppb(spec, 298.15) == 5000);
  CHECK(models::sensors::crystal_ppb(spec, 328.15) == 5000 - 30'600);        // 30 K: 0.034 · 900
  CHECK(models::sensors::crystal_ppb(spec, 248.15, 1000) == 6000 - 85'000);  // −50 K
  spec.error = 0.001;
  CHECK(models::sensors::crystal_ppb(spec, 298.15, 500'000) == 1'000'000);
}
