// The optical path: each end sees the other one, by how much light reaches it.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "level_changes.h"
#include "line_listeners.h"
#include "models/lines/optical_network.h"
#include "models/lines/wire_trace.h"
#include "models/masters/serial_end.h"

using models::lines::make_optical_segment;
using models::lines::optical_head_end;
using models::lines::optical_meter_end;
using models::lines::optical_probe_end;
using models::lines::OpticalSpec;
using models::pins::LineDrive;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using models::pins::ps_per_us;
using tests::edges_of;
using tests::mark_at;

namespace {

/// What the head's receiver sees of a light of the meter's, and whether it returns to dark.
struct Seen {
  bool light;
  bool dark_again;
};

Seen seen(const OpticalSpec& spec) {
  const auto segment = make_optical_segment(spec);
  segment->port(optical_meter_end).drive(ps_per_ms, LineDrive::space);
  segment->port(optical_meter_end).drive(2 * ps_per_ms, LineDrive::mark);
  return {!mark_at(segment->port(optical_head_end), 2 * ps_per_ms),
          mark_at(segment->port(optical_head_end), 3 * ps_per_ms)};
}

}  // namespace

TEST_CASE("optical: dark is a mark, the other's light a space, the own light nothing") {
  const auto segment = make_optical_segment({});
  for (const int end : {optical_meter_end, optical_head_end}) CHECK(mark_at(segment->port(end), 0));
  segment->port(optical_meter_end).drive(ps_per_ms, LineDrive::mark);
  segment->port(optical_meter_end).drive(2 * ps_per_ms, LineDrive::space);
  segment->port(optical_meter_end).drive(3 * ps_per_ms, LineDrive::released);
  segment->port(optical_head_end).drive(5 * ps_per_ms, LineDrive::space);
  segment->port(optical_head_end).drive(6 * ps_per_ms, LineDrive::mark);
  // 1000 uW/cm2: light from 200 on, 800 of 1000 are left then; dark again from 20 on.
  const Ps fall = static_cast<Ps>(std::ceil(2e6 * std::log(1000.0 / 800)));
  const Ps rise = static_cast<Ps>(std::ceil(2e6 * std::log(1000.0 / 20)));
  CHECK(edges_of(*segment, optical_head_end) ==
        std::vector<Ps>{2 * ps_per_ms + fall, 3 * ps_per_ms + rise});
  CHECK(edges_of(*segment, optical_meter_end) ==
        std::vector<Ps>{5 * ps_per_ms + fall, 6 * ps_per_ms + rise});
  CHECK_FALSE(segment->contested(0, 10 * ps_per_ms));
}

TEST_CASE("optical: both may send at once") {
  const auto segment = make_optical_segment({});
  for (const int end : {optical_meter_end, optical_head_end}) {
    segment->port(end).drive(ps_per_ms, LineDrive::space);
    segment->port(end).drive(2 * ps_per_ms, LineDrive::mark);
  }
  CHECK(edges_of(*segment, optical_meter_end).size() == 2);
  CHECK(edges_of(*segment, optical_meter_end) == edges_of(*segment, optical_head_end));
  CHECK_FALSE(segment->contested(0, 3 * ps_per_ms));
}

TEST_CASE("optical: more than 200 uW/cm2 are light, less are not") {
  OpticalSpec spec;
  spec.meter_uW_cm2 = 199;
  CHECK_FALSE(seen(spec).light);
  spec.meter_uW_cm2 = 201;
  CHECK(seen(spec).light);
  CHECK(seen(spec).dark_again);
  // Of 1000 a head out of place loses 79.9 % or 80.1 %.
  spec.meter_uW_cm2 = 1000;
  spec.attenuation = 0.799;
  CHECK(seen(spec).light);
  spec.attenuation = 0.801;
  CHECK_FALSE(seen(spec).light);
  spec.attenuation = 1;
  CHECK_FALSE(seen(spec).light);
  // The meter sees as much less of the head's.
  for (const double attenuation : {0.799, 0.801}) {
    spec.attenuation = attenuation;
    const auto segment = make_optical_segment(spec);
    segment->port(optical_head_end).drive(ps_per_ms, LineDrive::space);
    CHECK(mark_at(segment->port(optical_meter_end), 2 * ps_per_ms) == (attenuation > 0.8));
  }
}

TEST_CASE("optical: ambient light up to 20 uW/cm2 leaves it dark, more keeps a space, 200 blinds") {
  OpticalSpec spec;
  spec.ambient_uW_cm2 = 19.9;
  CHECK(seen(spec).light);
  CHECK(seen(spec).dark_again);
  spec.ambient_uW_cm2 = 20.1;
  CHECK(seen(spec).light);
  CHECK_FALSE(seen(spec).dark_again);
  spec.ambient_uW_cm2 = 199;
  CHECK(mark_at(make_optical_segment(spec)->port(optical_meter_end), 0));
  spec.ambient_uW_cm2 = 201;
  const auto blinded = make_optical_segment(spec);
  CHECK_FALSE(mark_at(blinded->port(optical_meter_end), 0));
  CHECK_FALSE(mark_at(blinded->port(optical_head_end), 0));
  CHECK(mark_at(blinded->port(optical_probe_end), 0));
}

TEST_CASE("optical: each light is its own sender's") {
  OpticalSpec spec;
  spec.head_uW_cm2 = 100;
  const auto segment = make_optical_segment(spec);
  for (const int end : {optical_meter_end, optical_head_end}) {
    segment->port(end).drive(ps_per_ms, LineDrive::space);
  }
  CHECK(edges_of(*segment, optical_meter_end).empty());
  CHECK(edges_of(*segment, optical_head_end).size() == 1);
}

TEST_CASE("optical: noise is the receiver's own, of its rate, and the seed's") {
  OpticalSpec spec;
  spec.head_noise = {1000, ps_per_us, 0.3};
  const auto segment = make_optical_segment(spec, 3, "ir");
  const auto again = make_optical_segment(spec, 3, "ir");
  std::size_t falls = 0;
  for (Ps now = 0; now < 2 * ps_per_s; now += 50 * ps_per_ms) {
    for (auto* s : {segment.get(), again.get()}) s->advance(now);
    const auto edges = edges_of(*segment, optical_head_end, now);
    CHECK(edges == edges_of(*again, optical_head_end, now));
    for (const Ps t : edges) falls += mark_at(segment->port(optical_head_end), t) ? 0 : 1;
    CHECK(edges_of(*segment, optical_meter_end, now).empty());
  }
  // Half of 2000 are light, and dark cannot be darker; five sigma.
  CHECK(falls == Approx(1000).margin(5 * 32));
}

TEST_CASE("optical: a probe traces the light of both") {
  struct Levels final : models::pins::EventSink {
    void record(Ps t, std::string_view, std::string_view,
                std::initializer_list<models::pins::Field> fields) override {
      changes.push_back({t / ps_per_ms, std::get<bool>(fields.begin()->value)});
    }
    std::vector<tests::LevelChange> changes;
  } levels;
  OpticalSpec spec;
  spec.attenuation = 1;
  const auto segment = make_optical_segment(spec);
  models::lines::WireTrace trace(*segment, optical_probe_end, "m.ir_line", levels);
  segment->port(optical_meter_end).drive(ps_per_ms, LineDrive::space);
  segment->port(optical_meter_end).drive(2 * ps_per_ms, LineDrive::mark);
  segment->port(optical_head_end).drive(3 * ps_per_ms, LineDrive::space);
  tests::run_until(trace, 10 * ps_per_ms);
  REQUIRE(levels.changes.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(levels.changes[i].t == i);
    CHECK(levels.changes[i].level == (i % 2 == 0));
  }
}

TEST_CASE("optical: characters of 9600 Bd cross in either direction") {
  struct Notes final : models::masters::SerialListener {
    void heard(const models::masters::HeardCharacter& character) override {
      CHECK(character.good());
      in.push_back(character.byte);
    }
    void sent(const models::masters::HeardCharacter&) override {}
    std::vector<std::uint8_t> in;
  };
  const models::masters::SerialFormat format{9600, models::masters::Parity::even, 7, 1};
  const auto segment = make_optical_segment({});
  Notes meter_notes, head_notes;
  models::masters::SerialEnd meter(format, segment->port(optical_meter_end), meter_notes);
  models::masters::SerialEnd head(format, segment->port(optical_head_end), head_notes);
  segment->listen(optical_meter_end, meter);
  segment->listen(optical_head_end, head);
  std::vector<models::masters::OutgoingCharacter> sent(128);
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    sent[i].byte = static_cast<std::uint8_t>(i);
    bytes.push_back(sent[i].byte);
  }
  const auto run_until = [&](Ps end) {
    for (Ps next = 0; (next = std::min(meter.next_event(), head.next_event())) < end;) {
      if (meter.next_event() == next) meter.advance(next);
      if (head.next_event() == next) head.advance(next);
    }
  };
  head.send(10 * ps_per_ms, sent);
  run_until(200 * ps_per_ms);
  CHECK(meter_notes.in == bytes);
  CHECK(head_notes.in.empty());
  meter.send(210 * ps_per_ms, sent);
  run_until(400 * ps_per_ms);
  CHECK(head_notes.in == bytes);
  CHECK(meter_notes.in.size() == 128);
}

TEST_CASE("optical: a state that is put back goes on the same") {
  OpticalSpec spec;
  spec.meter_noise = {1000, ps_per_us, 0.3};
  const auto segment = make_optical_segment(spec, 9);
  segment->advance(0);
  segment->port(optical_head_end).drive(ps_per_ms, LineDrive::space);
  const auto other = make_optical_segment(spec, 9);
  other->restore(segment->state());
  for (auto* s : {segment.get(), other.get()}) {
    s->advance(50 * ps_per_ms);
    s->port(optical_head_end).drive(60 * ps_per_ms, LineDrive::mark);
  }
  CHECK(edges_of(*segment, optical_meter_end).size() > 10);
  CHECK(edges_of(*segment, optical_meter_end) == edges_of(*other, optical_meter_end));
}

TEST_CASE("optical: refuses what cannot be") {
  const auto refused = [](double OpticalSpec::*value, double is) {
    OpticalSpec spec;
    spec.*value = is;
    CHECK_THROWS_AS(make_optical_segment(spec), std::invalid_argument);
  };
  refused(&OpticalSpec::attenuation, -0.1);
  refused(&OpticalSpec::attenuation, 1.1);
  refused(&OpticalSpec::attenuation, std::numeric_limits<double>::quiet_NaN());
  refused(&OpticalSpec::meter_uW_cm2, -1);
  refused(&OpticalSpec::head_uW_cm2, 10'001);
  refused(&OpticalSpec::ambient_uW_cm2, -1);
  OpticalSpec spec;
  spec.head_noise = {1000, 0, 1};
  CHECK_THROWS_AS(make_optical_segment(spec), std::invalid_argument);
}
