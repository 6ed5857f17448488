// A flawed front end put right through the debug port's factory rows, over frequency and
// temperature.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/end_to_end/workbench.h"

using namespace end_to_end;
using metrology::hal::calibration_field_count;
using metrology::hal::calibration_fields;
using metrology::hal::PhaseCalibration;

namespace {

constexpr double voltage_V = 230;
constexpr double reference_C = 23;

/// Every phase with errors of its own in ratios, drifts, lead and crosstalk; the ADC's reference
/// too. No noise: what is left is what the constants leave.
models::sensors::FrontEndSpec flawed() {
  models::sensors::FrontEndSpec spec;
  spec.voltage[0] = {0.004, 15e-6, 0, 0};
  spec.voltage[1] = {-0.008, -20e-6, 0, 0};
  spec.voltage[2] = {0.001, 5e-6, 0, 0};
  const double ratio_error[] = {0.006, -0.003, 0.009};
  const double ratio_per_K[] = {-30e-6, 40e-6, 10e-6};
  const double lead_rad[] = {5.8e-3, 4.0e-3, 7.5e-3};
  const double crosstalk_A_per_V[] = {2e-6, -1.5e-6, 1e-6};
  for (std::size_t phase = 0; phase < 3; ++phase) {
    models::sensors::TransformerSpec& transformer = spec.current[phase];
    transformer.ratio_error = ratio_error[phase];
    transformer.ratio_per_K = ratio_per_K[phase];
    transformer.lead_rad = lead_rad[phase];
    transformer.lead_per_K = 0.0039;
    transformer.crosstalk_A_per_V = crosstalk_A_per_V[phase];
  }
  spec.reference_error = 0.002;
  spec.reference_per_K = 10e-6;
  return spec;
}

std::int32_t rounded(double value) { return static_cast<std::int32_t>(std::lround(value)); }

/// What undoes the flaws of a phase at 23 °C and 50 Hz, and its change with temperature to first
/// order: of a ratio 1 + e + a·t under a reference 1 + r + b·t the inverse.
PhaseCalibration undoing(const models::sensors::FrontEndSpec& spec, std::size_t phase) {
  const models::sensors::DividerSpec& divider = spec.voltage[phase];
  const models::sensors::TransformerSpec& transformer = spec.current[phase];
  const double reference = 1 + spec.reference_error;
  const double u_gain = reference / (1 + divider.ratio_error);
  const double i_gain = reference / (1 + transformer.ratio_error) / std::cos(transformer.lead_rad);
  const double reference_drift = spec.reference_per_K / reference;
  const double u_drift = reference_drift - divider.ratio_per_K / (1 + divider.ratio_error);
  const double i_drift = reference_drift - transformer.ratio_per_K / (1 + transformer.ratio_error);
  // Crosstalk comes in behind the ratio, so its power is scaled by the ratio's inverse.
  const double crosstalk_W =
      transformer.crosstalk_A_per_V * voltage_V * voltage_V / (1 + transformer.ratio_error);
  PhaseCalibration constants{};
  constants.voltage_ppm = rounded((u_gain - 1) * 1e6);
  constants.current_ppm = rounded((i_gain - 1) * 1e6);
  constants.current_lead_urad = rounded(transformer.lead_rad * 1e6);
  constants.voltage_ppb_per_K = rounded(u_gain * u_drift * 1e9);
  constants.current_ppb_per_K = rounded(i_gain * i_drift * 1e9);
  constants.lead_ppm_per_K = rounded(transformer.lead_per_K * 1e6);
  constants.active_offset_uW = rounded(-crosstalk_W * 1e6);
  return constants;
}

struct Errors {
  double active;
  double reactive;
};

/// Of what is booked forward in all phases from `settling` from now on, over three seconds.
Errors errors(Workbench& bench, Ps settling) {
  const Ps begin = bench.now() + settling;
  bench.run_until(begin);
  const std::vector<BookedEnergy> first = bench.raw_energies({0x3020, 0x3080});
  bench.run_until(begin + 3 * ps_per_s);
  const std::vector<BookedEnergy> second = bench.raw_energies({0x3020, 0x3080});
  const auto error = [&](std::size_t n, double truth) {
    return (second[n].Wh - first[n].Wh) / (truth / 3600) - 1;
  };
  const models::truth::EnergyTruth& truth = bench.total_truth();
  return {error(0, truth.active(first[0].until, second[0].until).forward),
          error(1, truth.reactive(first[1].until, second[1].until).forward)};
}

}  // namespace

TEST_CASE(
    "a flawed front end is put right through the factory rows from 45 Hz to 60 Hz and from -5 to "
    "50 degC") {
  Setup setup;
  setup.sensors = flawed();
  Workbench bench(setup);
  bench.schedule(0, {voltage_V, 5, 60});
  // Half the gains' errors and 1.73 of the mean lead of 5.8 mrad: about a percent.
  CHECK(errors(bench, 2 * ps_per_s).active > 0.005);

  for (std::uint32_t phase = 0; phase < 3; ++phase) {
    const PhaseCalibration constants = undoing(setup.sensors, phase);
    for (std::uint32_t field = 0; field < calibration_field_count; ++field) {
      const std::uint32_t row = 0xF100 + 0x40 * phase + 4 * field;
      const std::int32_t value = constants.*calibration_fields[field].value;
      REQUIRE(bench.write_four_bytes(row, value).status == metrology::hal::MailboxReply::ok);
      CHECK(static_cast<std::int32_t>(bench.row_integer(row)) == value);
    }
  }

  // What is left of L3, the worst, at 45 Hz and 50 °C: its lead of 7.5 mrad is 9.2 there, and
  // cos δ, whose change no constant follows, 14 ppm less. Second order of drifts: (35 ppm/K · 28
  // K)², 1 ppm. Half a ppm of each gain; half a µrad of the lead, half a step of the delay and its
  // own error, 1.6 µrad in all: 3 ppm at power factor 0.5. 10 ppm the bench's.
  constexpr double limit = 30e-6;
  for (const std::int64_t hertz : {45, 50, 60}) {
    for (const double celsius : {-5.0, reference_C, 50.0}) {
      CAPTURE(hertz, celsius);
      const Ps change = bench.now() + ps_per_ms;
      bench.grid().schedule_frequency(change, hertz * 1'000'000'000);
      bench.air().schedule(change, celsius + models::thermal::zero_celsius_K);
      const Errors left = errors(bench, 3 * ps_per_s);
      CHECK(static_cast<std::int32_t>(bench.row_integer(0xF1C0)) == rounded(celsius * 1000));
      CHECK(std::abs(left.active) < limit);
      CHECK(std::abs(left.reactive) < limit);
    }
  }

  // 57.5 W, of which crosstalk would make 0.106, −0.079 and 0.053 W: a third of 0.080 W, 464 ppm.
  const Ps change = bench.now() + ps_per_ms;
  bench.grid().schedule_frequency(change, 50'000'000'000);
  bench.air().schedule(change, reference_C + models::thermal::zero_celsius_K);
  bench.schedule(change, {voltage_V, 0.25, 0});
  CHECK(std::abs(errors(bench, 3 * ps_per_s).active) < limit);
}
