// What the supply's input stage draws, in closed form, against the circuit itself, step by step.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/supply/consumption.h"
#include "models/supply/supply.h"

using namespace models::supply;

namespace {

const double pi = std::acos(-1.0);

struct Drawn {
  double active_W;
  double current_A;
};

/// The circuit in steps of 1/20 000 of a cycle: capacitor, resistor, and the shunt's voltage
/// against whichever way the current flows. Ten cycles to settle, one to measure.
Drawn integrated(const DropperSpec& dropper, double voltage_V, double frequency_Hz) {
  constexpr int steps = 20'000;
  constexpr int settling_cycles = 10;
  const double dt = 1 / (frequency_Hz * steps);
  double capacitor_V = 0;
  double energy = 0;
  double square = 0;
  for (int n = 0; n < (settling_cycles + 1) * steps; ++n) {
    const double u = std::sqrt(2.0) * voltage_V * std::sin(2 * pi * n / steps);
    const double across = u - capacitor_V;
    double i = 0;
    if (std::abs(across) > dropper.shunt_V) {
      i = (across - std::copysign(dropper.shunt_V, across)) / dropper.resistance_ohm;
    }
    capacitor_V += i * dt / dropper.capacitance_F;
    if (n < settling_cycles * steps) continue;
    energy += u * i * dt;
    square += i * i * dt;
  }
  return {energy * frequency_Hz, std::sqrt(square * frequency_Hz)};
}

}  // namespace

TEST_CASE("own consumption: the closed form is the circuit's own within 1 %") {
  const DropperSpec dropper;
  for (const double voltage_V : {80.0, 184.0, 230.0, 276.0}) {
    for (const double frequency_Hz : {45.0, 50.0, 60.0}) {
      INFO(voltage_V << " V, " << frequency_Hz << " Hz");
      const Consumption seen = consumption(dropper, voltage_V, frequency_Hz);
      const Drawn exact = integrated(dropper, voltage_V, frequency_Hz);
      CHECK(seen.active_W == Approx(exact.active_W).epsilon(0.01));
      CHECK(seen.current_A == Approx(exact.current_A).epsilon(0.01));
      CHECK(seen.apparent_VA == Approx(voltage_V * seen.current_A));
    }
  }
}

// 230 V · 2π · 50 Hz · 0.47 µF are 34 mA, 7.8 VA.
TEST_CASE("own consumption: at 230 V some 0.6 W and 7.8 VA a phase") {
  const Consumption seen = consumption({}, 230, 50);
  CHECK(seen.apparent_VA == Approx(7.81).epsilon(0.02));
  // 4 · 50 Hz · 0.47 µF · (325.3 V − 15 V) are 29.2 mA into 15 V; 34 mA² · 100 Ω.
  CHECK(seen.active_W == Approx(0.4375 + 0.115).epsilon(0.01));
  CHECK(seen.apparent_VA > seen.active_W);
}

TEST_CASE("own consumption: without voltage or below the shunt's nothing flows") {
  for (const double voltage_V : {0.0, 5.0, 10.6}) {
    const Consumption seen = consumption({}, voltage_V, 50);
    CHECK(seen.active_W == 0);
    CHECK(seen.apparent_VA == 0);
    CHECK(available_W({}, voltage_V, 50) == 0);
  }
  // 15 V / √2 is 10.607 V.
  CHECK(consumption({}, 10.7, 50).active_W > 0);
}

TEST_CASE("own consumption: any one phase that feeds carries the meter and its backlight") {
  const LoadSpec load;
  CHECK(needed_W(load, false) == Approx(0.07));
  CHECK(needed_W(load, true) == Approx(0.12));
  CHECK(available_W({}, feeds_until_V, 45) >= needed_W(load, true));
  // With half the capacitor it would not.
  DropperSpec small;
  small.capacitance_F /= 2;
  CHECK(available_W(small, feeds_until_V, 45) < needed_W(load, true));
}
