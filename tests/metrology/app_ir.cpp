// The infra-red port of the whole firmware on a stand-in for its microcontroller: when it answers,
// at which rate, how it streams a readout, and what it does while it cannot.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "metrology/app/boot.h"
#include "metrology/app/ir_port.h"
#include "metrology/storage/image.h"
#include "metrology/ui/page_table.h"
#include "tests/metrology/fake_mcu.h"
#include "tests/metrology/firmware_loads.h"
#include "tests/metrology/iec62056_bytes.h"

using namespace metrology;
using hal::MeterVariant;
using tests::ack_character;
using tests::break_message;
using tests::command;
using tests::cycles;
using tests::data_message;
using tests::FakeMcu;
using tests::load;
using tests::nak_character;
using tests::option;
using tests::page_of;
using tests::password_request;
using tests::sign_on;
using tests::steady;
using Sent = std::vector<tests::FakeUart::Transmission>;

namespace {

/// 200 ms, 1500 ms and 60 s in core clocks of 25 165 824 Hz, rounded up.
constexpr std::int64_t reaction = 5'033'165;
constexpr std::int64_t ms_1500 = 37'748'736;
constexpr std::int64_t s_60 = 1'509'949'440;

/// A character of ten bits as the divider of a rate has it: 16 · 25 165 824 / 300 = 1 342 177.28,
/// / 9600 = 41 943.04.
constexpr std::int64_t character_300 = (std::int64_t{10} * 1'342'177 + 8) / 16;
constexpr std::int64_t character_9600 = (std::int64_t{10} * 41'943 + 8) / 16;
constexpr std::int64_t character(int baud) { return baud == 9600 ? character_9600 : character_300; }

const std::string identification = "/INM5PRO380-Mod\r\n";
const std::string right_password = command("P1", "(00000000)");
const std::string wrong_password = command("P1", "(11111111)");

const tests::SampleSource& quiet_load() {
  static const tests::SampleSource source = tests::remembered(steady(load({5.0, 5.0, 5.0}, 25.84)));
  return source;
}

/// A meter with an EEPROM, and a reader whose every word is said at an instant that is known
/// beforehand.
struct IrMeter {
  explicit IrMeter(const hal::ParameterPage& page = page_of(MeterVariant::mod),
                   const tests::SampleSource& samples = quiet_load())
      : IrMeter(page, registers::factory_settings(page), samples) {}
  IrMeter(const hal::ParameterPage& page, const registers::Settings& settings,
          const tests::SampleSource& samples = quiet_load())
      : mcu(page, samples) {
    mcu.back().eeprom.emplace();
    storage::make_image(settings, {}, {}, mcu.back().eeprom->bytes.data());
  }

  /// The end of the last character as the UART's divider has it.
  std::int64_t say(std::int64_t at, const std::string& text, int baud = 300) {
    for (std::size_t n = 0; n < text.size(); ++n) {
      at = mcu.ir_uart().say(at, {static_cast<std::uint8_t>(text[n])}, {baud, 10}) -
           tests::LineFormat{baud, 10}.character_cycles() + character(baud);
    }
    now = at;
    return at;
  }
  /// Says `text` 50 ms after the answer before, and waits for the answer of so many characters.
  /// The end of `text`.
  std::int64_t ask(const std::string& text, std::size_t answer, int baud = 300, int then = 0) {
    const std::int64_t end = say(now + cycles(0.05), text, baud);
    now = end + reaction + static_cast<std::int64_t>(answer) * character(then == 0 ? baud : then);
    return end;
  }
  /// A dialogue up to the meter's answer to `option`.
  void identify(const std::string& name = identification) { ask(sign_on, name.size()); }
  void program() {
    identify();
    ask(option('5', '1'), password_request.size(), 300, 9600);
  }
  void unlock() {
    program();
    ask(right_password, 1, 9600);
  }

  const Sent& run(std::int64_t until) {
    state = mcu.run(until);
    return mcu.ir_uart().sent();
  }
  /// Up to a second after the last thing.
  const Sent& run() { return run(now + cycles(1.0)); }

  FakeMcu mcu;
  app::State state{};
  std::int64_t now = cycles(0.2);
};

std::string text_of(const tests::FakeUart::Transmission& transmission) {
  return tests::text_of(transmission.bytes);
}

bool is_whole_readout(const std::string& text) {
  return text.size() > 100 && text.front() == '\x02' &&
         text == tests::with_bcc(text.substr(0, text.size() - 1)) &&
         text.substr(text.size() - 5, 4) == "!\r\n\x03";
}

}  // namespace

TEST_CASE("IR port: a sign-on is answered at 300 Bd, 200 ms after its end to the core clock") {
  IrMeter meter;
  const std::int64_t end = meter.ask(sign_on, identification.size());
  const Sent& sent = meter.run();
  REQUIRE_FALSE(sent.empty());
  CHECK(text_of(sent[0]) == identification);
  CHECK(sent[0].start == end + reaction);
  CHECK_FALSE(sent[0].late);
  CHECK(sent[0].divider == 1'342'177);
  CHECK(sent[0].control == (hal::uart::control_enable | hal::uart::control_mute |
                            hal::uart::control_seven_bits | hal::uart::control_parity_even));
}

TEST_CASE("IR port: every variant has one and says its name, with a dash for the blank") {
  const struct {
    MeterVariant variant;
    const char* name;
  } variants[] = {{MeterVariant::s, "PRO380-S"},         {MeterVariant::mb, "PRO380-Mb"},
                  {MeterVariant::mod, "PRO380-Mod"},     {MeterVariant::s_ct, "PRO380-S-CT"},
                  {MeterVariant::mb_ct, "PRO380-Mb-CT"}, {MeterVariant::mod_ct, "PRO380-Mod-CT"}};
  for (const auto& v : variants) {
    CAPTURE(v.name);
    IrMeter meter(page_of(v.variant));
    meter.say(cycles(0.2), "/?14501234!\r\n");
    const Sent& sent = meter.run();
    REQUIRE(sent.size() == 1);
    CHECK(text_of(sent[0]) == std::string("/INM5") + v.name + "\r\n");
  }
}

TEST_CASE("IR port: a sign-on to another meter, or with a wrong parity bit, is not answered") {
  IrMeter meter;
  meter.say(cycles(0.2), "/?14501235!\r\n");
  std::int64_t at = cycles(1.0);
  for (std::size_t n = 0; n < sign_on.size(); ++n) {
    at = meter.mcu.ir_uart().say_damaged(at, static_cast<std::uint8_t>(sign_on[n]),
                                         n == 2 ? hal::uart::rx_parity_error : 0U, {300, 10});
  }
  CHECK(meter.run(at + cycles(2.0)).empty());
  CHECK(meter.state.ir.session.phase == iec62056::Phase::idle);
}

TEST_CASE("IR port: wherever a turn of the main loop is when the readout ends, 300 Bd come back") {
  IrMeter first;
  first.identify();
  first.ask(option('5', '0'), 1400, 300, 9600);
  const auto characters = static_cast<std::int64_t>(first.run().at(1).bytes.size());
  // Requests of the debug port keep the loop turning around the end, each time a little sooner.
  for (int n = 0; n < 60; ++n) {
    IrMeter meter;
    meter.identify();
    const std::int64_t option_end = meter.ask(option('5', '0'), 1400, 300, 9600);
    const std::int64_t over = option_end + reaction + characters * character_9600;
    for (std::int64_t at = over - 100'000 - n * 151; at < over + 20'000; at += 9'000) {
      meter.mcu.request({at, hal::MailboxOperation::read_row, 0xF1C4, 0});
    }
    meter.run(over + ms_1500 + cycles(0.2));
    CAPTURE(n);
    CHECK(meter.state.ir.rate == 0);
    CHECK(meter.state.ir.session.phase == iec62056::Phase::idle);
  }
}

TEST_CASE("IR port: the readout comes at the rate chosen, 200 ms after the option, without a gap") {
  IrMeter meter;
  meter.now = cycles(2.5);
  meter.identify();
  const std::int64_t end = meter.ask(option('5', '0'), 1400, 300, 9600);
  const Sent& sent = meter.run();
  REQUIRE(sent.size() == 2);
  CHECK(sent[1].start == end + reaction);
  CHECK(sent[1].divider == 41'943);
  CHECK_FALSE(sent[1].late);
  const std::string text = text_of(sent[1]);
  CHECK(is_whole_readout(text));
  CHECK(text.size() > hal::uart::fifo_size);  // it was streamed
  CHECK(sent[1].end == sent[1].start + static_cast<std::int64_t>(text.size()) * character_9600);
  CHECK(text.find("\r\n0.0.0(14501234)\r\n") != std::string::npos);
  CAPTURE(text);
  CHECK(text.find("\r\n32.7.0(230.0*V)\r\n") != std::string::npos);
}

TEST_CASE("IR port: a readout never waits for text, at every rate and under the heaviest load") {
  // 60 Hz, all outputs pulsing as fast as they can.
  hal::ParameterPage page = page_of(MeterVariant::mod, 1'000'000);
  tests::SixChannels channels = load({80.0, 60.0, 100.0}, 45.0);
  for (auto& channel : channels) {
    for (tests::Tone& tone : channel.tones) tone.frequency_hz = 60.0;
  }
  const tests::SampleSource samples = tests::remembered(steady(channels));
  for (const char rate : {'5', '4'}) {
    for (int shift = 0; shift < 4; ++shift) {
      IrMeter meter(page, samples);
      meter.now += std::int64_t{shift} * 196'608;  // a quarter of a block
      meter.identify();
      meter.ask(option(rate, '0'), 0);
      const Sent& sent = meter.run(meter.now + cycles(3.5));
      REQUIRE(sent.size() == 2);
      CHECK(is_whole_readout(text_of(sent[1])));
    }
  }
}

TEST_CASE("IR port: after a readout NAK brings it again, and 1500 ms later the rate is 300 Bd") {
  IrMeter first;
  first.identify();
  first.ask(option('5', '0'), 0);
  const std::int64_t readout_end = first.run(first.now + cycles(4.0))[1].end;
  CHECK(first.state.ir.session.phase == iec62056::Phase::idle);
  CHECK(first.mcu.ir_uart().divider() == 1'342'177);
  for (const int more : {0, 1}) {
    IrMeter meter;
    meter.identify();
    meter.ask(option('5', '0'), 0);
    const std::int64_t end = meter.say(readout_end + ms_1500 + more, nak_character, 9600);
    const Sent& sent = meter.run(end + cycles(2.5));
    REQUIRE(sent.size() == (more == 0 ? 3 : 2));
    if (more != 0) continue;
    CHECK(sent[2].start == end + reaction);
    CHECK(is_whole_readout(text_of(sent[2])));
  }
}

TEST_CASE(
    "IR port: an option that begins 1500 ms after the identification is heard, a clock later not") {
  for (const int more : {0, 1}) {
    IrMeter meter;
    meter.identify();
    const std::int64_t identified = meter.now;
    const std::int64_t end = meter.say(identified + ms_1500 + more, option('5', '1'));
    const Sent& sent = meter.run(end + cycles(1.0));
    REQUIRE(sent.size() == 2);
    if (more == 0) {
      CHECK(text_of(sent[1]) == password_request);
      CHECK(sent[1].start == end + reaction);
      CHECK(sent[1].divider == 41'943);
    } else {
      CHECK(sent[1].bytes[0] == iec62056::stx);
      CHECK(sent[1].start == identified + ms_1500 + reaction);
      CHECK(sent[1].divider == 1'342'177);
    }
  }
}

TEST_CASE(
    "IR port: without an option the readout begins 1700 ms after the identification, at 300 Bd") {
  IrMeter meter;
  meter.identify();
  const std::int64_t identified = meter.now;
  // About 1350 characters of 33.3 ms.
  const Sent& sent = meter.run(identified + cycles(60.0));
  REQUIRE(sent.size() == 2);
  CHECK(sent[1].start == identified + ms_1500 + reaction);
  CHECK_FALSE(sent[1].late);
  CHECK(is_whole_readout(text_of(sent[1])));
  CHECK(sent[1].end ==
        sent[1].start + static_cast<std::int64_t>(sent[1].bytes.size()) * character_300);
}

TEST_CASE("IR port: programming mode, with every answer 200 ms after what it answers") {
  IrMeter meter;
  meter.identify();
  std::vector<std::int64_t> ends;
  ends.push_back(meter.ask(option('5', '1'), password_request.size(), 300, 9600));
  ends.push_back(meter.ask(right_password, 1, 9600));
  const std::string voltage = data_message("2008(230.0*V)");
  ends.push_back(meter.ask(command("R1", "2008()"), voltage.size(), 9600));
  ends.push_back(meter.ask(command("W1", "1510(25)"), 1, 9600));
  const std::string number = data_message("0.0.0(14501234)");
  ends.push_back(meter.ask(command("R5", "0.0.0()"), number.size(), 9600));
  meter.ask(break_message, 0, 9600);
  const std::int64_t again = meter.ask(sign_on, identification.size());
  const Sent& sent = meter.run();
  REQUIRE(sent.size() >= 7);
  const std::string expected[] = {password_request, ack_character, voltage, ack_character, number};
  for (std::size_t n = 0; n < 5; ++n) {
    CAPTURE(n);
    CHECK(text_of(sent[n + 1]) == expected[n]);
    CHECK(sent[n + 1].start == ends[n] + reaction);
    CHECK(sent[n + 1].divider == 41'943);
  }
  CHECK(text_of(sent[6]) == identification);
  CHECK(sent[6].start == again + reaction);
  CHECK(sent[6].divider == 1'342'177);
  CHECK(meter.state.settings.lcd_cycle_s == 25);
  CHECK(meter.state.storage.settings.lcd_cycle_s == 25);
}

TEST_CASE("IR port: a pause of 1500 ms in a message passes, a clock more drops it") {
  for (const int more : {0, 1}) {
    IrMeter meter;
    meter.unlock();
    const std::string message = command("W1", "1510(25)");
    const std::int64_t end = meter.say(meter.now + cycles(0.05), message.substr(0, 6), 9600);
    meter.say(end + ms_1500 + more, message.substr(6), 9600);
    const Sent& sent = meter.run();
    REQUIRE(sent.size() == 4);
    CHECK(text_of(sent[3]) == (more == 0 ? ack_character : nak_character));
    CHECK(meter.state.settings.lcd_cycle_s == (more == 0 ? 25 : 10));
  }
}

TEST_CASE("IR port: a message that begins 60 s after the last answer is heard, a clock later not") {
  for (const int more : {0, 1}) {
    IrMeter meter;
    meter.unlock();
    const std::int64_t end = meter.say(meter.now + s_60 + more, command("R1", "1510()"), 9600);
    meter.now += cycles(0.5);
    if (more == 1) meter.identify();  // at 300 Bd
    const Sent& sent = meter.run(meter.now + cycles(0.5));
    REQUIRE(sent.size() == 4);
    if (more == 0) {
      CHECK(sent[3].start == end + reaction);
    } else {
      CHECK(text_of(sent[3]) == identification);
      CHECK(sent[3].start > end + cycles(0.5));
    }
  }
}

TEST_CASE("IR port: after 60 s of silence alone the rate is 300 Bd again") {
  IrMeter meter;
  meter.unlock();
  CHECK(meter.run(meter.now + s_60).size() == 3);
  CHECK(meter.mcu.ir_uart().divider() == 41'943);
  IrMeter later;
  later.unlock();
  // A character, a tick and a turn of the main loop of at most 12 ms later.
  later.run(later.now + s_60 + character_9600 + std::int64_t{2} * hal::rtc::core_cycles_per_tick +
            cycles(0.012));
  CHECK(later.mcu.ir_uart().divider() == 1'342'177);
  CHECK(later.state.ir.session.phase == iec62056::Phase::idle);
  CHECK_FALSE(later.state.ir.timed);
}

TEST_CASE("IR port: three wrong passwords bar programming, up to a clock before 60 s are over") {
  for (const int before : {0, 1}) {
    IrMeter meter;
    meter.program();
    const std::string wrong = data_message("(ER09)");
    meter.ask(wrong_password, wrong.size(), 9600);
    meter.ask(wrong_password, wrong.size(), 9600);
    const std::int64_t third = meter.ask(wrong_password, break_message.size(), 9600);
    const std::int64_t last = third + s_60 - before - std::int64_t{6} * character_300;
    const auto dialogue = static_cast<std::int64_t>(sign_on.size() + identification.size());
    meter.now = last - dialogue * character_300 - reaction - cycles(0.5);
    meter.identify();
    meter.say(last, option('0', '1'));
    const Sent& sent = meter.run();
    REQUIRE(sent.size() == 7);
    CHECK(text_of(sent[2]) == wrong);
    CHECK(text_of(sent[3]) == wrong);
    CHECK(text_of(sent[4]) == break_message);
    CHECK(sent[4].start == third + reaction);
    CHECK(text_of(sent[6]) == (before == 0 ? password_request : break_message));
    CHECK(sent[6].start == third + s_60 - before + reaction);
  }
}

TEST_CASE("IR port: a new password survives a reset, and then the old one is wrong") {
  IrMeter meter;
  meter.unlock();
  meter.ask(command("W1", "1700(12345678)"), 1, 9600);
  meter.run();
  CHECK(text_of(meter.mcu.ir_uart().sent().back()) == ack_character);
  meter.now = meter.mcu.now() + cycles(0.5);
  meter.program();
  const std::string wrong = data_message("(ER09)");
  meter.ask(right_password, wrong.size(), 9600);
  meter.ask(command("P1", "(12345678)"), 1, 9600);
  const Sent& sent = meter.run();
  REQUIRE(sent.size() == 8);
  CHECK(text_of(sent[6]) == wrong);
  CHECK(text_of(sent[7]) == ack_character);
  CHECK(meter.state.settings.ir_password == 0x12345678);
}

TEST_CASE("A serial number of no digits, stored or of the parameter page, gives the default") {
  hal::ParameterPage page = page_of(MeterVariant::mb);
  registers::Settings settings = registers::factory_settings(page);
  settings.serial_bcd = 0xFFFF'FFFF;
  IrMeter meter(page, settings);
  meter.run(cycles(0.1));
  CHECK(meter.state.settings.serial_bcd == page.serial_lo);

  page.serial_lo = 0x1450'000A;
  CHECK(app::usable_page(page).serial_lo == 0x1450'0001);
}

TEST_CASE("IR port: a stored password of no digits and a mask beyond P67 give what can be") {
  registers::Settings settings = registers::factory_settings(page_of(MeterVariant::mod));
  settings.ir_password = 0x1234567A;
  settings.scroll_mask[8] = 0xFF;
  IrMeter meter(page_of(MeterVariant::mod), settings);
  meter.run(cycles(0.1));
  CHECK(meter.state.settings.ir_password == 0);
  CHECK(meter.state.settings.scroll_mask[8] == 0x07);
}

TEST_CASE(
    "The debug port writes the infra-red password, and reads it as little as any other port") {
  using hal::MailboxOperation;
  using hal::MailboxReply;
  IrMeter meter;
  meter.mcu.request({cycles(0.2), MailboxOperation::read_row, 0x1700, 0});
  meter.mcu.request({cycles(0.3), MailboxOperation::read_raw, 0x1700, 0});
  meter.mcu.request({cycles(0.4), MailboxOperation::write_row, 0x1700, 0x12345678});
  meter.mcu.request({cycles(0.5), MailboxOperation::read_row, 0x1600, 0});
  meter.run(cycles(0.6));
  REQUIRE(meter.mcu.replies().size() == 4);
  CHECK(meter.mcu.replies()[0].status == MailboxReply::no_such_row);
  CHECK(meter.mcu.replies()[1].status == MailboxReply::no_such_row);
  CHECK(meter.mcu.replies()[2].status == MailboxReply::ok);
  CHECK(meter.state.settings.ir_password == 0x12345678);
  CHECK(meter.mcu.replies()[3].words[0] == 0x93000000);
  CHECK(meter.mcu.replies()[3].words[2] == 0x01000000);
}

TEST_CASE("IR port: a new serial number of an Mb meter is its address at once") {
  IrMeter meter(page_of(MeterVariant::mb));
  meter.identify("/INM5PRO380-Mb\r\n");
  meter.ask(option('5', '1'), password_request.size(), 300, 9600);
  meter.ask(right_password, 1, 9600);
  meter.ask(command("W1", "1000(00000042)"), 1, 9600);
  meter.ask(break_message, 0, 9600);
  meter.say(meter.now + cycles(0.05), "/?14501234!\r\n");
  meter.say(meter.now + cycles(0.5), "/?42!\r\n");
  const Sent& sent = meter.run();
  REQUIRE(sent.size() == 5);
  CHECK(text_of(sent[3]) == ack_character);
  CHECK(meter.state.storage.settings.serial_bcd == 0x00000042);
}

TEST_CASE("IR port: a new mask is what scrolls from the next page on") {
  IrMeter meter;
  meter.unlock();
  // P38 and P40 alone: bits 37 and 39 are bits 5 and 7 of byte 4.
  meter.ask(command("W1", "1600(00000000A000000000)"), 1, 9600);
  // P01 stands from 2 s to 12 s.
  meter.run(cycles(11.9));
  CHECK(meter.state.panel.view.page == 1);
  IrMeter later;
  later.unlock();
  later.ask(command("W1", "1600(00000000A000000000)"), 1, 9600);
  later.run(cycles(12.2));
  CHECK(later.state.panel.view.page == 38);
}

TEST_CASE("IR port: what the EEPROM could not keep is error 07, and nothing changes") {
  IrMeter meter;
  meter.mcu.back().eeprom.reset();
  meter.unlock();
  const std::string refused = data_message("(ER07)");
  meter.ask(command("W1", "1510(25)"), refused.size(), 9600);
  meter.ask(command("W1", "1700(12345678)"), refused.size(), 9600);
  meter.ask(command("W1", "1510(10)"), 1, 9600);  // held already
  const Sent& sent = meter.run();
  REQUIRE(sent.size() == 6);
  CHECK(text_of(sent[3]) == refused);
  CHECK(text_of(sent[4]) == refused);
  CHECK(text_of(sent[5]) == ack_character);
  CHECK(meter.state.settings == registers::factory_settings(page_of(MeterVariant::mod)));
}

TEST_CASE("IR port: a break ends the dialogue, and a sign-on is heard at 300 Bd") {
  IrMeter meter;
  meter.unlock();
  const std::int64_t end = meter.mcu.ir_uart().say_damaged(
      meter.now + cycles(0.05), 0, hal::uart::rx_break | hal::uart::rx_framing_error, {9600, 10});
  meter.now = end + cycles(0.3);
  meter.identify();
  const Sent& sent = meter.run(meter.now + cycles(0.5));
  REQUIRE(sent.size() == 4);
  CHECK(text_of(sent[3]) == identification);
}

TEST_CASE(
    "IR port: a sign-on at 300 Bd while the meter speaks 9600 Bd is rubbish and changes nothing") {
  IrMeter meter;
  meter.unlock();
  meter.say(meter.now + cycles(0.05), sign_on);
  meter.now += reaction + character_9600;
  const std::string value = data_message("1510(10)");
  meter.ask(command("R1", "1510()"), value.size(), 9600);
  const Sent& sent = meter.run(meter.now + cycles(0.5));
  REQUIRE(sent.size() == 5);
  CHECK(text_of(sent[3]) == nak_character);
  CHECK(text_of(sent[4]) == value);
}

TEST_CASE("IR port: what is said between a message and the end of its answer is not heard") {
  IrMeter meter;
  meter.unlock();
  const std::int64_t end = meter.say(meter.now + cycles(0.05), command("R1", "1510()"), 9600);
  meter.say(end + cycles(0.15), command("W1", "1510(25)"), 9600);
  meter.now = end + reaction + 14 * character_9600 + cycles(0.1);
  const std::int64_t second = meter.ask(command("R1", "1510()"), 14, 9600);
  const Sent& sent = meter.run(meter.now + cycles(0.5));
  REQUIRE(sent.size() == 5);
  CHECK(sent[3].start == end + reaction);
  CHECK(text_of(sent[4]) == data_message("1510(10)"));
  CHECK(sent[4].start == second + reaction);
}

TEST_CASE("IR port: a message may come in pieces, and its answer counts from the last one's end") {
  IrMeter meter;
  std::int64_t end = cycles(0.2);
  for (const char c : sign_on) end = meter.say(end + cycles(0.35), std::string(1, c));
  const Sent& sent = meter.run();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].start == end + reaction);
}

TEST_CASE("IR port: a flood longer than the FIFO is dropped, and what follows is heard") {
  IrMeter meter;
  meter.unlock();
  meter.say(meter.now + cycles(0.05), std::string(700, 'x'), 9600);
  meter.now += reaction + character_9600;
  const std::string value = data_message("1510(10)");
  meter.ask(command("R1", "1510()"), value.size(), 9600);
  const Sent& sent = meter.run(meter.now + cycles(0.5));
  REQUIRE(sent.size() == 5);
  CHECK(text_of(sent[3]) == nak_character);
  CHECK(text_of(sent[4]) == value);
}

TEST_CASE("IR port: nothing is answered before the counters are loaded") {
  IrMeter meter;
  meter.say(cycles(0.001), "/");
  meter.say(cycles(0.3), sign_on);
  const Sent& sent = meter.run();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].start > cycles(0.4));
}

TEST_CASE(
    "IR port: a brown-out cuts the answer and ends the dialogue, and mains open the port again") {
  constexpr std::uint32_t all_well = hal::power::state_mains | hal::power::state_charged;
  IrMeter meter;
  meter.identify();
  const std::int64_t end = meter.ask(option('5', '0'), 0);
  meter.mcu.back().supply(end + reaction + cycles(0.3), hal::power::state_charged);
  meter.mcu.back().supply(end + cycles(1.0), all_well);
  meter.say(end + cycles(0.8), "/");  // nobody hears it
  meter.now = end + cycles(1.5);
  meter.identify();
  const Sent& sent = meter.run(meter.now + cycles(0.5));
  REQUIRE(sent.size() == 3);
  CHECK(sent[1].cut);
  CHECK(sent[1].end < end + reaction + cycles(0.32));
  CHECK(text_of(sent[2]) == identification);
}

TEST_CASE("IR port: while nothing comes it costs nothing") {
  IrMeter meter;
  CHECK(meter.run(cycles(2.0)).empty());
  CHECK(meter.mcu.ir_uart().taken() == 0);
  CHECK_FALSE(meter.state.ir.timed);
  CHECK_FALSE(meter.state.timers.running[static_cast<int>(app::Timer::ir)]);
}
