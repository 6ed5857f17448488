// What the terminals see of the grid.
#include "models/wiring/wiring.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "waveform.h"

using namespace models::grid;
using models::wiring::Connection;
using models::wiring::Terminals;
using models::wiring::Wiring;
using tests::value_of;

namespace {

/// Three unlike voltages and currents, with changes at unlike times.
void fill(Grid& grid) {
  for (int phase = 0; phase < 3; ++phase) {
    VoltageSpec voltage;
    voltage.rms_V = 200 + 17 * phase;
    voltage.angle_deg = -120.0 * phase + 3 * phase * phase;
    voltage.harmonics = {{3'000, 0, 5, 10}};
    grid.schedule_voltage(phase, 0, voltage);
    voltage.rms_V += 10;
    grid.schedule_voltage(phase, 20'000'000'000 + 7u * static_cast<Ps>(phase), voltage);
    CurrentSpec current;
    current.rms_A = 5 + phase;
    current.lag_deg = 10 * phase;
    if (phase == 1) current.switching = HalfWave::positive;
    grid.schedule_current(phase, 0, current);
  }
}

const std::vector<Ps> instants{0,
                               1'234'567'890,
                               12'345'678'901,
                               19'999'999'999,
                               20'000'000'000,
                               20'000'000'007,
                               20'000'000'014,
                               33'333'333'333};

}  // namespace

TEST_CASE("four-wire terminals see each phase as it is") {
  Grid grid;
  fill(grid);
  const Terminals terminals(grid, {});
  for (int k = 0; k < 3; ++k) {
    for (const Ps t : instants) {
      CHECK(value_of(terminals.voltage(k), t) == Approx(value_of(grid.voltage(k), t)));
      CHECK(value_of(terminals.current(k), t) == Approx(value_of(grid.current(k), t)));
    }
  }
}

TEST_CASE("a reversed transformer turns its current round, switch and all") {
  Grid grid;
  fill(grid);
  Wiring wiring;
  wiring.reversed_ct = {false, true, true};
  const Terminals terminals(grid, wiring);
  for (const Ps t : instants) {
    CHECK(value_of(terminals.current(0), t) == Approx(value_of(grid.current(0), t)));
    CHECK(value_of(terminals.current(1), t) == Approx(-value_of(grid.current(1), t)));
    CHECK(value_of(terminals.current(2), t) == Approx(-value_of(grid.current(2), t)));
  }
}

TEST_CASE("swapped phases arrive where they are led") {
  Grid grid;
  fill(grid);
  Wiring wiring;
  wiring.voltage_order = {1, 0, 2};
  wiring.current_order = {2, 0, 1};
  const Terminals terminals(grid, wiring);
  for (const Ps t : instants) {
    CHECK(value_of(terminals.voltage(0), t) == Approx(value_of(grid.voltage(1), t)));
    CHECK(value_of(terminals.voltage(1), t) == Approx(value_of(grid.voltage(0), t)));
    CHECK(value_of(terminals.current(2), t) == Approx(value_of(grid.current(1), t)));
  }
}

TEST_CASE("without neutral each voltage is less by the mean of the three") {
  Grid grid;
  fill(grid);
  Wiring wiring;
  wiring.neutral_missing = true;
  const Terminals terminals(grid, wiring);
  for (const Ps t : instants) {
    const double mean = (value_of(grid.voltage(0), t) + value_of(grid.voltage(1), t) +
                         value_of(grid.voltage(2), t)) /
                        3;
    for (int k = 0; k < 3; ++k) {
      CHECK(value_of(terminals.voltage(k), t) ==
            Approx(value_of(grid.voltage(k), t) - mean).margin(1e-9));
    }
  }
}

TEST_CASE("Aron terminals see U12 and U32, and nothing on channel 2") {
  Grid grid;
  fill(grid);
  Wiring wiring;
  wiring.connection = Connection::aron;
  const Terminals terminals(grid, wiring);
  for (const Ps t : instants) {
    const double u2 = value_of(grid.voltage(1), t);
    CHECK(value_of(terminals.voltage(0), t) ==
          Approx(value_of(grid.voltage(0), t) - u2).margin(1e-9));
    CHECK(value_of(terminals.voltage(1), t) == 0);
    CHECK(value_of(terminals.voltage(2), t) ==
          Approx(value_of(grid.voltage(2), t) - u2).margin(1e-9));
    CHECK(value_of(terminals.current(0), t) == Approx(value_of(grid.current(0), t)));
    CHECK(value_of(terminals.current(1), t) == 0);
    CHECK(value_of(terminals.current(2), t) == Approx(value_of(grid.current(2), t)));
  }
}

TEST_CASE("one phase is channel 1 alone") {
  Grid grid;
  fill(grid);
  Wiring wiring;
  wiring.connection = Connection::one_phase;
  const Terminals terminals(grid, wiring);
  for (const Ps t : instants) {
    CHECK(value_of(terminals.voltage(0), t) == Approx(value_of(grid.voltage(0), t)));
    CHECK(value_of(terminals.current(0), t) == Approx(value_of(grid.current(0), t)));
    for (int k = 1; k < 3; ++k) {
      CHECK(value_of(terminals.voltage(k), t) == 0);
      CHECK(value_of(terminals.current(k), t) == 0);
    }
  }
}

TEST_CASE("a difference of voltages is one tone per frequency") {
  Grid grid;
  fill(grid);
  Wiring wiring;
  wiring.connection = Connection::aron;
  models::pins::Piece piece{};
  Terminals(grid, wiring).voltage(0).piece_at(0, piece);
  CHECK(piece.tones.size() == 2);
}

TEST_CASE("a change behind the terminals is seen, and refused once it is past") {
  Grid grid;
  fill(grid);
  const Terminals terminals(grid, {});
  models::pins::Piece piece{};
  terminals.voltage(0).piece_at(1000, piece);
  terminals.voltage(0).piece_at(2000, piece);  // answered from what is known
  CHECK_THROWS_AS(grid.schedule_voltage(0, 2000, {}), std::invalid_argument);
  grid.schedule_voltage(0, 2001, {});
  terminals.voltage(0).piece_at(2000, piece);
  CHECK(piece.end == 2001);
}

TEST_CASE("impossible wiring is refused") {
  Grid grid;
  Wiring wiring;
  wiring.voltage_order = {0, 0, 2};
  CHECK_THROWS_AS(Terminals(grid, wiring), std::invalid_argument);
  wiring = {};
  wiring.current_order = {0, 1, 3};
  CHECK_THROWS_AS(Terminals(grid, wiring), std::invalid_argument);
  wiring = {};
  wiring.neutral_missing = true;
  wiring.connection = Connection::aron;
  CHECK_THROWS_AS(Terminals(grid, wiring), std::invalid_argument);
}
