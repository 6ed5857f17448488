// A segment as its ends see it: what was announced, when it arrives, who wins, what noise does.
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "level_changes.h"
#include "line_listeners.h"
#include "models/lines/wire_trace.h"
#include "models/random/random.h"
#include "rs485_on_the_bench.h"

using models::lines::CableSpec;
using models::lines::EndSpec;
using models::lines::Segment;
using models::lines::Termination;
using models::pins::LineDrive;
using models::pins::Ps;
using models::pins::ps_never;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using models::pins::ps_per_us;
using tests::CountingListener;
using tests::edges_of;
using tests::mark_at;
using tests::Rs485Segment;

namespace {

EndSpec at(double position_m) {
  EndSpec end;
  end.position_m = position_m;
  end.unit_loads = 0;
  return end;
}

CableSpec cable(double length_m, Termination termination = Termination::both) {
  CableSpec spec;
  spec.length_m = length_m;
  spec.termination = termination;
  return spec;
}

/// Until a receiver's voltage, going from one to another, crosses a third.
Ps crossing(double tau_ps, double from, double to, double threshold) {
  return static_cast<Ps>(std::ceil(tau_ps * std::log((from - to) / (threshold - to))));
}

}  // namespace

TEST_CASE("segment: an idle line is a mark, and nothing is due but housekeeping") {
  Rs485Segment segment(cable(10), {at(0), at(10)});
  CHECK(mark_at(segment.port(0), 0));
  CHECK(segment.port(1).next_fall(0) == ps_never);
  CHECK(segment.next_event() == 0);
  segment.advance(0);
  CHECK(segment.next_event() == 50 * ps_per_ms);
}

TEST_CASE("segment: an edge arrives after its way and the approach to the threshold") {
  Rs485Segment segment(cable(1000), {at(0), at(1000)});
  const auto& network = segment.network();
  segment.port(0).drive(ps_per_ms, LineDrive::mark);
  segment.port(0).drive(2 * ps_per_ms, LineDrive::space);
  segment.port(0).drive(3 * ps_per_ms, LineDrive::mark);
  const auto space = network.under({1, 0});
  const auto mark = network.under({1, 1});
  const Ps fall =
      2 * ps_per_ms + 5'000'000 + crossing(space.tau_ps[1], mark.volts[1], space.volts[1], -0.2);
  const Ps rise =
      3 * ps_per_ms + 5'000'000 + crossing(mark.tau_ps[1], space.volts[1], mark.volts[1], -0.05);
  CHECK(edges_of(segment, 1) == std::vector<Ps>{fall, rise});
  CHECK(segment.port(1).next_fall(0) == fall);
  CHECK(segment.port(1).next_fall(fall) == fall);
  CHECK(segment.port(1).next_fall(fall + 1) == ps_never);
  CHECK(mark_at(segment.port(1), fall - 1));
  CHECK_FALSE(mark_at(segment.port(1), fall));
  CHECK_FALSE(mark_at(segment.port(1), rise - 1));
  CHECK(mark_at(segment.port(1), rise));
  const Ps instants[] = {0, fall - 1, fall, fall, rise - 1, rise, 4 * ps_per_ms};
  CHECK(segment.port(1).marks_at(instants, 7) == 0b1100011);
}

TEST_CASE("segment: even without a cable an edge shows a picosecond late at the earliest") {
  Rs485Segment segment(cable(0), {at(0), at(0)});
  segment.port(0).drive(1000, LineDrive::space);
  CHECK(segment.port(1).next_fall(0) > 1000);
  CHECK(segment.port(1).next_fall(0) < 1000 + 1000 * 1000);
}

TEST_CASE("segment: an end is told of falls, once each, and of nothing else") {
  Rs485Segment segment(cable(10), {at(0), at(10)});
  CountingListener listener;
  segment.listen(1, listener);
  segment.port(0).drive(10 * ps_per_us, LineDrive::mark);
  CHECK(listener.told.empty());
  segment.port(0).drive(20 * ps_per_us, LineDrive::space);
  const Ps fall = segment.port(1).next_fall(0);
  CHECK(listener.told == std::vector<Ps>{fall});
  segment.port(0).drive(30 * ps_per_us, LineDrive::mark);
  segment.port(0).drive(40 * ps_per_us, LineDrive::released);
  CHECK(listener.told.size() == 1);
}

TEST_CASE("segment: from where an end is cut it has let go") {
  Rs485Segment segment(cable(10), {at(0), at(10)});
  CountingListener listener;
  auto& port = segment.port(0);
  port.drive(100 * ps_per_us, LineDrive::mark);
  port.drive(200 * ps_per_us, LineDrive::space);
  port.drive(300 * ps_per_us, LineDrive::mark);
  port.drive(400 * ps_per_us, LineDrive::space);
  const auto before = edges_of(segment, 1);
  segment.listen(1, listener);
  port.cut(350 * ps_per_us);
  CHECK(edges_of(segment, 1) == std::vector<Ps>{before[0], before[1]});
  CHECK(listener.told == std::vector<Ps>{before[2]});
  // In the middle of a space: the line floats back to 0 V, a mark to a fail-safe receiver.
  port.cut(250 * ps_per_us);
  const auto after = edges_of(segment, 1);
  REQUIRE(after.size() == 2);
  CHECK(after[0] == before[0]);
  CHECK(after[1] > 250 * ps_per_us);
  CHECK(after[1] < 251 * ps_per_us);
  CHECK(listener.told.size() == 1);
  // It may begin anew at the very instant.
  port.drive(250 * ps_per_us, LineDrive::space);
  port.drive(260 * ps_per_us, LineDrive::mark);
  CHECK(edges_of(segment, 1)[1] > 260 * ps_per_us);
  CHECK_THROWS_AS(port.drive(260 * ps_per_us, LineDrive::space), std::invalid_argument);
}

TEST_CASE("segment: a change before those announced takes its place among them") {
  Rs485Segment in_order(cable(100), {at(0), at(50), at(100)});
  Rs485Segment late(cable(100), {at(0), at(50), at(100)});
  const auto first = [](Segment& segment) {
    for (Ps n = 1; n <= 8; ++n) {
      segment.port(0).drive(n * 100 * ps_per_us, n % 2 == 0 ? LineDrive::space : LineDrive::mark);
    }
  };
  const auto second = [](Segment& segment) {
    segment.port(1).drive(330 * ps_per_us, LineDrive::space);
    segment.port(1).drive(570 * ps_per_us, LineDrive::mark);
    segment.port(1).drive(620 * ps_per_us, LineDrive::released);
  };
  first(in_order);
  second(in_order);
  second(late);
  first(late);
  for (int end = 0; end < 3; ++end) CHECK(edges_of(in_order, end) == edges_of(late, end));
  CHECK(in_order.contested(330 * ps_per_us, 331 * ps_per_us));
  CHECK_FALSE(in_order.contested(0, 330 * ps_per_us));
  CHECK_FALSE(in_order.contested(620 * ps_per_us, 900 * ps_per_us));
}

TEST_CASE("segment: announcements in any order and cuts give what the same changes give afresh") {
  models::random::Random random(7, "announcements");
  const std::vector<EndSpec> ends = {at(0), at(13), at(700), at(1000)};
  for (int round = 0; round < 100; ++round) {
    Rs485Segment busy(cable(1000, Termination::none), ends);
    std::vector<models::lines::LineChange> truth;
    std::array<Ps, 4> last{};
    std::array<CountingListener, 4> ears;
    for (int end = 0; end < 4; ++end) busy.listen(end, ears[static_cast<std::size_t>(end)]);
    for (int n = 0; n < 40; ++n) {
      const auto end = static_cast<std::size_t>(random.below(4));
      if (random.below(8) == 0) {
        const Ps t = random.below(last[end] + 1);
        busy.port(static_cast<int>(end)).cut(t);
        last[end] = t;
      } else {
        last[end] += 1 + random.below(30 * ps_per_us);
        busy.port(static_cast<int>(end)).drive(last[end], static_cast<LineDrive>(random.below(3)));
      }
    }
    const auto state = busy.state();
    Rs485Segment fresh(cable(1000, Termination::none), ends);
    for (const auto& change : state.changes) fresh.port(change.end).drive(change.t, change.what);
    for (int end = 0; end < 4; ++end) CHECK(edges_of(busy, end) == edges_of(fresh, end));
    Rs485Segment restored(cable(1000, Termination::none), ends);
    restored.restore(state);
    for (int end = 0; end < 4; ++end) CHECK(edges_of(busy, end) == edges_of(restored, end));
  }
}

TEST_CASE("segment: who believes what he is told knows every fall") {
  models::random::Random random(8, "falls");
  const std::vector<EndSpec> ends = {at(0), at(400), at(1000)};
  for (int round = 0; round < 100; ++round) {
    Rs485Segment segment(cable(1000, Termination::none), ends);
    struct Believer final : models::pins::LineListener {
      void line_changed(Ps from) override {
        while (!falls.empty() && falls.back() >= from) falls.pop_back();
        for (Ps t = port->next_fall(from); t != ps_never; t = port->next_fall(t + 1)) {
          falls.push_back(t);
        }
      }
      models::pins::LinePort* port = nullptr;
      std::vector<Ps> falls;
    };
    std::array<Believer, 3> believers;
    for (int end = 0; end < 3; ++end) {
      believers[static_cast<std::size_t>(end)].port = &segment.port(end);
      segment.listen(end, believers[static_cast<std::size_t>(end)]);
    }
    std::array<Ps, 3> last{};
    for (int n = 0; n < 60; ++n) {
      const auto end = static_cast<std::size_t>(random.below(3));
      const auto what = random.below(10);
      if (what == 0) {
        last[end] = random.below(last[end] + 1);
        segment.port(static_cast<int>(end)).cut(last[end]);
      } else if (what == 1) {
        const Ps from = 1 + random.below(900 * ps_per_us);
        try {
          segment.disturb(static_cast<int>(end), {from, from + 3 * ps_per_us, -8});
        } catch (const std::invalid_argument&) {
        }
      } else {
        last[end] += 1 + random.below(30 * ps_per_us);
        segment.port(static_cast<int>(end))
            .drive(last[end], static_cast<LineDrive>(random.below(3)));
      }
      for (int e = 0; e < 3; ++e) {
        std::vector<Ps> falls;
        for (Ps t = segment.port(e).next_fall(0); t != ps_never;
             t = segment.port(e).next_fall(t + 1)) {
          falls.push_back(t);
        }
        REQUIRE(believers[static_cast<std::size_t>(e)].falls == falls);
      }
    }
  }
}

TEST_CASE("segment: two drivers against each other: 0 V in one place is a mark") {
  Rs485Segment segment(cable(0), {at(0), at(0), at(0)});
  segment.port(0).drive(100 * ps_per_us, LineDrive::space);
  segment.port(1).drive(200 * ps_per_us, LineDrive::mark);
  segment.port(0).drive(300 * ps_per_us, LineDrive::released);
  CHECK_FALSE(mark_at(segment.port(2), 199 * ps_per_us));
  CHECK(mark_at(segment.port(2), 201 * ps_per_us));
  CHECK_FALSE(segment.contested(0, 200 * ps_per_us));
  CHECK(segment.contested(0, 201 * ps_per_us));
  CHECK_FALSE(segment.contested(300 * ps_per_us, 400 * ps_per_us));
}

TEST_CASE("segment: over 1000 m each end of a collision hears the nearer driver") {
  Rs485Segment segment(cable(1000), {at(0), at(1000)});
  segment.port(0).drive(100 * ps_per_us, LineDrive::space);
  segment.port(1).drive(150 * ps_per_us, LineDrive::mark);
  CHECK_FALSE(mark_at(segment.port(0), 200 * ps_per_us));
  CHECK(mark_at(segment.port(1), 200 * ps_per_us));
}

TEST_CASE("segment: swapped wires hear marks as spaces and the idle line as a mark") {
  EndSpec swapped = at(10);
  swapped.swapped = true;
  Rs485Segment segment(cable(10), {at(0), swapped});
  CHECK(mark_at(segment.port(1), 0));
  segment.port(0).drive(100 * ps_per_us, LineDrive::mark);
  segment.port(0).drive(200 * ps_per_us, LineDrive::space);
  segment.port(0).drive(300 * ps_per_us, LineDrive::released);
  CHECK_FALSE(mark_at(segment.port(1), 150 * ps_per_us));
  CHECK(mark_at(segment.port(1), 250 * ps_per_us));
  segment.port(1).drive(400 * ps_per_us, LineDrive::mark);
  CHECK_FALSE(mark_at(segment.port(0), 450 * ps_per_us));
  CHECK(mark_at(segment.port(1), 450 * ps_per_us) != mark_at(segment.port(0), 450 * ps_per_us));
}

TEST_CASE(
    "segment: a receiver without fail-safe keeps what it saw last, unless the line is biased") {
  for (const double bias_ohm : {0.0, 560.0}) {
    CableSpec spec = cable(10);
    spec.bias_ohm = bias_ohm;
    EndSpec plain = at(10);
    plain.receiver = models::lines::plain_receiver;
    Rs485Segment segment(spec, {at(0), plain});
    segment.port(0).drive(100 * ps_per_us, LineDrive::space);
    segment.port(0).drive(200 * ps_per_us, LineDrive::released);
    CHECK(mark_at(segment.port(0), 300 * ps_per_us));
    CHECK(mark_at(segment.port(1), 300 * ps_per_us) == (bias_ohm > 0));
  }
}

TEST_CASE("segment: an impulse beyond the margin is seen for as long as it lasts, below it never") {
  Rs485Segment segment(cable(10), {at(0), at(10)});
  CountingListener listener;
  segment.listen(1, listener);
  segment.port(0).drive(1, LineDrive::mark);
  const double volts = segment.network().under({1, 1}).volts[1];
  const Ps t = ps_per_ms;
  segment.disturb(1, {t, t + 500'000, -(volts + 0.19)});
  CHECK(edges_of(segment, 1).empty());
  segment.disturb(1, {2 * t, 2 * t + 500'000, -(volts + 0.21)});
  CHECK(edges_of(segment, 1) == std::vector<Ps>{2 * t, 2 * t + 500'000});
  CHECK(listener.told == std::vector<Ps>{2 * t});
  CHECK(edges_of(segment, 0).empty());
  CHECK_THROWS_AS(segment.disturb(1, {t, t + 1, 1}), std::invalid_argument);
}

TEST_CASE("segment: while a cable without terminator rings, a smaller impulse does") {
  for (const auto termination : {Termination::both, Termination::near}) {
    Rs485Segment segment(cable(1000, termination), {at(0), at(1000)});
    segment.port(0).drive(ps_per_ms, LineDrive::space);
    segment.port(0).drive(2 * ps_per_ms, LineDrive::mark);
    const double volts = segment.network().under({1, 1}).volts[1];
    const Ps arrival = 2 * ps_per_ms + 5 * ps_per_us;
    // 40 us after the change; by then the voltage has long settled.
    segment.disturb(1, {arrival + 39 * ps_per_us, arrival + 40 * ps_per_us - 1, -volts});
    segment.disturb(1, {arrival + 41 * ps_per_us, arrival + 42 * ps_per_us, -volts});
    const std::size_t edges = termination == Termination::both ? 2 : 4;
    CHECK(edges_of(segment, 1).size() == edges);
  }
}

TEST_CASE("segment: noise is the seed's, of its rate, and announced ahead") {
  EndSpec noisy = at(10);
  noisy.noise = {1000, ps_per_us, 10};
  Rs485Segment segment(cable(10), {at(0), noisy}, 5, "bus");
  Rs485Segment again(cable(10), {at(0), noisy}, 5, "bus");
  Rs485Segment other(cable(10), {at(0), noisy}, 6, "bus");
  std::size_t falls = 0;
  bool differs = false;
  for (Ps now = 0; now < 10 * ps_per_s; now += 50 * ps_per_ms) {
    REQUIRE(segment.next_event() == now);
    for (Segment* s : {&segment, &again, &other}) s->advance(now);
    const auto edges = edges_of(segment, 1, now);
    CHECK(edges == edges_of(again, 1, now));
    differs = differs || edges != edges_of(other, 1, now);
    for (const Ps t : edges) {
      falls += mark_at(segment.port(1), t) ? 0 : 1;
      CHECK(t <= now + 50 * ps_per_ms + ps_per_us);
    }
    CHECK(edges_of(segment, 0, now).empty());
  }
  CHECK(differs);
  // Half of 10 000 are negative, and only those show on an idle line; five sigma.
  CHECK(falls == Approx(5000).margin(5 * 71));
}

TEST_CASE("segment: forgets what is older than 100 ms and answers as before of the rest") {
  Rs485Segment segment(cable(100), {at(0), at(100)});
  Ps t = ps_per_us;
  Ps housekeeping = 0;
  for (int n = 0; n < 20'000; ++n) {
    while (housekeeping < t) {
      segment.advance(housekeeping);
      housekeeping += 50 * ps_per_ms;
    }
    segment.port(0).drive(t, n % 2 == 0 ? LineDrive::space : LineDrive::mark);
    t += 104 * ps_per_us;
  }
  const auto state = segment.state();
  CHECK(state.changes.size() < 160 * ps_per_ms / (104 * ps_per_us));
  CHECK(state.ends[1].track.steps.size() < 160 * ps_per_ms / (104 * ps_per_us));
  const Ps now = t - 104 * ps_per_us;
  CHECK(edges_of(segment, 1, now - 100 * ps_per_ms).size() ==
        100 * ps_per_ms / (104 * ps_per_us) + 1);
  CHECK_FALSE(segment.contested(0, now));
}

TEST_CASE("segment: a collision is remembered when its changes are forgotten") {
  Rs485Segment segment(cable(0), {at(0), at(0)});
  segment.port(0).drive(10 * ps_per_ms, LineDrive::mark);
  segment.port(1).drive(11 * ps_per_ms, LineDrive::mark);
  segment.port(1).drive(12 * ps_per_ms, LineDrive::released);
  for (Ps now = 0; now <= ps_per_s; now += 50 * ps_per_ms) segment.advance(now);
  CHECK(segment.state().changes.empty());
  CHECK(segment.contested(11 * ps_per_ms, ps_per_s));
  CHECK_FALSE(segment.contested(12 * ps_per_ms, ps_per_s));
}

namespace {

class Records final : public models::pins::EventSink {
 public:
  void record(Ps t, std::string_view, std::string_view event,
              std::initializer_list<models::pins::Field> fields) override {
    CHECK(event == "level");
    levels.push_back({t, std::get<bool>(fields.begin()->value)});
  }
  std::vector<tests::LevelChange> levels;
};

}  // namespace

TEST_CASE("wire trace: reports each edge when it comes, and none that was taken back") {
  Rs485Segment segment(cable(10), {at(0), at(0)});
  Records records;
  models::lines::WireTrace trace(segment, 1, "bus", records);
  int changes = 0;
  trace.on_change([&] { ++changes; });
  trace.advance(0);
  REQUIRE(records.levels.size() == 1);
  CHECK(records.levels[0].level);
  segment.port(0).drive(100 * ps_per_us, LineDrive::space);
  segment.port(0).drive(200 * ps_per_us, LineDrive::mark);
  segment.port(0).drive(300 * ps_per_us, LineDrive::space);
  CHECK(changes > 0);
  tests::run_until(trace, 250 * ps_per_us);
  segment.port(0).cut(300 * ps_per_us);
  CHECK(trace.next_event() == ps_never);
  REQUIRE(records.levels.size() == 3);
  CHECK(records.levels[1].t == segment.port(1).next_fall(0));
  CHECK_FALSE(records.levels[1].level);
  CHECK(records.levels[2].level);
}

TEST_CASE("wire trace: put back with its segment it reports what is still to come") {
  const std::vector<EndSpec> ends{at(0), at(0)};
  Rs485Segment segment(cable(10), ends);
  Records records;
  models::lines::WireTrace trace(segment, 1, "bus", records);
  trace.advance(0);
  segment.port(0).drive(100 * ps_per_us, LineDrive::space);
  segment.port(0).drive(200 * ps_per_us, LineDrive::mark);
  tests::run_until(trace, 150 * ps_per_us);
  const std::size_t before = records.levels.size();

  Rs485Segment restored(cable(10), ends);
  Records later;
  models::lines::WireTrace restored_trace(restored, 1, "bus", later);
  restored.restore(segment.state());
  restored_trace.restore(trace.state());
  for (auto* line : {&segment, &restored}) {
    line->port(0).drive(300 * ps_per_us, LineDrive::space);
  }
  tests::run_until(trace, 400 * ps_per_us);
  tests::run_until(restored_trace, 400 * ps_per_us);
  REQUIRE(later.levels.size() == records.levels.size() - before);
  CHECK(later.levels.size() == 2);
  for (std::size_t n = 0; n < later.levels.size(); ++n) {
    CHECK(later.levels[n].t == records.levels[before + n].t);
    CHECK(later.levels[n].level == records.levels[before + n].level);
  }
}
