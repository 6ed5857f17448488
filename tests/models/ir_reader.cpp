// The reader of the infra-red port against a meter that does as the test says.
#include "models/masters/ir_reader.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "light_path.h"

using models::masters::HeardCharacter;
using models::masters::IrBytes;
using models::masters::IrExchange;
using models::masters::IrFault;
using models::masters::IrOutcome;
using models::masters::IrPurpose;
using models::masters::IrReader;
using models::masters::IrResult;
using models::masters::IrSession;
using models::masters::IrStep;
using models::masters::OutgoingCharacter;
using models::masters::SerialEnd;
using models::masters::SerialFormat;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;

namespace {

IrBytes bytes(const std::string& text) { return {text.begin(), text.end()}; }

std::string block(const std::string& body) {
  char bcc = 0x03;
  for (const char c : body) bcc = static_cast<char>(bcc ^ c);
  return "\x02" + body + "\x03" + bcc;
}

const std::string identification = "/INM5PRO380-S\r\n";
const std::string operand = "\x01P0\x02(00000000)\x03`";
const std::string ack = "\x06";
const std::string nak = "\x15";

/// Seven bits and even parity. Each message is known by its last character and answered `delay`
/// after its end with what `answer` says.
class Meter final : public models::masters::SerialListener {
 public:
  explicit Meter(models::pins::LinePort& port) : end(IrReader::start_format(), port, *this) {}

  void heard(const HeardCharacter& character) override {
    if (!character.good()) ++spoiled;
    message += static_cast<char>(character.byte);
    gap = std::max(gap, message.size() > 1 ? character.start - last_end : 0);
    last_end = character.end;
    const bool line = message.back() == '\n' || message == nak;
    const bool block = message.size() > 1 && message[message.size() - 2] == '\x03';
    if (!line && !block) return;
    messages.push_back(message);
    const std::string whole = message;
    message.clear();
    const std::string reply = answer ? answer(whole) : std::string();
    if (!reply.empty()) send(character.end + delay, reply);
  }
  void sent(const HeardCharacter&) override {}

  void send(Ps t, const std::string& text) {
    std::vector<OutgoingCharacter> characters;
    for (const char c : text) characters.push_back({static_cast<std::uint8_t>(c), 0, false, false});
    if (wrong_parity_at >= 0)
      characters[static_cast<std::size_t>(wrong_parity_at)].wrong_parity = true;
    if (gap_before >= 0) characters[static_cast<std::size_t>(gap_before)].silence = gap_time;
    wrong_parity_at = -1;
    end.send(t, characters);
  }
  void set_baud(Ps now, std::uint32_t baud) {
    SerialFormat format = end.format();
    format.baud = baud;
    end.set_format(now, format);
  }

  SerialEnd end;
  std::string message;
  std::vector<std::string> messages;
  Ps last_end = 0, gap = 0;
  Ps delay = 200 * ps_per_ms;
  Ps gap_time = 0;
  int spoiled = 0;
  int wrong_parity_at = -1, gap_before = -1;
  std::function<std::string(const std::string&)> answer;
};

struct Head {
  explicit Head(const models::masters::IrTimes& times = {})
      : reader(path.head, times), meter(path.meter) {
    path.head.listener = &reader.receiver();
    path.meter.listener = &meter.end;
    reader.on_session([this](const IrResult& result) { results.push_back(result); });
    meter.answer = [this](const std::string& message) { return usual(message); };
  }

  /// A meter that does all that it is asked to do.
  std::string usual(const std::string& message) {
    if (message[0] == '/') {
      meter.set_baud(now, 300);
      return identification;
    }
    if (message[0] == '\x06') {
      const char z = message[2];
      meter.set_baud(now, 300u << (z - '0'));
      return message[3] == '1' ? operand : readout;
    }
    if (message == nak) return repeated.empty() ? readout : repeated;
    const std::string command = message.substr(1, 2);
    if (command == "B0") meter.set_baud(now, 300);
    if (command == "P1" || command == "W1") return ack;
    if (command == "R1") return block(message.substr(4, message.find('(') - 4) + "(230.1*V)");
    return {};
  }

  void run(Ps until) {
    for (;;) {
      const Ps t = std::max(now, std::min(reader.next_event(), meter.end.next_event()));
      if (t >= until) break;
      now = t;
      if (meter.end.next_event() <= t) meter.end.advance(meter.end.next_event());
      if (reader.next_event() <= t) reader.advance(t);
    }
    now = until;
  }

  IrResult ask(IrSession session, Ps for_at_most = 60 * ps_per_s) {
    // As a meter does that has been left alone for long.
    if (session.purpose != IrPurpose::raw) meter.set_baud(now, 300);
    meter.message.clear();
    reader.add(now, std::move(session));
    run(now + for_at_most);
    REQUIRE(!results.empty());
    return results.back();
  }

  Ps now = 0;
  tests::LightPath path;
  IrReader reader;
  Meter meter;
  std::vector<IrResult> results;
  std::string readout = block("1.8.0(123.45*kWh)\r\n!\r\n");
  std::string repeated;
};

IrSession session(IrPurpose purpose) {
  IrSession out;
  out.purpose = purpose;
  return out;
}

IrSession programming(std::vector<models::masters::IrCommand> commands) {
  IrSession out = session(IrPurpose::programming);
  out.password = "00000000";
  out.commands = std::move(commands);
  return out;
}

/// Bits at a rate, rounded once.
Ps bits(std::uint64_t count, std::uint64_t baud) { return (count * ps_per_s + baud / 2) / baud; }

}  // namespace

// --- sign-on
// --------------------------------------------------------------------------------------

TEST_CASE("IR reader: a sign-on is /?! at 300 Bd in 7E1 and its answer an identification") {
  Head head;
  const IrResult result = head.ask(session(IrPurpose::sign_on));
  CHECK(head.meter.messages == std::vector<std::string>{"/?!\r\n"});
  REQUIRE(result.exchanges.size() == 1);
  const IrExchange& exchange = result.exchanges.at(0);
  CHECK(exchange.outcome == IrOutcome::answer);
  CHECK(exchange.request == bytes("/?!\r\n"));
  // The driver is on a bit time before; five characters of ten bits at 300 Bd.
  CHECK(exchange.begin == bits(1, 300));
  CHECK(exchange.end == exchange.begin + 5 * bits(10, 300));
  CHECK(exchange.answer_bytes() == bytes(identification));
  CHECK(exchange.answer_time() == 200 * ps_per_ms);
  CHECK(exchange.baud == 300);
  CHECK(exchange.tries == 1);
  REQUIRE(result.identification);
  CHECK(result.identification->text == "PRO380-S");
  CHECK(result.over == exchange.answer.back().end);
}

TEST_CASE("IR reader: an address goes between the question mark and the exclamation mark") {
  Head head;
  IrSession what = session(IrPurpose::sign_on);
  what.address = "14500001";
  head.ask(what);
  CHECK(head.meter.messages == std::vector<std::string>{"/?14500001!\r\n"});
}

TEST_CASE("IR reader: nobody answers a sign-on, which is sent three times, a time-out apart") {
  Head head;
  head.meter.answer = nullptr;
  const IrResult result = head.ask(session(IrPurpose::readout));
  CHECK(head.meter.messages.size() == 3);
  REQUIRE(result.exchanges.size() == 1);
  CHECK(result.exchanges.at(0).outcome == IrOutcome::no_answer);
  CHECK(result.exchanges.at(0).tries == 3);
  CHECK_FALSE(result.identification);
  // Three messages, two leads of the driver after the first, three time-outs.
  CHECK(result.over == 3 * (bits(1, 300) + 5 * bits(10, 300) + 2200 * ps_per_ms));
}

TEST_CASE("IR reader: an answer that begins at the time-out is heard, one picosecond later not") {
  for (const Ps late : {Ps{0}, Ps{1}}) {
    Head head;
    head.meter.delay = 2200 * ps_per_ms + late;
    IrSession what = session(IrPurpose::sign_on);
    what.tries = 1;
    const IrResult result = head.ask(what);
    CHECK((result.exchanges.at(0).outcome == IrOutcome::answer) == (late == 0));
  }
}

TEST_CASE("IR reader: the time-out is as it was asked for, of the reader or of the session") {
  models::masters::IrTimes times;
  times.timeout = 1500 * ps_per_ms;
  Head head(times);
  head.meter.answer = nullptr;
  IrSession what = session(IrPurpose::sign_on);
  what.tries = 1;
  CHECK(head.ask(what).over == bits(1, 300) + 5 * bits(10, 300) + 1500 * ps_per_ms);
  const Ps before = head.now;
  what.timeout = 700 * ps_per_ms;
  CHECK(head.ask(what).over == before + bits(1, 300) + 5 * bits(10, 300) + 700 * ps_per_ms);
}

TEST_CASE(
    "IR reader: a silence of 1500 ms inside an answer ends it, one picosecond less does not") {
  for (const Ps less : {Ps{0}, Ps{1}}) {
    Head head;
    head.meter.gap_before = 4;
    // Heard until the end that lies 1500 ms behind: a start edge at that instant still counts.
    head.meter.gap_time = 1500 * ps_per_ms + 1 - less;
    IrSession what = session(IrPurpose::sign_on);
    what.tries = 1;
    const IrResult result = head.ask(what);
    CHECK(result.exchanges.at(0).outcome == (less == 1 ? IrOutcome::answer : IrOutcome::bad_frame));
    CHECK(result.exchanges.at(0).answer.size() == (less == 1 ? identification.size() : 4));
  }
}

// --- rates and readout
// ----------------------------------------------------------------------------

TEST_CASE("IR reader: the rate is the one offered, or a slower one that was asked for") {
  for (const auto& [asked, chosen] :
       std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0, 9600},
                                                            {300, 300},
                                                            {600, 600},
                                                            {1200, 1200},
                                                            {2400, 2400},
                                                            {4800, 4800},
                                                            {9600, 9600},
                                                            {19200, 9600}}) {
    Head head;
    IrSession what = session(IrPurpose::readout);
    if (asked != 0) what.baud = asked;
    const IrResult result = head.ask(what);
    INFO(asked);
    REQUIRE(result.exchanges.size() == 2);
    const IrExchange& readout = result.exchanges.at(1);
    CHECK(readout.outcome == IrOutcome::answer);
    CHECK(readout.answer_bytes() == bytes(head.readout));
    CHECK(readout.baud == chosen);
    const char z = *models::masters::character_of(chosen);
    CHECK(head.meter.messages.back() == std::string("\x06") + '0' + z + "0\r\n");
    // The acknowledgement itself goes at 300 Bd, 200 ms after the identification.
    CHECK(readout.begin == result.exchanges.at(0).answer.back().end + 200 * ps_per_ms);
    CHECK(readout.end == readout.begin + 6 * bits(10, 300));
    CHECK(readout.answer.front().end - readout.answer.front().start == bits(10, chosen));
  }
}

TEST_CASE(
    "IR reader: without an acknowledgement it listens at 300 Bd, for longer than for an answer") {
  Head head;
  IrSession what = session(IrPurpose::readout);
  what.acknowledges = false;
  head.meter.answer = [&](const std::string& message) -> std::string {
    if (message[0] != '/') return {};
    // The readout follows when 1500 ms have passed and 1500 ms more: within 2200 + 2000 ms.
    const Ps identified = head.now / ps_per_ms * ps_per_ms + 300 * ps_per_ms;
    head.meter.send(identified, identification);
    const Ps end = identified + identification.size() * bits(10, 300);
    head.meter.send(end + 3000 * ps_per_ms, head.readout);
    return {};
  };
  const IrResult result = head.ask(what);
  CHECK(head.meter.messages.size() == 1);
  REQUIRE(result.exchanges.size() == 2);
  CHECK(result.exchanges.at(1).request.empty());
  CHECK(result.exchanges.at(1).outcome == IrOutcome::answer);
  CHECK(result.exchanges.at(1).baud == 300);
  CHECK(result.exchanges.at(1).answer_time() == 3000 * ps_per_ms);
}

TEST_CASE("IR reader: a readout with a wrong BCC is answered with NAK and heard again") {
  Head head;
  std::string wrong = head.readout;
  wrong.back() = static_cast<char>(wrong.back() ^ 1);
  head.repeated = head.readout;
  head.readout = wrong;
  const IrResult result = head.ask(session(IrPurpose::readout));
  CHECK(head.meter.messages.back() == nak);
  CHECK(result.exchanges.at(1).outcome == IrOutcome::answer);
  CHECK(result.exchanges.at(1).tries == 2);
  CHECK(result.exchanges.at(1).answer_bytes() == bytes(head.repeated));
}

TEST_CASE("IR reader: after three broken readouts it gives up") {
  Head head;
  head.readout.back() = static_cast<char>(head.readout.back() ^ 1);
  const IrResult result = head.ask(session(IrPurpose::readout));
  CHECK(std::count(head.meter.messages.begin(), head.meter.messages.end(), nak) == 2);
  CHECK(result.exchanges.at(1).outcome == IrOutcome::bad_frame);
  CHECK(result.exchanges.at(1).tries == 3);
}

TEST_CASE("IR reader: a wrong parity bit spoils an answer whose BCC is right") {
  Head head;
  head.meter.answer = [&](const std::string& message) {
    const std::string reply = head.usual(message);
    if (message[0] == '\x06') head.meter.wrong_parity_at = 5;
    return reply;
  };
  IrSession what = session(IrPurpose::readout);
  what.tries = 1;
  CHECK(head.ask(what).exchanges.at(1).outcome == IrOutcome::bad_frame);
  what.tries = 2;  // the NAK brings it whole
  CHECK(head.ask(what).exchanges.at(1).outcome == IrOutcome::answer);
}

TEST_CASE("IR reader: good blocks are answered with NAK as often as asked for") {
  Head head;
  IrSession what = session(IrPurpose::readout);
  what.naks = 4;  // more than its own tries
  const IrResult result = head.ask(what);
  CHECK(std::count(head.meter.messages.begin(), head.meter.messages.end(), nak) == 4);
  CHECK(result.exchanges.at(1).outcome == IrOutcome::answer);
  CHECK(result.exchanges.at(1).tries == 5);
}

// --- programming
// ----------------------------------------------------------------------------------

TEST_CASE("IR reader: programming is acknowledgement, password, commands and B0 in this order") {
  Head head;
  const IrResult result = head.ask(programming({{"R1", "2008()"}, {"W1", "107A(5)"}}));
  REQUIRE(head.meter.messages.size() == 6);
  CHECK(head.meter.messages[1] ==
        "\x06"
        "051\r\n");
  CHECK(head.meter.messages[2] ==
        "\x01P1\x02(00000000)\x03"
        "a");
  CHECK(head.meter.messages[3].substr(0, 11) ==
        "\x01R1\x02"
        "2008()\x03");
  CHECK(head.meter.messages[5] ==
        "\x01"
        "B0\x03q");
  REQUIRE(result.exchanges.size() == 6);
  const std::vector<IrOutcome> outcomes = {IrOutcome::answer, IrOutcome::answer, IrOutcome::ack,
                                           IrOutcome::answer, IrOutcome::ack,    IrOutcome::sent};
  for (std::size_t i = 0; i < 6; ++i) CHECK(result.exchanges[i].outcome == outcomes[i]);
  CHECK(result.exchanges.at(4).step == IrStep::command);
  CHECK(result.exchanges.at(4).number == 1);
  CHECK(result.exchanges.at(5).step == IrStep::sign_off);
  for (std::size_t i = 2; i < 6; ++i) {
    CHECK(result.exchanges[i].begin == result.exchanges[i - 1].answer.back().end + 200 * ps_per_ms);
  }
  // The next session begins at 300 Bd again.
  head.ask(session(IrPurpose::sign_on));
  CHECK(head.meter.messages.back() == "/?!\r\n");
}

TEST_CASE(
    "IR reader: the meter's NAK brings the message again, three times in all, then the next") {
  Head head;
  head.meter.answer = [&](const std::string& message) {
    return message.find("107A") != std::string::npos ? nak : head.usual(message);
  };
  const IrResult result = head.ask(programming({{"W1", "107A(7)"}, {"R1", "2008()"}}));
  CHECK(result.exchanges.at(3).outcome == IrOutcome::nak);
  CHECK(result.exchanges.at(3).tries == 3);
  CHECK(result.exchanges.at(4).outcome == IrOutcome::answer);
  CHECK(result.exchanges.at(5).outcome == IrOutcome::sent);
}

TEST_CASE("IR reader: a password is sent once, and B0 after its refusal") {
  Head head;
  head.meter.answer = [&](const std::string& message) {
    return message.substr(1, 2) == "P1" ? nak : head.usual(message);
  };
  const IrResult result = head.ask(programming({{"R1", "2008()"}}));
  REQUIRE(result.exchanges.size() == 4);
  CHECK(result.exchanges.at(2).outcome == IrOutcome::nak);
  CHECK(result.exchanges.at(2).tries == 1);
  CHECK(result.exchanges.at(3).step == IrStep::sign_off);
}

TEST_CASE("IR reader: an error is told with its code and the next command follows") {
  Head head;
  head.meter.answer = [&](const std::string& message) {
    return message.find("1234") != std::string::npos ? block("(ER03)") : head.usual(message);
  };
  const IrResult result = head.ask(programming({{"R1", "1234()"}, {"R1", "2008()"}}));
  CHECK(result.exchanges.at(3).outcome == IrOutcome::error);
  CHECK(result.exchanges.at(3).error == "ER03");
  CHECK(result.exchanges.at(3).tries == 1);
  CHECK(result.exchanges.at(4).outcome == IrOutcome::answer);
}

TEST_CASE("IR reader: a meter that sends B0 has ended the session") {
  Head head;
  head.meter.answer = [&](const std::string& message) {
    return message.substr(1, 2) == "P1" ? std::string(
                                              "\x01"
                                              "B0\x03q")
                                        : head.usual(message);
  };
  const IrResult result = head.ask(programming({{"R1", "2008()"}}));
  REQUIRE(result.exchanges.size() == 3);
  CHECK(result.exchanges.at(2).outcome == IrOutcome::closed);
}

TEST_CASE("IR reader: B0 among the commands ends the session, and no second one follows") {
  Head head;
  const IrResult result = head.ask(programming({{"B0", std::nullopt}}));
  REQUIRE(result.exchanges.size() == 4);
  CHECK(result.exchanges.at(3).outcome == IrOutcome::sent);
  CHECK(head.meter.messages.size() == 4);
}

TEST_CASE("IR reader: without a password the commands come at once") {
  Head head;
  IrSession what = programming({{"R1", "2008()"}});
  what.password.reset();
  CHECK(head.ask(what).exchanges.at(2).step == IrStep::command);
}

// --- mistakes on demand
// ---------------------------------------------------------------------------

TEST_CASE("IR reader: a wrong BCC is sent as often as asked for, then the right one") {
  Head head;
  head.meter.answer = [&](const std::string& message) {
    const IrBytes text = bytes(message);
    const bool right =
        text[0] != 1 || text.back() == models::masters::bcc_of(text, text.size() - 1);
    return right ? head.usual(message) : nak;
  };
  IrSession what = programming({{"W1", "107A(5)"}});
  what.fault = IrFault{};
  what.fault->wrong_bcc = true;
  what.fault->times = 2;
  IrResult result = head.ask(what);
  CHECK(result.exchanges.at(3).outcome == IrOutcome::ack);
  CHECK(result.exchanges.at(3).tries == 3);
  what.fault->times = 3;
  result = head.ask(what);
  CHECK(result.exchanges.at(3).outcome == IrOutcome::nak);
}

TEST_CASE("IR reader: a wrong parity bit and a gap stand where they were asked for") {
  Head head;
  IrSession what = session(IrPurpose::sign_on);
  what.fault = IrFault{};
  what.fault->in = IrStep::sign_on;
  what.fault->parity_error = 1;
  what.fault->gap_before = 3;
  what.fault->gap = 1400 * ps_per_ms;
  const IrResult result = head.ask(what);
  CHECK(head.meter.spoiled == 1);
  CHECK(head.meter.gap == 1400 * ps_per_ms);
  CHECK(result.exchanges.at(0).end ==
        result.exchanges.at(0).begin + 5 * bits(10, 300) + 1400 * ps_per_ms);
}

TEST_CASE("IR reader: after the step it goes silent it sends nothing, not even B0") {
  for (const auto& [step, exchanges] :
       std::vector<std::pair<IrStep, std::size_t>>{{IrStep::sign_on, 1},
                                                   {IrStep::acknowledgement, 2},
                                                   {IrStep::password, 3},
                                                   {IrStep::command, 5}}) {
    Head head;
    IrSession what = programming({{"R1", "2008()"}, {"R1", "200C()"}});
    what.silent_after = step;
    const IrResult result = head.ask(what);
    CHECK(result.exchanges.size() == exchanges);
    CHECK(head.meter.messages.size() == exchanges);
  }
}

TEST_CASE("IR reader: raw characters go out as they stand at the rate asked for") {
  Head head;
  head.meter.set_baud(0, 2400);
  head.meter.answer = [](const std::string&) { return block("1(2)"); };
  IrSession what = session(IrPurpose::raw);
  what.raw_baud = 2400;
  for (const char c : std::string("ab\n")) {
    what.raw.push_back({static_cast<std::uint8_t>(c), 0, false, false});
  }
  const IrResult result = head.ask(what);
  CHECK(head.meter.messages == std::vector<std::string>{"ab\n"});
  REQUIRE(result.exchanges.size() == 1);
  CHECK(result.exchanges.at(0).outcome == IrOutcome::answer);
  CHECK(result.exchanges.at(0).end - result.exchanges.at(0).begin == 3 * bits(10, 2400));
  what.raw.clear();  // only listens
  CHECK(head.ask(what).exchanges.at(0).outcome == IrOutcome::no_answer);
}

// --- break
// ----------------------------------------------------------------------------------------

TEST_CASE("IR reader: a break is light from a bit time on, so long, then dark") {
  Head head;
  IrSession what = session(IrPurpose::line_break);
  what.break_time = 100 * ps_per_ms;
  head.reader.add(ps_per_s, what);
  head.run(10 * ps_per_s);
  const auto& sent = head.path.head.sent;
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].t == ps_per_s + bits(1, 300));
  CHECK_FALSE(sent[0].mark);
  CHECK(sent[1].t == sent[0].t + 100 * ps_per_ms);
  CHECK(sent[1].mark);
  CHECK(head.results[0].exchanges.at(0).outcome == IrOutcome::no_answer);
  what.break_time = 0;
  CHECK_THROWS_AS(head.reader.add(head.now, what), std::invalid_argument);
}

TEST_CASE("IR reader: a break ends the session that is under way, whatever it does") {
  // Sending the sign-on, waiting, hearing the identification, pausing before the acknowledgement.
  const Ps sent = bits(1, 300) + 5 * bits(10, 300);
  const Ps heard = sent + 200 * ps_per_ms + identification.size() * bits(10, 300);
  for (const auto& [at, outcome] : std::vector<std::pair<Ps, std::optional<IrOutcome>>>{
           {sent / 2, IrOutcome::no_answer},
           {sent + 100 * ps_per_ms, IrOutcome::no_answer},
           {sent + 400 * ps_per_ms, IrOutcome::bad_frame},
           {heard + 50 * ps_per_ms, IrOutcome::answer}}) {
    Head head;
    head.reader.add(0, session(IrPurpose::readout));
    head.run(at);
    IrSession what = session(IrPurpose::line_break);
    what.break_time = 50 * ps_per_ms;
    head.reader.add(at, what);
    head.run(at + 30 * ps_per_s);
    REQUIRE(head.results.size() == 2);
    CHECK(head.results[0].broken_off);
    CHECK(head.results[0].over == at);
    REQUIRE(head.results[0].exchanges.size() == 1);
    CHECK(head.results[0].exchanges.at(0).outcome == *outcome);
    CHECK(head.results[1].exchanges.at(0).step == IrStep::line_break);
    CHECK_FALSE(head.results[1].broken_off);
  }
}

TEST_CASE("IR reader: what had begun before the end of a break is no answer to it") {
  Head head;
  IrSession what = session(IrPurpose::line_break);
  what.break_time = 100 * ps_per_ms;
  head.reader.add(0, what);
  // The break lasts from 3.3 ms to 103.3 ms.
  head.meter.end.send(50 * ps_per_ms, {{'x', 0, false, false}});
  head.meter.end.send(150 * ps_per_ms, {{0x15, 0, false, false}});
  head.run(10 * ps_per_s);
  CHECK(head.results[0].exchanges.at(0).outcome == IrOutcome::nak);
  CHECK(head.reader.state().strays == 1);
}

// --- state
// ----------------------------------------------------------------------------------------

TEST_CASE("IR reader: a state that was saved in mid-session goes on as if nothing had been") {
  Head through;
  const IrResult whole = through.ask(programming({{"R1", "2008()"}}));
  Head head;
  head.reader.add(0, programming({{"R1", "2008()"}}));
  head.run(2 * ps_per_s);
  const auto state = head.reader.state();
  const auto serial = head.reader.serial_state();
  IrReader other(head.path.head, {});
  other.restore(state, serial);
  std::vector<IrResult> results;
  other.on_session([&](const IrResult& result) { results.push_back(result); });
  head.path.head.listener = &other.receiver();
  while (results.empty()) {
    const Ps t = std::min(other.next_event(), head.meter.end.next_event());
    head.now = t;
    if (head.meter.end.next_event() <= t) head.meter.end.advance(t);
    if (other.next_event() <= t) other.advance(t);
  }
  REQUIRE(results[0].exchanges.size() == whole.exchanges.size());
  CHECK(results[0].over == whole.over);
  for (std::size_t i = 0; i < whole.exchanges.size(); ++i) {
    CHECK(results[0].exchanges[i].end == whole.exchanges[i].end);
    CHECK(results[0].exchanges[i].outcome == whole.exchanges[i].outcome);
  }
}
