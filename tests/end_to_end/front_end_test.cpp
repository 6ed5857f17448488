// What flaws of the front end make of the energy that is booked.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/sensors/production.h"
#include "tests/end_to_end/workbench.h"

using namespace end_to_end;

namespace {

constexpr double pi = 3.14159265358979323846;

/// Relative error of the forward energy of all phases between two readings, 2 s and 5 s after the
/// start.
double energy_error(Workbench& bench) {
  bench.run_until(2 * ps_per_s);
  const BookedEnergy first = bench.raw_energy(0x3020);
  bench.run_until(5 * ps_per_s);
  const BookedEnergy second = bench.raw_energy(0x3020);
  const double truth_Wh = bench.total_truth().active(first.until, second.until).forward / 3600;
  return (second.Wh - first.Wh) / truth_Wh - 1;
}

}  // namespace

TEST_CASE("a lead of 10 minutes at power factor 0.5 books 0.50 % too much") {
  const double minutes = 10;
  Setup setup;
  setup.variant = MeterVariant::mod_ct;
  const double lead = minutes / 60 / 180 * pi;
  for (auto& transformer : setup.sensors.current) transformer.lead_rad = lead;
  Workbench bench(setup);
  bench.schedule(0, {230, 1.5, 60});
  // The current arrives with cos δ of itself and δ nearer to the voltage:
  // cos δ · cos(60° − δ) / cos 60° − 1 = 0.00503, about tan 60° · 2.909 mrad.
  const double expected = std::cos(lead) * std::cos(pi / 3 - lead) / std::cos(pi / 3) - 1;
  CHECK(expected == Approx(0.00503).margin(1e-5));
  CHECK(energy_error(bench) == Approx(expected).margin(1e-5));
}

TEST_CASE("a typical direct meter stands half-waves of Imax within 3 %") {
  // EN 50470-3: 45 A of direct current; the reference and the ratios are right at 23 °C, so what
  // is left is the lead and what heating does in five seconds.
  Setup setup;
  setup.sensors = models::sensors::typical_front_end(false);
  Workbench bench(setup);
  for (int phase = 0; phase < 3; ++phase) {
    bench.grid().schedule_voltage(phase, 0, {230, -120.0 * phase, {}});
    models::grid::CurrentSpec current;
    current.rms_A = 100;
    current.switching = models::grid::HalfWave::positive;
    bench.grid().schedule_current(phase, 0, current);
  }
  const double error = energy_error(bench);
  CHECK(std::abs(error) < 0.03);
  // At power factor 1 a lead takes cos² δ of it: 20' · (1 + (45/100)²) are 7 mrad, 49 ppm.
  const double tangent = std::tan(20.0 / 60 / 180 * pi) * (1 + 0.2026) *
                         (1 + 0.2 / (1 + 54.5));  // a.c. r.m.s. of the half-waves: 54.5 A
  CHECK(error == Approx(-tangent * tangent).margin(2e-5));
}

TEST_CASE("crosstalk of 2 uA/V adds a tenth of a watt a phase") {
  Setup setup;
  for (auto& transformer : setup.sensors.current) transformer.crosstalk_A_per_V = 2e-6;
  Workbench bench(setup);
  bench.schedule(0, {230, 0.25, 0});
  // 230 V · 0.25 A = 57.5 W; 230² V² · 2 uA/V = 0.1058 W.
  CHECK(energy_error(bench) == Approx(0.1058 / 57.5).margin(2e-5));
}
