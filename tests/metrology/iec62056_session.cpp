// The dialogue of mode C: each transition, named after its rule, and each time to the core clock.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "metrology/protocol/iec62056/session.h"
#include "tests/metrology/iec62056_bytes.h"
#include "tests/metrology/row_meter.h"

using namespace metrology;
using namespace metrology::iec62056;
using registers::WriteResult;
using tests::ack_character;
using tests::break_message;
using tests::command;
using tests::data_message;
using tests::nak_character;
using tests::option;
using tests::password_request;
using tests::sign_on;
using Kind = Reply::Kind;

namespace {

/// 1500 ms and 60 s in core clocks of 25 165 824 Hz, exactly.
constexpr Cycle ms_1500 = 37'748'736;
constexpr Cycle s_60 = 1'509'949'440;
constexpr Cycle gap = 1000;

const std::string identification = "/INM5PRO380-Mod\r\n";
const std::string right_password = command("P1", "(00000000)");
const std::string wrong_password = command("P1", "(00000001)");
const std::string read_voltage = command("R1", "2008()");
const std::string voltage = data_message("2008(230.0*V)");
std::string error(const std::string& number) { return data_message("(ER" + number + ")"); }

/// A session of a PRO380-Mod 14501234 and the reader's end of it.
struct Dialogue : tests::RowMeter {
  Session session{};
  Cycle now = 0xFFFF'0000;  // the counter wraps on the way
  int writes = 0;
  Reply last{};

  Dialogue() {
    page.variant = hal::MeterVariant::mod;
    measurements.voltage_V[0] = 230.0;
    reset(session);
  }

  static WriteResult write_row(void* context, const registers::Row& row, registers::Port port,
                               const std::uint8_t* bytes) {
    auto& self = *static_cast<Dialogue*>(context);
    ++self.writes;
    return registers::write(
        {self.page, self.settings, self.tariff, self.energy.accounts, self.status}, row, port,
        bytes);
  }

  void hear(const std::string& characters, bool damaged = false, bool is_break = false) {
    for (const char c : characters)
      take(session, {static_cast<std::uint8_t>(c), damaged, is_break});
  }
  /// The piece ends now; what is to be sent, at once sent too. "readout" stands for the readout.
  std::string end() {
    last = end_piece(session, now, {data(), this, write_row});
    return finish();
  }
  std::string finish() {
    const std::string text(reinterpret_cast<const char*>(session.answer.bytes),
                           session.answer.size);
    if (last.kind == Kind::none) return "";
    now = last.from + reaction_cycles + gap;
    rate = session.rate;
    sent(session, now);
    return last.kind == Kind::readout ? "readout" : text;
  }
  /// The answer to a whole message after a short silence.
  std::string ask(const std::string& message) {
    now += gap;
    hear(message);
    return end();
  }
  /// What comes of a silence of so many clocks since the last thing.
  std::string wait(Cycle cycles) {
    now += cycles;
    last = pass_time(session, now);
    return finish();
  }

  std::uint8_t rate = 0;  ///< at which the last answer was sent
};

Dialogue identified() {
  Dialogue dialogue;
  REQUIRE(dialogue.ask(sign_on) == identification);
  REQUIRE(dialogue.session.phase == Phase::identified);
  return dialogue;
}
Dialogue locked(char rate = '5') {
  Dialogue dialogue = identified();
  REQUIRE(dialogue.ask(option(rate, '1')) == password_request);
  REQUIRE(dialogue.session.phase == Phase::locked);
  return dialogue;
}
Dialogue unlocked() {
  Dialogue dialogue = locked();
  REQUIRE(dialogue.ask(right_password) == ack_character);
  REQUIRE(dialogue.session.phase == Phase::unlocked);
  return dialogue;
}
Dialogue read_out() {
  Dialogue dialogue = identified();
  REQUIRE(dialogue.ask(option('5', '0')) == "readout");
  REQUIRE(dialogue.session.phase == Phase::readout);
  return dialogue;
}
void check_idle(const Dialogue& dialogue) {
  CHECK(dialogue.session.phase == Phase::idle);
  CHECK(dialogue.session.rate == 0);
}

}  // namespace

TEST_CASE("IR times: 200 ms rounded up, 1500 ms and 60 s to the core clock") {
  CHECK(reaction_cycles == 5'033'165);  // 0.2 · 25 165 824 = 5 033 164.8
  CHECK(character_gap_cycles == ms_1500);
  CHECK(option_wait_cycles == ms_1500);
  CHECK(inactivity_cycles == s_60);
  CHECK(programming_bar_cycles == s_60);
}

// --- idle ---------------------------------------------------------------------------------------

TEST_CASE("IR idle: a sign-on is answered by the identification at 300 Bd, counted from its end") {
  Dialogue dialogue;
  const Cycle end = dialogue.now + gap;
  CHECK(dialogue.ask("/?14501234!\r\n") == identification);
  CHECK(dialogue.last.from == end);
  CHECK(dialogue.rate == 0);
  CHECK(dialogue.session.phase == Phase::identified);
}

TEST_CASE("IR idle: a sign-on to another meter is not answered") {
  Dialogue dialogue;
  CHECK(dialogue.ask("/?14501235!\r\n").empty());
  check_idle(dialogue);
}

TEST_CASE("IR idle: zeros that wake a battery meter, and noise, before a sign-on spoil nothing") {
  Dialogue dialogue;
  CHECK(dialogue.ask(std::string(60, '\0') + "\x06\x15x/" + sign_on) == identification);
}

TEST_CASE("IR idle: nothing but a sign-on is answered") {
  for (const std::string& message :
       {option('5', '0'), option('5', '1'), right_password, read_voltage, break_message,
        nak_character, std::string("/?!"), std::string("/!\r\n"), std::string("?!\r\n"),
        std::string(600, 'x'), "/" + std::string(600, 'x') + "\n"}) {
    Dialogue dialogue;
    CHECK(dialogue.ask(message).empty());
    check_idle(dialogue);
  }
}

TEST_CASE("IR idle: a sign-on with one damaged character is not answered") {
  for (std::size_t bad = 0; bad < sign_on.size(); ++bad) {
    Dialogue dialogue;
    dialogue.hear(sign_on.substr(0, bad));
    dialogue.hear(sign_on.substr(bad, 1), true);
    dialogue.hear(sign_on.substr(bad + 1));
    CHECK(dialogue.end().empty());
    check_idle(dialogue);
    CHECK(dialogue.ask(sign_on) == identification);
  }
}

TEST_CASE("IR idle: a sign-on may pause for 1500 ms, not a clock longer") {
  for (const Cycle more : {0U, 1U}) {
    Dialogue dialogue;
    CHECK(dialogue.ask("/?").empty());
    CHECK(dialogue.wait(ms_1500 + more).empty());
    CHECK(dialogue.ask("!\r\n") == (more == 0 ? identification : ""));
  }
}

// --- identified ---------------------------------------------------------------------------------

TEST_CASE("IR identified: another sign-on is answered anew") {
  Dialogue dialogue = identified();
  CHECK(dialogue.ask(sign_on) == identification);
  CHECK(dialogue.session.phase == Phase::identified);
}

TEST_CASE("IR identified: a sign-on to another meter ends it") {
  Dialogue dialogue = identified();
  CHECK(dialogue.ask("/?1!\r\n").empty());
  check_idle(dialogue);
}

TEST_CASE("IR identified: ACK 0 Z 0 reads out at the rate chosen") {
  for (char rate = '0'; rate <= '5'; ++rate) {
    Dialogue dialogue = identified();
    CHECK(dialogue.ask(option(rate, '0')) == "readout");
    CHECK(dialogue.rate == rate - '0');
    CHECK(dialogue.session.phase == Phase::readout);
  }
}

TEST_CASE("IR identified: ACK 0 Z 1 asks for the password at the rate chosen") {
  for (char rate = '0'; rate <= '5'; ++rate) {
    Dialogue dialogue = identified();
    CHECK(dialogue.ask(option(rate, '1')) == password_request);
    CHECK(dialogue.rate == rate - '0');
    CHECK(dialogue.session.phase == Phase::locked);
  }
}

TEST_CASE("IR identified: a rate, protocol or mode that is not offered reads out at 300 Bd") {
  for (const std::string& message :
       {option('6', '0'), option('6', '1'), option('9', '0'), option('5', '2'), option('5', '6'),
        option('5', '9'), option('5', '0', '1'), option('5', '1', '2'), option('A', '0')}) {
    CAPTURE(message);
    Dialogue dialogue = identified();
    CHECK(dialogue.ask(message) == "readout");
    CHECK(dialogue.rate == 0);
  }
}

TEST_CASE("IR identified: any other message, noise or a damaged option reads out at 300 Bd") {
  for (const std::string& message :
       {std::string("x"), read_voltage, std::string("\x06\r\n"), std::string("/?\r\n")}) {
    CAPTURE(message);
    Dialogue dialogue = identified();
    CHECK(dialogue.ask(message) == "readout");
    CHECK(dialogue.rate == 0);
  }
  for (std::size_t bad = 0; bad < 6; ++bad) {
    Dialogue dialogue = identified();
    const std::string message = option('5', '1');
    dialogue.hear(message.substr(0, bad));
    dialogue.hear(message.substr(bad, 1), true);
    dialogue.hear(message.substr(bad + 1));
    CHECK(dialogue.end() == "readout");
    CHECK(dialogue.rate == 0);
  }
}

TEST_CASE("IR identified: without an option within 1500 ms the readout follows at 300 Bd") {
  for (const Cycle more : {0U, 1U}) {
    Dialogue dialogue = identified();
    const Cycle identified_at = dialogue.now;
    CHECK(dialogue.wait(ms_1500 + more) == (more == 0 ? "" : "readout"));
    if (more == 0) {
      CHECK(dialogue.ask(option('5', '0')) == "readout");
      CHECK(dialogue.rate == 5);
    } else {
      CHECK(dialogue.last.from == identified_at + ms_1500);
      CHECK(dialogue.rate == 0);
    }
  }
}

TEST_CASE("IR identified: an option that stops for more than 1500 ms is none") {
  for (const Cycle more : {0U, 1U}) {
    Dialogue dialogue = identified();
    CHECK(dialogue
              .ask("\x06"
                   "05")
              .empty());
    CHECK(dialogue.wait(ms_1500 + more) == (more == 0 ? "" : "readout"));
    if (more == 0) CHECK(dialogue.ask("1\r\n") == password_request);
  }
}

TEST_CASE("IR identified: NAK repeats the identification") {
  Dialogue dialogue = identified();
  CHECK(dialogue.ask(nak_character) == identification);
  CHECK(dialogue.session.phase == Phase::identified);
}

TEST_CASE("IR identified: an option ends the row of NAK, in either mode") {
  for (const char mode : {'0', '1'}) {
    Dialogue dialogue = identified();
    for (int n = 0; n < 3; ++n) CHECK(dialogue.ask(nak_character) == identification);
    const std::string answer = mode == '0' ? "readout" : password_request;
    CHECK(dialogue.ask(option('5', mode)) == answer);
    for (int n = 0; n < 3; ++n) CHECK(dialogue.ask(nak_character) == answer);
    CHECK(dialogue.ask(nak_character) == break_message);
  }
}

// --- readout ------------------------------------------------------------------------------------

TEST_CASE("IR readout: NAK repeats it three times at the same rate, the fourth is answered by B0") {
  Dialogue dialogue = read_out();
  for (int n = 0; n < 3; ++n) {
    CHECK(dialogue.ask(nak_character) == "readout");
    CHECK(dialogue.rate == 5);
  }
  CHECK(dialogue.ask(nak_character) == break_message);
  CHECK(dialogue.rate == 5);
  check_idle(dialogue);
}

TEST_CASE("IR readout: 1500 ms after it the meter is idle at 300 Bd, not a clock sooner") {
  for (const Cycle more : {0U, 1U}) {
    Dialogue dialogue = read_out();
    CHECK(dialogue.wait(ms_1500 + more).empty());
    CHECK(dialogue.session.phase == (more == 0 ? Phase::readout : Phase::idle));
    CHECK(dialogue.session.rate == (more == 0 ? 5 : 0));
  }
}

TEST_CASE("IR readout: a sign-on is answered at 300 Bd, anything else ends it") {
  Dialogue dialogue = read_out();
  CHECK(dialogue.ask(sign_on) == identification);
  CHECK(dialogue.rate == 0);
  for (const std::string& message : {ack_character, break_message, option('5', '0'),
                                     std::string("x"), std::string("/?1!\r\n")}) {
    CAPTURE(message);
    Dialogue other = read_out();
    CHECK(other.ask(message).empty());
    check_idle(other);
  }
}

// --- programming mode ---------------------------------------------------------------------------

TEST_CASE("IR locked: the right password is acknowledged and unlocks") {
  Dialogue dialogue = locked();
  CHECK(dialogue.ask(right_password) == ack_character);
  CHECK(dialogue.session.phase == Phase::unlocked);
  CHECK(dialogue.ask(read_voltage) == voltage);
}

TEST_CASE("IR locked: without the password nothing is read or written") {
  Dialogue dialogue = locked();
  for (const std::string& message : {read_voltage, command("W1", "1510(25)"),
                                     command("R5", "32.7.0()"), command("W5", "96.14.0(2)")}) {
    CHECK(dialogue.ask(message) == error("08"));
    CHECK(dialogue.session.phase == Phase::locked);
  }
  CHECK(dialogue.writes == 0);
}

TEST_CASE("IR locked: a wrong password is error 09 and unlocks nothing") {
  for (const std::string& data :
       {std::string("(00000001)"), std::string("(0000000)"), std::string("(000000000)"),
        std::string("()"), std::string("00000000"), std::string("1700(00000000)"),
        std::string("(00000000*V)"), std::string("")}) {
    CAPTURE(data);
    Dialogue dialogue = locked();
    CHECK(dialogue.ask(command("P1", data)) == error("09"));
    CHECK(dialogue.session.phase == Phase::locked);
    CHECK(dialogue.ask(read_voltage) == error("08"));
    CHECK(dialogue.ask(right_password) == ack_character);
  }
}

TEST_CASE("IR unlocked: a wrong password locks again") {
  Dialogue dialogue = unlocked();
  CHECK(dialogue.ask(wrong_password) == error("09"));
  CHECK(dialogue.ask(read_voltage) == error("08"));
}

TEST_CASE("IR: a new password holds at once") {
  Dialogue dialogue = unlocked();
  CHECK(dialogue.ask(command("W1", "1700(12345678)")) == ack_character);
  CHECK(dialogue.ask(right_password) == error("09"));
  CHECK(dialogue.ask(command("P1", "(12345678)")) == ack_character);
}

TEST_CASE(
    "IR: the third wrong password is answered by B0 at the rate of the dialogue and ends it") {
  Dialogue dialogue = locked();
  CHECK(dialogue.ask(wrong_password) == error("09"));
  CHECK(dialogue.ask(wrong_password) == error("09"));
  CHECK(dialogue.ask(wrong_password) == break_message);
  CHECK(dialogue.rate == 5);
  check_idle(dialogue);
}

TEST_CASE("IR: wrong passwords count across dialogues, until a right one") {
  Dialogue dialogue = locked();
  CHECK(dialogue.ask(wrong_password) == error("09"));
  CHECK(dialogue.ask(wrong_password) == error("09"));
  CHECK(dialogue.ask(right_password) == ack_character);
  CHECK(dialogue.ask(wrong_password) == error("09"));
  CHECK(dialogue.ask(wrong_password) == error("09"));
  CHECK(dialogue.ask(break_message).empty());
  CHECK(dialogue.ask(sign_on) == identification);
  CHECK(dialogue.ask(option('0', '1')) == password_request);
  CHECK(dialogue.ask(wrong_password) == break_message);
}

TEST_CASE(
    "IR: three wrong passwords bar programming for 60 s from the third one's end, not reading") {
  for (const bool over : {false, true}) {
    Dialogue dialogue = locked();
    for (int n = 0; n < 3; ++n) dialogue.ask(wrong_password);
    const Cycle third = dialogue.last.from;
    CHECK(dialogue.ask(sign_on) == identification);
    CHECK(dialogue.ask(option('5', '0')) == "readout");
    // The option that asks for programming ends a clock before the 60 s, or with them.
    dialogue.wait(third + s_60 - reaction_cycles - 5 * gap - dialogue.now);
    CHECK(dialogue.ask(sign_on) == identification);
    dialogue.now = third + s_60 - (over ? 0 : 1) - gap;
    CHECK(dialogue.ask(option('4', '1')) == (over ? password_request : break_message));
    CHECK(dialogue.rate == 4);
    if (!over) check_idle(dialogue);
  }
}

TEST_CASE("IR: the bar is forgotten, and does not come back when the counter has gone round") {
  Dialogue dialogue = locked();
  for (int n = 0; n < 3; ++n) dialogue.ask(wrong_password);
  Cycle deadline = 0;
  REQUIRE(next_deadline(dialogue.session, deadline));
  CHECK(deadline - dialogue.last.from == bar_memory_cycles);
  dialogue.wait(deadline + 1 - dialogue.now);
  CHECK_FALSE(dialogue.session.barred);
  CHECK_FALSE(next_deadline(dialogue.session, deadline));
}

TEST_CASE("IR programming: a wrong BCC is answered by NAK and changes nothing") {
  Dialogue dialogue = unlocked();
  std::string message = command("W1", "1510(25)");
  message.back() = static_cast<char>(message.back() ^ 1);
  CHECK(dialogue.ask(message) == nak_character);
  CHECK(dialogue.writes == 0);
  CHECK(dialogue.session.phase == Phase::unlocked);
  CHECK(dialogue.ask(command("W1", "1510(25)")) == ack_character);
  CHECK(dialogue.settings.lcd_cycle_s == 25);
}

TEST_CASE("IR programming: a wrong BCC of a password is not a wrong password") {
  Dialogue dialogue = locked();
  std::string message = wrong_password;
  message.back() = static_cast<char>(message.back() ^ 1);
  CHECK(dialogue.ask(message) == nak_character);
  CHECK(dialogue.session.wrong_passwords == 0);
}

TEST_CASE("IR programming: a character with wrong parity is answered by NAK and changes nothing") {
  const std::string message = command("W1", "1510(25)");
  for (std::size_t bad = 0; bad < message.size(); ++bad) {
    CAPTURE(bad);
    Dialogue dialogue = unlocked();
    dialogue.now += gap;
    dialogue.hear(message.substr(0, bad));
    dialogue.hear(message.substr(bad, 1), true);
    dialogue.hear(message.substr(bad + 1));
    CHECK(dialogue.end() == nak_character);
    CHECK(dialogue.writes == 0);
  }
}

TEST_CASE("IR programming: noise, or a message that is too long, is answered by NAK") {
  for (const std::string& message : {std::string("x"), sign_on, option('5', '1'),
                                     command("W1", "1510(" + std::string(200, '1') + ")")}) {
    Dialogue dialogue = unlocked();
    CHECK(dialogue.ask(message) == nak_character);
    CHECK(dialogue.session.phase == Phase::unlocked);
  }
}

TEST_CASE("IR programming: three faults in a row are answered by NAK, the fourth by B0") {
  Dialogue dialogue = unlocked();
  for (int n = 0; n < 3; ++n) CHECK(dialogue.ask("x") == nak_character);
  CHECK(dialogue.ask(read_voltage) == voltage);
  for (int n = 0; n < 3; ++n) CHECK(dialogue.ask("x") == nak_character);
  CHECK(dialogue.ask("x") == break_message);
  CHECK(dialogue.rate == 5);
  check_idle(dialogue);
}

TEST_CASE("IR programming: NAK repeats the last answer three times, the fourth is answered by B0") {
  Dialogue dialogue = unlocked();
  CHECK(dialogue.ask(read_voltage) == voltage);
  dialogue.measurements.voltage_V[0] = 231.0;
  for (int n = 0; n < 3; ++n) CHECK(dialogue.ask(nak_character) == voltage);
  CHECK(dialogue.ask(nak_character) == break_message);
  check_idle(dialogue);
}

TEST_CASE(
    "IR programming: a message that pauses for more than 1500 ms is dropped without an answer") {
  for (const Cycle more : {0U, 1U}) {
    Dialogue dialogue = unlocked();
    CHECK(dialogue.ask(read_voltage.substr(0, 5)).empty());
    CHECK(dialogue.wait(ms_1500 + more).empty());
    CHECK(dialogue.ask(read_voltage.substr(5)) == (more == 0 ? voltage : nak_character));
    CHECK(dialogue.ask(read_voltage) == voltage);
  }
}

TEST_CASE("IR programming: the fourth torn message in a row is answered by B0, tr after ta") {
  Dialogue dialogue = unlocked();
  for (int n = 0; n < 3; ++n) {
    CHECK(dialogue.ask("\x01").empty());
    CHECK(dialogue.wait(ms_1500 + 1).empty());
  }
  CHECK(dialogue.ask("\x01").empty());
  const Cycle end = dialogue.now;
  CHECK(dialogue.wait(ms_1500 + 1) == break_message);
  CHECK(dialogue.last.from == end + ms_1500);
  check_idle(dialogue);
}

TEST_CASE("IR programming: after 60 s of silence the meter is idle at 300 Bd, not a clock sooner") {
  for (const bool given : {false, true}) {
    for (const Cycle more : {0U, 1U}) {
      Dialogue dialogue = given ? unlocked() : locked();
      const Phase phase = dialogue.session.phase;
      CHECK(dialogue.wait(s_60 + more).empty());
      CHECK(dialogue.session.phase == (more == 0 ? phase : Phase::idle));
      CHECK(dialogue.session.rate == (more == 0 ? 5 : 0));
    }
  }
}

TEST_CASE("IR programming: B0 and B1 end it without an answer, back at 300 Bd") {
  for (const char* name : {"B0", "B1"}) {
    for (const bool given : {false, true}) {
      Dialogue dialogue = given ? unlocked() : locked();
      CHECK(dialogue.ask(command(name)).empty());
      check_idle(dialogue);
      CHECK(dialogue.ask(sign_on) == identification);
      CHECK(dialogue.ask(option('5', '1')) == password_request);
      CHECK(dialogue.ask(read_voltage) == error("08"));  // the password is to be given anew
    }
  }
}

TEST_CASE("IR programming: commands that are not carried out are error 01") {
  Dialogue dialogue = unlocked();
  for (const char* name : {"P0", "P2", "P3", "W0", "W2", "W3", "W4", "W6", "R0", "R2", "R3", "R4",
                           "R6", "E2", "B2", "B9", "X1", "r1"}) {
    CAPTURE(name);
    CHECK(dialogue.ask(command(name, "1510(25)")) == error("01"));
    CHECK(dialogue.session.phase == Phase::unlocked);
  }
  // A block of several: EOT in place of ETX.
  CHECK(dialogue.ask(tests::with_bcc("\x01W3\x02"
                                     "1510(25)\x04")) == error("01"));
  CHECK(dialogue.writes == 0);
}

TEST_CASE("IR: a break ends every phase without an answer, at 300 Bd") {
  for (Dialogue dialogue : {Dialogue{}, identified(), read_out(), locked(), unlocked()}) {
    dialogue.now += gap;
    dialogue.hear(read_voltage.substr(0, 3));
    dialogue.hear(std::string(1, '\0'), true, true);
    dialogue.hear(read_voltage);
    CHECK(dialogue.end().empty());
    check_idle(dialogue);
    CHECK(dialogue.ask(sign_on) == identification);
  }
}

TEST_CASE("IR: a message may come in pieces, and what follows it in its piece is not looked at") {
  Dialogue dialogue;
  for (const char c : std::string("/?!\r")) CHECK(dialogue.ask(std::string(1, c)).empty());
  CHECK(dialogue.ask("\n") == identification);
  CHECK(dialogue.ask(option('5', '1') + "x") == password_request);
  CHECK(dialogue.ask(right_password + "\r\n") == ack_character);
  CHECK(dialogue.ask(read_voltage + command("W1", "1510(25)")) == voltage);
  CHECK(dialogue.writes == 0);
}

TEST_CASE("IR: only idle waits for ever") {
  Cycle deadline = 0;
  CHECK_FALSE(next_deadline(Dialogue{}.session, deadline));
  for (const Dialogue& dialogue : {identified(), read_out()}) {
    REQUIRE(next_deadline(dialogue.session, deadline));
    CHECK(deadline == dialogue.now + ms_1500);
  }
  for (const Dialogue& dialogue : {locked(), unlocked()}) {
    REQUIRE(next_deadline(dialogue.session, deadline));
    CHECK(deadline == dialogue.now + s_60);
  }
  Dialogue torn;
  torn.ask("/");
  REQUIRE(next_deadline(torn.session, deadline));
  CHECK(deadline == torn.now + ms_1500);
}
