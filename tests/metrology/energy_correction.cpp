// Temperature, gains, delays and offsets against their closed forms.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "metrology/energy/booking.h"
#include "metrology/energy/correction.h"
#include "metrology/energy/scale.h"
#include "metrology/signal/window.h"

using namespace metrology;
using namespace metrology::energy;

namespace {

constexpr double pi = 3.14159265358979;

/// A block of the temperature channel: 16 384 codes a kelvin. Its first half is still settling.
std::vector<std::int32_t> block_at(double celsius) {
  std::vector<std::int32_t> codes(hal::block_samples, 0);
  for (int n = hal::block_samples / 2; n < hal::block_samples; ++n) {
    codes[static_cast<std::size_t>(n)] =
        static_cast<std::int32_t>(std::lround((celsius + 273.15) * 16384));
  }
  return codes;
}

double value_of(const Scale& scale) {
  return std::ldexp(static_cast<double>(scale.mantissa), -static_cast<int>(scale.shift));
}

double forward_uWh(const EnergyState& state) {
  const EnergyCounter counter = state.accounts.total.of(Kind::active, Direction::forward);
  return static_cast<double>(counter.counter_uWh) + counter.residue_pWh * 1e-6;
}

signal::Window window_of(std::int64_t begin, std::int64_t end, std::int64_t p) {
  signal::Window window{};
  window.begin = begin;
  window.end = end;
  window.phase[0].p = p;
  return window;
}

constexpr std::int64_t cycle = 82 * signal::one_sample;

}  // namespace

TEST_CASE("The temperature is the mean of the settled half of a block") {
  for (const double celsius : {-40.0, -5.0, 0.0, 23.0, 50.0, 85.0}) {
    CAPTURE(celsius);
    // A code is 61 µK.
    CHECK(temperature_of(block_at(celsius).data()) == Approx(celsius).margin(31e-6));
  }
}

TEST_CASE("What no sensor reads counts as 23 °C and mains that are none leave the last frequency") {
  Conditions conditions = reference_conditions;
  note_temperature(conditions, 50);
  CHECK(conditions.temperature_C == 50);
  for (const double broken : {-60.1, 125.1, -273.15, 238.85}) {
    note_temperature(conditions, broken);
    CHECK(conditions.temperature_C == 23);
  }
  note_frequency(conditions, 45);
  for (const double none : {0.0, 39.9, 70.1}) {
    note_frequency(conditions, none);
    CHECK(conditions.frequency_Hz == 45);
  }
}

TEST_CASE(
    "20 ppm/K on the voltage and −50 ppm/K on the current at 50 °C change the scale by both") {
  hal::PhaseCalibration constants{};
  constants.voltage_ppm = 1000;
  constants.voltage_ppb_per_K = 20'000;
  constants.current_ppb_per_K = -50'000;
  const double plain = energy_factor_pWh(false, {}, reference_conditions);
  for (const double celsius : {-5.0, 23.0, 50.0}) {
    Conditions conditions = reference_conditions;
    note_temperature(conditions, temperature_of(block_at(celsius).data()));
    const double t = celsius - 23;
    const double expected = plain * (1 + 1e-3 + 20e-6 * t) * (1 - 50e-6 * t);
    const Scale scale = make_scale(energy_factor_pWh(false, constants, conditions));
    CHECK(value_of(scale) == Approx(expected).epsilon(1e-8));
  }
}

TEST_CASE("A lead of 5.8 mrad is taken out from 45 Hz to 60 Hz within half a delay step") {
  hal::PhaseCalibration constants{};
  constants.current_lead_urad = 5800;
  constants.lead_ppm_per_K = -3000;
  constants.current_delay_ns = -700;
  for (const double frequency : {45.0, 50.0, 60.0}) {
    for (const double celsius : {-5.0, 23.0, 50.0}) {
      CAPTURE(frequency, celsius);
      const std::int32_t delay = current_delay(constants, {celsius, frequency});
      const double lead = 5.8e-3 * (1 - 3e-3 * (celsius - 23)) * 50 / frequency;
      const double expected = lead - 2 * pi * frequency * 700e-9;
      const double step = 2 * pi * frequency / 4096 / 65536;
      CHECK(std::abs(delay * step - expected) <= 0.5001 * step);  // 0.7 µrad at 60 Hz
    }
  }
}

TEST_CASE("Without constants nothing follows temperature or frequency") {
  const hal::PhaseCalibration none{};
  CHECK_FALSE(follows_conditions(none));
  const double plain = energy_factor_pWh(true, none, reference_conditions);
  CHECK(energy_factor_pWh(true, none, {50, 45}) == plain);
  CHECK(current_delay(none, {50, 45}) == 0);
}

TEST_CASE("An offset is booked in proportion to time on both sides of the CT") {
  // 1 W for an hour is 1 Wh = 10^12 pWh; a second is 2^28 units.
  constexpr std::int64_t second = std::int64_t{1} << 28;
  CHECK(energy_pWh(1'000'000, second) == 277'777'778);
  CHECK(energy_pWh(-1'000'000, second) == -277'777'778);
  // The factor has 32 bits: 2^-33 of 8.3·10^9 pWh, and the rounding.
  CHECK(std::abs(static_cast<double>(energy_pWh(1'500'000'000, cycle)) -
                 1500.0 / 3600 * 1e12 * 82 / 4096) < 1.5);

  hal::ParameterPage page{};
  page.variant = hal::MeterVariant::mod_ct;
  page.ct_primary_A = 250;
  page.calibration[0].active_offset_uW = 500'000;
  const BookingSetup setup = make_booking_setup(page, reference_conditions);
  CHECK(setup.secondary_offset[0][0] == 500'000);
  CHECK(setup.primary_offset[0][0] == 25'000'000);
  EnergyState state{};
  std::int64_t end = 0;
  // 0.5 W secondary is above the starting power of 0.207 W: it is booked without any current.
  for (int n = 0; n < 500; ++n, end += cycle) book(state, setup, window_of(end, end + cycle, 0));
  const double seconds = 500.0 * 82 / 4096;
  // Half a pWh of rounding a window at most.
  CHECK(std::abs(forward_uWh(state) - 25.0 * seconds / 3600 * 1e6) <= 500 * 0.5e-6);
}

TEST_CASE("An offset decides no-load and direction with the power it is added to") {
  hal::ParameterPage page{};
  page.variant = hal::MeterVariant::mod;
  const double factor = energy_factor_pWh(false, {}, reference_conditions);
  const auto sum_of = [&](double watts) {
    return static_cast<std::int64_t>(watts * 1e12 / 3600 * 82 / 4096 / factor);
  };
  const auto booked = [&](double watts, std::int32_t offset_uW, Direction direction) {
    page.calibration[0].active_offset_uW = offset_uW;
    const BookingSetup setup = make_booking_setup(page, reference_conditions);
    EnergyState state{};
    book(state, setup, window_of(0, cycle, sum_of(watts)));
    return state.accounts.total.of(Kind::active, direction).counter_uWh != 0;
  };
  // It starts above 2.76 W.
  CHECK_FALSE(booked(2.5, 0, Direction::forward));
  CHECK(booked(2.5, 300'000, Direction::forward));
  CHECK(booked(3.0, 0, Direction::forward));
  CHECK_FALSE(booked(3.0, -300'000, Direction::forward));
  CHECK(booked(-2.5, -300'000, Direction::reverse));
}

TEST_CASE("A scale that changes at every window loses no energy") {
  hal::ParameterPage page{};
  page.variant = hal::MeterVariant::mod;
  page.calibration[0].voltage_ppb_per_K = 400'000;
  EnergyState state{};
  std::int64_t end = 0;
  std::int64_t expected_pWh = 0;
  constexpr std::int64_t sum = 1'234'567'890'123'456;
  for (int n = 0; n < 2000; ++n, end += cycle) {
    const BookingSetup setup = make_booking_setup(page, {-5.0 + 0.03 * n, 50});
    expected_pWh += apply(setup.secondary[0], sum);
    book(state, setup, window_of(end, end + cycle, sum));
  }
  const EnergyCounter total = state.accounts.total.of(Kind::active, Direction::forward);
  CHECK(total.counter_uWh == expected_pWh / 1'000'000);
  CHECK(total.residue_pWh == expected_pWh % 1'000'000);
}
