// The bus in scenarios: what the language means, what goes out on the wire, and how answers are
// judged.
#include <catch2/catch.hpp>

#include "models/masters/crc16.h"
#include "tests/tools/files.h"
#include "tests/tools/synthetic.h"
#include "tools/engine/bus_world.h"
#include "tools/engine/modbus_frames.h"

using models::masters::ModbusOutcome;
using tests::load;
using tests::Ps;
using tests::ps_per_ms;
using tests::ps_per_s;
using Bytes = std::vector<std::uint8_t>;

namespace {

const std::string head =
    "duration: 10 s\nmeter: {variant: PRO380-Mod, settings: {firmware: 2, meter_id: 5}}\nbus: {}\n";

/// The request that the one entry of a timeline makes.
models::masters::ModbusRequest request_of(const std::string& modbus, std::size_t row = 0) {
  const tools::Scenario s = load(head + "timeline:\n  - {at: 1 s, modbus: {" + modbus + "}}\n");
  return tools::make_request(*s.timeline[0].modbus, row, &s.meters[0], *s.bus);
}

Bytes bytes_of(const models::masters::ModbusRequest& request) {
  Bytes out;
  for (const auto& character : request.characters) out.push_back(character.byte);
  return out;
}

Bytes with_crc(Bytes bytes) {
  models::masters::append_crc(bytes);
  return bytes;
}

bool warns(const std::string& text, const std::string& fragment) {
  for (const std::string& warning : tools::warnings_of(load(text))) {
    if (warning.find(fragment) != std::string::npos) return true;
  }
  return false;
}

/// A scenario with one entry, and what came of its requests.
struct Asked : tests::Bench {
  explicit Asked(const std::string& modbus) : Bench(0) {
    scenario = load(head + "timeline:\n  - {every: 1 s, until: 2 s, modbus: {" + modbus + "}}\n");
  }

  /// An exchange whose request ends at `end` and whose answer begins `delay` later.
  void came(Bytes answer, ModbusOutcome outcome, Ps delay = 20 * ps_per_ms) {
    tools::ModbusResult result;
    result.meter = 0;
    result.exchange.end = evidence.exchanges.size() * ps_per_s + ps_per_s;
    result.exchange.outcome = outcome;
    if (outcome == ModbusOutcome::exception) result.exchange.exception = answer[2];
    Ps t = result.exchange.end + delay;
    for (const std::uint8_t byte : answer) {
      models::masters::HeardCharacter character;
      character.byte = byte;
      character.start = t;
      character.end = t + ps_per_ms;
      t = character.end;
      result.exchange.answer.push_back(character);
    }
    result.exchange.judged = t + 4 * ps_per_ms;
    evidence.exchanges.push_back(result);
  }

  tools::Verdict expects(const std::string& what) {
    tools::Scenario read =
        load(head + "timeline:\n  - {every: 1 s, until: 2 s, name: q, modbus: {" + asked_ +
             "}}\nexpect:\n  - {" + what + "}\n");
    scenario.expectations = read.expectations;
    evidence.readings.resize(1);
    return tools::judge(scenario, 0, evidence);
  }

  std::string asked_ = "read: U L1";
};

const Bytes volts_230 = {5, 3, 4, 0x43, 0x66, 0, 0};
const Bytes volts_231 = {5, 3, 4, 0x43, 0x67, 0, 0};

}  // namespace

// --- what goes out
// ---------------------------------------------------------------------------------

TEST_CASE("a bus without words is 10 m of cable, terminated, a master at 9600 8E1") {
  const tools::Scenario s = load(head);
  REQUIRE(s.bus);
  CHECK(s.bus->cable.length_m == 10);
  CHECK(s.bus->cable.termination == models::lines::Termination::both);
  CHECK(s.bus->format.baud == 9600);
  CHECK(s.bus->format.parity == models::masters::Parity::even);
  CHECK_FALSE(load("duration: 1 s\nmeter: {variant: PRO380-Mod}\n").bus);
}

TEST_CASE("cable, noise and ends reach the segment's specification") {
  const tools::Scenario s = load(
      "duration: 1 s\nmeters:\n"
      "  - {id: a, variant: PRO380-Mod, bus: {position: 250 m, wires: swapped}}\n"
      "  - {id: b, variant: PRO380-Mod, bus: {noise: {rate: 3 Hz, width: 2 us, amplitude: 1 V}}}\n"
      "  - {id: c, variant: PRO380-Mod, bus: {wires: open}}\n"
      "  - {id: d, variant: PRO380-S}\n"
      "bus:\n  cable: {length: 1.2 km, termination: far, bias: 560 ohm}\n"
      "  noise: {rate: 10 Hz, width: 5 us, amplitude: 4 V}\n"
      "  master: {baud: 4800, parity: none, position: 1 m, timeout: 2 s, turnaround: 150 ms}\n");
  CHECK(s.bus->cable.length_m == 1200);
  CHECK(s.bus->cable.termination == models::lines::Termination::far);
  CHECK(s.bus->cable.bias_ohm == 560);
  CHECK(s.bus->noise.per_s == 10);
  CHECK(s.bus->format.baud == 4800);
  CHECK(s.bus->format.parity == models::masters::Parity::none);
  CHECK(s.bus->master_position_m == 1);
  CHECK(s.bus->timeout == 2 * ps_per_s);
  CHECK(s.bus->turnaround == 150 * ps_per_ms);
  CHECK(s.meters[0].bus.position_m == 250.0);
  CHECK(s.meters[0].bus.wires == tools::Wires::swapped);
  CHECK(s.meters[1].bus.noise->volts == 1);
  // Master, waveform, and the two meters that are connected.
  const auto segment = tools::make_segment(s, 0, false);
  CHECK_NOTHROW(segment->port(3));
  CHECK_THROWS_AS(segment->port(4), std::out_of_range);
}

TEST_CASE("settings of the bus reach parameter page and factory settings, IDs count up") {
  const tools::Scenario s = load(
      "duration: 1 s\nmeter:\n  variant: PRO380-Mod\n  count: 3\n"
      "  settings: {meter_id: 40, baud: 1200, firmware: 2, parity: none, reply_delay: 35 ms,\n"
      "             legacy_exceptions: on}\n");
  REQUIRE(s.meters.size() == 3);
  for (std::uint16_t i = 0; i < 3; ++i) CHECK(s.meters[i].settings.meter_id == 40 + i);
  CHECK(s.meters[0].settings.baud == 1200);
  CHECK(s.meters[0].settings.parity == metrology::registers::Parity::none);
  CHECK(s.meters[0].page.firmware == 2);
  CHECK(s.meters[0].page.reply_delay_ms == 35);
  CHECK(s.meters[0].page.legacy_exceptions == 1);
}

TEST_CASE("requests are made byte for byte, to the meter's own ID unless another is named") {
  CHECK(bytes_of(request_of("read: U L1")) == with_crc({5, 3, 0x20, 0x08, 0, 2}));
  CHECK(bytes_of(request_of("read: 0x2008, function: 4, registers: 6")) ==
        with_crc({5, 4, 0x20, 0x08, 0, 6}));
  CHECK(bytes_of(request_of("read: U L1, map: 2")) == with_crc({5, 3, 0x50, 0x02, 0, 2}));
  CHECK(bytes_of(request_of("read: 0x5002")) == with_crc({5, 3, 0x50, 0x02, 0, 2}));
  // A row that only the second map has.
  CHECK(bytes_of(request_of("read: quadrant")) == with_crc({5, 3, 0x40, 0x17, 0, 1}));
  CHECK(bytes_of(request_of("read: meter name, to: 9")) == with_crc({9, 3, 0x10, 0x30, 0, 16}));
  CHECK(bytes_of(request_of("write: meter ID, value: 2")) == with_crc({5, 6, 0x10, 0x18, 0, 2}));
  CHECK(bytes_of(request_of("write: meter ID, value: 2, function: 16")) ==
        with_crc({5, 0x10, 0x10, 0x18, 0, 1, 2, 0, 2}));
  CHECK(bytes_of(request_of("write: S0 output rate, value: 1000 imp/kWh")) ==
        with_crc({5, 0x10, 0x10, 0x66, 0, 2, 4, 0x44, 0x7A, 0, 0}));
  CHECK(bytes_of(request_of("write: LCD cycle time, value: \"0025\"")) ==
        with_crc({5, 6, 0x15, 0x10, 0, 0x25}));
  CHECK(bytes_of(request_of("bytes: 01 2b 0e 01 00")) == with_crc({1, 0x2B, 0x0E, 1, 0}));
  CHECK(bytes_of(request_of("bytes: FF00, crc: none")) == Bytes{0xFF, 0});
}

TEST_CASE("faults are put where they were asked for") {
  Bytes wrong = with_crc({5, 3, 0x20, 0x08, 0, 2});
  wrong.back() ^= 1;
  CHECK(bytes_of(request_of("read: U L1, crc: wrong")) == wrong);
  const auto gap = request_of("read: U L1, gap: {after: 3, for: 2 ms}");
  for (std::size_t i = 0; i < gap.characters.size(); ++i) {
    CHECK(gap.characters[i].silence == (i == 3 ? 2 * ps_per_ms : 0));
  }
  CHECK(request_of("read: U L1, parity_error: 1").characters[0].wrong_parity);
  CHECK(request_of("read: U L1, no_stop: 8").characters[7].no_stop);
  CHECK(request_of("bytes: 01 02, parity_error: 4").characters[3].wrong_parity);
}

TEST_CASE("a write to ID 0 waits the turnaround, a read of it for an answer") {
  CHECK_FALSE(request_of("write: meter ID, value: 2, to: 0").awaits_answer);
  CHECK(request_of("write: meter ID, value: 2, to: 0").wait == 100 * ps_per_ms);
  CHECK(request_of("read: meter ID, to: 0").awaits_answer);
  CHECK(request_of("read: meter ID, timeout: 70 ms").wait == 70 * ps_per_ms);
  CHECK_FALSE(request_of("bytes: 00 06 10 20 25 80").awaits_answer);
}

TEST_CASE("a tag says which entry and which meter a request is of") {
  for (const int meter : {-1, 0, 61}) {
    const tools::RequestOrigin back = tools::origin_of(tools::tag_of({9'999, meter}));
    CHECK(back.entry == 9'999);
    CHECK(back.meter == meter);
  }
}

// --- how answers are judged
// -------------------------------------------------------------------------

TEST_CASE("a value is judged at every answer to an entry") {
  Asked asked("read: U L1");
  asked.came(with_crc(volts_230), ModbusOutcome::answer);
  asked.came(with_crc(volts_230), ModbusOutcome::answer);
  CHECK(asked.expects("answer: q, equals: 230 V").pass);
  CHECK(asked.expects("answer: q, equals: 231 V, tolerance: 1 V").pass);
  CHECK(asked.expects("answer: q, at_least: 230 V, at_most: 230 V").pass);
  CHECK_FALSE(asked.expects("answer: q, at_least: 230.1 V").pass);
  CHECK(asked.expects("answer: q").pass);
  CHECK_FALSE(asked.expects("answer: q, outcome: no_answer").pass);
  asked.evidence.exchanges.pop_back();
  asked.came(with_crc(volts_231), ModbusOutcome::answer);
  const tools::Verdict verdict = asked.expects("answer: q, equals: 230 V");
  CHECK_FALSE(verdict.pass);
  CHECK(verdict.expected == "230 V");
  CHECK(verdict.seen == "231 V");
  CHECK(verdict.at == 2 * ps_per_s + 20 * ps_per_ms);
}

TEST_CASE("a request that was not done at the run's end is not reached") {
  Asked asked("read: U L1");
  CHECK_FALSE(asked.expects("answer: q, outcome: no_answer").seen);
  asked.came(with_crc(volts_230), ModbusOutcome::answer);
  const tools::Verdict verdict = asked.expects("answer: q, equals: 230 V");  // one of two
  CHECK_FALSE(verdict.pass);
  CHECK_FALSE(verdict.seen);
  CHECK(verdict.at == 2 * ps_per_s);
}

TEST_CASE("what several meters or a poll still owed at the run's end is not reached") {
  Asked asked("read: U L1");
  asked.evidence.readings.resize(1);
  asked.evidence.meters.resize(2);
  const auto expects = [&asked](const std::string& modbus, const std::string& what) {
    asked.scenario = load(
        "duration: 10 s\nmeters: [{id: m, count: 2, variant: PRO380-Mod, settings: {meter_id: "
        "1}}]\n"
        "bus: {}\ntimeline:\n  - {at: 1 s, name: q, modbus: {" +
        modbus + "}}\nexpect:\n  - {" + what + "}\n");
    return tools::judge(asked.scenario, 0, asked.evidence);
  };
  const std::string poll = "poll: [U L1], count: 2";  // each of two meters twice
  for (int due = 1; due <= 4; ++due) {
    asked.came(with_crc(volts_230), ModbusOutcome::answer);
    CHECK(expects("read: U L1", "answer: q").seen.has_value() == (due >= 2));
    CHECK(expects(poll, "answer: q").seen.has_value() == (due >= 4));
    CHECK(expects(poll, "exchanges: q, outcome: no_answer, equals: 0").pass == (due >= 4));
    CHECK(expects("poll: [U L1], until: 5 s", "answer: q").pass);  // as many as there were
  }
}

TEST_CASE("bytes are all bytes, in order") {
  Asked asked("read: U L1");
  asked.came(with_crc(volts_230), ModbusOutcome::answer);
  asked.came(with_crc(volts_230), ModbusOutcome::answer);
  CHECK(asked.expects("answer: q, bytes: 05 03 04 43 66 00 00 CE 2C").pass ==
        (with_crc(volts_230) == Bytes{5, 3, 4, 0x43, 0x66, 0, 0, 0xCE, 0x2C}));
  CHECK_FALSE(asked.expects("answer: q, bytes: 05 03 04 43 66 00 00").pass);
}

TEST_CASE("an exception is one with its code, whatever else may be wrong") {
  Asked asked("read: U L1");
  for (int i = 0; i < 2; ++i) asked.came(with_crc({5, 0x83, 2}), ModbusOutcome::exception);
  CHECK(asked.expects("answer: q, exception: 2").pass);
  CHECK(asked.expects("answer: q, outcome: exception").pass);
  const tools::Verdict verdict = asked.expects("answer: q, exception: 3");
  CHECK_FALSE(verdict.pass);
  CHECK(verdict.expected == "exception 3");
  CHECK(verdict.seen == "exception 2");
  CHECK_FALSE(asked.expects("answer: q, equals: 230 V").pass);
  CHECK_FALSE(asked.expects("answer: q").pass);
}

TEST_CASE("an answer's time is judged to the picosecond, both limits included") {
  for (const int off : {-1, 0, 1}) {
    Asked asked("read: U L1");
    const Ps delay = static_cast<Ps>(static_cast<std::int64_t>(20 * ps_per_ms) + off);
    for (int i = 0; i < 2; ++i) asked.came(with_crc(volts_230), ModbusOutcome::answer, delay);
    CHECK(asked.expects("answer: q, no_sooner: 20 ms").pass == (off >= 0));
    CHECK(asked.expects("answer: q, no_later: 20 ms").pass == (off <= 0));
  }
}

TEST_CASE("exchanges are counted by what came of them") {
  Asked asked("read: U L1");
  asked.came(with_crc(volts_230), ModbusOutcome::answer);
  asked.came({}, ModbusOutcome::no_answer);
  asked.came(with_crc(volts_230), ModbusOutcome::answer);
  CHECK(asked.expects("exchanges: q, outcome: answer, equals: 2").pass);
  CHECK_FALSE(asked.expects("exchanges: q, outcome: answer, equals: 3").pass);
  CHECK(asked.expects("exchanges: q, outcome: no_answer, equals: 1").pass);
  CHECK(asked.expects("exchanges: q, outcome: collision, equals: 0").pass);
  CHECK(asked.expects("exchanges: q, outcome: answer, at_least: 2").pass);
  CHECK_FALSE(asked.expects("exchanges: q, outcome: answer, at_least: 3").pass);
  CHECK_FALSE(asked.expects("exchanges: q, outcome: answer, at_most: 1").pass);
  CHECK(asked.expects("exchanges: q, outcome: answer, at_least: 1, at_most: 2").pass);
  CHECK(asked.expects("exchanges: q, outcome: answer, equals: 2").seen == "2 of 3");
  asked.evidence.exchanges.clear();
  CHECK_FALSE(asked.expects("exchanges: q, outcome: answer, equals: 0").seen);
}

TEST_CASE("what was asked of another meter does not count for this one") {
  Asked asked("read: U L1");
  asked.came(with_crc(volts_230), ModbusOutcome::answer);
  asked.came(with_crc(volts_230), ModbusOutcome::answer);
  for (auto& result : asked.evidence.exchanges) result.meter = 1;
  CHECK(asked.expects("exchanges: q, outcome: answer, equals: 2").pass);
  CHECK_FALSE(asked.expects("exchanges: q, outcome: answer, equals: 2, meter: m1").seen);
}

// --- what can hardly be meant
// -----------------------------------------------------------------------

TEST_CASE("a bus that cannot be meant is warned of") {
  const std::string expect = "expect: [{silent: s0_reverse}]\n";
  CHECK(warns("duration: 1 s\nmeter: {variant: PRO380-S}\nbus: {}\n" + expect,
              "a bus without a meter on it"));
  CHECK(warns("duration: 1 s\nmeter: {variant: PRO380-Mod}\nbus: {master: {baud: 4800}}\n" + expect,
              "as no meter on the bus"));
  CHECK(
      warns("duration: 1 s\nmeter: {variant: PRO380-Mod}\nbus: {master: {wires: open}}\n" + expect,
            "a master that is not connected"));
  const std::string slow = "duration: 1 s\nmeter: {variant: PRO380-Mod, settings: {reply_delay: ";
  CHECK(warns(slow + "19 ms}}\nbus: {}\n" + expect, "a reply delay of 19 ms"));
  CHECK_FALSE(warns(slow + "20 ms}}\nbus: {}\n" + expect, "reply delay"));
  CHECK(warns(head + "timeline: [{at: 9.99 s, modbus: {read: U L1}}]\n" + expect,
              "a request at 9.99 s"));
  CHECK(warns(head + "timeline: [{at: 5 s, modbus: {poll: [U L1], until: 4 s}}]\n" + expect,
              "nothing will be asked"));
  CHECK_FALSE(warns(head + "timeline: [{at: 9.9 s, modbus: {read: U L1}}]\n" + expect, "request"));
}
