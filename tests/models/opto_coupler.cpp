// The tariff input's opto-coupler against the sine itself.
#include "models/opto/opto_coupler.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "level_changes.h"

using models::opto::OptoCoupler;
using models::pins::Ps;
using models::pins::ps_never;
using models::pins::ps_per_s;
using tests::LevelChanges;
using tests::run_until;

namespace {

constexpr std::int64_t hz = 1'000'000'000;

long double volts(double rms_V, std::int64_t frequency_nHz, Ps since) {
  const long double turns =
      static_cast<long double>(since) * 1e-12L * static_cast<long double>(frequency_nHz) * 1e-9L;
  return std::sqrt(2.0L) * static_cast<long double>(rms_V) *
         std::sin(2 * 3.14159265358979323846264338L * (turns - std::floor(turns)));
}

}  // namespace

TEST_CASE("opto-coupler: conducts exactly while the voltage is beyond 120 V") {
  for (const double rms_V : {85.0, 100.0, 160.0, 230.0, 276.0}) {
    for (const std::int64_t frequency : {45 * hz, 50 * hz, 52'370'000'000, 60 * hz}) {
      LevelChanges pin;
      OptoCoupler opto(pin);
      const Ps start = 123'456'789;
      opto.set_voltage(start, rms_V, frequency);
      run_until(opto, start + ps_per_s);
      // Two pulses a cycle.
      CHECK(pin.changes.size() == Approx(4e-9 * static_cast<double>(frequency)).margin(4));
      for (const auto& change : pin.changes) {
        // 2 ps off the edge the voltage is on the side of 120 V that the edge says; at 276 V and
        // 60 Hz it rises by less than 0.2 nV in a picosecond.
        const Ps t = change.t - start;
        const bool before = std::fabs(volts(rms_V, frequency, t - 2)) > 120.0L;
        const bool after = std::fabs(volts(rms_V, frequency, t + 2)) > 120.0L;
        CHECK(before != change.level);
        CHECK(after == change.level);
      }
    }
  }
}

TEST_CASE("opto-coupler: the share of time that it conducts is the arcsine's") {
  const auto share = [](double rms_V) {
    LevelChanges pin;
    OptoCoupler opto(pin);
    opto.set_voltage(0, rms_V, 50 * hz);
    run_until(opto, ps_per_s);
    Ps on = 0;
    for (std::size_t n = 0; n + 1 < pin.changes.size(); n += 2) {
      on += pin.changes[n + 1].t - pin.changes[n].t;
    }
    return static_cast<double>(on) * 1e-12;
  };
  for (const double rms_V : {90.0, 100.0, 160.0, 230.0}) {
    const double expected = 1 - 2 * std::asin(120 / (std::sqrt(2.0) * rms_V)) / std::acos(-1.0);
    CHECK(share(rms_V) == Approx(expected).epsilon(1e-9));
  }
  CHECK(share(100) == Approx(0.355).margin(0.0005));
  CHECK(share(160) == Approx(0.644).margin(0.0005));
}

TEST_CASE("opto-coupler: below 84.9 V nothing happens, and nothing is due") {
  LevelChanges pin;
  OptoCoupler opto(pin);
  CHECK(opto.next_event() == ps_never);
  opto.set_voltage(0, 84.8, 50 * hz);
  CHECK(opto.next_event() == ps_never);
  opto.set_voltage(0, 84.9, 50 * hz);
  CHECK(opto.next_event() < ps_per_s);
  opto.set_voltage(0, 0, 50 * hz);
  CHECK(opto.next_event() == ps_never);
  CHECK(pin.changes.empty());
}

TEST_CASE("opto-coupler: stops conducting the moment the voltage goes") {
  LevelChanges pin;
  OptoCoupler opto(pin);
  opto.set_voltage(0, 230, 50 * hz);
  opto.advance(opto.next_event());
  REQUIRE(pin.changes.size() == 1);
  const Ps cut = pin.changes[0].t + 1000;
  opto.set_voltage(cut, 0, 50 * hz);
  REQUIRE(pin.changes.size() == 2);
  CHECK(pin.changes[1].t == cut);
  CHECK_FALSE(pin.changes[1].level);
  opto.set_voltage(cut + 1, 0, 50 * hz);  // already dark: no further edge
  CHECK(pin.changes.size() == 2);
}

TEST_CASE("opto-coupler: after 100 days its edges lie where they should") {
  LevelChanges pin;
  OptoCoupler opto(pin);
  opto.set_voltage(0, 230, 50 * hz);
  auto state = opto.state();
  const std::int64_t half_cycles = 100LL * 86'400 * 100;
  state.edge = 2 * half_cycles;
  const Ps first = opto.next_event();
  opto.restore(state);
  CHECK(opto.next_event() == 100ull * 86'400 * ps_per_s + first);
}

TEST_CASE("opto-coupler: refuses voltages and frequencies that cannot be") {
  LevelChanges pin;
  OptoCoupler opto(pin);
  CHECK_THROWS_AS(opto.set_voltage(0, -1, 50 * hz), std::invalid_argument);
  CHECK_THROWS_AS(opto.set_voltage(0, 1001, 50 * hz), std::invalid_argument);
  CHECK_THROWS_AS(opto.set_voltage(0, std::nan(""), 50 * hz), std::invalid_argument);
  CHECK_THROWS_AS(opto.set_voltage(0, 230, hz - 1), std::invalid_argument);
  CHECK_THROWS_AS(opto.set_voltage(0, 230, 1000 * hz + 1), std::invalid_argument);
}

TEST_CASE("opto-coupler: its edges stay where they were in a kernel whose time 0 lies later") {
  LevelChanges pin;
  OptoCoupler opto(pin);
  opto.set_voltage(1'234, 230, 50 * hz + 7);
  const Ps cut = 333 * models::pins::ps_per_ms + 17;
  tests::run_until(opto, cut);
  auto state = opto.state();
  rebase(state, cut);
  LevelChanges later_pin;
  OptoCoupler later(later_pin);
  later.restore(state);
  const std::size_t before = pin.changes.size();
  tests::run_until(opto, cut + ps_per_s);
  tests::run_until(later, ps_per_s);
  REQUIRE(later_pin.changes.size() == pin.changes.size() - before);
  CHECK(later_pin.changes.size() > 190);
  for (std::size_t n = 0; n < later_pin.changes.size(); ++n) {
    CHECK(later_pin.changes[n].t + cut == pin.changes[before + n].t);
    CHECK(later_pin.changes[n].level == pin.changes[before + n].level);
  }
}
