// The world's serial end: characters bit for bit, and what it makes of what it hears.
#include "models/masters/serial_end.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "level_changes.h"
#include "line_listeners.h"
#include "rs485_on_the_bench.h"

using models::lines::CableSpec;
using models::lines::EndSpec;
using models::masters::HeardCharacter;
using models::masters::Parity;
using models::masters::SerialEnd;
using models::masters::SerialFormat;
using models::pins::LineDrive;
using models::pins::Ps;
using models::pins::ps_never;
using models::pins::ps_per_ms;
using models::pins::ps_per_us;

namespace {

/// A port that writes down what it is told to do.
class Wire final : public models::pins::LinePort {
 public:
  void drive(Ps t, LineDrive what) override { changes.push_back({t, what}); }
  void cut(Ps) override {}
  std::uint64_t marks_at(const Ps*, int) const override { return ~0ull; }
  Ps next_fall(Ps) const override { return ps_never; }

  struct Change {
    Ps t;
    LineDrive what;
  };
  std::vector<Change> changes;
};

class Notes final : public models::masters::SerialListener {
 public:
  void heard(const HeardCharacter& character) override { in.push_back(character); }
  void sent(const HeardCharacter& character) override { out.push_back(character); }
  std::vector<HeardCharacter> in, out;
};

SerialFormat format(std::uint32_t baud, Parity parity = Parity::even, int data = 8, int stop = 1) {
  return {baud, parity, data, stop};
}

/// Two ends on 10 m of cable.
struct Pair {
  explicit Pair(const SerialFormat& left_format, const SerialFormat& right_format)
      : segment(CableSpec{}, {EndSpec{}, EndSpec{}}),
        left(left_format, segment.port(0), left_notes),
        right(right_format, segment.port(1), right_notes) {
    segment.listen(0, left);
    segment.listen(1, right);
  }

  void run(Ps end) {
    for (;;) {
      const Ps t = std::min({left.next_event(), right.next_event(), segment.next_event()});
      if (t >= end) return;
      if (segment.next_event() == t) segment.advance(t);
      if (left.next_event() == t) left.advance(t);
      if (right.next_event() == t) right.advance(t);
    }
  }

  tests::Rs485Segment segment;
  Notes left_notes, right_notes;
  SerialEnd left, right;
};

}  // namespace

TEST_CASE("serial end: 0x55 at 9600 8E1 is a square wave, its edges at multiples of 1/9600 s") {
  Wire wire;
  Notes notes;
  SerialEnd end(format(9600), wire, notes);
  const Ps start = 10 * ps_per_ms;
  end.send(start, {{0x55, 0, false, false}});
  tests::run_until(end, ps_never);
  // Lead, then start bit and data 1 0 1 0 1 0 1 0, even parity 0, stop 1; one bit later it lets go.
  std::vector<Wire::Change> expected = {{start - 104'166'667, LineDrive::mark}};
  for (Ps bit = 0; bit < 9; ++bit) {
    expected.push_back({start + (bit * 1'000'000'000'000 + 4800) / 9600,
                        bit % 2 == 0 ? LineDrive::space : LineDrive::mark});
  }
  // Bits 8 (the last data bit, 0) and 9 (parity 0) are one space.
  expected.push_back({start + 1'041'666'667, LineDrive::mark});
  expected.push_back({start + 1'145'833'333 + 104'166'667, LineDrive::released});
  REQUIRE(wire.changes.size() == expected.size());
  for (std::size_t n = 0; n < expected.size(); ++n) {
    CHECK(wire.changes[n].t == expected[n].t);
    CHECK(wire.changes[n].what == expected[n].what);
  }
  REQUIRE(notes.out.size() == 1);
  CHECK(notes.out[0].start == start);
  CHECK(notes.out[0].end == start + 1'145'833'333);
}

TEST_CASE("serial end: every byte, rate and format is heard as it was sent") {
  for (const std::uint32_t baud : {110u, 300u, 1200u, 9600u, 19200u, 115200u}) {
    for (const Parity parity : {Parity::none, Parity::even, Parity::odd}) {
      for (const int data : {7, 8}) {
        for (const int stop : {1, 2}) {
          const SerialFormat f = format(baud, parity, data, stop);
          Pair pair(f, f);
          std::vector<models::masters::OutgoingCharacter> all;
          const int count = baud <= 300 ? 16 : 1 << data;
          for (int byte = 0; byte < count; ++byte) {
            all.push_back({static_cast<std::uint8_t>(byte * 37), 0, false, false});
          }
          const Ps start = 20 * ps_per_ms;
          pair.left.send(start, all);
          pair.run(start + 1300 * f.time_of(12));
          REQUIRE(pair.right_notes.in.size() == all.size());
          for (std::size_t n = 0; n < all.size(); ++n) {
            const HeardCharacter& heard = pair.right_notes.in[n];
            CHECK(heard.byte == (all[n].byte & ((1 << data) - 1)));
            CHECK(heard.good());
            // The way through 10 m of cable: the same for each.
            const Ps way = pair.right_notes.in[0].start - start;
            CHECK(heard.start - pair.left_notes.out[n].start == way);
            CHECK(way < ps_per_us);
          }
          CHECK(pair.left_notes.in.empty());
        }
      }
    }
  }
}

TEST_CASE("serial end: a silence before a character is kept to the picosecond") {
  Pair pair(format(9600), format(9600));
  const Ps silence = 1'718'762'345;
  pair.left.send(ps_per_ms, {{1, 0, false, false}, {2, silence, false, false}});
  pair.run(20 * ps_per_ms);
  REQUIRE(pair.right_notes.in.size() == 2);
  CHECK(pair.right_notes.in[1].start - pair.right_notes.in[0].end == silence);
}

TEST_CASE("serial end: wrong parity and missing stop bits are heard as such") {
  Pair pair(format(9600), format(9600));
  pair.left.send(ps_per_ms, {{0x31, 0, true, false},
                             {0x32, ps_per_ms, false, true},
                             {0x33, ps_per_ms, false, false},
                             {0x00, ps_per_ms, false, true}});
  pair.run(50 * ps_per_ms);
  const auto& in = pair.right_notes.in;
  REQUIRE(in.size() == 4);
  CHECK(in[0].byte == 0x31);
  CHECK(in[0].parity_error);
  CHECK_FALSE(in[0].framing_error);
  CHECK(in[1].byte == 0x32);
  CHECK(in[1].framing_error);
  CHECK_FALSE(in[1].broken);
  CHECK(in[2].good());
  CHECK(in[3].broken);
}

TEST_CASE("serial end: at half the rate it hears something else") {
  Pair pair(format(9600), format(4800));
  pair.left.send(ps_per_ms, {{0x01, 0, false, false}, {0x03, 0, false, false}});
  pair.run(50 * ps_per_ms);
  bool all_good = true;
  for (const HeardCharacter& c : pair.right_notes.in) all_good = all_good && c.good();
  CHECK((pair.right_notes.in.size() != 2 || !all_good));
}

TEST_CASE("serial end: a glitch shorter than half a bit is no start bit") {
  tests::Rs485Segment segment(CableSpec{}, {EndSpec{}, EndSpec{}});
  Notes notes;
  SerialEnd end(format(9600), segment.port(1), notes);
  segment.listen(1, end);
  segment.port(0).drive(ps_per_ms, LineDrive::space);
  segment.port(0).drive(ps_per_ms + 40 * ps_per_us, LineDrive::mark);
  tests::run_until(end, 10 * ps_per_ms);
  CHECK(notes.in.empty());
  segment.port(0).drive(11 * ps_per_ms, LineDrive::space);
  segment.port(0).drive(11 * ps_per_ms + 104 * ps_per_us, LineDrive::mark);
  tests::run_until(end, 20 * ps_per_ms);
  REQUIRE(notes.in.size() == 1);
  CHECK(notes.in[0].byte == 0xFF);
  CHECK(notes.in[0].parity_error);  // even parity of eight ones is 0
}

TEST_CASE("serial end: a new format at once") {
  Pair pair(format(9600), format(9600));
  pair.left.send(ps_per_ms, {{0x41, 0, false, false}});
  pair.run(10 * ps_per_ms);
  for (SerialEnd* end : {&pair.left, &pair.right}) {
    end->set_format(10 * ps_per_ms, format(1200, Parity::none));
  }
  pair.left.send(20 * ps_per_ms, {{0x42, 0, false, false}});
  pair.run(40 * ps_per_ms);
  REQUIRE(pair.right_notes.in.size() == 2);
  CHECK(pair.right_notes.in[1].byte == 0x42);
  CHECK(pair.right_notes.in[1].end - pair.right_notes.in[1].start == 10 * 833'333'333ull + 3);
}

TEST_CASE("serial end: refuses frames that overlap and formats that cannot be") {
  Wire wire;
  Notes notes;
  SerialEnd end(format(9600), wire, notes);
  end.send(ps_per_ms, {{1, 0, false, false}});
  CHECK_THROWS_AS(end.send(2 * ps_per_ms, {{1, 0, false, false}}), std::invalid_argument);
  CHECK_THROWS_AS(end.send(ps_per_ms * 9, {}), std::invalid_argument);
  CHECK_NOTHROW(end.send(end.free_from(), {{2, 0, false, false}}));
  CHECK_THROWS_AS(SerialEnd(format(109), wire, notes), std::invalid_argument);
  CHECK_THROWS_AS(SerialEnd(format(9600, Parity::none, 6), wire, notes), std::invalid_argument);
}
