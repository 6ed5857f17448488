// The M-Bus as a circuit, against voltages and currents worked out by hand.
#include "models/lines/mbus_network.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "mbus_on_the_bench.h"

using models::lines::Drivers;
using models::lines::EndSet;
using models::lines::MbusCableSpec;
using models::lines::MbusEndKind;
using models::lines::MbusEndSpec;
using models::lines::MbusLevels;
using models::lines::MbusNetwork;
using tests::mbus_cable;
using tests::mbus_master;
using tests::mbus_meter;
using tests::mbus_probe;

namespace {

/// End 0, a master, is at mark.
constexpr Drivers mark{1, 1};
/// … at space.
constexpr Drivers space{1, 0};

/// `drivers`, and these meters space.
Drivers spacing(Drivers drivers, std::initializer_list<int> meters) {
  for (const int meter : meters) {
    drivers.on.put(meter, true);
    drivers.mark.put(meter, false);
  }
  return drivers;
}

/// The resistance that the ways from `from` to `a` and to `b` have in common.
double shared_ohm(double from, double a, double b, double ohm_per_km) {
  if ((a - from) * (b - from) <= 0) return 0;
  return std::min(std::fabs(a - from), std::fabs(b - from)) * 1e-3 * ohm_per_km;
}

/// Superposition: every meter's current pulls each place down by what their ways share.
double volts_at(double place, double source_V, double source_ohm, double ohm_per_km,
                const std::vector<MbusEndSpec>& ends, const Drivers& drivers) {
  double volts = source_V;
  for (std::size_t i = 1; i < ends.size(); ++i) {
    if (ends[i].kind != MbusEndKind::meter) continue;
    const int number = static_cast<int>(i);
    const bool spaces = drivers.on.has(number) && !drivers.mark.has(number);
    const double ampere = 1e-3 * (1.5 * ends[i].unit_loads + (spaces ? ends[i].space_mA : 0));
    volts -= ampere *
             (source_ohm + shared_ohm(ends[0].position_m, place, ends[i].position_m, ohm_per_km));
  }
  return volts;
}

std::vector<MbusEndSpec> with_meters(int count, double position_m) {
  std::vector<MbusEndSpec> ends = {mbus_master()};
  for (int i = 0; i < count; ++i) ends.push_back(mbus_meter(position_m));
  return ends;
}

}  // namespace

TEST_CASE("M-Bus: at mark 36 V less what the meters' currents drop, at space 12 V less") {
  const MbusNetwork network(mbus_cable(10), {mbus_master(), mbus_meter(0), mbus_probe()});
  // 1.5 mA through 30 ohm.
  CHECK(network.levels(mark).volts[1] == Approx(36 - 0.045));
  CHECK(network.levels(space).volts[1] == Approx(24 - 0.045));
  CHECK(network.levels(mark).volts[2] == Approx(36 - 0.045));
  CHECK(network.levels(mark).quiescent_mA == Approx(1.5));
  CHECK(network.levels(space).quiescent_mA == Approx(1.5));
  CHECK(network.levels(spacing(mark, {1})).extra_mA == Approx(15));
}

TEST_CASE("M-Bus: voltages along a cable are those of superposition, whoever spaces") {
  std::vector<MbusEndSpec> ends = {mbus_master(800), mbus_meter(0),        mbus_meter(300, 11),
                                   mbus_meter(800),  mbus_meter(1500, 20), mbus_meter(2000),
                                   mbus_probe(1200)};
  ends[4].unit_loads = 2;
  ends[5].unit_loads = 0.5;
  MbusCableSpec cable = mbus_cable(2000);
  cable.source_ohm = 47;
  cable.mark_V = 40;
  cable.step_V = 13;
  const MbusNetwork network(cable, ends);
  for (const Drivers& drivers : {mark, space, spacing(mark, {1}), spacing(mark, {2, 4, 5}),
                                 spacing(space, {1, 2, 3, 4, 5})}) {
    const MbusLevels levels = network.levels(drivers);
    const double source_V = drivers.mark.has(0) ? 40 : 27;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      CHECK(levels.volts[i] ==
            Approx(volts_at(ends[i].position_m, source_V, 47, 73, ends, drivers)).epsilon(1e-9));
    }
    CHECK(levels.quiescent_mA == Approx(1.5 * (3 + 2 + 0.5)));
  }
}

TEST_CASE("M-Bus: a resistance that is not the cable's default counts as given") {
  MbusCableSpec cable = mbus_cable(1000);
  cable.loop_ohm_per_km = 37;
  const MbusNetwork network(cable, {mbus_master(), mbus_meter(1000)});
  CHECK(network.levels(spacing(mark, {1})).volts[1] == Approx(36 - 16.5e-3 * (30 + 37)));
}

TEST_CASE("M-Bus: either polarity is the same to a meter, and to all others") {
  std::vector<MbusEndSpec> straight = {mbus_master(), mbus_meter(500), mbus_meter(1000),
                                       mbus_probe(700)};
  std::vector<MbusEndSpec> swapped = straight;
  for (MbusEndSpec& end : swapped) end.swapped = true;
  const MbusNetwork one(mbus_cable(1000), straight);
  const MbusNetwork other(mbus_cable(1000), swapped);
  for (const Drivers& drivers : {Drivers{}, mark, space, spacing(mark, {1}), spacing(mark, {2})}) {
    CHECK(one.levels(drivers).volts == other.levels(drivers).volts);
    CHECK(one.under(drivers).volts == other.under(drivers).volts);
  }
}

TEST_CASE("M-Bus: the master sees one meter's space as 15 mA and two as 30 mA") {
  const MbusNetwork network(mbus_cable(1000), {mbus_master(), mbus_meter(100), mbus_meter(1000)});
  // Over its resistor of 10 ohm.
  CHECK(network.under(mark).volts[0] == Approx(0.0).margin(1e-12));
  CHECK(network.under(space).volts[0] == Approx(0.0).margin(1e-12));
  CHECK(network.under(spacing(mark, {1})).volts[0] == Approx(-0.150));
  CHECK(network.under(spacing(mark, {1, 2})).volts[0] == Approx(-0.300));
  CHECK(network.levels(spacing(mark, {1, 2})).extra_mA == Approx(30));
  CHECK(network.ends()[0].receiver.mark_from_V == Approx(-0.060));
  CHECK(network.ends()[0].receiver.space_to_V == Approx(-0.090));
}

TEST_CASE("M-Bus: beyond 25 mA it is a collision, at 25 mA it is none") {
  const MbusNetwork network(mbus_cable(10),
                            {mbus_master(), mbus_meter(0, 12.5), mbus_meter(5, 12.5),
                             mbus_meter(10, 12.625), mbus_meter(10, 15), mbus_meter(10, 26)});
  CHECK_FALSE(network.collides({}));
  CHECK_FALSE(network.collides(mark));
  CHECK_FALSE(network.collides(spacing(mark, {1})));
  CHECK_FALSE(network.collides(spacing(mark, {1, 2})));
  CHECK(network.collides(spacing(mark, {1, 3})));
  CHECK(network.collides(spacing(mark, {1, 4})));
  CHECK(network.collides(spacing(mark, {5})));
  // Meters that drive mark are quiet ones.
  CHECK_FALSE(network.collides({0b111111, 0b111111}));
  // A bus without power has no current, whatever its meters want.
  CHECK_FALSE(network.collides(spacing({}, {1, 2, 3, 4})));
}

TEST_CASE("M-Bus: a meter's mark is the voltage at its own place") {
  const MbusNetwork network(mbus_cable(1000), {mbus_master(), mbus_meter(0), mbus_meter(1000)});
  const double near = 36 - 0.003 * 30;
  const double far = near - 0.0015 * 73;
  CHECK(network.ends()[1].receiver.space_to_V == Approx(near - 8.2));
  CHECK(network.ends()[1].receiver.mark_from_V == Approx(near - 5.7));
  CHECK(network.ends()[2].receiver.space_to_V == Approx(far - 8.2));
  CHECK(network.ends()[2].receiver.mark_from_V == Approx(far - 5.7));
}

TEST_CASE("M-Bus: one meter's space is no space to another over 5 km, and beyond 4.8 km no mark") {
  // Both at the far end: 15 mA through 30 ohm and the loop.
  for (const double length_m : {4700.0, 4800.0}) {
    const MbusNetwork network(mbus_cable(length_m),
                              {mbus_master(), mbus_meter(length_m), mbus_meter(length_m)});
    const double drop_V = 15e-3 * (30 + 73e-3 * length_m);
    const double volts = network.under(spacing(mark, {1})).volts[2];
    const auto& receiver = network.ends()[2].receiver;
    CHECK(receiver.mark_from_V + 5.7 - volts == Approx(drop_V));
    CHECK((volts > receiver.mark_from_V) == (length_m < (5.7 / 15e-3 - 30) / 73e-3));
    CHECK(volts > receiver.space_to_V);
  }
  // The longest cable that can be built here, with the most that is legal: 20 mA, 7.9 V.
  const MbusNetwork longest(mbus_cable(5000),
                            {mbus_master(), mbus_meter(5000, 20), mbus_meter(5000)});
  CHECK(longest.under(spacing(mark, {1})).volts[2] > longest.ends()[2].receiver.space_to_V);
  // Two at once are one too many.
  const MbusNetwork two(mbus_cable(5000),
                        {mbus_master(), mbus_meter(5000), mbus_meter(5000), mbus_meter(5000)});
  CHECK(two.under(spacing(mark, {1, 2})).volts[3] < two.ends()[3].receiver.space_to_V);
}

TEST_CASE("M-Bus: 64 meters at the far end hear a space over 1.3 km, and not all of them farther") {
  // 96 mA leave 12 V of 24 V behind 125 ohm, 95 of which are 1301.4 m of cable.
  const double longest_m = (12 / 0.096 - 30) / 73e-3;
  CHECK(longest_m == Approx(1301.4).margin(0.05));
  for (const double length_m : {longest_m - 0.1, longest_m + 0.1}) {
    const MbusNetwork network(mbus_cable(length_m), with_meters(64, length_m));
    const MbusLevels at_mark = network.levels(mark);
    const MbusLevels at_space = network.levels(space);
    const auto& state = network.under(space);
    int supplied = 0;
    for (std::size_t i = 1; i <= 64; ++i) {
      CHECK(at_mark.supplied[i]);
      supplied += at_space.supplied[i] ? 1 : 0;
      // Who lost his supply does not see the space.
      CHECK((state.volts[i] < network.ends()[i].receiver.space_to_V) == at_space.supplied[i]);
    }
    // One less is enough for the rest.
    CHECK(supplied == (length_m < longest_m ? 64 : 63));
    CHECK(at_space.quiescent_mA == Approx(1.5 * supplied));
  }
}

TEST_CASE("M-Bus: where the voltage is short the farthest meters go first") {
  std::vector<MbusEndSpec> ends = {mbus_master()};
  for (int i = 1; i <= 64; ++i) ends.push_back(mbus_meter(4000.0 * i / 64));
  const MbusNetwork network(mbus_cable(4000), ends);
  const MbusLevels levels = network.levels(space);
  CHECK(levels.supplied[1]);
  CHECK_FALSE(levels.supplied[64]);
  for (std::size_t i = 2; i <= 64; ++i) CHECK((levels.supplied[i - 1] || !levels.supplied[i]));
  for (std::size_t i = 1; i <= 64; ++i) {
    if (levels.supplied[i]) CHECK(levels.volts[i] >= 12);
  }
  // The last to have gone could not have stayed: with its current its place has less than 12 V.
  std::vector<MbusEndSpec> rest = {mbus_master()};
  for (std::size_t i = 1; i <= 64; ++i) {
    rest.push_back(ends[i]);
    if (!levels.supplied[i]) break;
  }
  CHECK(volts_at(rest.back().position_m, 24, 30, 73, rest, space) < 12);
}

TEST_CASE("M-Bus: a meter without 12 V draws nothing and sends nothing") {
  // Two meters in one place, of one unit load and of eight: 13.5 mA through 30 ohm are 0.405 V.
  std::vector<MbusEndSpec> ends = {mbus_master(), mbus_meter(0), mbus_meter(0)};
  ends[2].unit_loads = 8;
  MbusCableSpec cable = mbus_cable(10);
  const auto levels = [&](double mark_V, const Drivers& drivers) {
    cable.mark_V = mark_V;
    return MbusNetwork(cable, ends).levels(drivers);
  };
  // 12.41 V are left for the space's 12 V, and with 12.40 V not quite: of the two the first goes.
  CHECK(levels(24.41, space).supplied == std::vector<bool>{false, true, true});
  CHECK(levels(24.40, space).supplied == std::vector<bool>{false, false, true});
  CHECK(levels(24.40, space).quiescent_mA == Approx(12));
  CHECK(levels(24.40, mark).supplied == std::vector<bool>{false, true, true});
  // A space of its own costs 0.45 V more.
  CHECK(levels(24.86, spacing(space, {1})).extra_mA == Approx(15));
  CHECK(levels(24.85, spacing(space, {1})).extra_mA == 0);
  CHECK(levels(24.85, spacing(mark, {1})).extra_mA == Approx(15));
}

TEST_CASE("M-Bus: without a master that drives, there is no power, and receivers stay at mark") {
  const MbusNetwork network(mbus_cable(100), {mbus_master(), mbus_meter(0), mbus_meter(100),
                                              mbus_probe(100), mbus_master()});
  const MbusLevels off = network.levels(spacing({}, {1, 3}));
  CHECK(off.volts == std::vector<double>(5, 0.0));
  CHECK(off.quiescent_mA == 0);
  CHECK(off.extra_mA == 0);
  const auto& state = network.under(spacing({}, {1}));
  CHECK(state.volts[0] > network.ends()[0].receiver.mark_from_V);
  CHECK(state.volts[1] > network.ends()[1].receiver.mark_from_V);
  CHECK(state.volts[2] > network.ends()[2].receiver.mark_from_V);
  CHECK(state.volts[3] == 0);
}

TEST_CASE("M-Bus: of several masters any makes a space, and one is enough for power") {
  const MbusNetwork network(mbus_cable(10), {mbus_master(), mbus_meter(0), mbus_master()});
  const auto volts = [&](const Drivers& drivers) { return network.levels(drivers).volts[1]; };
  CHECK(volts({0b001, 0b001}) == Approx(36 - 0.045));
  CHECK(volts({0b100, 0b100}) == Approx(36 - 0.045));
  CHECK(volts({0b101, 0b101}) == Approx(36 - 0.045));
  CHECK(volts({0b101, 0b001}) == Approx(24 - 0.045));
  CHECK(volts({0b101, 0b100}) == Approx(24 - 0.045));
  CHECK(volts({0b101, 0b000}) == Approx(24 - 0.045));
  CHECK(volts({0b100, 0b000}) == Approx(24 - 0.045));
  CHECK(volts({0, 0}) == 0);
}

TEST_CASE("M-Bus: the time constant is capacitance times what charges it") {
  // Half of 100 nF at either end, 1 nF of the converter, 0.5 nF of the meter.
  const MbusNetwork network(mbus_cable(1000), {mbus_master(), mbus_meter(1000)});
  const double near_F = 51e-9;
  const double far_F = 50.5e-9;
  const auto& state = network.under(mark);
  CHECK(state.tau_ps[0] == Approx(30 * (near_F + far_F) * 1e12));
  CHECK(state.tau_ps[1] == Approx((30 * (near_F + far_F) + 73 * far_F) * 1e12));
  // Without power it drains through a kilohm.
  CHECK(network.under({}).tau_ps[0] == Approx(1000 * (near_F + far_F) * 1e12));
}

TEST_CASE("M-Bus: noise on the wires drives its current through the master's resistor") {
  std::vector<MbusEndSpec> ends = {mbus_master(), mbus_meter(0)};
  ends[0].noise = {100, 1000, 3};
  ends[1].noise = {100, 1000, 3};
  const MbusNetwork network(mbus_cable(10), ends);
  CHECK(network.ends()[0].noise.volts == Approx(3.0 / 30 * 10));
  CHECK(network.ends()[1].noise.volts == 3);
}

TEST_CASE("M-Bus: 64 meters, two masters and six probes are ends of one bus") {
  std::vector<MbusEndSpec> ends = {mbus_master(), mbus_master()};
  for (int i = 0; i < 6; ++i) ends.push_back(mbus_probe(100));
  for (int i = 0; i < 64; ++i) ends.push_back(mbus_meter(100));
  REQUIRE(ends.size() == 72);
  const MbusNetwork network(mbus_cable(100), ends);
  // The last end of all, number 71, is a meter.
  CHECK(network.levels(spacing(mark, {71})).extra_mA == Approx(15));
  CHECK(network.levels(spacing(mark, {8, 71})).extra_mA == Approx(30));
  CHECK(network.under(spacing(mark, {71})).volts[0] == Approx(-0.15));
  // Number 7, 64 before it, is a probe and draws nothing.
  CHECK(network.levels(spacing(mark, {7})).extra_mA == 0);
}

TEST_CASE("end set: ends beyond the 64th are ends of their own") {
  EndSet set;
  CHECK_FALSE(set.several());
  set.put(71, true);
  CHECK(set.has(71));
  CHECK_FALSE(set.has(7));
  CHECK_FALSE(set.several());
  set.put(127, true);
  CHECK(set.several());
  set.put(71, false);
  CHECK_FALSE(set.has(71));
  CHECK(set.has(127));
  CHECK_FALSE(set.several());
  set.put(63, true);
  CHECK(set.several());
  set.put(127, false);
  CHECK_FALSE(set.several());
  CHECK(set == EndSet{std::uint64_t{1} << 63});
}

TEST_CASE("M-Bus: refuses what cannot be wired") {
  const auto refused = [](const MbusCableSpec& cable, const std::vector<MbusEndSpec>& ends) {
    CHECK_THROWS_AS(MbusNetwork(cable, ends), std::invalid_argument);
  };
  refused(mbus_cable(-1), {});
  refused(mbus_cable(5001), {});
  refused(mbus_cable(std::numeric_limits<double>::quiet_NaN()), {});
  refused(mbus_cable(10), {mbus_meter(11)});
  refused(mbus_cable(10), {mbus_meter(1, 101)});
  refused(mbus_cable(10), {mbus_master(1), mbus_master(2)});
  refused(mbus_cable(10), with_meters(65, 1));
  CHECK_NOTHROW(MbusNetwork(mbus_cable(10), with_meters(64, 1)));
  std::vector<MbusEndSpec> heavy = {mbus_meter(1)};
  heavy[0].unit_loads = 8.1;
  refused(mbus_cable(10), heavy);
  refused(mbus_cable(10), std::vector<MbusEndSpec>(129, mbus_probe()));
  const auto with = [](double MbusCableSpec::*value, double is) {
    MbusCableSpec cable = mbus_cable(10);
    cable.*value = is;
    return cable;
  };
  refused(with(&MbusCableSpec::mark_V, 43), {});
  refused(with(&MbusCableSpec::mark_V, 11), {});
  refused(with(&MbusCableSpec::step_V, 37), {});
  refused(with(&MbusCableSpec::source_ohm, 9), {});
  refused(with(&MbusCableSpec::loop_ohm_per_km, 0), {});
  refused(with(&MbusCableSpec::nF_per_km, 0), {});
}
