// What can be scheduled, in what order, and what is refused.
#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>

#include "models/grid/grid.h"
#include "waveform.h"

using namespace models::grid;
using models::pins::ps_max_segment;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using tests::value_of;

namespace {

VoltageSpec voltage(double rms_V) {
  VoltageSpec spec;
  spec.rms_V = rms_V;
  return spec;
}

/// Peak of the fundamental at `t` as rms.
double rms_at(const Grid& grid, Ps t) {
  Stretch stretch{};
  grid.voltage(0).stretch_at(t, stretch);
  return stretch.tones.empty() ? 0 : stretch.tones[0].amplitude / 1.41421356237309504880;
}

const double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("a change holds from its own picosecond on") {
  Grid grid;
  grid.schedule_voltage(0, 0, voltage(230));
  grid.schedule_voltage(0, 1'000'000'007, voltage(207));
  CHECK(rms_at(grid, 1'000'000'006) == Approx(230));
  CHECK(rms_at(grid, 1'000'000'007) == Approx(207));
}

TEST_CASE(
    "changes may be given in any order, and a later word for an instant replaces an earlier") {
  Grid grid;
  grid.schedule_voltage(0, 3 * ps_per_s, voltage(3));
  grid.schedule_voltage(0, 1 * ps_per_s, voltage(1));
  grid.schedule_voltage(0, 2 * ps_per_s, voltage(22));
  grid.schedule_voltage(0, 2 * ps_per_s, voltage(2));
  CHECK(rms_at(grid, ps_per_s - 1) == 0);
  CHECK(rms_at(grid, ps_per_s) == Approx(1));
  CHECK(rms_at(grid, 2 * ps_per_s) == Approx(2));
  CHECK(rms_at(grid, 3 * ps_per_s) == Approx(3));
}

TEST_CASE("a dip or interruption returns to what is scheduled by then") {
  Grid grid;
  grid.schedule_voltage(0, 0, voltage(230));
  grid.schedule_dip(0, ps_per_s, 200 * ps_per_ms, 0.5);
  grid.schedule_voltage(0, ps_per_s + 100 * ps_per_ms, voltage(200));
  grid.schedule_dip(0, 2 * ps_per_s, 1, 0);
  grid.schedule_dip(0, 2 * ps_per_s + 1, 5, 1.2);
  CHECK(rms_at(grid, ps_per_s - 1) == Approx(230));
  CHECK(rms_at(grid, ps_per_s) == Approx(115));
  CHECK(rms_at(grid, ps_per_s + 150 * ps_per_ms) == Approx(100));
  CHECK(rms_at(grid, ps_per_s + 200 * ps_per_ms) == Approx(200));
  CHECK(rms_at(grid, 2 * ps_per_s) == 0);
  CHECK(rms_at(grid, 2 * ps_per_s + 1) == Approx(240));
  CHECK(rms_at(grid, 2 * ps_per_s + 6) == Approx(200));
}

TEST_CASE("a ramp starts from what has been reached, or from a step at its own instant") {
  Grid grid;
  grid.schedule_voltage(0, 0, voltage(100));
  grid.schedule_voltage_ramp(0, 0, 100 * ps_per_ms, 200);
  grid.schedule_voltage_ramp(0, 50 * ps_per_ms, 70 * ps_per_ms, 50);  // from 150
  grid.schedule_voltage(0, ps_per_s, voltage(300));
  grid.schedule_voltage_ramp(0, ps_per_s, ps_per_s + 10 * ps_per_ms, 310);
  CHECK(rms_at(grid, 1) == Approx(105));
  CHECK(rms_at(grid, 49 * ps_per_ms) == Approx(145));
  CHECK(rms_at(grid, 51 * ps_per_ms) == Approx(125));
  CHECK(rms_at(grid, 69 * ps_per_ms) == Approx(75));
  CHECK(rms_at(grid, 70 * ps_per_ms) == Approx(50));
  CHECK(rms_at(grid, ps_per_s) == Approx(305));
  CHECK(rms_at(grid, ps_per_s + 10 * ps_per_ms) == Approx(310));
}

TEST_CASE("what has been asked for is past and cannot change") {
  Grid grid;
  grid.schedule_voltage(0, 0, voltage(230));
  grid.schedule_voltage(0, 5 * ps_per_s, voltage(100));
  value_of(grid.voltage(0), ps_per_s);
  CHECK_THROWS_WITH(grid.schedule_voltage(0, ps_per_s, voltage(1)),
                    "a change at 1000000000000 ps comes too late: the waveform is known up to "
                    "1000000000000 ps");
  CHECK_THROWS_AS(grid.schedule_voltage_ramp(0, ps_per_s, 2 * ps_per_s, 1), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_dip(0, ps_per_s, 1, 0), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_current(0, 0, {}), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_current_ramp(0, 0, 2 * ps_per_s, 0), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_frequency(ps_per_s, 50 * nHz_per_Hz), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_frequency_ramp(ps_per_s, 2 * ps_per_s, 50 * nHz_per_Hz),
                  std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_sequence(ps_per_s, true), std::invalid_argument);
  // The picosecond after is still open, and pieces told before know it when asked again.
  grid.schedule_voltage(0, ps_per_s + 1, voltage(10));
  models::pins::Piece piece{};
  grid.voltage(0).piece_at(ps_per_s, piece);
  CHECK(piece.end == ps_per_s + 1);
  CHECK(rms_at(grid, ps_per_s) == Approx(230));
  CHECK(rms_at(grid, ps_per_s + 1) == Approx(10));
}

TEST_CASE("nonsense is refused in a sentence") {
  Grid grid;
  CHECK_THROWS_WITH(grid.schedule_voltage(3, 0, {}), "a phase is 0, 1 or 2 (L1, L2, L3)");
  CHECK_THROWS_AS(grid.voltage(-1), std::invalid_argument);
  for (const double rms : {-1.0, 100'001.0, not_a_number}) {
    CHECK_THROWS_WITH(grid.schedule_voltage(0, 0, voltage(rms)),
                      "a voltage lies between 0 and 100 kV");
    CHECK_THROWS_AS(grid.schedule_voltage_ramp(0, 0, 1, rms), std::invalid_argument);
    CHECK_THROWS_AS(grid.schedule_current_ramp(0, 0, 1, rms), std::invalid_argument);
    CurrentSpec current;
    current.rms_A = rms;
    CHECK_THROWS_AS(grid.schedule_current(0, 0, current), std::invalid_argument);
  }
  CHECK_THROWS_AS(grid.schedule_voltage_ramp(0, 5, 5, 1), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_voltage(0, ps_max_segment + 1, {}), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_dip(0, 5, ps_max_segment, 0), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_dip(0, 5, models::pins::ps_never, 0), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_dip(0, 5, 0, 0), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_dip(0, 5, 1, -0.1), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_frequency(0, nHz_per_Hz - 1), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_frequency(0, 1000 * nHz_per_Hz + 1), std::invalid_argument);
  CHECK_THROWS_AS(Grid(0), std::invalid_argument);

  grid.schedule_dip(0, 1000, 1000, 0.5);
  CHECK_THROWS_AS(grid.schedule_dip(0, 1999, 5, 0.5), std::invalid_argument);
  CHECK_THROWS_AS(grid.schedule_dip(0, 500, 501, 0.5), std::invalid_argument);
  CHECK_NOTHROW(grid.schedule_dip(1, 1999, 5, 0.5));
}

TEST_CASE("harmonics and switches that make no sense are refused") {
  Grid grid;
  const auto refused = [&](const Harmonic& harmonic) {
    VoltageSpec spec = voltage(230);
    spec.harmonics = {harmonic};
    CHECK_THROWS_AS(grid.schedule_voltage(0, 0, spec), std::invalid_argument);
    CurrentSpec current;
    current.harmonics = {harmonic};
    CHECK_THROWS_AS(grid.schedule_current(0, 0, current), std::invalid_argument);
  };
  refused({0, 0, 10, 0});
  refused({5'000, 250 * nHz_per_Hz, 10, 0});
  refused({1'000, 0, 10, 0});
  refused({-5'000, 0, 10, 0});
  refused({2'500'001, 0, 10, 0});
  refused({0, 150'000 * nHz_per_Hz + 1, 10, 0});
  refused({5'000, 0, -1, 0});
  refused({5'000, 0, 1001, 0});
  refused({5'000, 0, not_a_number, 0});
  refused({5'000, 0, 10, not_a_number});
  const auto bad_switch = [&](const Switching& switching) {
    CurrentSpec current;
    current.switching = switching;
    CHECK_THROWS_AS(grid.schedule_current(0, 0, current), std::invalid_argument);
  };
  bad_switch(PhaseFired{-1});
  bad_switch(PhaseFired{179.5});
  bad_switch(PhaseFired{not_a_number});
  bad_switch(BurstFired{0, 2});
  bad_switch(BurstFired{2, -1});
  bad_switch(BurstFired{2, 1001});
}
