// The scripted M-Bus master against slaves that do as the test says, at 9600 Bd: a bit time is
// 104.167 us.
#include "models/masters/mbus_master.h"

#include <catch2/catch.hpp>

#include "tests/models/mbus_line.h"

using models::masters::HeardCharacter;
using models::masters::MbusExchange;
using models::masters::MbusOutcome;
using models::masters::MbusRequest;
using models::masters::OutgoingCharacter;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using models::pins::ps_per_us;
using tests::MbusBytes;
using tests::MbusLine;
using tests::Ps;

namespace masters = models::masters;

namespace {

constexpr Ps bit = 104'166'667;
/// 330 bit times and 50 ms.
constexpr Ps timeout = 84'375 * ps_per_us;

MbusBytes acknowledge(const MbusBytes&) { return {0xE5}; }

MbusBytes header(std::uint32_t id) {
  return {static_cast<std::uint8_t>(id),
          static_cast<std::uint8_t>(id >> 8),
          static_cast<std::uint8_t>(id >> 16),
          static_cast<std::uint8_t>(id >> 24),
          0xCD,
          0x25,
          0x01,
          0x02,
          0x00,
          0x00,
          0x00,
          0x00};
}

MbusBytes response(std::uint32_t id, const MbusBytes& records) {
  MbusBytes data = header(id);
  for (const std::uint8_t byte : records) data.push_back(byte);
  return masters::mbus_long_frame(0x08, 1, 0x72, data);
}

MbusRequest short_request(std::uint8_t c, std::uint8_t a) {
  return masters::mbus_request(masters::mbus_short_frame(c, a));
}

}  // namespace

TEST_CASE("M-Bus master: an acknowledge is over with its stop bit") {
  MbusLine line;
  line.slave().answer = acknowledge;
  line.master.add(ps_per_ms, short_request(0x40, 1));
  line.run(ps_per_s);
  REQUIRE(line.exchanges.size() == 1);
  const MbusExchange& exchange = line.exchanges[0];
  CHECK(exchange.outcome == MbusOutcome::acknowledge);
  CHECK(exchange.request == MbusBytes{0x10, 0x40, 0x01, 0x41, 0x16});
  CHECK(exchange.tries == 1);
  CHECK(exchange.end == exchange.begin + 5 * 1'145'833'333ull);
  CHECK(exchange.answer_time() == Approx(14e9).margin(1e6));
  CHECK(exchange.judged == exchange.answer.back().end);
}

TEST_CASE("M-Bus master: an answer is over by its length, and a byte too many makes it none") {
  for (const bool longer : {false, true}) {
    MbusLine line;
    line.slave().answer = [&](const MbusBytes&) {
      MbusBytes reply = response(0x14500001, {0x0C, 0x04, 1, 0, 0, 0});
      if (longer) reply.push_back(0x16);
      return reply;
    };
    auto request = short_request(0x5B, 1);
    request.repeats = 0;
    line.master.add(0, request);
    line.run(ps_per_s);
    REQUIRE(line.exchanges.size() == 1);
    const MbusExchange& exchange = line.exchanges[0];
    CHECK(exchange.outcome == (longer ? MbusOutcome::bad_frame : MbusOutcome::answer));
    const Ps over = exchange.judged - exchange.answer.back().end;
    CHECK(over == (longer ? 22 * bit + 1 - 7 : 0));  // 22 bits are 2 291 666 667 ps
  }
}

TEST_CASE("M-Bus master: waits 330 bit times and 50 ms for the first start edge, and no longer") {
  for (const Ps margin : {ps_per_us, Ps{0}}) {
    MbusLine line;
    line.slave().answer = acknowledge;
    line.slave().delay = timeout - margin;
    auto request = short_request(0x40, 1);
    request.repeats = 0;
    line.master.add(0, request);
    line.run(ps_per_s);
    REQUIRE(line.exchanges.size() == 1);
    CHECK(line.exchanges[0].outcome ==
          (margin > 0 ? MbusOutcome::acknowledge : MbusOutcome::no_answer));
    if (margin == 0) CHECK(line.exchanges[0].judged == line.exchanges[0].end + timeout);
  }
}

TEST_CASE("M-Bus master: nothing comes and it asks three times, with the same FCB") {
  MbusLine line;
  line.master.add(0, short_request(0x5B, 1));
  line.run(ps_per_s);
  const MbusBytes sent = {0x10, 0x7B, 0x01, 0x7C, 0x16};
  CHECK(line.slave().frames == std::vector<MbusBytes>{sent, sent, sent});
  REQUIRE(line.exchanges.size() == 1);
  CHECK(line.exchanges[0].outcome == MbusOutcome::no_answer);
  CHECK(line.exchanges[0].tries == 3);
}

TEST_CASE("M-Bus master: something damaged comes and it asks again after 33 bit times") {
  for (const int fault : {0, 1, 2}) {
    MbusLine line;
    line.slave().answer = acknowledge;
    line.slave().spoil = [&](std::vector<OutgoingCharacter>& characters) {
      if (line.slave().frames.size() > 1) return;
      if (fault == 0) characters[0].wrong_parity = true;
      if (fault == 1) characters[0].byte = 0xE4;
      if (fault == 2) characters = {{0x68}, {0x04}, {0x04}};
    };
    std::vector<HeardCharacter> heard;
    std::vector<HeardCharacter> sent;
    line.master.on_characters(
        [&](const HeardCharacter& c, bool own) { (own ? sent : heard).push_back(c); });
    line.master.add(0, short_request(0x53, 1));
    line.run(ps_per_s);
    REQUIRE(line.exchanges.size() == 1);
    CHECK(line.exchanges[0].outcome == MbusOutcome::acknowledge);
    CHECK(line.exchanges[0].tries == 2);
    REQUIRE(line.slave().frames.size() == 2);
    CHECK(line.slave().frames[0] == line.slave().frames[1]);
    REQUIRE(sent.size() == 10);
    const Ps idle = sent[5].start - heard[heard.size() - 2].end;
    CHECK(idle >= 33 * bit - 33);
    CHECK(idle < 35 * bit);
  }
}

TEST_CASE("M-Bus master: a silence of more than 22 bit times ends an answer, one of 21 does not") {
  for (const int bits : {21, 23}) {
    MbusLine line;
    line.slave().answer = [](const MbusBytes&) { return response(1, {}); };
    line.slave().spoil = [&](std::vector<OutgoingCharacter>& characters) {
      characters[6].silence = static_cast<Ps>(bits) * bit;
    };
    auto request = short_request(0x5B, 1);
    request.repeats = 0;
    line.master.add(0, request);
    line.run(ps_per_s);
    REQUIRE(line.exchanges.size() == 1);
    CHECK(line.exchanges[0].outcome == (bits < 22 ? MbusOutcome::answer : MbusOutcome::bad_frame));
    if (bits > 22) CHECK(line.exchanges[0].answer.size() == 6);
  }
}

TEST_CASE("M-Bus master: an error answer with its code, without one") {
  for (const MbusBytes& data : {MbusBytes{0x08}, MbusBytes{}}) {
    MbusLine line;
    line.slave().answer = [&](const MbusBytes&) {
      return masters::mbus_long_frame(0x08, 1, 0x70, data);
    };
    line.master.add(0, short_request(0x5B, 1));
    line.run(ps_per_s);
    REQUIRE(line.exchanges.size() == 1);
    CHECK(line.exchanges[0].outcome == MbusOutcome::error);
    CHECK(line.exchanges[0].error == (data.empty() ? -1 : 8));
  }
}

TEST_CASE("M-Bus master: the FCB toggles with every request answered, by address") {
  MbusLine line;
  line.slave().answer = [](const MbusBytes& frame) {
    return frame[2] == 9 ? MbusBytes{} : MbusBytes{0xE5};
  };
  const auto ask = [&](std::uint8_t c, std::uint8_t a) {
    auto request = short_request(c, a);
    request.repeats = 0;
    line.master.add(0, request);
  };
  ask(0x5B, 1);
  ask(0x5B, 1);
  ask(0x5B, 2);  // an FCB of its own
  ask(0x53, 1);
  ask(0x5B, 9);  // nobody: stays
  ask(0x5B, 9);
  ask(0x5B, 1);
  ask(0x40, 1);  // begins anew
  ask(0x5A, 1);
  line.run(2 * ps_per_s);
  std::vector<int> c;
  for (const MbusBytes& frame : line.slave().frames) c.push_back(frame[1]);
  CHECK(c == std::vector<int>{0x7B, 0x5B, 0x7B, 0x73, 0x7B, 0x7B, 0x5B, 0x40, 0x7A});
}

TEST_CASE("M-Bus master: an FCB set by hand, and the next follows from it") {
  MbusLine line;
  line.slave().answer = acknowledge;
  for (const auto& fcb : {std::optional<bool>(false), std::optional<bool>(false),
                          std::optional<bool>(), std::optional<bool>(true)}) {
    auto request = short_request(0x5B, 1);
    request.fcb = fcb;
    line.master.add(0, request);
  }
  line.run(2 * ps_per_s);
  std::vector<int> c;
  for (const MbusBytes& frame : line.slave().frames) c.push_back(frame[1]);
  CHECK(c == std::vector<int>{0x5B, 0x5B, 0x7B, 0x7B});
  CHECK(line.slave().frames[2][3] == 0x7C);  // the checksum goes along
}

TEST_CASE("M-Bus master: a selection goes out as the standard has it and sets the FCB to 1") {
  MbusLine line;
  line.slave().answer = acknowledge;
  line.master.add(0, short_request(0x5B, 253));
  for (int i = 0; i < 2; ++i) {
    line.master.add(0, masters::mbus_request(masters::mbus_select_frame({})));
    line.master.add(0, short_request(0x5B, 253));
  }
  line.run(2 * ps_per_s);
  REQUIRE(line.slave().frames.size() == 5);
  CHECK(line.slave().frames[0][1] == 0x7B);
  CHECK(line.slave().frames[1][4] == 0x53);
  CHECK(line.slave().frames[2][1] == 0x7B);
  CHECK(line.slave().frames[3][4] == 0x53);
  CHECK(line.slave().frames[4][1] == 0x7B);
}

TEST_CASE("M-Bus master: follows a chain of telegrams to the one without 1F") {
  MbusLine line;
  int telegram = 0;
  line.slave().answer = [&](const MbusBytes&) {
    ++telegram;
    MbusBytes records = {0x01, 0x7A, 0x1F};  // a value of 1F is no mark
    if (telegram < 3) records.push_back(0x1F);
    return response(1, records);
  };
  auto request = short_request(0x5B, 1);
  request.all_telegrams = true;
  line.master.add(0, request);
  line.run(2 * ps_per_s);
  REQUIRE(line.exchanges.size() == 3);
  CHECK(line.exchanges[2].telegram == 2);
  std::vector<int> c;
  for (const MbusBytes& frame : line.slave().frames) c.push_back(frame[1]);
  CHECK(c == std::vector<int>{0x7B, 0x5B, 0x7B});
}

TEST_CASE("M-Bus master: of a chain that breaks a telegram is asked for again with its FCB") {
  MbusLine line;
  line.slave().answer = [&](const MbusBytes&) {
    const std::size_t asked = line.slave().frames.size();
    if (asked == 2) return MbusBytes{0xFF};
    return response(1, asked == 1 ? MbusBytes{0x1F} : MbusBytes{});
  };
  auto request = short_request(0x5B, 1);
  request.all_telegrams = true;
  line.master.add(0, request);
  line.run(2 * ps_per_s);
  std::vector<int> c;
  for (const MbusBytes& frame : line.slave().frames) c.push_back(frame[1]);
  CHECK(c == std::vector<int>{0x7B, 0x5B, 0x5B});
  REQUIRE(line.exchanges.size() == 2);
  CHECK(line.exchanges[1].tries == 2);
}

TEST_CASE("M-Bus master: nothing is awaited of a frame to 255, and the next waits its time") {
  MbusLine line;
  line.slave().answer = [](const MbusBytes& frame) {
    return frame[2] == 1 ? MbusBytes{0xE5} : MbusBytes{};
  };
  line.master.add(0, short_request(0x40, 255));
  line.master.add(0, short_request(0x40, 1));
  line.run(ps_per_s);
  REQUIRE(line.exchanges.size() == 2);
  CHECK(line.exchanges[0].outcome == MbusOutcome::broadcast);
  CHECK(line.exchanges[0].tries == 1);
  CHECK(line.exchanges[1].begin >= line.exchanges[0].end + timeout);
}

TEST_CASE("M-Bus master: two that answer at once are a collision, even if it reads well") {
  MbusLine line;
  line.slave(0).answer = acknowledge;
  line.slave(1).answer = acknowledge;
  auto request = short_request(0x40, 254);
  request.repeats_collisions = false;
  line.master.add(0, request);
  line.run(ps_per_s);
  REQUIRE(line.exchanges.size() == 1);
  CHECK(line.exchanges[0].outcome == MbusOutcome::collision);
  CHECK(line.exchanges[0].tries == 1);
}

TEST_CASE("M-Bus master: breaks a collision off by a space, if told to") {
  for (const bool breaks : {false, true}) {
    MbusLine line;
    line.slave(0).answer = [](const MbusBytes&) { return response(1, {}); };
    line.slave(1).answer = line.slave(0).answer;
    line.slave(1).delay += 20 * ps_per_us;
    line.master.break_collisions(breaks);
    std::vector<HeardCharacter> spaces;
    line.master.on_characters([&](const HeardCharacter& c, bool own) {
      if (own && c.broken) spaces.push_back(c);
    });
    auto request = short_request(0x5B, 254);
    request.repeats = 0;
    line.master.add(0, request);
    line.run(ps_per_s);
    REQUIRE(line.exchanges.size() == 1);
    CHECK(line.exchanges[0].outcome == MbusOutcome::collision);
    REQUIRE(spaces.size() == (breaks ? 1 : 0));
    if (!breaks) continue;
    const Ps began = spaces[0].start - line.exchanges[0].answer.front().start;
    CHECK(began >= 2 * bit);
    CHECK(began <= 22 * bit);
    CHECK(spaces[0].end - spaces[0].start == 3'750'000'000ull);  // 36 bit times of 22 … 50
  }
}

TEST_CASE("M-Bus master: goes on at another rate when told to") {
  MbusLine line;
  line.slave().answer = acknowledge;
  line.master.add(0, short_request(0x40, 1));
  line.run(200 * ps_per_ms);
  auto request = short_request(0x40, 1);
  request.format = masters::SerialFormat{300, masters::Parity::even, 8, 1};
  line.slave().end.set_format(line.now, *request.format);
  line.master.add(line.now, request);
  line.master.add(line.now, short_request(0x40, 7));
  line.slave().answer = [](const MbusBytes& frame) {
    return frame[2] == 1 ? MbusBytes{0xE5} : MbusBytes{};
  };
  line.run(8 * ps_per_s);
  REQUIRE(line.exchanges.size() == 3);
  CHECK(line.exchanges[1].outcome == MbusOutcome::acknowledge);
  CHECK(line.exchanges[1].end - line.exchanges[1].begin == Approx(5 * 11e12 / 300).margin(10));
  // 330 bit times of the new rate and 50 ms.
  CHECK(line.exchanges[2].judged == line.exchanges[2].end + 1150 * ps_per_ms);
}

TEST_CASE("M-Bus master: bytes without a frame go out as they are, whatever the FCB") {
  MbusLine line;
  MbusRequest request;
  request.characters = {{0x10}, {0x7B}, {0x01}, {0x00}, {0x16}};
  request.characters[2].wrong_parity = true;
  request.repeats = 0;
  line.master.add(0, request);
  line.run(ps_per_s);
  CHECK(line.exchanges[0].request == MbusBytes{0x10, 0x7B, 0x01, 0x00, 0x16});
  CHECK_THROWS_AS(line.master.add(0, MbusRequest{}), std::invalid_argument);
}

// --- searches
// ------------------------------------------------------------------------------------

namespace {

/// A slave that knows its addresses, as far as a search needs it.
void be_meter(tests::MbusSlave& slave, std::uint32_t id, std::uint8_t primary, bool& selected) {
  slave.answer = [id, primary, &selected](const MbusBytes& frame) -> MbusBytes {
    const auto parsed = masters::parse_mbus_frame(frame);
    if (!parsed || (parsed->c & 0x40) == 0) return {};  // another slave's
    if (parsed->ci == 0x52 && parsed->a == 253) {
      selected = true;
      for (int nibble = 0; nibble < 8; ++nibble) {
        const unsigned wanted =
            parsed->data[static_cast<std::size_t>(nibble / 2)] >> (4 * (nibble % 2)) & 0xF;
        selected = selected && (wanted == 0xF || wanted == (id >> (4 * nibble) & 0xF));
      }
      return selected ? MbusBytes{0xE5} : MbusBytes{};
    }
    if (parsed->a != primary && !(parsed->a == 253 && selected)) return {};
    if (parsed->c == 0x40) {
      if (parsed->a == 253) selected = false;
      return {0xE5};
    }
    return response(id, {});
  };
  slave.delay += id % 97 * ps_per_us;
}

struct Meters {
  explicit Meters(const std::vector<std::uint32_t>& ids) : line(static_cast<int>(ids.size())) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      be_meter(line.slave(i), ids[i], static_cast<std::uint8_t>(i + 1), selected[i]);
    }
  }
  std::vector<std::uint32_t> search(const masters::MbusSearchOrder& order = {}) {
    line.master.add(line.now, order);
    line.run(line.now + 60 * ps_per_s);
    REQUIRE(line.findings.size() == 1);
    std::vector<std::uint32_t> ids;
    for (const auto& found : line.findings[0].secondary) ids.push_back(found.id);
    return ids;
  }
  std::array<bool, 8> selected{};
  MbusLine line;
};

}  // namespace

TEST_CASE("M-Bus search: nobody is there, and one look is enough") {
  Meters meters({});
  CHECK(meters.search().empty());
  CHECK(meters.line.findings[0].exchanges ==
        2);  // the look, and the release of whoever is selected
}

TEST_CASE("M-Bus search: a single meter answers the first look") {
  Meters meters({0x14500001});
  CHECK(meters.search() == std::vector<std::uint32_t>{0x14500001});
  CHECK(meters.line.findings[0].exchanges == 3);
  CHECK_FALSE(meters.selected[0]);
  CHECK(meters.line.findings[0].secondary[0].manufacturer == 0x25CD);
  CHECK(meters.line.exchanges.empty());
}

TEST_CASE("M-Bus search: meters that differ in the last digit only are told apart, in order") {
  Meters meters({0x14500009, 0x14500000, 0x14500005, 0x99999999, 0x00000000});
  CHECK(meters.search() ==
        std::vector<std::uint32_t>{0x00000000, 0x14500000, 0x14500005, 0x14500009, 0x99999999});
  CHECK(meters.line.findings[0].clashes.empty());
  CHECK(std::none_of(meters.selected.begin(), meters.selected.end(), [](bool s) { return s; }));
}

TEST_CASE("M-Bus search: within a mask, others are let alone") {
  Meters meters({0x14500001, 0x14500002, 0x14600001});
  masters::MbusSearchOrder order;
  order.mask.id = 0x145FFFFF;
  CHECK(meters.search(order) == std::vector<std::uint32_t>{0x14500001, 0x14500002});
}

TEST_CASE("M-Bus search: two of one identification are a clash and the rest is found") {
  Meters meters({0x14500001, 0x14500001, 0x14500003});
  CHECK(meters.search() == std::vector<std::uint32_t>{0x14500003});
  REQUIRE(meters.line.findings[0].clashes.size() == 1);
  CHECK(meters.line.findings[0].clashes[0].id == 0x14500001);
}

TEST_CASE("M-Bus scan: primary addresses, one of them taken twice") {
  Meters meters({0x14500001, 0x14500002, 0x14500003});
  be_meter(meters.line.slave(2), 0x14500003, 2, meters.selected[2]);
  masters::MbusSearchOrder order;
  order.kind = masters::MbusSearchOrder::Kind::primary;
  order.to = 5;
  CHECK(meters.search(order).empty());
  CHECK(meters.line.findings[0].primary == std::vector<std::uint8_t>{1});
  CHECK(meters.line.findings[0].primary_clashes == std::vector<std::uint8_t>{2});
  CHECK(meters.line.findings[0].exchanges == 6);
  order.from = 6;
  CHECK_THROWS_AS(meters.line.master.add(0, order), std::invalid_argument);
}

TEST_CASE("M-Bus master: what is queued behind a search waits for its end") {
  Meters meters({0x14500001, 0x14500002});
  meters.line.master.add(0, masters::MbusSearchOrder{});
  meters.line.master.add(0, short_request(0x40, 1));
  meters.line.run(60 * ps_per_s);
  REQUIRE(meters.line.findings.size() == 1);
  REQUIRE(meters.line.exchanges.size() == 1);
  CHECK(meters.line.exchanges[0].begin > meters.line.findings[0].end);
}

TEST_CASE("M-Bus master: put back at any instant its search goes on to the same end") {
  const std::vector<std::uint32_t> ids{0x14500009, 0x14500001, 0x99999999};
  const Ps end = 30 * ps_per_s;
  const auto begin = [](Meters& meters) {
    meters.line.master.add(0, masters::MbusSearchOrder{});
    meters.line.master.add(0, short_request(0x5B, 2));
    meters.line.master.add(0, short_request(0x5B, 2));
  };
  Meters whole(ids);
  begin(whole);
  whole.line.run(end);
  REQUIRE(whole.line.findings.size() == 1);
  REQUIRE(whole.line.exchanges.size() == 2);
  const masters::MbusFindings& expected = whole.line.findings[0];
  const Ps last = whole.line.exchanges[1].judged;
  for (Ps cut = 1; cut < last; cut += last / 40) {
    INFO("cut at " << cut);
    Meters first(ids);
    begin(first);
    first.line.run(cut);
    Meters second(ids);
    second.selected = first.selected;
    second.line.now = cut;
    second.line.segment.restore(first.line.segment.state());
    second.line.converter.restore(first.line.converter.state());
    // As a file would hold it: the search as plain data.
    masters::MbusMasterState state = first.line.master.state();
    if (state.search) state.search = masters::MbusSearch(state.search->state());
    second.line.master.restore(state, first.line.master.serial_state());
    for (std::size_t n = 0; n < ids.size(); ++n) {
      tests::MbusSlave& slave = second.line.slave(n);
      slave.end.restore(first.line.slave(n).end.state());
      slave.frame = first.line.slave(n).frame;
      slave.last = first.line.slave(n).last;
    }
    second.line.run(end);
    const std::size_t told = first.line.findings.size();
    REQUIRE(told + second.line.findings.size() == 1);
    const masters::MbusFindings& seen =
        told == 1 ? first.line.findings[0] : second.line.findings[0];
    CHECK(seen.secondary == expected.secondary);
    CHECK(seen.exchanges == expected.exchanges);
    CHECK(seen.end == expected.end);
    REQUIRE(first.line.exchanges.size() + second.line.exchanges.size() == 2);
    CHECK(second.line.exchanges.back().judged == last);
    CHECK(second.line.exchanges.back().request == whole.line.exchanges[1].request);
  }
}
