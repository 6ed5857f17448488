// The infra-red port in scenarios: what the language means, and how what the reader heard is
// judged.
#include <catch2/catch.hpp>

#include "tests/tools/files.h"
#include "tests/tools/synthetic.h"
#include "tools/engine/ir_world.h"

using Catch::Matchers::Contains;
using models::masters::command_message;
using models::masters::IrBytes;
using models::masters::IrExchange;
using models::masters::IrOutcome;
using models::masters::IrPurpose;
using models::masters::IrSession;
using models::masters::IrStep;
using tests::load;
using tests::Ps;
using tests::ps_per_ms;
using tests::ps_per_s;

namespace {

const std::string head = "duration: 100 s\nmeter: {variant: PRO380-Mb}\n";

std::string entry_of(const std::string& ir) {
  return head + "timeline:\n  - {at: 1 s, name: q, ir: {" + ir + "}}\n";
}

IrSession session_of(const std::string& ir) { return load(entry_of(ir)).timeline[0].ir->session; }

std::string refusal_of(const std::string& ir) { return tests::refusal(entry_of(ir)); }

/// Command and data of the only command.
std::pair<std::string, std::string> command_of(const std::string& ir) {
  const IrSession session = session_of(ir);
  REQUIRE(session.commands.size() == 1);
  return {session.commands[0].command, session.commands[0].data.value_or("none")};
}

using Command = std::pair<std::string, std::string>;

bool warns(const std::string& text, const std::string& fragment) {
  for (const std::string& warning : tools::warnings_of(load(text))) {
    if (warning.find(fragment) != std::string::npos) return true;
  }
  return false;
}

IrBytes bytes(const std::string& text) { return {text.begin(), text.end()}; }

/// STX body ETX BCC.
IrBytes block(const std::string& body) {
  IrBytes out = bytes("\x02" + body + "\x03");
  out.push_back(models::masters::bcc_of(out, out.size()));
  return out;
}

/// A scenario with one entry, and what its sessions brought.
struct Asked : tests::Bench {
  explicit Asked(std::string ir, const std::string& when = "at: 1 s")
      : Bench(0), ir_(std::move(ir)), when_(when) {
    scenario = read("");
  }

  tools::Scenario read(const std::string& expect) const {
    return load(head + "timeline:\n  - {" + when_ + ", name: q, ir: {" + ir_ + "}}\n" + expect);
  }

  /// Begins a session: its first exchange follows.
  void session() { evidence.ir_sessions.emplace_back().result.over = ps_per_s; }
  /// A message that ended at a whole second, and the answer `delay` later.
  void came(IrStep step, IrOutcome outcome, const IrBytes& answer, Ps delay = 200 * ps_per_ms) {
    IrExchange exchange;
    exchange.step = step;
    exchange.outcome = outcome;
    exchange.tries = 1;
    exchange.end = 2 * ps_per_s;
    if (outcome == IrOutcome::error) exchange.error = *models::masters::error_of(answer);
    Ps t = exchange.end + delay;
    for (const std::uint8_t byte : answer) {
      models::masters::HeardCharacter character;
      character.byte = byte;
      character.start = t;
      t += ps_per_ms;
      character.end = t;
      exchange.answer.push_back(character);
    }
    exchange.judged = t;
    evidence.ir_sessions.back().result.exchanges.push_back(exchange);
  }
  void identified() { came(IrStep::sign_on, IrOutcome::answer, bytes("/INM5PRO380-Mb\r\n")); }
  void unlocked() {
    identified();
    came(IrStep::acknowledgement, IrOutcome::answer, command_message("P0", "(00000000)"));
    came(IrStep::password, IrOutcome::ack, {0x06});
  }

  tools::Verdict expects(const std::string& what) {
    scenario.expectations = read("expect:\n  - {" + what + "}\n").expectations;
    evidence.readings.resize(1);
    return tools::judge(scenario, 0, evidence);
  }

  std::string ir_, when_;
};

}  // namespace

// --- what the reader is to do
// ---------------------------------------------------------------------

TEST_CASE("ir: a sign-on, a readout and a programming session without further words") {
  CHECK(session_of("sign_on: alone").purpose == IrPurpose::sign_on);
  const IrSession readout = session_of("readout: all");
  CHECK(readout.purpose == IrPurpose::readout);
  CHECK(readout.address.empty());
  CHECK(readout.acknowledges);
  CHECK_FALSE(readout.baud);
  CHECK_FALSE(readout.password);
  CHECK_FALSE(readout.fault);
  CHECK_FALSE(readout.tries);
  const IrSession programming = session_of("commands: []");
  CHECK(programming.purpose == IrPurpose::programming);
  CHECK(programming.password == std::string("00000000"));
}

TEST_CASE("ir: registers are read by R1 at their address and OBIS codes by R5") {
  CHECK(command_of("read: U L1") == Command{"R1", "2008()"});
  CHECK(command_of("read: 0x3120") == Command{"R1", "3120()"});
  CHECK(command_of("read: 1.8.0") == Command{"R5", "1.8.0()"});
  CHECK(command_of("read: C.1.0") == Command{"R5", "C.1.0()"});
  CHECK(command_of("read: F.F") == Command{"R5", "F.F()"});
  const IrSession several = session_of("read: [serial number, 16.7.0]");
  REQUIRE(several.commands.size() == 2);
  CHECK(several.commands[0].data == std::string("1000()"));
  CHECK(several.commands[1].command == "R5");
}

TEST_CASE("ir: values are written as numbers without their unit") {
  CHECK(command_of("write: S0 output rate, value: 0.01 imp/kWh") == Command{"W1", "1066(0.01)"});
  CHECK(command_of("write: S0 output rate, value: 10000 imp/kWh") == Command{"W1", "1066(10000)"});
  CHECK(command_of("write: combined code, value: 9") == Command{"W1", "107A(9)"});
  CHECK(command_of("write: tariff, value: 12") == Command{"W1", "2200(12)"});
  CHECK(command_of("write: serial number, value: \"00000001\"") == Command{"W1", "1000(00000001)"});
  CHECK(command_of("write: 96.14.0, value: 2") == Command{"W5", "96.14.0(2)"});
}

TEST_CASE("ir: commands stand as they are, with data or without") {
  const IrSession session = session_of("commands: [R1 2008(), \"W1 1700(12345678)\", B0]");
  REQUIRE(session.commands.size() == 3);
  CHECK(session.commands[1].command == "W1");
  CHECK(session.commands[1].data == std::string("1700(12345678)"));
  CHECK(session.commands[2].command == "B0");
  CHECK_FALSE(session.commands[2].data);
}

TEST_CASE("ir: bytes are sent at the rate that stands beside them, with their faults") {
  const IrSession session =
      session_of("bytes: 2F 3F 21, speed: 2400, parity_error: 2, gap: {after: 2, for: 1 s}");
  CHECK(session.purpose == IrPurpose::raw);
  CHECK(session.raw_baud == 2400u);
  REQUIRE(session.raw.size() == 3);
  CHECK(session.raw[2].byte == 0x21);
  REQUIRE(session.fault);
  CHECK(session.fault->in == IrStep::raw);
  CHECK(session.fault->parity_error == 1u);
  CHECK(session.fault->gap_before == 2u);
  CHECK(session.fault->gap == ps_per_s);
}

TEST_CASE("ir: a break is as long as it says") {
  CHECK(session_of("break: 250 ms").break_time == 250 * ps_per_ms);
  CHECK(session_of("break: 250 ms").purpose == IrPurpose::line_break);
}

TEST_CASE("ir: options reach the session") {
  const IrSession session = session_of(
      "read: U L1, address: 14500001, password: 12345678, speed: 600, nak: 2, tries: 5,"
      " go_silent: password, timeout: 700 ms");
  CHECK(session.address == "14500001");
  CHECK(session.password == std::string("12345678"));
  CHECK(session.baud == 600u);
  CHECK(session.naks == 2);
  CHECK(session.tries == 5);
  CHECK(session.silent_after == IrStep::password);
  CHECK(session.timeout == 700 * ps_per_ms);
  CHECK_FALSE(session_of("read: U L1, password: none").password);
  CHECK_FALSE(session_of("readout: all, acknowledge: off").acknowledges);
}

TEST_CASE("ir: a fault is in the message that the entry is about, unless another is named") {
  CHECK(session_of("sign_on: alone, parity_error: 1").fault->in == IrStep::sign_on);
  CHECK(session_of("readout: all, parity_error: 1").fault->in == IrStep::acknowledgement);
  CHECK(session_of("read: U L1, bcc: wrong").fault->in == IrStep::command);
  const auto fault = *session_of("read: U L1, bcc: wrong, in: password, times: 2").fault;
  CHECK(fault.in == IrStep::password);
  CHECK(fault.wrong_bcc);
  CHECK(fault.times == 2);
  CHECK_FALSE(session_of("read: U L1, bcc: right").fault);
}

TEST_CASE("ir: a character beyond the message is refused, its last is not") {
  // "/?!" CR LF has five characters, the acknowledgement six; SOH R1 STX 2008() ETX BCC twelve.
  CHECK(refusal_of("sign_on: alone, parity_error: 5").empty());
  CHECK_THAT(refusal_of("sign_on: alone, parity_error: 6"), Contains("1 to 5"));
  CHECK(refusal_of("readout: all, parity_error: 6").empty());
  CHECK_THAT(refusal_of("readout: all, parity_error: 7"), Contains("1 to 6"));
  CHECK(refusal_of("read: U L1, parity_error: 12").empty());
  CHECK_THAT(refusal_of("read: U L1, parity_error: 13"), Contains("1 to 12"));
  CHECK(refusal_of("read: U L1, gap: {after: 11, for: 1 s}").empty());
  CHECK_THAT(refusal_of("read: U L1, gap: {after: 12, for: 1 s}"), Contains("1 to 11"));
}

TEST_CASE("ir: what does not go together is refused") {
  for (const auto& [ir, sentence] : std::vector<std::pair<std::string, std::string>>{
           {"readout: all, sign_on: alone", "found sign_on beside readout"},
           {"address: 1", "found nothing to be done"},
           {"readout: all, password: 1", "password: found \"1\", expected it only beside read"},
           {"sign_on: alone, speed: 300", "speed: found"},
           {"readout: all, speed: 19200", "speed: found \"19200\", expected 300, 600"},
           {"readout: all, speed: 1000", "speed: found \"1000\", expected 300, 600"},
           {"read: U L1, acknowledge: off", "acknowledge: found"},
           {"readout: all, bcc: wrong", "bcc: found \"wrong\", expected it only of a command"},
           {"readout: all, in: command, parity_error: 1", "in: found \"command\""},
           {"readout: all, acknowledge: off, parity_error: 1", "parity_error: found"},
           {"read: U L1, times: 2", "times: found \"2\", expected it only beside bcc"},
           {"read: U L1, go_silent: sign_off", "go_silent: found \"sign_off\""},
           {"break: 1 s, tries: 2", "tries: found"},
           {"write: tariff", "found write without a value"},
           {"read: U L1, value: 2", "value: found \"2\", expected it only beside write"},
           {"bytes: 80", "bytes: found \"80\", expected characters of seven bits"},
           {"read: 1.2.3.4", "read: found \"1.2.3.4\", expected a register"},
           {"read: 42", "read: found \"42\", expected a register"},
           {"commands: [\"2008()\"]", "commands: found"},
           {"readout: all, address: \"1!\"", "address: found"}}) {
    INFO(ir);
    CHECK_THAT(refusal_of(ir), Contains(sentence));
  }
}

TEST_CASE("ir: the head stands on the only meter, or on the one that is named") {
  CHECK(load(entry_of("sign_on: alone")).timeline[0].meter == 0);
  const std::string two =
      "duration: 9 s\nmeters: [{id: a, variant: PRO380-S}, {id: b, variant: PRO380-S}]\n";
  const std::string hello = "timeline: [{at: 1 s, ir: {sign_on: alone}}]\n";
  CHECK_THAT(tests::refusal(two + hello), Contains("ir without a meter that the head stands on"));
  CHECK_THAT(tests::refusal(two + "ir: {}\n"), Contains("no meter that the head stands on"));
  const tools::Scenario named = load(two + "ir: {meter: b}\n" + hello);
  CHECK(named.timeline[0].meter == 1);
  CHECK_FALSE(tools::has_ir_head(named, 0));
  CHECK(tools::has_ir_head(named, 1));
  const tools::Scenario beside =
      load(two + "timeline: [{at: 1 s, meter: a, ir: {sign_on: alone}}]\n");
  CHECK(tools::has_ir_head(beside, 0));
  CHECK_FALSE(tools::has_ir_head(beside, 1));
}

TEST_CASE("ir: the head's words reach light path and reader") {
  const tools::Scenario s = load(
      head +
      "ir: {speed: 1200, timeout: 1.5 s, reaction: 300 ms, attenuation: 40 %, ambient: 10 mV,\n"
      "     noise: {rate: 5 Hz, width: 2 us, amplitude: 1 V}}\n");
  REQUIRE(s.ir);
  CHECK(s.ir->meter == 0);
  CHECK(s.ir->baud == 1200u);
  CHECK(s.ir->times.timeout == 1500 * ps_per_ms);
  CHECK(s.ir->times.reaction == 300 * ps_per_ms);
  CHECK(s.ir->optics.attenuation == Approx(0.4));
  CHECK(s.ir->optics.ambient_uW_cm2 == Approx(10));  // 1 mV for each µW/cm²
  CHECK(s.ir->optics.head_noise.per_s == 5);
  CHECK(s.ir->optics.meter_noise.volts == 1);
}

// --- how it is judged
// -----------------------------------------------------------------------------

TEST_CASE("ir: the identification is judged whole") {
  Asked asked("sign_on: alone");
  asked.session();
  asked.identified();
  CHECK(asked.expects("answer: q").pass);
  CHECK(asked.expects("answer: q, identification: INM5PRO380-Mb").pass);
  CHECK_FALSE(asked.expects("answer: q, identification: INM5PRO380-M").pass);
  const tools::Verdict verdict = asked.expects("answer: q, identification: INM5PRO380-S");
  CHECK_FALSE(verdict.pass);
  CHECK(verdict.expected == "/INM5PRO380-S");
  CHECK(verdict.seen == "an answer /INM5PRO380-Mb<0D><0A>");
}

TEST_CASE("ir: a value of a readout is looked up by its code") {
  Asked asked("readout: all");
  asked.session();
  asked.identified();
  asked.came(IrStep::acknowledgement, IrOutcome::answer,
             block("1.8.0(12.34*kWh)\r\n32.7.0(230.1*V)\r\nC.1.0(00000042)\r\n!\r\n"));
  CHECK(asked.expects("answer: q, value: 1.8.0, equals: 12.34 kWh").pass);
  CHECK(asked.expects("answer: q, value: 1.8.0, equals: 12340 Wh").pass);
  CHECK_FALSE(asked.expects("answer: q, value: 1.8.0, equals: 12.35 kWh").pass);
  CHECK_FALSE(asked.expects("answer: q, value: 1.8.0, equals: 12.34 kvarh").pass);
  CHECK_FALSE(asked.expects("answer: q, value: 2.8.0, equals: 12.34 kWh").pass);
  CHECK(asked.expects("answer: q, value: 32.7.0, equals: 230 V, tolerance: 0.1 V").pass);
  CHECK(asked.expects("answer: q, value: 32.7.0, equals: 230.2 V, tolerance: 0.1 V").pass);
  CHECK_FALSE(asked.expects("answer: q, value: 32.7.0, equals: 230 V, tolerance: 0.09 V").pass);
  CHECK(asked.expects("answer: q, value: 32.7.0, equals: 228 V, tolerance: 1 %").pass);
  CHECK(asked.expects("answer: q, value: 32.7.0, at_least: 230.1 V, at_most: 230.1 V").pass);
  CHECK_FALSE(asked.expects("answer: q, value: 32.7.0, at_least: 230.2 V").pass);
  CHECK_FALSE(asked.expects("answer: q, value: 32.7.0, at_most: 230 V").pass);
  CHECK(asked.expects("answer: q, value: C.1.0, equals: \"00000042\"").pass);
  CHECK_FALSE(asked.expects("answer: q, value: C.1.0, equals: \"00000043\"").pass);
  const tools::Verdict verdict = asked.expects("answer: q, value: 32.7.0, equals: 231 V");
  CHECK(verdict.expected == "231 V");
  CHECK(verdict.seen == "230.1 V");
}

TEST_CASE("ir: values that were read are those of their registers") {
  Asked asked("read: [U L1, S0 output rate, serial number, tariff]");
  asked.session();
  asked.unlocked();
  asked.came(IrStep::command, IrOutcome::answer, block("2008(230.1*V)"));
  asked.came(IrStep::command, IrOutcome::answer, block("1066(0.01)"));
  asked.came(IrStep::command, IrOutcome::answer, block("1000(14500001)"));
  asked.came(IrStep::command, IrOutcome::answer, block("2200(2)"));
  asked.came(IrStep::sign_off, IrOutcome::sent, {});
  CHECK(asked.expects("answer: q, value: U L1, equals: 230.1 V").pass);
  // The S0 rate's unit has a character that no unit in a data set may have.
  CHECK(asked.expects("answer: q, value: S0 output rate, equals: 0.01 imp/kWh").pass);
  CHECK(asked.expects("answer: q, value: serial number, equals: \"14500001\"").pass);
  CHECK_FALSE(asked.expects("answer: q, value: serial number, equals: \"14500002\"").pass);
  CHECK(asked.expects("answer: q, value: tariff, equals: 2").pass);
  CHECK_FALSE(asked.expects("answer: q, value: tariff, equals: 1").pass);
  CHECK(asked.expects("answer: q").pass);
}

TEST_CASE("ir: the one value that an entry reads needs no name") {
  Asked asked("read: 1.8.0");
  asked.session();
  asked.unlocked();
  asked.came(IrStep::command, IrOutcome::answer, block("1.8.0(1.00*kWh)"));
  CHECK(asked.expects("answer: q, equals: 1 kWh").pass);
  CHECK_FALSE(asked.expects("answer: q, equals: 2 kWh").pass);
}

TEST_CASE("ir: an answer is one to every message of the step, a refusal among them fails") {
  Asked asked("read: [U L1, U L2]");
  asked.session();
  asked.unlocked();
  asked.came(IrStep::command, IrOutcome::answer, block("2008(230.1*V)"));
  asked.came(IrStep::command, IrOutcome::error, block("(ER03)"));
  CHECK_FALSE(asked.expects("answer: q").pass);
  CHECK(asked.expects("answer: q").seen == "ER03");
  CHECK_FALSE(asked.expects("answer: q, error: 3").pass);
  CHECK(asked.expects("answer: q, value: U L1, equals: 230.1 V").pass);
  CHECK_FALSE(asked.expects("answer: q, value: U L2, equals: 230.1 V").pass);
}

TEST_CASE("ir: a write is acknowledged, and NAK or an error is none") {
  for (const auto& [outcome, answer, expected] :
       std::vector<std::tuple<IrOutcome, IrBytes, std::string>>{
           {IrOutcome::ack, {0x06}, "acknowledge"},
           {IrOutcome::nak, {0x15}, "nak"},
           {IrOutcome::error, block("(ER03)"), "error"},
           {IrOutcome::no_answer, {}, "no_answer"},
           {IrOutcome::bad_frame, {'x'}, "bad_frame"},
           {IrOutcome::closed, command_message("B0", std::nullopt), "break"}}) {
    Asked asked("write: tariff, value: 2");
    asked.session();
    asked.unlocked();
    asked.came(IrStep::command, outcome, answer);
    INFO(expected);
    CHECK(asked.expects("answer: q").pass == (outcome == IrOutcome::ack));
    for (const char* word :
         {"acknowledge", "nak", "error", "no_answer", "bad_frame", "break", "answer"}) {
      CHECK(asked.expects(std::string("answer: q, outcome: ") + word).pass == (expected == word));
    }
    CHECK(asked.expects("answer: q, error: 3").pass == (outcome == IrOutcome::error));
    CHECK_FALSE(asked.expects("answer: q, error: 4").pass);
  }
}

TEST_CASE("ir: where a session stopped is what is judged, unless a step is named") {
  Asked asked("write: tariff, value: 2");
  asked.session();
  asked.identified();
  asked.came(IrStep::acknowledgement, IrOutcome::answer, command_message("P0", "(00000000)"));
  asked.came(IrStep::password, IrOutcome::error, block("(ER09)"));
  asked.came(IrStep::sign_off, IrOutcome::sent, {});
  CHECK(asked.expects("answer: q, error: 9").pass);
  CHECK_FALSE(asked.expects("answer: q").pass);
  CHECK(asked.expects("answer: q, step: password, error: 9").pass);
  CHECK(asked.expects("answer: q, step: acknowledgement").pass);
  const tools::Verdict verdict = asked.expects("answer: q, step: command");
  CHECK_FALSE(verdict.pass);
  CHECK(verdict.seen == "a session that did not come so far");
}

TEST_CASE("ir: bytes, tries and times are judged, times with both limits included") {
  for (const int off : {-1, 0, 1}) {
    Asked asked("sign_on: alone");
    asked.session();
    const Ps delay = static_cast<Ps>(static_cast<std::int64_t>(200 * ps_per_ms) + off);
    asked.came(IrStep::sign_on, IrOutcome::answer, bytes("/INM5\r\n"), delay);
    CHECK(asked.expects("answer: q, no_sooner: 200 ms").pass == (off >= 0));
    CHECK(asked.expects("answer: q, no_later: 200 ms").pass == (off <= 0));
    CHECK(asked.expects("answer: q, bytes: 2F 49 4E 4D 35 0D 0A").pass);
    CHECK_FALSE(asked.expects("answer: q, bytes: 2F 49 4E 4D 35 0D").pass);
    CHECK(asked.expects("answer: q, tries: 1").pass);
    CHECK_FALSE(asked.expects("answer: q, tries: 2").pass);
  }
}

TEST_CASE(
    "ir: every session of an entry must be as said, and one that is missing was not reached") {
  Asked asked("sign_on: alone", "every: 10 s, until: 20 s");
  CHECK_FALSE(asked.expects("answer: q, outcome: no_answer").seen);
  asked.session();
  asked.identified();
  CHECK_FALSE(asked.expects("answer: q").seen);  // one of two
  CHECK_FALSE(asked.expects("exchanges: q, outcome: no_answer, equals: 0").seen);
  CHECK(asked.expects("exchanges: q, outcome: answer, at_least: 1").pass);  // whatever may come
  asked.session();
  asked.came(IrStep::sign_on, IrOutcome::no_answer, {});
  CHECK_FALSE(asked.expects("answer: q").pass);
  CHECK(asked.expects("answer: q").seen == "no answer");
  CHECK(asked.expects("exchanges: q, outcome: answer, equals: 1").pass);
  CHECK(asked.expects("exchanges: q, outcome: answer, equals: 1").seen == "1 of 2");
  CHECK(asked.expects("exchanges: q, outcome: no_answer, at_least: 1, at_most: 1").pass);
  CHECK_FALSE(asked.expects("exchanges: q, outcome: answer, at_least: 2").pass);
  CHECK_FALSE(asked.expects("exchanges: q, step: password, outcome: answer, equals: 0").seen);
}

TEST_CASE("ir: expectations that cannot be judged are refused") {
  const auto refused = [](const std::string& ir, const std::string& expect) {
    return tests::refusal(entry_of(ir) + "expect:\n  - {" + expect + "}\n");
  };
  CHECK_THAT(refused("readout: all", "answer: q, equals: 1 V"),
             Contains("of nothing in particular"));
  CHECK_THAT(refused("readout: all", "answer: q, value: U L1, equals: 1 V"),
             Contains("value: found \"U L1\", expected an OBIS code"));
  CHECK_THAT(refused("read: U L1", "answer: q, value: U L2, equals: 1 V"),
             Contains("value: found \"U L2\", expected something that the entry reads"));
  CHECK_THAT(refused("read: U L1", "answer: q, equals: 5 A"),
             Contains("equals: found \"5 A\", expected a voltage"));
  CHECK_THAT(refused("read: U L1", "answer: q, value: U L1"), Contains("found no equals"));
  CHECK_THAT(refused("read: U L1", "answer: q, equals: 5 V, tolerance: 1 A"),
             Contains("tolerance: found \"1 A\""));
  CHECK_THAT(refused("read: U L1", "answer: q, outcome: collision"),
             Contains("outcome: found \"collision\", expected answer, acknowledge"));
  CHECK_THAT(refused("read: U L1", "answer: q, exception: 2"), Contains("exception: found"));
  CHECK_THAT(refused("read: U L1", "answer: q, step: command, identification: X"),
             Contains("identification: found"));
  CHECK_THAT(refused("read: U L1", "answer: q, no_sooner: 2 s, no_later: 1 s"),
             Contains("no_later: found"));
  const std::string bus =
      "duration: 9 s\nmeter: {variant: PRO380-Mod}\nbus: {}\n"
      "timeline: [{at: 1 s, name: q, modbus: {read: U L1}}]\n";
  CHECK_THAT(tests::refusal(bus + "expect: [{answer: q, step: command}]\n"),
             Contains("step: found \"command\", expected it only of an ir entry"));
  CHECK_THAT(tests::refusal(bus + "expect: [{answer: q, outcome: nak}]\n"),
             Contains("outcome: found \"nak\", expected answer, exception"));
}

// --- what can hardly be meant
// ---------------------------------------------------------------------

TEST_CASE("ir: a session that cannot be over before the end is warned of") {
  const std::string expect = "expect: [{silent: s0_reverse}]\n";
  const auto at = [&](const std::string& when, const std::string& ir) {
    return "duration: 10 s\nmeter: {variant: PRO380-S}\ntimeline: [{at: " + when + ", ir: {" + ir +
           "}}]\n" + expect;
  };
  // 5 characters of 33.3 ms, 200 ms, and at least 7 characters: 0.6 s.
  CHECK(warns(at("9.5 s", "sign_on: alone"), "a session at 9.5 s"));
  CHECK_FALSE(warns(at("9.3 s", "sign_on: alone"), "session"));
  // … 200 ms, 6 characters and 200 ms more: 1.2 s.
  CHECK(warns(at("9 s", "readout: all"), "a session at 9 s"));
  CHECK_FALSE(warns(at("8.7 s", "readout: all"), "session"));
}

TEST_CASE("ir: times that no meter can keep are warned of") {
  const std::string tail = "expect: [{silent: s0_reverse}]\n";
  CHECK(warns(head + "ir: {timeout: 199 ms}\n" + tail, "a time-out of 199 ms"));
  CHECK_FALSE(warns(head + "ir: {timeout: 200 ms}\n" + tail, "time-out"));
  CHECK(warns(head + "ir: {reaction: 1.6 s}\n" + tail, "a reaction of 1.6 s"));
  CHECK_FALSE(warns(head + "ir: {reaction: 1.5 s}\n" + tail, "reaction"));
  CHECK(warns(head + "ir: {attenuation: 90 %}\n" + tail, "an attenuation"));
  CHECK_FALSE(warns(head + "ir: {attenuation: 50 %}\n" + tail, "attenuation"));
}
