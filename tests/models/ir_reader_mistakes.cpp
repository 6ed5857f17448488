// The scripted reader's mistakes on demand, its breaks, and its state.
#include <algorithm>
#include <catch2/catch.hpp>

#include "ir_bench.h"
#include "models/masters/ir_reader.h"

using tests::bits;
using tests::block;
using tests::bytes;
using tests::identification;
using tests::IrBench;
using tests::IrBytes;
using tests::IrFault;
using tests::IrOutcome;
using tests::IrPurpose;
using tests::IrReader;
using tests::IrResult;
using tests::IrSession;
using tests::IrStep;
using tests::nak;
using tests::programming;
using tests::Ps;
using tests::ps_per_ms;
using tests::ps_per_s;
using tests::session;

// --- mistakes on demand
// ---------------------------------------------------------------------------

TEST_CASE("IR reader: a wrong BCC is sent as often as asked for, then the right one") {
  IrBench head;
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

TEST_CASE("IR reader: NAKs on demand are for values, not for the operand of the password") {
  IrBench head;
  head.repeated = block("2008(230.1*V)");
  IrSession what = programming({{"R1", "2008()"}, {"W1", "107A(5)"}});
  what.naks = 2;
  const IrResult result = head.ask(what);
  CHECK(result.exchanges.at(1).tries == 1);
  CHECK(result.exchanges.at(2).tries == 1);
  CHECK(result.exchanges.at(3).tries == 3);
  CHECK(result.exchanges.at(3).outcome == IrOutcome::answer);
  CHECK(result.exchanges.at(4).tries == 1);
}

TEST_CASE("IR reader: a wrong parity bit and a gap stand where they were asked for") {
  IrBench head;
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
    IrBench head;
    IrSession what = programming({{"R1", "2008()"}, {"R1", "200C()"}});
    what.silent_after = step;
    const IrResult result = head.ask(what);
    CHECK(result.exchanges.size() == exchanges);
    CHECK(head.meter.messages.size() == exchanges);
  }
}

TEST_CASE("IR reader: raw characters go out as they stand at the rate asked for") {
  IrBench head;
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
  IrBench head;
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
    IrBench head;
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

TEST_CASE("IR reader: a break in a break ends its light and begins one of its own") {
  // Before its light, in it, and after it while an answer is awaited.
  const Ps lead = bits(1, 300);
  for (const Ps at : {lead / 2, 40 * ps_per_ms, lead + 100 * ps_per_ms + lead / 2, ps_per_s}) {
    IrBench head;
    IrSession what = session(IrPurpose::line_break);
    what.break_time = 100 * ps_per_ms;
    head.reader.add(0, what);
    head.run(at);
    what.break_time = 50 * ps_per_ms;
    head.reader.add(at, what);
    head.run(at + 30 * ps_per_s);
    REQUIRE(head.results.size() == 2);
    CHECK(head.results[0].broken_off);
    CHECK(head.results[0].over == at);
    CHECK_FALSE(head.results[1].broken_off);
    const Ps begin = head.results[1].exchanges.at(0).begin;
    const Ps end = head.results[1].exchanges.at(0).end;
    CHECK(end - begin == 50 * ps_per_ms);
    const auto& path = head.path.head;
    CHECK(path.mark_at(begin - 1));
    CHECK_FALSE(path.mark_at(begin));
    CHECK_FALSE(path.mark_at(end - 1));
    CHECK(path.mark_at(end));
  }
}

TEST_CASE(
    "IR reader: who has no patience after a break waits until its light is out all the same") {
  IrBench head;
  IrSession what = session(IrPurpose::line_break);
  what.break_time = 100 * ps_per_ms;
  what.timeout = 1;
  head.reader.add(0, what);
  head.reader.add(0, session(IrPurpose::sign_on));
  head.run(10 * ps_per_s);
  REQUIRE(head.results.size() == 2);
  CHECK(head.results[1].exchanges.at(0).outcome == IrOutcome::answer);
}

TEST_CASE("IR reader: what had begun before the end of a break is no answer to it") {
  IrBench head;
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
  IrBench through;
  const IrResult whole = through.ask(programming({{"R1", "2008()"}}));
  IrBench head;
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
