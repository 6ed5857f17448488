// An M-Bus as its ends see it: who hears whom, when, and what the master makes of several at once.
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "level_changes.h"
#include "line_listeners.h"
#include "mbus_on_the_bench.h"
#include "models/lines/wire_trace.h"
#include "models/random/random.h"

using models::lines::MbusEndSpec;
using models::pins::LineDrive;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_us;
using tests::CountingListener;
using tests::edges_of;
using tests::mark_at;
using tests::mbus_cable;
using tests::mbus_master;
using tests::mbus_meter;
using tests::mbus_probe;
using tests::MbusSegment;

namespace {

/// Until a first-order approach has come within `left` of what was to go, of `step`.
Ps approach(double tau_ps, double step, double left) {
  return static_cast<Ps>(std::ceil(tau_ps * std::log(step / left)));
}

}  // namespace

TEST_CASE("M-Bus segment: power coming and going is no edge to a meter nor to the master") {
  MbusSegment segment(mbus_cable(10), {mbus_master(), mbus_meter(10)});
  CHECK(mark_at(segment.port(0), 0));
  CHECK(mark_at(segment.port(1), 0));
  segment.port(0).drive(0, LineDrive::mark);
  segment.port(0).drive(ps_per_ms, LineDrive::released);
  segment.port(0).drive(2 * ps_per_ms, LineDrive::mark);
  CHECK(edges_of(segment, 0).empty());
  CHECK(edges_of(segment, 1).empty());
}

TEST_CASE(
    "M-Bus segment: a master's space reaches each meter 5 ns a metre and its approach later") {
  MbusSegment segment(mbus_cable(1000), {mbus_master(), mbus_meter(0), mbus_meter(1000)});
  segment.port(0).drive(0, LineDrive::mark);
  segment.port(0).drive(ps_per_ms, LineDrive::space);
  segment.port(0).drive(2 * ps_per_ms, LineDrive::mark);
  // 12 V down: at 8.2 V 3.8 V are left. 12 V up again: at 5.7 V these are left.
  const double near_F = 51.5e-9;
  const double far_F = 50.5e-9;
  const double near_ps = 30 * (near_F + far_F) * 1e12;
  const double far_ps = near_ps + 73 * far_F * 1e12;
  const auto near = edges_of(segment, 1);
  const auto far = edges_of(segment, 2);
  REQUIRE(near.size() == 2);
  REQUIRE(far.size() == 2);
  const auto fall = [](double tau_ps) {
    return static_cast<double>(ps_per_ms + approach(tau_ps, 12, 12 - 8.2));
  };
  const auto rise = [](double tau_ps) {
    return static_cast<double>(2 * ps_per_ms + approach(tau_ps, 12, 5.7));
  };
  CHECK(static_cast<double>(near[0]) == Approx(fall(near_ps)).margin(2).epsilon(0));
  CHECK(static_cast<double>(near[1]) == Approx(rise(near_ps)).margin(2).epsilon(0));
  CHECK(static_cast<double>(far[0]) == Approx(fall(far_ps) + 5e6).margin(2).epsilon(0));
  CHECK(static_cast<double>(far[1]) == Approx(rise(far_ps) + 5e6).margin(2).epsilon(0));
  // The master's own voltage is no current.
  CHECK(edges_of(segment, 0).empty());
}

TEST_CASE("M-Bus segment: a meter's space reaches the master's current and nobody else") {
  MbusSegment segment(mbus_cable(1000),
                      {mbus_master(), mbus_meter(0), mbus_meter(1000), mbus_master()});
  segment.port(0).drive(0, LineDrive::mark);
  segment.port(2).drive(ps_per_us, LineDrive::mark);
  segment.port(2).drive(ps_per_ms, LineDrive::space);
  segment.port(2).drive(2 * ps_per_ms, LineDrive::released);
  // To 9 of 15 mA 6 are left, back to 6 mA these 6 as well.
  const double tau_ps = 30 * (51.5e-9 + 50.5e-9) * 1e12;
  const Ps later = 5 * ps_per_us + approach(tau_ps, 15, 6);
  for (const int end : {0, 3}) {
    const auto edges = edges_of(segment, end);
    REQUIRE(edges.size() == 2);
    CHECK(static_cast<double>(edges[0]) ==
          Approx(static_cast<double>(ps_per_ms + later)).margin(2).epsilon(0));
    CHECK(static_cast<double>(edges[1]) ==
          Approx(static_cast<double>(2 * ps_per_ms + later)).margin(2).epsilon(0));
  }
  CHECK(edges_of(segment, 1).empty());
  CHECK(edges_of(segment, 2).empty());
}

TEST_CASE("M-Bus segment: the master takes more than 9 mA for a space, not 9 mA") {
  for (const double space_mA : {5.9, 6.1, 8.99, 9.01, 15.0}) {
    MbusSegment segment(mbus_cable(10), {mbus_master(), mbus_meter(10, space_mA)});
    segment.port(0).drive(0, LineDrive::mark);
    segment.port(1).drive(ps_per_ms, LineDrive::space);
    segment.port(1).drive(2 * ps_per_ms, LineDrive::mark);
    CHECK(edges_of(segment, 0).size() == (space_mA > 9 ? 2 : 0));
  }
}

TEST_CASE("M-Bus segment: back below 6 mA is a mark, between 6 and 9 mA it stays a space") {
  for (const double rest_mA : {5.99, 6.01}) {
    MbusSegment segment(mbus_cable(10), {mbus_master(), mbus_meter(10), mbus_meter(10, rest_mA)});
    segment.port(0).drive(0, LineDrive::mark);
    segment.port(1).drive(ps_per_ms, LineDrive::space);
    segment.port(2).drive(2 * ps_per_ms, LineDrive::space);
    segment.port(1).drive(3 * ps_per_ms, LineDrive::mark);
    CHECK_FALSE(mark_at(segment.port(0), 3 * ps_per_ms));
    CHECK(mark_at(segment.port(0), 4 * ps_per_ms) == (rest_mA < 6));
  }
}

TEST_CASE("M-Bus segment: a meter takes 8.2 V below its mark for a space and 5.7 V for a mark") {
  for (const double step_V : {8.19, 8.21}) {
    auto cable = mbus_cable(10);
    cable.step_V = step_V;
    MbusSegment segment(cable, {mbus_master(), mbus_meter(10)});
    segment.port(0).drive(0, LineDrive::mark);
    segment.port(0).drive(ps_per_ms, LineDrive::space);
    CHECK(mark_at(segment.port(1), 2 * ps_per_ms) == (step_V < 8.2));
  }
  // Back from a space to a mark that another's space pulls down, by 5.69 and 5.71 V.
  for (const double space_mA : {56.9, 57.1}) {
    auto cable = mbus_cable(10);
    cable.source_ohm = 100;
    MbusSegment segment(cable, {mbus_master(), mbus_meter(0), mbus_meter(0, space_mA)});
    segment.port(0).drive(0, LineDrive::mark);
    segment.port(0).drive(ps_per_ms, LineDrive::space);
    segment.port(2).drive(2 * ps_per_ms, LineDrive::space);
    segment.port(0).drive(3 * ps_per_ms, LineDrive::mark);
    CHECK_FALSE(mark_at(segment.port(1), 3 * ps_per_ms));
    CHECK(mark_at(segment.port(1), 4 * ps_per_ms) == (space_mA < 57));
  }
}

TEST_CASE("M-Bus segment: two meters at once are contested, for as long as both space") {
  MbusSegment segment(mbus_cable(10), {mbus_master(), mbus_meter(0), mbus_meter(10)});
  segment.port(0).drive(0, LineDrive::mark);
  for (const int meter : {1, 2}) segment.port(meter).drive(ps_per_us, LineDrive::mark);
  segment.port(1).drive(10 * ps_per_ms, LineDrive::space);
  segment.port(2).drive(11 * ps_per_ms, LineDrive::space);
  segment.port(1).drive(12 * ps_per_ms, LineDrive::mark);
  segment.port(2).drive(13 * ps_per_ms, LineDrive::mark);
  // Both driving is none while at most one of them spaces.
  CHECK_FALSE(segment.contested(0, 11 * ps_per_ms));
  CHECK(segment.contested(0, 11 * ps_per_ms + 1));
  CHECK(segment.contested(12 * ps_per_ms - 1, 20 * ps_per_ms));
  CHECK_FALSE(segment.contested(12 * ps_per_ms, 20 * ps_per_ms));
  // To the receiver it is one space.
  CHECK(edges_of(segment, 0).size() == 2);
  for (Ps now = 0; now <= 500 * ps_per_ms; now += 50 * ps_per_ms) segment.advance(now);
  CHECK(segment.contested(11 * ps_per_ms, 500 * ps_per_ms));
  CHECK_FALSE(segment.contested(12 * ps_per_ms, 500 * ps_per_ms));
}

TEST_CASE("M-Bus segment: of two meters' spaces at 11 mA the master makes a space, no collision") {
  MbusSegment segment(mbus_cable(10), {mbus_master(), mbus_meter(0, 11), mbus_meter(10, 11)});
  segment.port(0).drive(0, LineDrive::mark);
  segment.port(1).drive(ps_per_ms, LineDrive::space);
  segment.port(2).drive(ps_per_ms, LineDrive::space);
  CHECK_FALSE(mark_at(segment.port(0), 2 * ps_per_ms));
  CHECK_FALSE(segment.contested(0, 2 * ps_per_ms));
}

TEST_CASE("M-Bus segment: swapped wires change no edge") {
  auto swapped = mbus_meter(1000);
  swapped.swapped = true;
  MbusSegment one(mbus_cable(1000), {mbus_master(), mbus_meter(1000)});
  MbusSegment other(mbus_cable(1000), {mbus_master(), swapped});
  for (MbusSegment* segment : {&one, &other}) {
    segment->port(0).drive(0, LineDrive::mark);
    segment->port(0).drive(ps_per_ms, LineDrive::space);
    segment->port(0).drive(2 * ps_per_ms, LineDrive::mark);
    segment->port(1).drive(3 * ps_per_ms, LineDrive::space);
    segment->port(1).drive(4 * ps_per_ms, LineDrive::mark);
  }
  for (const int end : {0, 1}) {
    CHECK(edges_of(one, end).size() == 2);
    CHECK(edges_of(one, end) == edges_of(other, end));
  }
}

TEST_CASE("M-Bus segment: power that goes in a space ends it, the meter's and the master's") {
  MbusSegment segment(mbus_cable(10), {mbus_master(), mbus_meter(10)});
  segment.port(0).drive(0, LineDrive::mark);
  segment.port(0).drive(10 * ps_per_ms, LineDrive::space);
  segment.port(0).drive(11 * ps_per_ms, LineDrive::released);
  CHECK_FALSE(mark_at(segment.port(1), 11 * ps_per_ms));
  CHECK(mark_at(segment.port(1), 11 * ps_per_ms + 100 * ps_per_us));
  segment.port(0).drive(20 * ps_per_ms, LineDrive::mark);
  segment.port(1).drive(21 * ps_per_ms, LineDrive::space);
  segment.port(0).drive(22 * ps_per_ms, LineDrive::released);
  segment.port(0).drive(23 * ps_per_ms, LineDrive::mark);
  segment.port(1).drive(24 * ps_per_ms, LineDrive::mark);
  CHECK_FALSE(mark_at(segment.port(0), 22 * ps_per_ms));
  CHECK(mark_at(segment.port(0), 22 * ps_per_ms + 100 * ps_per_us));
  CHECK(mark_at(segment.port(0), 23 * ps_per_ms));
  // The meter still spaces, and does so on the bus when power is back.
  CHECK_FALSE(mark_at(segment.port(0), 23 * ps_per_ms + 100 * ps_per_us));
  CHECK(mark_at(segment.port(0), 24 * ps_per_ms + 100 * ps_per_us));
  CHECK(edges_of(segment, 1).size() == 2);
}

TEST_CASE("M-Bus segment: 64 meters all hear over 2 km, and over 3 km the last hears nothing") {
  // Spread evenly they weigh as half of them at the far end would. In a space 12 V may be lost:
  // 96 mA in 30 ohm are 2.9 V, 48.75 mA in 146 ohm are 7.1 V, in 219 ohm 10.7 V.
  for (const double length_m : {2000.0, 3000.0}) {
    std::vector<MbusEndSpec> ends = {mbus_master()};
    for (int i = 1; i <= 64; ++i) ends.push_back(mbus_meter(length_m * i / 64));
    MbusSegment segment(mbus_cable(length_m), ends);
    segment.port(0).drive(0, LineDrive::mark);
    segment.port(0).drive(ps_per_ms, LineDrive::space);
    segment.port(0).drive(2 * ps_per_ms, LineDrive::mark);
    CHECK(edges_of(segment, 1).size() == 2);
    CHECK(edges_of(segment, 64).size() == (length_m < 2500 ? 2 : 0));
  }
}

TEST_CASE("M-Bus segment: announcements in any order give what the same changes give afresh") {
  models::random::Random random(11, "mbus");
  const std::vector<MbusEndSpec> ends = {mbus_master(300), mbus_meter(0),   mbus_meter(13),
                                         mbus_meter(1000), mbus_probe(500), mbus_master(300)};
  for (int round = 0; round < 40; ++round) {
    MbusSegment busy(mbus_cable(1000), ends);
    std::array<Ps, 6> last{};
    std::array<CountingListener, 6> ears;
    for (int end = 0; end < 6; ++end) busy.listen(end, ears[static_cast<std::size_t>(end)]);
    for (int n = 0; n < 60; ++n) {
      const auto end = static_cast<std::size_t>(random.below(6));
      if (random.below(8) == 0) {
        last[end] = random.below(last[end] + 1);
        busy.port(static_cast<int>(end)).cut(last[end]);
      } else {
        last[end] += 1 + random.below(30 * ps_per_us);
        busy.port(static_cast<int>(end)).drive(last[end], static_cast<LineDrive>(random.below(3)));
      }
    }
    const auto state = busy.state();
    MbusSegment fresh(mbus_cable(1000), ends);
    for (const auto& change : state.changes) fresh.port(change.end).drive(change.t, change.what);
    MbusSegment restored(mbus_cable(1000), ends);
    restored.restore(state);
    for (int end = 0; end < 6; ++end) {
      CHECK(edges_of(busy, end) == edges_of(fresh, end));
      CHECK(edges_of(busy, end) == edges_of(restored, end));
    }
    CHECK(busy.contested(0, 10 * ps_per_ms) == restored.contested(0, 10 * ps_per_ms));
    // … and goes on alike.
    for (auto* segment : {&busy, &restored}) {
      segment->port(0).drive(20 * ps_per_ms, LineDrive::mark);
      segment->port(3).drive(21 * ps_per_ms, LineDrive::space);
      segment->port(0).drive(22 * ps_per_ms, LineDrive::space);
    }
    for (int end = 0; end < 6; ++end) CHECK(edges_of(busy, end) == edges_of(restored, end));
  }
}

namespace {

class Levels final : public models::pins::EventSink {
 public:
  void record(Ps t, std::string_view, std::string_view,
              std::initializer_list<models::pins::Field> fields) override {
    changes.push_back({t, std::get<bool>(fields.begin()->value)});
  }
  std::vector<tests::LevelChange> changes;
};

}  // namespace

TEST_CASE("M-Bus segment: a probe traces the voltage, a master that never drives the current") {
  MbusSegment segment(mbus_cable(10), {mbus_master(), mbus_meter(10), mbus_probe(), mbus_master()});
  Levels voltage, current;
  models::lines::WireTrace voltage_trace(segment, 2, "mbus.line", voltage);
  models::lines::WireTrace current_trace(segment, 3, "mbus.current", current);
  voltage_trace.advance(0);
  current_trace.advance(0);
  segment.port(0).drive(ps_per_us, LineDrive::mark);
  segment.port(0).drive(ps_per_ms, LineDrive::space);
  segment.port(0).drive(2 * ps_per_ms, LineDrive::mark);
  segment.port(1).drive(3 * ps_per_ms, LineDrive::space);
  segment.port(1).drive(4 * ps_per_ms, LineDrive::mark);
  segment.port(0).drive(5 * ps_per_ms, LineDrive::released);
  tests::run_until(voltage_trace, 10 * ps_per_ms);
  tests::run_until(current_trace, 10 * ps_per_ms);
  const auto shows = [](const Levels& levels, std::vector<std::pair<Ps, bool>> about) {
    REQUIRE(levels.changes.size() == about.size());
    for (std::size_t i = 0; i < about.size(); ++i) {
      CHECK(levels.changes[i].level == about[i].second);
      CHECK(levels.changes[i].t >= about[i].first);
      CHECK(levels.changes[i].t < about[i].first + 20 * ps_per_us);
    }
  };
  // A bus without power is low.
  shows(voltage, {{0, false},
                  {ps_per_us, true},
                  {ps_per_ms, false},
                  {2 * ps_per_ms, true},
                  {5 * ps_per_ms, false}});
  shows(current, {{0, true}, {3 * ps_per_ms, false}, {4 * ps_per_ms, true}});
}
