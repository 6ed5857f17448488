// The scripted master against a slave that does as the test says.
#include "models/masters/modbus_master.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "models/masters/crc16.h"
#include "rs485_on_the_bench.h"

using models::lines::CableSpec;
using models::lines::EndSpec;
using models::masters::HeardCharacter;
using models::masters::ModbusExchange;
using models::masters::ModbusMaster;
using models::masters::ModbusOutcome;
using models::masters::OutgoingCharacter;
using models::masters::Parity;
using models::masters::SerialEnd;
using models::masters::SerialFormat;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using models::pins::ps_per_us;
using Bytes = std::vector<std::uint8_t>;

namespace {

Bytes with_crc(Bytes bytes) {
  models::masters::append_crc(bytes);
  return bytes;
}

/// Answers each frame, known by its length in silence, as `answer` says, so long after its end.
class Slave final : public models::masters::SerialListener {
 public:
  Slave(const SerialFormat& format, models::pins::LinePort& port) : end(format, port, *this) {}

  void heard(const HeardCharacter& character) override {
    frame.push_back(character.byte);
    const std::size_t length = frame.size() > 6 && frame[1] == 0x10 ? 9 + frame[6] : 8;
    if (frame.size() < length) return;
    const Bytes reply = answer ? answer(frame) : Bytes{};
    frame.clear();
    if (reply.empty()) return;
    std::vector<OutgoingCharacter> characters;
    for (const std::uint8_t byte : reply) characters.push_back({byte, 0, wrong_parity, false});
    end.send(character.end + delay, characters);
  }
  void sent(const HeardCharacter&) override {}

  SerialEnd end;
  Bytes frame;
  Ps delay = 20 * ps_per_ms;
  bool wrong_parity = false;
  std::function<Bytes(const Bytes&)> answer;
};

struct Line {
  explicit Line(const SerialFormat& format = {}, double length_m = 0)
      : segment(
            [&] {
              CableSpec c;
              c.length_m = length_m;
              return c;
            }(),
            {EndSpec{}, EndSpec{}, EndSpec{}}),
        master(format, segment.port(0)),
        slave(format, segment.port(1)),
        other(format, segment.port(2)) {
    segment.listen(0, master.receiver());
    segment.listen(1, slave.end);
    segment.listen(2, other.end);
    master.on_exchange([this](const ModbusExchange& e) { exchanges.push_back(e); });
    master.ask_contested([this](Ps from, Ps to) { return segment.contested(from, to); });
  }

  void run(Ps until) {
    for (;;) {
      const Ps t = std::max(now, std::min({master.next_event(), slave.end.next_event(),
                                           other.end.next_event(), segment.next_event()}));
      if (t >= until) break;
      now = t;
      if (segment.next_event() <= t) segment.advance(segment.next_event());
      if (slave.end.next_event() <= t) slave.end.advance(slave.end.next_event());
      if (other.end.next_event() <= t) other.end.advance(other.end.next_event());
      if (master.next_event() <= t) master.advance(t);
    }
    now = until;
  }

  Ps now = 0;
  tests::Rs485Segment segment;
  ModbusMaster master;
  Slave slave, other;
  std::vector<ModbusExchange> exchanges;
};

}  // namespace

TEST_CASE("CRC-16: check value and the frames of the standard") {
  const Bytes digits = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  CHECK(models::masters::crc16(digits.data(), digits.size()) == 0x4B37);
  CHECK(with_crc({0x01, 0x03, 0x20, 0x08, 0x00, 0x02}) ==
        Bytes{0x01, 0x03, 0x20, 0x08, 0x00, 0x02, 0x4E, 0x09});
  CHECK(models::masters::crc_holds({0x01, 0x83, 0x02, 0xC0, 0xF1}));
  CHECK_FALSE(models::masters::crc_holds({0x01, 0x83, 0x02, 0xC0, 0xF0}));
  CHECK_FALSE(models::masters::crc_holds({0xFF, 0xFF}));
}

TEST_CASE("master: requests are the standard's, byte for byte") {
  const auto bytes = [](const models::masters::ModbusRequest& request) {
    Bytes out;
    for (const OutgoingCharacter& character : request.characters) out.push_back(character.byte);
    return out;
  };
  CHECK(bytes(models::masters::read_request(1, 3, 0x2008, 2)) ==
        Bytes{0x01, 0x03, 0x20, 0x08, 0x00, 0x02, 0x4E, 0x09});
  CHECK(bytes(models::masters::write_single_request(1, 0x1018, 2)) ==
        Bytes{0x01, 0x06, 0x10, 0x18, 0x00, 0x02, 0x8C, 0xCC});
  CHECK(bytes(models::masters::write_request(1, 0x1066, {0x44, 0x7A, 0x00, 0x00})) ==
        Bytes{0x01, 0x10, 0x10, 0x66, 0x00, 0x02, 0x04, 0x44, 0x7A, 0x00, 0x00, 0x8D, 0x44});
  const auto broadcast = models::masters::write_single_request(0, 0x1020, 9600);
  CHECK(bytes(broadcast) == Bytes{0x00, 0x06, 0x10, 0x20, 0x25, 0x80, 0x96, 0x21});
  CHECK_FALSE(broadcast.awaits_answer);
}

TEST_CASE("master: an answer, its bytes and its time") {
  Line line;
  line.slave.answer = [](const Bytes&) { return with_crc({1, 3, 4, 0x43, 0x66, 0, 0}); };
  line.master.add(ps_per_ms, models::masters::read_request(1, 3, 0x2008, 2));
  line.run(ps_per_s);
  REQUIRE(line.exchanges.size() == 1);
  const ModbusExchange& exchange = line.exchanges[0];
  CHECK(exchange.outcome == ModbusOutcome::answer);
  CHECK(exchange.answer_bytes() == with_crc({1, 3, 4, 0x43, 0x66, 0, 0}));
  // The driver goes on at 1 ms, the first bit a bit time later; eight characters of eleven bits.
  CHECK(exchange.begin == ps_per_ms + 104'166'667);
  CHECK(exchange.end == exchange.begin + 8 * 1'145'833'333ull);
  // There and back through no cable at all: a few nanoseconds of thresholds.
  CHECK(exchange.answer_time() == Approx(20e9).margin(1e5));
  CHECK(exchange.answer_time() > 20 * ps_per_ms);
  // Judged when 3.5 characters have been silent.
  CHECK(exchange.judged == exchange.answer.back().end + 4'010'416'667);
  CHECK_FALSE(exchange.contested);
}

TEST_CASE("master: exceptions, with CRC and the old firmware's two bytes") {
  for (const bool legacy : {false, true}) {
    Line line;
    line.slave.answer = [&](const Bytes&) {
      return legacy ? Bytes{0x83, 0x02} : with_crc({1, 0x83, 2});
    };
    line.master.add(0, models::masters::read_request(1, 3, 0, 2));
    line.run(ps_per_s);
    REQUIRE(line.exchanges.size() == 1);
    CHECK(line.exchanges[0].outcome == ModbusOutcome::exception);
    CHECK(line.exchanges[0].exception == 2);
  }
}

TEST_CASE("master: without an answer it gives up one time-out after the request's end") {
  Line line;
  auto request = models::masters::read_request(9, 3, 0, 2);
  request.wait = 300 * ps_per_ms;
  line.master.add(0, request);
  line.run(ps_per_s);
  REQUIRE(line.exchanges.size() == 1);
  CHECK(line.exchanges[0].outcome == ModbusOutcome::no_answer);
  CHECK(line.exchanges[0].judged == line.exchanges[0].end + 300 * ps_per_ms);
}

TEST_CASE("master: an answer that begins just before the time-out is heard to its end") {
  for (const Ps margin : {ps_per_us, Ps{0}}) {
    Line line;
    auto request = models::masters::read_request(1, 3, 0, 2);
    request.wait = 50 * ps_per_ms;
    line.slave.answer = [](const Bytes&) { return with_crc({1, 3, 2, 0, 0}); };
    line.slave.delay = 50 * ps_per_ms - margin;
    line.master.add(0, request);
    line.run(ps_per_s);
    REQUIRE(line.exchanges.size() == 1);
    CHECK(line.exchanges[0].outcome ==
          (margin > 0 ? ModbusOutcome::answer : ModbusOutcome::no_answer));
  }
}

TEST_CASE("master: bad CRC, bad parity") {
  Line line;
  line.slave.answer = [](const Bytes&) { return Bytes{1, 3, 2, 0, 0, 0xFF, 0xFF}; };
  line.master.add(0, models::masters::read_request(1, 3, 0, 1));
  line.run(ps_per_s);
  line.slave.answer = [](const Bytes&) { return with_crc({1, 3, 2, 0, 0}); };
  line.slave.wrong_parity = true;
  line.master.add(ps_per_s, models::masters::read_request(1, 3, 0, 1));
  line.run(2 * ps_per_s);
  REQUIRE(line.exchanges.size() == 2);
  CHECK(line.exchanges[0].outcome == ModbusOutcome::bad_frame);
  CHECK(line.exchanges[1].outcome == ModbusOutcome::bad_frame);
}

TEST_CASE("master: two slaves that say different things at once are a collision") {
  Line line;
  line.slave.answer = [](const Bytes&) { return with_crc({1, 3, 2, 0x12, 0x34}); };
  line.other.answer = [](const Bytes&) { return with_crc({1, 3, 2, 0x56, 0x78}); };
  line.other.delay += 30 * ps_per_us;
  line.master.add(0, models::masters::read_request(1, 3, 0, 1));
  line.run(ps_per_s);
  REQUIRE(line.exchanges.size() == 1);
  CHECK(line.exchanges[0].outcome == ModbusOutcome::collision);
  CHECK(line.exchanges[0].contested);
}

TEST_CASE(
    "master: after a broadcast it waits the turnaround delay, and an answer is no broadcast") {
  Line line;
  const Ps start = ps_per_ms;
  line.master.add(start, models::masters::write_single_request(0, 0x1020, 9600));
  line.master.add(start, models::masters::read_request(1, 3, 0, 1));
  line.run(ps_per_s);
  REQUIRE(line.exchanges.size() == 1);
  CHECK(line.exchanges[0].outcome == ModbusOutcome::broadcast);
  CHECK(line.exchanges[0].judged == line.exchanges[0].end + 100 * ps_per_ms);
  line.run(3 * ps_per_s);
  REQUIRE(line.exchanges.size() == 2);
  CHECK(line.exchanges[1].begin == line.exchanges[0].judged + 104'166'667);
}

TEST_CASE("master: polls at full rate, 3.5 characters after each answer, as often as asked") {
  Line line;
  line.slave.delay = 5 * ps_per_ms;
  line.slave.answer = [](const Bytes& request) { return with_crc({request[0], 3, 2, 0, 1}); };
  models::masters::ModbusPoll poll;
  for (const std::uint8_t id : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
    poll.requests.push_back(models::masters::read_request(id, 3, 0x1018, 1));
  }
  poll.count = 500;
  line.master.add(0, poll);
  line.run(60 * ps_per_s);
  REQUIRE(line.exchanges.size() == 500);
  for (std::size_t n = 0; n < line.exchanges.size(); ++n) {
    const ModbusExchange& exchange = line.exchanges[n];
    CHECK(exchange.outcome == ModbusOutcome::answer);
    CHECK(exchange.request[0] == 1 + n % 3);
    if (n == 0) continue;
    // The driver is on when the silence is over; the first start edge a bit later.
    const Ps pause = exchange.begin - line.exchanges[n - 1].answer.back().end;
    CHECK(pause == 4'010'416'667 + 104'166'667);
  }
  CHECK(line.master.state().loop.strays == 0);
}

TEST_CASE("master: a queued request comes between two of a poll") {
  Line line;
  line.slave.answer = [](const Bytes& request) { return with_crc({request[0], 3, 2, 0, 1}); };
  models::masters::ModbusPoll poll;
  poll.requests.push_back(models::masters::read_request(1, 3, 0x1018, 1));
  poll.until = ps_per_s;
  line.master.add(0, poll);
  auto request = models::masters::read_request(2, 3, 0x1018, 1);
  request.tag = 7;
  request.not_before = 500 * ps_per_ms;
  line.master.add(0, request);
  line.run(2 * ps_per_s);
  const auto ours = std::find_if(line.exchanges.begin(), line.exchanges.end(),
                                 [](const ModbusExchange& e) { return e.tag == 7; });
  REQUIRE(ours != line.exchanges.end());
  CHECK(ours->begin > 500 * ps_per_ms);
  CHECK(ours->begin < 560 * ps_per_ms);
  CHECK(line.exchanges.back().begin < ps_per_s + 2 * 104'166'667ull);
}

TEST_CASE("master: goes on at another rate when told to") {
  Line line;
  line.slave.answer = [](const Bytes&) { return with_crc({1, 3, 2, 0, 1}); };
  line.master.add(0, models::masters::read_request(1, 3, 0x1018, 1));
  line.run(200 * ps_per_ms);
  auto request = models::masters::read_request(1, 3, 0x1018, 1);
  request.format = SerialFormat{1200, Parity::even, 8, 1};
  line.slave.end.set_format(line.now, *request.format);
  line.master.add(line.now, request);
  line.run(ps_per_s);
  REQUIRE(line.exchanges.size() == 2);
  CHECK(line.exchanges[1].outcome == ModbusOutcome::answer);
  CHECK(line.exchanges[1].end - line.exchanges[1].begin == Approx(8 * 11e12 / 1200).margin(10));
}

TEST_CASE(
    "master: before a request at another rate it is silent for 3.5 characters of the slower one") {
  Line line;
  line.slave.answer = [](const Bytes&) { return with_crc({1, 3, 2, 0, 1}); };
  line.master.add(0, models::masters::read_request(1, 3, 0x1018, 1));
  auto request = models::masters::read_request(1, 3, 0x1018, 1);
  request.format = SerialFormat{1200, Parity::even, 8, 1};
  line.master.add(0, request);
  line.run(3 * ps_per_s);  // the slave stays at its rate: the second one is not answered
  REQUIRE(line.exchanges.size() == 2);
  const Ps silence = line.exchanges[1].begin - line.exchanges[0].answer.back().end;
  CHECK(static_cast<double>(silence) >= 38.5e12 / 1200);
  CHECK(static_cast<double>(silence) < 41e12 / 1200);  // the driver's lead, a bit time, besides
}

TEST_CASE("master: a silence and errors inside a request reach the slave as they are") {
  Line line;
  auto request = models::masters::read_request(1, 3, 0, 1);
  request.characters[3].silence = 2 * ps_per_ms;
  request.characters[5].wrong_parity = true;
  std::vector<HeardCharacter> out;
  line.master.on_characters([&](const HeardCharacter& c, bool sent) {
    if (sent) out.push_back(c);
  });
  line.master.add(0, request);
  line.run(100 * ps_per_ms);
  REQUIRE(out.size() == 8);
  CHECK(out[3].start - out[2].end == 2 * ps_per_ms);
  CHECK(out[5].parity_error);
}

TEST_CASE("master: put back at any instant it goes on with the exchange and its list") {
  const auto answer = [](const Bytes& request) {
    return request[1] == 6 ? Bytes{} : with_crc({1, 3, 4, 0x43, 0x66, 0, request[3]});
  };
  const auto begin = [&](Line& line) {
    line.slave.answer = answer;
    line.slave.delay = 7 * ps_per_ms;
    auto silent = models::masters::write_single_request(1, 0x1018, 2);
    silent.wait = 40 * ps_per_ms;
    line.master.add(0, silent);
    models::masters::ModbusPoll poll;
    poll.requests = {models::masters::read_request(1, 3, 0x2008, 2),
                     models::masters::read_request(1, 3, 0x2010, 2)};
    poll.count = 7;
    line.master.add(0, poll);
  };
  const Ps end = ps_per_s;
  Line whole;
  begin(whole);
  whole.run(end);
  REQUIRE(whole.exchanges.size() == 8);
  for (Ps cut = 1; cut < 400 * ps_per_ms; cut += 2'917 * ps_per_us) {
    INFO("cut at " << cut);
    Line first;
    begin(first);
    first.run(cut);
    Line second;
    second.slave.answer = answer;
    second.slave.delay = 7 * ps_per_ms;
    second.now = cut;
    second.segment.restore(first.segment.state());
    second.master.restore(first.master.state(), first.master.serial_state());
    second.slave.end.restore(first.slave.end.state());
    second.slave.frame = first.slave.frame;
    second.other.end.restore(first.other.end.state());
    second.run(end);
    const std::size_t before = first.exchanges.size();
    REQUIRE(before + second.exchanges.size() == whole.exchanges.size());
    for (std::size_t n = 0; n < second.exchanges.size(); ++n) {
      const ModbusExchange& expected = whole.exchanges[before + n];
      const ModbusExchange& seen = second.exchanges[n];
      CHECK(seen.outcome == expected.outcome);
      CHECK(seen.begin == expected.begin);
      CHECK(seen.judged == expected.judged);
      CHECK(seen.answer_bytes() == expected.answer_bytes());
    }
  }
}
