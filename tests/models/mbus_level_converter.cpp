// A serial port on an M-Bus through a level converter: power, and characters in both directions.
#include "models/lines/mbus_level_converter.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "level_changes.h"
#include "line_listeners.h"
#include "mbus_on_the_bench.h"
#include "models/masters/serial_end.h"

using models::lines::MbusLevelConverter;
using models::masters::HeardCharacter;
using models::masters::OutgoingCharacter;
using models::masters::Parity;
using models::masters::SerialEnd;
using models::masters::SerialFormat;
using models::pins::LineDrive;
using models::pins::Ps;
using models::pins::ps_never;
using models::pins::ps_per_ms;
using models::pins::ps_per_us;
using tests::edges_of;
using tests::mbus_cable;
using tests::mbus_master;
using tests::mbus_meter;
using tests::mbus_probe;
using tests::MbusSegment;

namespace {

/// A converter on 10 m of cable with a meter; end 2 sees the voltage.
struct Bench {
  MbusSegment segment{mbus_cable(10), {mbus_master(), mbus_meter(10), mbus_probe()}};
  MbusLevelConverter converter{segment.port(0)};

  /// 36 or 24 V, or nothing, settled.
  double volts() const {
    const auto drivers = segment.state().changes.back().drivers;
    return dynamic_cast<const models::lines::MbusNetwork&>(segment.network())
        .levels(drivers)
        .volts[2];
  }
};

class Notes final : public models::masters::SerialListener {
 public:
  void heard(const HeardCharacter& character) override { in.push_back(character); }
  void sent(const HeardCharacter& character) override { out.push_back(character); }
  std::vector<HeardCharacter> in, out;
};

/// A master at the converter and a meter, both with a serial end of 2400 Bd 8E1.
struct Talk {
  Talk() {
    bench.segment.listen(0, master);
    bench.segment.listen(1, meter);
    bench.converter.power(0, true);
  }

  void run_until(Ps end) {
    for (;;) {
      const Ps next = std::min(master.next_event(), meter.next_event());
      if (next >= end) return;
      if (master.next_event() == next) master.advance(next);
      if (meter.next_event() == next) meter.advance(next);
    }
  }

  static SerialFormat format() { return {2400, Parity::even, 8, 1}; }

  Bench bench;
  Notes master_notes, meter_notes;
  SerialEnd master{format(), bench.converter, master_notes};
  SerialEnd meter{format(), bench.segment.port(1), meter_notes};
};

std::vector<OutgoingCharacter> characters(std::initializer_list<std::uint8_t> bytes) {
  std::vector<OutgoingCharacter> out;
  for (const std::uint8_t byte : bytes) {
    out.emplace_back();
    out.back().byte = byte;
  }
  return out;
}

std::vector<std::uint8_t> bytes_of(const std::vector<HeardCharacter>& heard) {
  std::vector<std::uint8_t> out;
  for (const HeardCharacter& character : heard) {
    CHECK(character.good());
    out.push_back(character.byte);
  }
  return out;
}

}  // namespace

TEST_CASE("level converter: what is released is a mark while power is on") {
  Bench bench;
  CHECK_FALSE(bench.converter.powered());
  bench.converter.power(0, true);
  CHECK(bench.converter.powered());
  CHECK(bench.volts() == Approx(36 - 0.045));
  bench.converter.drive(1 * ps_per_ms, LineDrive::mark);
  bench.converter.drive(2 * ps_per_ms, LineDrive::space);
  CHECK(bench.volts() == Approx(24 - 0.045));
  bench.converter.drive(3 * ps_per_ms, LineDrive::released);
  CHECK(bench.volts() == Approx(36 - 0.045));
  bench.converter.power(4 * ps_per_ms, false);
  CHECK(bench.volts() == 0);
}

TEST_CASE("level converter: without power nothing that is sent reaches the bus") {
  Bench bench;
  bench.converter.drive(ps_per_ms, LineDrive::space);
  bench.converter.cut(2 * ps_per_ms);
  CHECK(bench.segment.state().changes.empty());
  bench.converter.power(3 * ps_per_ms, true);
  bench.converter.power(4 * ps_per_ms, true);
  CHECK(bench.segment.state().changes.size() == 1);
  CHECK(bench.volts() == Approx(36 - 0.045));
  // Switching on what is on leaves alone what is announced.
  bench.converter.drive(4500 * ps_per_us, LineDrive::space);
  CHECK_NOTHROW(bench.converter.power(4 * ps_per_ms, true));
  CHECK(bench.volts() == Approx(24 - 0.045));
  bench.converter.power(5 * ps_per_ms, false);
  bench.converter.power(6 * ps_per_ms, false);
  bench.converter.drive(7 * ps_per_ms, LineDrive::mark);
  CHECK(bench.segment.state().changes.size() == 3);
}

TEST_CASE("level converter: what is cut is a mark from there on, and may begin anew at once") {
  Bench bench;
  bench.converter.power(0, true);
  bench.converter.drive(ps_per_ms, LineDrive::space);
  bench.converter.drive(2 * ps_per_ms, LineDrive::mark);
  bench.converter.drive(3 * ps_per_ms, LineDrive::space);
  bench.converter.cut(1500 * ps_per_us);
  CHECK(bench.volts() == Approx(36 - 0.045));
  const auto edges = edges_of(bench.segment, 1);
  REQUIRE(edges.size() == 2);
  CHECK(edges[1] > 1500 * ps_per_us);
  CHECK(edges[1] < 1510 * ps_per_us);
  bench.converter.drive(1500 * ps_per_us, LineDrive::space);
  bench.converter.drive(1800 * ps_per_us, LineDrive::released);
  CHECK(edges_of(bench.segment, 1)[1] > 1800 * ps_per_us);
  CHECK_THROWS_AS(bench.converter.drive(1700 * ps_per_us, LineDrive::space), std::invalid_argument);
}

TEST_CASE("level converter: a space may begin at the instant at which power comes") {
  Bench bench;
  bench.converter.power(ps_per_ms, true);
  bench.converter.drive(ps_per_ms, LineDrive::space);
  CHECK(bench.volts() == Approx(24 - 0.045));
  CHECK(bench.converter.next_fall(0) == ps_never);
  CHECK(bench.segment.port(1).next_fall(0) > ps_per_ms);
  // A mark may, too.
  bench.converter.power(2 * ps_per_ms, false);
  bench.converter.power(3 * ps_per_ms, true);
  bench.converter.drive(3 * ps_per_ms, LineDrive::mark);
  CHECK(bench.volts() == Approx(36 - 0.045));
}

TEST_CASE("level converter: a state that is put back goes on the same") {
  Bench bench;
  bench.converter.power(0, true);
  bench.converter.drive(ps_per_ms, LineDrive::space);
  Bench other;
  other.segment.restore(bench.segment.state());
  other.converter.restore(bench.converter.state());
  CHECK(other.converter.powered());
  for (Bench* b : {&bench, &other}) {
    b->converter.drive(2 * ps_per_ms, LineDrive::released);
    b->converter.power(3 * ps_per_ms, false);
  }
  CHECK(edges_of(bench.segment, 2) == edges_of(other.segment, 2));
  CHECK(bench.volts() == other.volts());
}

TEST_CASE("M-Bus: a request and an answer cross the bus, and each end hears the other one only") {
  Talk talk;
  talk.master.send(10 * ps_per_ms, characters({0x10, 0x40, 0x01, 0x41, 0x16}));
  talk.run_until(40 * ps_per_ms);
  CHECK(bytes_of(talk.meter_notes.in) == std::vector<std::uint8_t>{0x10, 0x40, 0x01, 0x41, 0x16});
  CHECK(talk.master_notes.in.empty());
  talk.meter.send(50 * ps_per_ms, characters({0xE5}));
  talk.run_until(80 * ps_per_ms);
  CHECK(bytes_of(talk.master_notes.in) == std::vector<std::uint8_t>{0xE5});
  CHECK(talk.meter_notes.in.size() == 5);
}

TEST_CASE("M-Bus: power lost in mid-character tears it, and the next after its return is whole") {
  Talk talk;
  talk.master.send(10 * ps_per_ms, characters({0x00, 0x55}));
  // In the fourth bit of 0x00; all the rest of it is a mark.
  talk.run_until(11600 * ps_per_us);
  talk.bench.converter.power(11600 * ps_per_us, false);
  talk.run_until(40 * ps_per_ms);
  REQUIRE(talk.meter_notes.in.size() == 1);
  // 3.84 bits in: the start bit and data bits 0 to 2 are 0, bits 3 to 7, parity and stop are 1.
  CHECK(talk.meter_notes.in[0].byte == 0xF8);
  CHECK_FALSE(talk.meter_notes.in[0].framing_error);
  // Without power the meter's answer reaches nobody either.
  talk.meter.send(50 * ps_per_ms, characters({0xE5}));
  talk.run_until(70 * ps_per_ms);
  CHECK(talk.master_notes.in.empty());
  talk.bench.converter.power(80 * ps_per_ms, true);
  talk.master.send(90 * ps_per_ms, characters({0x55}));
  talk.run_until(100 * ps_per_ms);
  REQUIRE(talk.meter_notes.in.size() == 2);
  CHECK(talk.meter_notes.in[1].byte == 0x55);
  CHECK(talk.meter_notes.in[1].good());
  talk.meter.send(110 * ps_per_ms, characters({0xE5}));
  talk.run_until(120 * ps_per_ms);
  CHECK(bytes_of(talk.master_notes.in) == std::vector<std::uint8_t>{0xE5});
}

TEST_CASE("M-Bus: an answer that loses the bus's power is torn at the master") {
  Talk talk;
  talk.meter.send(10 * ps_per_ms, characters({0x00}));
  talk.run_until(11600 * ps_per_us);
  talk.bench.converter.power(11600 * ps_per_us, false);
  talk.run_until(40 * ps_per_ms);
  REQUIRE(talk.master_notes.in.size() == 1);
  CHECK(talk.master_notes.in[0].byte == 0xF8);
}
