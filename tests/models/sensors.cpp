// Ratio, phase and offset errors of the analog front end.
#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>

#include "models/grid/constant.h"
#include "models/grid/grid.h"
#include "models/sensors/sensor.h"
#include "waveform.h"

using namespace models::grid;
using models::sensors::Sensor;
using tests::value_of;

namespace {

void fill(Grid& grid) {
  CurrentSpec spec;
  spec.rms_A = 10;
  spec.switching = PhaseFired{90};
  grid.schedule_current(0, 0, spec);
  spec.rms_A = 20;
  grid.schedule_current(0, 50'000'000'000, spec);
}

}  // namespace

TEST_CASE("an ideal sensor changes nothing") {
  Grid grid;
  fill(grid);
  const Sensor sensor(grid.current(0), {});
  for (const Ps t : {Ps{0}, Ps{7'000'000'000}, Ps{49'999'999'999}, Ps{56'000'000'000}}) {
    models::pins::Piece piece{};
    models::pins::Piece direct{};
    sensor.piece_at(t, piece);
    grid.current(0).piece_at(t, direct);
    CHECK(piece.start == direct.start);
    CHECK(piece.end == direct.end);
    CHECK(value_of(sensor, t) == value_of(grid.current(0), t));
  }
}

TEST_CASE("ratio and offset act on the value, also where nothing flows") {
  Grid grid;
  fill(grid);
  const Sensor sensor(grid.current(0), {0.01, 0, -0.5});
  for (const Ps t : {Ps{2'000'000'000}, Ps{7'000'000'000}, Ps{57'000'000'000}}) {
    CHECK(value_of(sensor, t) == Approx(1.01 * value_of(grid.current(0), t) - 0.5));
  }
}

TEST_CASE("a delay moves the whole waveform: phase, switching and changes") {
  Grid grid;
  fill(grid);
  const std::int64_t delay = GENERATE(1, 954'321, 1'000'000'000, -1, -954'321, -1'000'000'000);
  const Sensor sensor(grid.current(0), {0, delay, 0});
  for (const Ps t : {Ps{5'000'000'000}, Ps{7'777'777'777}, Ps{15'000'000'000}, Ps{50'000'000'000},
                     Ps{56'000'000'000}}) {
    const Ps seen = t + static_cast<Ps>(delay);
    CHECK(value_of(sensor, seen) == Approx(value_of(grid.current(0), t)).margin(1e-9));
    CHECK(value_of(sensor, seen - 1) == Approx(value_of(grid.current(0), t - 1)).margin(1e-9));
  }
  models::pins::Piece piece{};
  sensor.piece_at(Ps{50'000'000'000} + static_cast<Ps>(delay), piece);
  CHECK(piece.start == Ps{50'000'000'000} + static_cast<Ps>(delay));
  CHECK(piece.end == Ps{55'000'000'000} + static_cast<Ps>(delay));  // where the load fires
}

TEST_CASE("before a delayed waveform begins its first piece stands") {
  const Constant constant(23.5);
  const Sensor sensor(constant, {0, 1'000, 0});
  CHECK(value_of(sensor, 0) == 23.5);
  CHECK(value_of(sensor, 999) == 23.5);
}

TEST_CASE("minutes of arc become a delay at a frequency") {
  // One turn is 21 600 minutes; at 50 Hz 20 ms.
  CHECK(models::sensors::delay_of_minutes(10, 50'000'000'000) == 9'259'259);
  CHECK(models::sensors::delay_of_minutes(-21.6, 50'000'000'000) == -20'000'000);
}

TEST_CASE("impossible errors are refused") {
  const Constant constant(1);
  CHECK_THROWS_AS(Sensor(constant, {0.51, 0, 0}), std::invalid_argument);
  CHECK_THROWS_AS(Sensor(constant, {0, 1'000'000'001, 0}), std::invalid_argument);
  CHECK_THROWS_AS(Sensor(constant, {0, -1'000'000'001, 0}), std::invalid_argument);
  CHECK_THROWS_AS(Sensor(constant, {0, 0, std::numeric_limits<double>::infinity()}),
                  std::invalid_argument);
}
