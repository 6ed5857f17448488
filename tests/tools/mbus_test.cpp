// M-Bus in scenarios: what the language means, what goes out on the wire, what records say, and how
// answers and findings are judged.
#include <catch2/catch.hpp>

#include "metrology/registers/table.h"
#include "tests/tools/files.h"
#include "tests/tools/synthetic.h"
#include "tools/checks/mbus_values.h"
#include "tools/engine/mbus_frames.h"
#include "tools/engine/mbus_world.h"

using models::masters::MbusExchange;
using models::masters::MbusOutcome;
using models::masters::MbusSecondary;
using tests::load;
using tests::Ps;
using tests::ps_per_ms;
using tests::ps_per_s;
using Bytes = std::vector<std::uint8_t>;

namespace masters = models::masters;

namespace {

const std::string head =
    "duration: 10 s\nmeter: {variant: PRO380-Mb, settings: {meter_id: 5}}\nmbus: {}\n";

tools::Scenario with_entry(const std::string& mbus, const std::string& rest = "") {
  return load(head + "timeline:\n  - {at: 1 s, name: q, mbus: {" + mbus + "}}\n" + rest);
}

masters::MbusRequest request_of(const std::string& mbus) {
  const tools::Scenario s = with_entry(mbus);
  const tools::MbusEntry& entry = *s.timeline[0].mbus;
  return tools::make_mbus_request(entry, entry.asks_each() ? s.meters.data() : nullptr, *s.mbus);
}

Bytes bytes_of(const std::string& mbus) {
  Bytes out;
  for (const auto& character : request_of(mbus).characters) out.push_back(character.byte);
  return out;
}

bool warns(const std::string& text, const std::string& fragment) {
  for (const std::string& warning : tools::warnings_of(load(text))) {
    if (warning.find(fragment) != std::string::npos) return true;
  }
  return false;
}

/// A telegram with these records behind a header.
Bytes telegram(const Bytes& records) {
  Bytes data = {0x01, 0x00, 0x50, 0x14, 0xCD, 0x25, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00};
  for (const std::uint8_t byte : records) data.push_back(byte);
  return masters::mbus_long_frame(0x08, 5, 0x72, data);
}

/// A scenario with one entry, and what came of its requests.
struct Asked : tests::Bench {
  explicit Asked(std::string mbus) : Bench(0), asked(std::move(mbus)) {}

  /// An exchange whose answer begins `delay` after the request.
  void came(const Bytes& answer, MbusOutcome outcome, Ps delay = 14 * ps_per_ms) {
    tools::MbusResult result;
    result.meter = 0;
    MbusExchange& exchange = result.exchange;
    exchange.end = (evidence.mbus_exchanges.size() + 1) * ps_per_s;
    exchange.outcome = outcome;
    exchange.telegram = next_telegram;
    Ps t = exchange.end + delay;
    for (const std::uint8_t byte : answer) {
      masters::HeardCharacter character;
      character.byte = byte;
      character.start = t;
      t += ps_per_ms;
      character.end = t;
      exchange.answer.push_back(character);
    }
    exchange.frame = masters::parse_mbus_frame(answer);
    if (outcome == MbusOutcome::error) exchange.error = exchange.frame->data.front();
    exchange.judged = t;
    evidence.mbus_exchanges.push_back(result);
  }

  tools::Verdict expects(const std::string& what) {
    scenario = with_entry(asked, "expect:\n  - {" + what + "}\n");
    evidence.readings.resize(1);
    evidence.meters.resize(scenario.meters.size());
    return tools::judge(scenario, 0, evidence);
  }

  std::string asked;
  int next_telegram = 0;
};

const metrology::registers::Row& row(const std::string& name) {
  for (const auto& candidate : metrology::registers::rows) {
    if (name == candidate.name) return candidate;
  }
  throw std::logic_error("no row " + name);
}

/// What one record says, if it is of that row.
std::optional<double> number_of(const Bytes& record, const std::string& name) {
  const masters::MbusRecords records = masters::mbus_records(record);
  if (records.records.size() != 1) return std::nullopt;
  const tools::MbusValue value = tools::mbus_value_of(records.records[0]);
  return tools::is_row(value, row(name)) ? value.number : std::nullopt;
}

}  // namespace

// --- the line and what goes out
// --------------------------------------------------------------------

TEST_CASE("an M-Bus without words is 10 m at 36 V and a master at 9600 Bd who asks three times") {
  const tools::Scenario s = load(head);
  REQUIRE(s.mbus);
  CHECK(s.mbus->cable.length_m == 10);
  CHECK(s.mbus->cable.mark_V == 36);
  CHECK(s.mbus->format.baud == 9600);
  CHECK(s.mbus->tries == 3);
  CHECK(s.mbus->powered);
  CHECK_FALSE(s.mbus->breaks_collisions);
  CHECK_FALSE(load("duration: 1 s\nmeter: {variant: PRO380-Mb}\n").mbus);
}

TEST_CASE("the M-Bus's words reach cable, master and ends") {
  const tools::Scenario s = load(
      "duration: 1 s\nmeters:\n"
      "  - {id: a, variant: PRO380-Mb, bus: {position: 250 m, wires: swapped}}\n"
      "  - {id: b, variant: PRO380-Mb CT}\n"
      "  - {id: c, variant: PRO380-Mb, bus: {wires: open}}\n"
      "  - {id: d, variant: PRO380-S}\n"
      "mbus:\n  cable: {length: 1.2 km, resistance: 100 ohm}\n"
      "  noise: {rate: 10 Hz, width: 5 us, amplitude: 4 V}\n"
      "  master: {baud: 2400, mark_voltage: 30 V, timeout: 2 s, tries: 1, break_collisions: on,\n"
      "           power: off}\n");
  CHECK(s.mbus->cable.length_m == 1200);
  CHECK(s.mbus->cable.loop_ohm_per_km == 100);
  CHECK(s.mbus->cable.mark_V == 30);
  CHECK(s.mbus->noise.per_s == 10);
  CHECK(s.mbus->format.baud == 2400);
  CHECK(s.mbus->timeout == 2 * ps_per_s);
  CHECK(s.mbus->tries == 1);
  CHECK(s.mbus->breaks_collisions);
  CHECK_FALSE(s.mbus->powered);
  // Master, two waveforms, and the two meters that are connected.
  const auto segment = tools::make_mbus(s, 0, false);
  CHECK_NOTHROW(segment->port(4));
  CHECK_THROWS_AS(segment->port(5), std::out_of_range);
  CHECK_NOTHROW(tools::make_mbus(s, 0, true)->port(5));
}

TEST_CASE("sixty-four meters count their addresses up to 250 and their serial numbers too") {
  const tools::Scenario s = load(
      "duration: 1 s\nmeter: {id: m, variant: PRO380-Mb, count: 64, settings: {meter_id: 187}}\n"
      "mbus: {}\n");
  REQUIRE(s.meters.size() == 64);
  CHECK(s.meters[63].settings.meter_id == 250);
  CHECK(s.meters[0].page.serial_lo == 0x14500001);
  CHECK(s.meters[63].page.serial_lo == 0x14500064);
  CHECK_NOTHROW(tools::make_mbus(s, 0, true));
}

TEST_CASE(
    "M-Bus requests are made byte for byte, to the meter's own address unless another is named") {
  CHECK(bytes_of("service: SND_NKE") == Bytes{0x10, 0x40, 0x05, 0x45, 0x16});
  CHECK(bytes_of("service: REQ_UD1, to: 253") == Bytes{0x10, 0x5A, 0xFD, 0x57, 0x16});
  CHECK(bytes_of("service: REQ_UD2, to: 1") == Bytes{0x10, 0x5B, 0x01, 0x5C, 0x16});
  CHECK(bytes_of("set_baud: 2400, to: 1") ==
        Bytes{0x68, 0x03, 0x03, 0x68, 0x53, 0x01, 0xBB, 0x0F, 0x16});
  CHECK(bytes_of("set_baud: 9600, to: 1") ==
        Bytes{0x68, 0x03, 0x03, 0x68, 0x53, 0x01, 0xBD, 0x11, 0x16});
  CHECK(bytes_of("reset: none, to: 1") ==
        Bytes{0x68, 0x03, 0x03, 0x68, 0x53, 0x01, 0x50, 0xA4, 0x16});
  CHECK(bytes_of("reset: 0x10, to: 1")[7] == 0x10);
  CHECK(bytes_of("readout: B4, to: 1")[6] == 0xB4);
  CHECK(bytes_of("select: {id: 12345678}") == Bytes{0x68, 0x0B, 0x0B, 0x68, 0x53, 0xFD, 0x52, 0x78,
                                                    0x56, 0x34, 0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xB2,
                                                    0x16});
  const Bytes full = bytes_of(
      "select: {id: 1450FFFF, manufacturer: INM, version: 1, medium: 2, fabrication: 00000007}");
  CHECK(Bytes(full.begin() + 7, full.end() - 2) ==
        Bytes{0xFF, 0xFF, 0x50, 0x14, 0xCD, 0x25, 0x01, 0x02, 0x0C, 0x78, 0x07, 0, 0, 0});
  CHECK(bytes_of("bytes: 10 40 01 41 16") == Bytes{0x10, 0x40, 0x01, 0x41, 0x16});
}

TEST_CASE("a register is written in the record that it is read in") {
  const auto record = [](const std::string& what) {
    const Bytes frame = bytes_of(what);
    return Bytes(frame.begin() + 7, frame.end() - 2);
  };
  CHECK(bytes_of("write: meter ID, value: 2, to: 1") ==
        Bytes{0x68, 0x06, 0x06, 0x68, 0x53, 0x01, 0x51, 0x01, 0x7A, 0x02, 0x22, 0x16});
  CHECK(record("write: serial number, value: \"12345678\"") ==
        Bytes{0x0C, 0x79, 0x78, 0x56, 0x34, 0x12});
  // 1000 is 0x447A0000.
  CHECK(record("write: S0 output rate, value: 1000 imp/kWh") ==
        Bytes{0x05, 0xFF, 0x01, 0x00, 0x00, 0x7A, 0x44});
  CHECK(record("write: combined code, value: 9") == Bytes{0x02, 0xFF, 0x02, 0x09, 0x00});
  CHECK(record("write: LCD cycle time, value: \"0025\"") == Bytes{0x0A, 0xFF, 0x03, 0x25, 0x00});
  CHECK(record("write: tariff, value: 12") == Bytes{0x02, 0xFF, 0x04, 0x0C, 0x00});
}

TEST_CASE("faults are put into an M-Bus frame where they were asked for") {
  CHECK(bytes_of("service: SND_NKE, checksum: wrong") == Bytes{0x10, 0x40, 0x05, 0x44, 0x16});
  CHECK(bytes_of("service: SND_NKE, checksum: none") == Bytes{0x10, 0x40, 0x05, 0x16});
  CHECK(request_of("service: SND_NKE, gap: {after: 2, for: 3 ms}").characters[2].silence ==
        3 * ps_per_ms);
  CHECK(request_of("service: SND_NKE, parity_error: 5").characters[4].wrong_parity);
  CHECK(request_of("select: {}, no_stop: 17").characters[16].no_stop);
}

TEST_CASE("FCB, tries, time-out and telegrams reach the request") {
  CHECK_FALSE(request_of("service: REQ_UD2").fcb);
  CHECK(request_of("service: REQ_UD2, fcb: 0").fcb == false);
  CHECK(request_of("reset: none, fcb: 1").fcb == true);
  CHECK(request_of("service: REQ_UD2").repeats == 2);
  CHECK(request_of("service: REQ_UD2, tries: 1").repeats == 0);
  CHECK_FALSE(request_of("service: REQ_UD2").wait);
  CHECK(request_of("service: REQ_UD2, timeout: 70 ms").wait == 70 * ps_per_ms);
  CHECK_FALSE(request_of("service: REQ_UD2").all_telegrams);
  CHECK(request_of("service: REQ_UD2, telegrams: all").all_telegrams);
  CHECK_FALSE(request_of("service: SND_NKE, to: 255").awaits_answer);
  CHECK_FALSE(request_of("bytes: E5").control);
}

TEST_CASE("a search is within its mask, a scan from here to there") {
  const tools::Scenario s = with_entry("search: {id: 145FFFFF, medium: 2}, tries: 2");
  const auto search = tools::make_mbus_search(*s.timeline[0].mbus, *s.mbus);
  CHECK(search.kind == masters::MbusSearchOrder::Kind::secondary);
  CHECK(search.mask.id == 0x145FFFFF);
  CHECK(search.mask.medium == 2);
  CHECK(search.repeats == 1);
  const tools::Scenario t = with_entry("scan: {from: 3, to: 9}");
  const auto scan = tools::make_mbus_search(*t.timeline[0].mbus, *t.mbus);
  CHECK(scan.kind == masters::MbusSearchOrder::Kind::primary);
  CHECK(scan.from == 3);
  CHECK(scan.to == 9);
  CHECK(scan.repeats == 0);
}

// --- what records say
// ---------------------------------------------------------------------------

TEST_CASE("M-Bus values: the records of the specification, each its row's and nobody else's") {
  struct Case {
    Bytes record;
    std::string name;
    double number;
  };
  const std::vector<Case> cases = {
      {{0x0C, 0x04, 0x78, 0x56, 0x34, 0x12}, "active total", 123456.78},
      {{0x8C, 0x10, 0x04, 1, 0, 0, 0}, "active total T1", 0.01},
      {{0x8C, 0x20, 0x04, 2, 0, 0, 0}, "active total T2", 0.02},
      {{0x1C, 0x04, 3, 0, 0, 0}, "active forward total", 0.03},
      {{0x9C, 0x20, 0x04, 4, 0, 0, 0}, "active forward T2", 0.04},
      {{0x2C, 0x04, 5, 0, 0, 0}, "active reverse total", 0.05},
      {{0x4C, 0x04, 6, 0, 0, 0xF0}, "active total L1", -0.06},
      {{0x8C, 0x01, 0x04, 7, 0, 0, 0}, "active total L2", 0.07},
      {{0xEC, 0x01, 0x04, 8, 0, 0, 0}, "active reverse L3", 0.08},
      {{0x0C, 0xFB, 0x82, 0x74, 9, 0, 0, 0}, "reactive total", 0.09},
      {{0x5C, 0xFB, 0x82, 0x74, 0x10, 0, 0, 0}, "reactive forward L1", 0.1},
      {{0x4B, 0xFD, 0x47, 0x05, 0x30, 0x02}, "U L1", 230.05},
      {{0xCB, 0x01, 0xFD, 0x47, 0x05, 0x30, 0x02}, "U L3", 230.05},
      {{0x4B, 0xFD, 0x59, 0x00, 0x50, 0xF0}, "I L1", -5.0},
      {{0x4B, 0xFD, 0x5A, 0x00, 0x00, 0xF1}, "I L1", -100.0},
      {{0x0C, 0x2A, 0x00, 0x00, 0x01, 0x00}, "P total", 1.0},
      {{0x8C, 0x01, 0x2C, 0x01, 0x00, 0x00, 0x00}, "P L2", 0.01},
      {{0x0C, 0xFB, 0x14, 0x07, 0, 0, 0}, "Q total", 0.007},
      {{0x4C, 0xFB, 0x34, 0x07, 0, 0, 0}, "S L1", 0.007},
      {{0x0A, 0xFB, 0x2D, 0x00, 0x50}, "frequency", 50.0},
      {{0x4A, 0xFD, 0xBA, 0x74, 0x99, 0x00}, "PF L1", 0.99},
      {{0x01, 0x7A, 0x05}, "meter ID", 5},
      {{0x04, 0xFD, 0x1C, 0x80, 0x25, 0, 0}, "baud rate", 9600},
      {{0x05, 0xFF, 0x01, 0x00, 0x00, 0x7A, 0x44}, "S0 output rate", 1000},
      {{0x02, 0xFF, 0x04, 0x0B, 0x00}, "tariff", 11},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    const auto number = number_of(c.record, c.name);
    REQUIRE(number);
    CHECK(*number == c.number);
    for (const auto& other : metrology::registers::rows) {
      if (other.mbus == metrology::registers::Access::none || c.name == other.name) continue;
      CHECK_FALSE(number_of(c.record, other.name));
    }
  }
}

TEST_CASE(
    "M-Bus values: an overflow has no number, and an unknown VIFE makes it another quantity") {
  const auto value = [](const Bytes& record) {
    return tools::mbus_value_of(masters::mbus_records(record).records.at(0));
  };
  const tools::MbusValue overflow = value({0x0C, 0xAA, 0x16, 0xFF, 0xFF, 0xFF, 0xFF});
  CHECK(overflow.overflow);
  CHECK_FALSE(overflow.number);
  CHECK(tools::is_row(overflow, row("P total")));
  CHECK_FALSE(tools::is_row(value({0x0C, 0x84, 0x3B, 1, 0, 0, 0}), row("active total")));
  CHECK_FALSE(tools::is_row(value({0x8C, 0x40, 0x04, 1, 0, 0, 0}), row("active total")));
}

// --- how answers are judged
// -------------------------------------------------------------------------

TEST_CASE("a value is looked for among an answer's records") {
  Asked asked("readout: B1");
  asked.came(telegram({0x4B, 0xFD, 0x47, 0x05, 0x30, 0x02, 0x4B, 0xFD, 0x59, 0, 0x50, 0}),
             MbusOutcome::answer);
  CHECK(asked.expects("answer: q, value: U L1, equals: 230.05 V").pass);
  CHECK_FALSE(asked.expects("answer: q, value: U L1, equals: 230.06 V").pass);
  CHECK(asked.expects("answer: q, value: U L1, equals: 230 V, tolerance: 0.05 V").pass);
  CHECK(asked.expects("answer: q, value: I L1, at_least: 5 A, at_most: 5 A").pass);
  CHECK(asked.expects("answer: q, value: U L2, record: missing").pass);
  CHECK_FALSE(asked.expects("answer: q, value: U L1, record: missing").pass);
  CHECK_FALSE(asked.expects("answer: q, value: U L1, record: overflow").pass);
  const tools::Verdict verdict = asked.expects("answer: q, value: U L2, equals: 230 V");
  CHECK_FALSE(verdict.pass);
  CHECK(verdict.seen == "no record of U L2 (0x200C)");
  CHECK(asked.expects("answer: q").pass);
  CHECK_FALSE(asked.expects("answer: q, outcome: acknowledge").pass);
}

TEST_CASE("large BCD values are told apart to the last digit") {
  Asked asked("service: REQ_UD2");
  asked.came(telegram({0x0C, 0x04, 0x98, 0x99, 0x99, 0x99}), MbusOutcome::answer);
  CHECK(asked.expects("answer: q, value: active total, equals: 999999.98 kWh").pass);
  CHECK_FALSE(asked.expects("answer: q, value: active total, equals: 999999.99 kWh").pass);
}

TEST_CASE("texts and digits of records are judged as the registers have them") {
  Asked asked("service: REQ_UD2");
  asked.came(telegram({0x0D, 0xFF, 0x08, 0x09, 'b',  'M',  '-',  '0',  '8',  '3',  'O',  'R',
                       'P',  0x0C, 0x79, 0x01, 0x00, 0x50, 0x14, 0x0A, 0xFF, 0x03, 0x25, 0x00}),
             MbusOutcome::answer);
  CHECK(asked.expects("answer: q, value: meter name, equals: PRO380-Mb").pass);
  CHECK_FALSE(asked.expects("answer: q, value: meter name, equals: PRO380").pass);
  CHECK(asked.expects("answer: q, value: serial number, equals: \"14500001\"").pass);
  CHECK_FALSE(asked.expects("answer: q, value: serial number, equals: \"14500002\"").pass);
  CHECK(asked.expects("answer: q, value: LCD cycle time, equals: \"0025\"").pass);
}

TEST_CASE("an overflow is one and no value fits it") {
  Asked asked("readout: B1");
  asked.came(telegram({0x0C, 0xAC, 0x16, 0xFF, 0xFF, 0xFF, 0xFF}), MbusOutcome::answer);
  CHECK(asked.expects("answer: q, value: P total, record: overflow").pass);
  CHECK_FALSE(asked.expects("answer: q, value: P total, at_least: 0 kW").pass);
  CHECK_FALSE(asked.expects("answer: q, value: P total, record: missing").pass);
}

TEST_CASE("the telegrams of one chain are one answer") {
  Asked asked("service: REQ_UD2, telegrams: all");
  asked.came(telegram({0x4B, 0xFD, 0x47, 0x05, 0x30, 0x02, 0x1F}), MbusOutcome::answer);
  asked.next_telegram = 1;
  asked.came(telegram({0x4B, 0xFD, 0x59, 0, 0x50, 0}), MbusOutcome::answer);
  CHECK(asked.expects("answer: q, value: U L1, equals: 230.05 V").pass);
  CHECK(asked.expects("answer: q, value: I L1, equals: 5 A").pass);
  CHECK(asked.expects("answer: q").seen == "2 telegrams");
  CHECK(asked.expects("exchanges: q, outcome: answer, equals: 2").pass);
  // A row that comes twice is wrong, whatever it says.
  asked.next_telegram = 2;
  asked.came(telegram({0x4B, 0xFD, 0x59, 0, 0x50, 0}), MbusOutcome::answer);
  CHECK_FALSE(asked.expects("answer: q, value: I L1, equals: 5 A").pass);
}

TEST_CASE("without words an acknowledge is wanted of what asks for none, else an answer") {
  for (const std::string what : {"service: SND_NKE", "service: REQ_UD1", "reset: none",
                                 "select: {}", "write: meter ID, value: 2", "set_baud: 300"}) {
    Asked asked(what);
    asked.came({0xE5}, MbusOutcome::acknowledge);
    CHECK(asked.expects("answer: q").pass);
    CHECK(asked.expects("answer: q").expected == "an acknowledge");
    CHECK(asked.expects("answer: q, bytes: E5").pass);
    CHECK_FALSE(asked.expects("answer: q, outcome: answer").pass);
  }
  Asked asked("readout: B1");
  asked.came({0xE5}, MbusOutcome::acknowledge);
  CHECK_FALSE(asked.expects("answer: q").pass);
}

TEST_CASE("an error answer is one with its code") {
  Asked asked("write: meter ID, value: 251");
  asked.came(masters::mbus_long_frame(0x08, 5, 0x70, {0x03}), MbusOutcome::error);
  CHECK(asked.expects("answer: q, error: 3").pass);
  CHECK(asked.expects("answer: q, outcome: error").pass);
  CHECK_FALSE(asked.expects("answer: q, error: 4").pass);
  CHECK(asked.expects("answer: q, error: 4").seen == "error 3");
  CHECK_FALSE(asked.expects("answer: q").pass);
}

TEST_CASE("an M-Bus answer's time is judged to the picosecond, both limits included") {
  for (const int off : {-1, 0, 1}) {
    Asked asked("service: SND_NKE");
    const Ps delay = static_cast<Ps>(static_cast<std::int64_t>(14 * ps_per_ms) + off);
    asked.came({0xE5}, MbusOutcome::acknowledge, delay);
    CHECK(asked.expects("answer: q, no_sooner: 14 ms").pass == (off >= 0));
    CHECK(asked.expects("answer: q, no_later: 14 ms").pass == (off <= 0));
  }
}

TEST_CASE("an M-Bus request that was not done at the run's end is not reached") {
  Asked asked("service: SND_NKE");
  const tools::Verdict verdict = asked.expects("answer: q, outcome: no_answer");
  CHECK_FALSE(verdict.pass);
  CHECK_FALSE(verdict.seen);
  CHECK(verdict.at == ps_per_s);
}

TEST_CASE("what one of several meters still owed at the run's end is not reached") {
  Asked asked("service: SND_NKE");
  asked.evidence.readings.resize(1);
  asked.evidence.meters.resize(2);
  const auto expects = [&asked](const std::string& what) {
    asked.scenario = load(
        "duration: 10 s\nmeters: [{id: m, count: 2, variant: PRO380-Mb, settings: {meter_id: 1}}]\n"
        "mbus: {}\ntimeline:\n  - {at: 1 s, name: q, mbus: {service: SND_NKE}}\n"
        "expect:\n  - {" +
        what + "}\n");
    return tools::judge(asked.scenario, 0, asked.evidence);
  };
  asked.came({0xE5}, MbusOutcome::acknowledge);
  for (const std::string what : {"answer: q", "exchanges: q, outcome: no_answer, equals: 0",
                                 "exchanges: q, outcome: acknowledge, equals: 1",
                                 "exchanges: q, outcome: acknowledge, at_least: 1, at_most: 2"}) {
    CAPTURE(what);
    const tools::Verdict verdict = expects(what);
    CHECK_FALSE(verdict.pass);
    CHECK_FALSE(verdict.seen);
    CHECK(verdict.at == ps_per_s);
  }
  CHECK(expects("exchanges: q, outcome: acknowledge, at_least: 1").pass);  // whatever may come
  CHECK(expects("answer: q, meter: m1").pass);
  CHECK_FALSE(expects("answer: q, meter: m2").seen);
  asked.came({0xE5}, MbusOutcome::acknowledge);
  asked.evidence.mbus_exchanges.back().meter = 1;
  CHECK(expects("answer: q").pass);
  CHECK(expects("exchanges: q, outcome: no_answer, equals: 0").pass);
  CHECK_FALSE(expects("exchanges: q, outcome: acknowledge, equals: 1").pass);
}

TEST_CASE("a chain of telegrams that the run's end tears is not reached") {
  Asked asked("service: REQ_UD2, telegrams: all");
  asked.came(telegram({0x0E, 0x03, 1, 0, 0, 0, 0, 0, 0x1F}), MbusOutcome::answer);  // more follow
  CHECK_FALSE(asked.expects("answer: q").seen);
  CHECK_FALSE(asked.expects("answer: q, value: U L1, record: missing").seen);
  asked.next_telegram = 1;
  asked.came(telegram({0x04, 0xFD, 0x48, 0xFC, 0x08, 0, 0}), MbusOutcome::answer);
  CHECK(asked.expects("answer: q").pass);
}

TEST_CASE("what a search found is judged against every meter, a list or a number") {
  Asked asked("search: {}");
  tools::MbusFound found;
  MbusSecondary address;
  address.id = 0x14500001;
  address.manufacturer = 0x25CD;
  address.version = 1;
  address.medium = 2;
  found.findings.secondary = {address};
  asked.evidence.mbus_findings = {found};
  CHECK(asked.expects("found: q, meters: all").pass);
  CHECK(asked.expects("found: q, ids: [14500001]").pass);
  CHECK_FALSE(asked.expects("found: q, ids: []").pass);
  CHECK(asked.expects("found: q, ids: [14500001, 14500002]").seen == "1 found, without 14500002");
  CHECK(asked.expects("found: q, equals: 1").pass);
  CHECK_FALSE(asked.expects("found: q, equals: 2").pass);
  CHECK_FALSE(asked.expects("found: q, clashes: 1").pass);
  found.findings.clashes = {address};
  asked.evidence.mbus_findings = {found};
  CHECK_FALSE(asked.expects("found: q, equals: 1").pass);
  CHECK(asked.expects("found: q, equals: 1, clashes: 1").pass);
  found.findings.clashes.clear();
  found.findings.secondary[0].version = 2;
  asked.evidence.mbus_findings = {found};
  CHECK_FALSE(asked.expects("found: q, meters: all").pass);
  asked.evidence.mbus_findings.clear();
  CHECK_FALSE(asked.expects("found: q, equals: 0").seen);
}

TEST_CASE("what a scan found is judged by primary addresses") {
  Asked asked("scan: {to: 9}");
  tools::MbusFound found;
  found.findings.primary = {5};
  asked.evidence.mbus_findings = {found};
  CHECK(asked.expects("found: q, meters: all").pass);
  CHECK(asked.expects("found: q, addresses: [5]").pass);
  CHECK_FALSE(asked.expects("found: q, addresses: [5, 6]").pass);
  found.findings.primary_clashes = {6};
  asked.evidence.mbus_findings = {found};
  CHECK(asked.expects("found: q, addresses: [5], clashes: 1").pass);
  CHECK_FALSE(asked.expects("found: q, addresses: [5]").pass);
}

// --- what can hardly be meant
// -----------------------------------------------------------------------

TEST_CASE("an M-Bus that cannot be meant is warned of") {
  const std::string expect = "expect: [{silent: s0_reverse}]\n";
  CHECK(warns("duration: 1 s\nmeter: {variant: PRO380-Mod}\nmbus: {}\n" + expect,
              "an M-Bus without a meter on it"));
  CHECK(warns("duration: 1 s\nmeter: {variant: PRO380-Mb}\nmbus: {master: {baud: 300}}\n" + expect,
              "as no meter on the M-Bus has it"));
  CHECK_FALSE(
      warns("duration: 1 s\nmeter: {variant: PRO380-Mb, settings: {firmware: 2}}\n"
            "mbus: {master: {baud: 2400}}\n" +
                expect,
            "as no meter"));
  CHECK(warns("duration: 1 s\nmeter: {variant: PRO380-Mb}\nmbus: {master: {power: off}}\n" + expect,
              "nobody ever feeds"));
  const std::string two =
      "duration: 5 s\nmeters: [{id: m, variant: PRO380-Mb, count: 2}]\nmbus: {}\n";
  CHECK(warns(two + "timeline: [{at: 1 s, mbus: {service: REQ_UD2}}]\n" + expect,
              "found m1 asked at address 1, which m2 has too"));
  CHECK_FALSE(warns(two + "timeline: [{at: 1 s, mbus: {service: REQ_UD2, to: 254}}]\n" + expect,
                    "asked at address"));
  CHECK(
      warns("duration: 1 s\nmeters:\n"
            "  - {variant: PRO380-Mb, settings: {serial: \"025614500007\"}}\n"
            "  - {variant: PRO380-Mb, settings: {serial: \"025914500007\"}}\nmbus: {}\n" +
                expect,
            "one secondary address, 14500007"));
  CHECK(warns(head + "timeline: [{at: 9.99 s, mbus: {service: SND_NKE}}]\n" + expect,
              "a request at 9.99 s"));
  CHECK_FALSE(
      warns(head + "timeline: [{at: 9.9 s, mbus: {service: SND_NKE}}]\n" + expect, "a request"));
}
