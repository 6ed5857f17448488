// The scripted reader: what it sends and when, what it takes for an answer, how a session goes on.
#include "models/masters/ir_reader.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "ir_bench.h"

using tests::bits;
using tests::block;
using tests::bytes;
using tests::identification;
using tests::IrBench;
using tests::IrExchange;
using tests::IrOutcome;
using tests::IrPurpose;
using tests::IrResult;
using tests::IrSession;
using tests::IrStep;
using tests::nak;
using tests::programming;
using tests::Ps;
using tests::ps_per_ms;
using tests::session;

// --- sign-on
// --------------------------------------------------------------------------------------

TEST_CASE("IR reader: a sign-on is /?! at 300 Bd in 7E1 and its answer an identification") {
  IrBench head;
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
  IrBench head;
  IrSession what = session(IrPurpose::sign_on);
  what.address = "14500001";
  head.ask(what);
  CHECK(head.meter.messages == std::vector<std::string>{"/?14500001!\r\n"});
}

TEST_CASE("IR reader: nobody answers a sign-on, which is sent three times, a time-out apart") {
  IrBench head;
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
    IrBench head;
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
  IrBench head(times);
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
    IrBench head;
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
    IrBench head;
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
  IrBench head;
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
  IrBench head;
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
  IrBench head;
  head.readout.back() = static_cast<char>(head.readout.back() ^ 1);
  const IrResult result = head.ask(session(IrPurpose::readout));
  CHECK(std::count(head.meter.messages.begin(), head.meter.messages.end(), nak) == 2);
  CHECK(result.exchanges.at(1).outcome == IrOutcome::bad_frame);
  CHECK(result.exchanges.at(1).tries == 3);
}

TEST_CASE("IR reader: a wrong parity bit spoils an answer whose BCC is right") {
  IrBench head;
  head.meter.answer = [&](const std::string& message) {
    std::string reply = head.usual(message);
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
  IrBench head;
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
  IrBench head;
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
  IrBench head;
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
  IrBench head;
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
  IrBench head;
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
  IrBench head;
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
  IrBench head;
  const IrResult result = head.ask(programming({{"B0", std::nullopt}}));
  REQUIRE(result.exchanges.size() == 4);
  CHECK(result.exchanges.at(3).outcome == IrOutcome::sent);
  CHECK(head.meter.messages.size() == 4);
}

TEST_CASE("IR reader: without a password the commands come at once") {
  IrBench head;
  IrSession what = programming({{"R1", "2008()"}});
  what.password.reset();
  CHECK(head.ask(what).exchanges.at(2).step == IrStep::command);
}
