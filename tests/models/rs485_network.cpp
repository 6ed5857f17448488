// The cable as a network, against circuits worked out by hand.
#include "models/lines/rs485_network.h"

#include <catch2/catch.hpp>
#include <stdexcept>

using models::lines::CableSpec;
using models::lines::Drivers;
using models::lines::EndSpec;
using models::lines::Rs485Network;
using models::lines::Termination;

namespace {

EndSpec at(double position_m, double unit_loads = 0) {
  EndSpec end;
  end.position_m = position_m;
  end.unit_loads = unit_loads;
  return end;
}

CableSpec cable(double length_m, Termination termination = Termination::both) {
  CableSpec spec;
  spec.length_m = length_m;
  spec.termination = termination;
  return spec;
}

double parallel(double a, double b) { return a * b / (a + b); }

}  // namespace

TEST_CASE("RS-485: a driver puts 2 V on the 54 ohm that the standard tests it with") {
  // Two terminators make 60 ohm; two ends of 1.08 unit loads and 8 make the rest: 1/54 - 1/60 S is
  // 540 ohm, which no receivers are. So the test's load is made of what there is: 60 ohm.
  const Rs485Network network(cable(0), {at(0), at(0)});
  CHECK(network.under({1, 1}).volts[1] == Approx(4 * 60.0 / (60 + 54)).epsilon(1e-4));
  CHECK(network.under({1, 0}).volts[1] == Approx(-4 * 60.0 / (60 + 54)).epsilon(1e-4));
  CHECK(network.under({0, 0}).volts[1] == Approx(0.0).margin(1e-12));
}

TEST_CASE("RS-485: over 1000 m the far end has what the divider leaves, 1.43 V") {
  const Rs485Network network(cable(1000), {at(0), at(1000)});
  const double load = parallel(120, 73 + 120);
  const double near = 4 * load / (load + 54);
  CHECK(network.under({1, 1}).volts[0] == Approx(near).epsilon(1e-4));
  CHECK(network.under({1, 1}).volts[1] == Approx(near * 120 / 193).epsilon(1e-4));
  CHECK(near * 120 / 193 == Approx(1.43).margin(0.01));
}

TEST_CASE("RS-485: 60 half unit loads are 400 ohm") {
  std::vector<EndSpec> ends;
  for (int i = 0; i < 60; ++i) ends.push_back(at(0, 0.5));
  const Rs485Network network(cable(0, Termination::none), ends);
  CHECK(network.under({1, 1}).volts[0] == Approx(4 * 400.0 / 454).epsilon(1e-3));
}

TEST_CASE("RS-485: two drivers against each other cancel in the middle, the nearer one wins") {
  const Rs485Network network(cable(1000), {at(0), at(500), at(1000)});
  const Drivers against{0b101, 0b001};
  const auto& state = network.under(against);
  CHECK(state.volts[1] == Approx(0.0).margin(1e-9));
  CHECK(state.volts[0] > 1.0);
  CHECK(state.volts[2] == Approx(-state.volts[0]));
  const Rs485Network one_place(cable(0), {at(0), at(0)});
  CHECK(one_place.under({0b11, 0b01}).volts[0] == Approx(0.0).margin(1e-12));
  // Both the same way: 27 ohm behind 4 V into 60 ohm.
  CHECK(one_place.under({0b11, 0b11}).volts[0] == Approx(4 * 60.0 / 87).epsilon(1e-4));
}

TEST_CASE("RS-485: swapped wires turn a driver round") {
  EndSpec swapped = at(0);
  swapped.swapped = true;
  const Rs485Network network(cable(0), {at(0), swapped});
  CHECK(network.under({0b10, 0b10}).volts[0] == Approx(-network.under({0b01, 0b01}).volts[0]));
}

TEST_CASE("RS-485: bias resistors keep an undriven line at a quarter of a volt") {
  CableSpec spec = cable(0);
  spec.bias_ohm = 560;
  const Rs485Network network(spec, {at(0)});
  CHECK(network.under({}).volts[0] == Approx(5 * 60.0 / (60 + 1120)).epsilon(1e-4));
}

TEST_CASE("RS-485: the time constant is capacitance times what discharges it") {
  // 10 m: 1 nF and two ends of 50 pF; the cable's 0.73 ohm are nothing against 60 || 54.
  const Rs485Network shorter(cable(10), {at(0), at(10)});
  CHECK(shorter.under({1, 1}).tau_ps[1] == Approx(1.1e-9 * parallel(60, 54) * 1e12).epsilon(0.02));
  // 1000 m: half of 100 nF at either end, seen from the far end by the resistances they share with
  // it: its own half through 120 || (73 + 120 || 54), the near half through what divides.
  const Rs485Network longer(cable(1000), {at(0), at(1000)});
  const double near_ohm = parallel(120, 54);
  const double own = parallel(120, 73 + near_ohm);
  const double shared = own * near_ohm / (73 + near_ohm);
  CHECK(longer.under({1, 1}).tau_ps[1] == Approx(50.05e-9 * (own + shared) * 1e12).epsilon(1e-3));
}

TEST_CASE("RS-485: a cable without one terminator rings, four times to and fro") {
  CHECK(Rs485Network(cable(1000), {at(0)}).ringing() == 0);
  for (const auto termination : {Termination::near, Termination::far, Termination::none}) {
    const Rs485Network network(cable(1000, termination), {at(0)});
    // (120 - 54) / (120 + 54) = 0.379 is left of each trip; 0.379^4 < 5 % < 0.379^3.
    CHECK(network.ringing_share() == Approx(66.0 / 174.0));
    CHECK(network.ringing() == 4 * 2 * 5'000'000);
  }
}

TEST_CASE("RS-485: the wave takes 5 ns a metre") {
  const Rs485Network network(cable(1000), {at(0), at(1000), at(400)});
  CHECK(network.travel(0, 1) == 5'000'000);
  CHECK(network.travel(1, 2) == 3'000'000);
  CHECK(network.travel(1, 1) == 0);
}

TEST_CASE("RS-485: refuses what cannot be wired") {
  CHECK_THROWS_AS(Rs485Network(cable(-1), {}), std::invalid_argument);
  CHECK_THROWS_AS(Rs485Network(cable(5001), {}), std::invalid_argument);
  CHECK_THROWS_AS(Rs485Network(cable(10), {at(11)}), std::invalid_argument);
  CHECK_THROWS_AS(Rs485Network(cable(10), {at(1, 9)}), std::invalid_argument);
  CHECK_THROWS_AS(Rs485Network(cable(10), std::vector<EndSpec>(65)), std::invalid_argument);
  CableSpec spec = cable(10);
  spec.bias_ohm = 1;
  CHECK_THROWS_AS(Rs485Network(spec, {}), std::invalid_argument);
}
