// The Modbus port of the whole firmware on a stand-in for its microcontroller: when it answers, at
// which settings, and what it does while it cannot.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "metrology/app/charges.h"
#include "metrology/app/modbus_port.h"
#include "metrology/storage/image.h"
#include "tests/metrology/fake_mcu.h"
#include "tests/metrology/firmware_loads.h"
#include "tests/metrology/iec62056_bytes.h"
#include "tests/metrology/modbus_bytes.h"

using namespace metrology;
using hal::MailboxOperation;
using tests::Bytes;
using tests::cycles;
using tests::exception;
using tests::FakeMcu;
using tests::hex;
using tests::LineFormat;
using tests::load;
using tests::page_of;
using tests::read_request;
using tests::sealed;
using tests::steady;
using tests::write_many;
using tests::write_one;

namespace {

constexpr int all_bauds[] = {9600, 4800, 2400, 1200, 600, 300};

/// 20 ms in core clocks, rounded up: 0.02 · 25 165 824 = 503 316.48.
constexpr std::int64_t default_reply = 503'317;

/// A character at 9600 Bd as the divider of 41 943/16 clocks a bit has it.
constexpr std::int64_t character_cycles = (std::int64_t{11} * 41'943 + 8) / 16;

const tests::SampleSource& quiet_load() {
  static const tests::SampleSource source = tests::remembered(steady(load({5.0, 5.0, 5.0}, 25.84)));
  return source;
}

registers::Settings settings_of(const hal::ParameterPage& page) {
  return registers::factory_settings(page);
}

/// A meter with an EEPROM that holds `settings`: it answers from about 30 ms after power-up on.
struct BusMeter {
  explicit BusMeter(const hal::ParameterPage& page_in = page_of(hal::MeterVariant::mod))
      : BusMeter(page_in, settings_of(page_in)) {}
  BusMeter(const hal::ParameterPage& page_in, const registers::Settings& settings)
      : mcu(page_in, quiet_load()) {
    mcu.back().eeprom.emplace();
    storage::make_image(settings, {}, {}, mcu.back().eeprom->bytes.data());
  }

  /// The request's end.
  std::int64_t ask(double at_s, const Bytes& bytes, LineFormat format = {}) {
    return mcu.uart().say(cycles(at_s), bytes, format);
  }
  const std::vector<tests::FakeUart::Transmission>& run(double until_s) {
    state = mcu.run(cycles(until_s));
    return mcu.uart().sent();
  }

  FakeMcu mcu;
  app::State state{};
};

hal::ParameterPage second_generation() {
  hal::ParameterPage page = page_of(hal::MeterVariant::mod);
  page.firmware = 2;
  return page;
}

/// ceil(half_bits / 2 bit times) in core clocks, in exact integers.
std::int64_t half_bits(std::int64_t half_bits, std::int64_t baud) {
  return (half_bits * 25'165'824 + 2 * baud - 1) / (2 * baud);
}

}  // namespace

TEST_CASE("A request is answered 20 ms after its end, to the core clock") {
  BusMeter meter;
  const std::int64_t end = meter.ask(1.3, hex("01 03 10 00 00 02 C0 CB"));
  const auto& sent = meter.run(1.5);
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].bytes == sealed("01 03 04 14 50 12 34"));
  CHECK(sent[0].start == end + default_reply);
  CHECK_FALSE(sent[0].late);
  // The driver is on one bit before: 25 165 824 / 9600 = 2621.44, rounded up.
  CHECK(sent[0].start - sent[0].driver_on == 2622);
  CHECK_FALSE(meter.state.modbus.line.answering);
}

TEST_CASE("Divider, t1.5 and t3.5 are the line's, at every baud rate with and without parity") {
  for (const int baud : all_bauds) {
    for (const bool parity : {true, false}) {
      CAPTURE(baud, parity);
      hal::ParameterPage page = second_generation();
      registers::Settings settings = settings_of(page);
      settings.baud = static_cast<std::uint16_t>(baud);
      settings.parity = parity ? registers::Parity::even : registers::Parity::none;
      BusMeter meter(page, settings);
      meter.run(0.1);
      const tests::FakeUart& uart = meter.mcu.uart();
      CHECK(uart.divider() == std::lround(16 * 25'165'824.0 / baud));
      CHECK(uart.gap() == half_bits(parity ? 33 : 30, baud));
      CHECK(uart.idle() == half_bits(parity ? 77 : 70, baud));
      CHECK(uart.control() == (hal::uart::control_enable | hal::uart::control_mute |
                               (parity ? hal::uart::control_parity_even : 0U)));
    }
  }
}

TEST_CASE("At every baud rate the answer comes after 20 ms, or t3.5 and the allowance") {
  for (const int baud : all_bauds) {
    CAPTURE(baud);
    const hal::ParameterPage page = page_of(hal::MeterVariant::mod);
    registers::Settings settings = settings_of(page);
    settings.baud = static_cast<std::uint16_t>(baud);
    BusMeter meter(page, settings);
    const std::int64_t end = meter.ask(0.5, read_request(1, 0x2008, 2), {baud, 11});
    const auto& sent = meter.run(2.0);
    REQUIRE(sent.size() == 1);
    const std::int64_t least = half_bits(77, baud) + app::processing_allowance_cycles;
    const std::int64_t wanted = least > default_reply ? least : default_reply;
    // The request's end is where the UART's divider has it: within a clock a character.
    CHECK(std::abs(sent[0].start - end - wanted) <= 8);
    CHECK_FALSE(sent[0].late);
  }
  // 9600: 100 926 + 400 000 < 503 317. The default holds to the clock.
  CHECK(half_bits(77, 9600) + app::processing_allowance_cycles < default_reply);
}

TEST_CASE("The reply delay is the parameter page's, never less than what the firmware needs") {
  for (const std::uint32_t delay_ms : {1U, 19U, 20U, 21U, 100U, 1000U}) {
    CAPTURE(delay_ms);
    hal::ParameterPage page = page_of(hal::MeterVariant::mod);
    page.reply_delay_ms = delay_ms;
    BusMeter meter(page);
    const std::int64_t end = meter.ask(0.5, read_request(1, 0x2008, 2));
    const auto& sent = meter.run(2.0);
    REQUIRE(sent.size() == 1);
    const auto asked = static_cast<std::int64_t>(std::ceil(delay_ms * 25'165.824));
    const std::int64_t least = half_bits(77, 9600) + app::processing_allowance_cycles;
    CHECK(sent[0].start - end == std::max(asked, least));
  }
}

TEST_CASE("A gap of t1.5 inside a frame passes, one core clock more tears it, at every baud rate") {
  const Bytes request = read_request(1, 0x2008, 2);
  for (const int baud : all_bauds) {
    CAPTURE(baud);
    const hal::ParameterPage page = page_of(hal::MeterVariant::mod);
    registers::Settings settings = settings_of(page);
    settings.baud = static_cast<std::uint16_t>(baud);
    for (const int more : {0, 1}) {
      BusMeter meter(page, settings);
      tests::FakeUart& uart = meter.mcu.uart();
      const LineFormat format{baud, 11};
      std::int64_t at = cycles(0.5);
      at = uart.say(at, Bytes(request.begin(), request.begin() + 3), format);
      // From the end of the stop bit as the divider has it to the next start edge.
      const std::int64_t divider = std::lround(16 * 25'165'824.0 / baud);
      const std::int64_t character = (11 * divider + 8) / 16;
      const std::int64_t end = at - format.character_cycles() + character;
      uart.say(end + half_bits(33, baud) + more, Bytes(request.begin() + 3, request.end()), format);
      CHECK(meter.run(2.0).size() == (more == 0 ? 1U : 0U));
    }
  }
}

TEST_CASE("t3.5 of silence parts two frames, a core clock less makes one of them that is dropped") {
  // Another meter's short answer, then a request to this one.
  const Bytes other = sealed("02 06 10 18 00 03");
  for (const int less : {0, 1}) {
    BusMeter meter;
    const LineFormat format{};
    std::int64_t end = meter.ask(0.5, other);
    end += character_cycles - format.character_cycles();
    // More than t3.5: the limit and one clock.
    meter.mcu.uart().say(end + half_bits(77, 9600) + 1 - less, read_request(1, 0x2008, 2));
    CHECK(meter.run(1.0).size() == (less == 0 ? 1U : 0U));
  }
}

TEST_CASE("A new ID is acknowledged by the old one and then holds") {
  BusMeter meter;
  meter.ask(0.5, hex("01 06 10 18 00 02 8C CC"));
  meter.ask(0.6, read_request(1, 0x1018, 1));
  meter.ask(0.7, read_request(2, 0x1018, 1));
  const auto& sent = meter.run(1.0);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].bytes == hex("01 06 10 18 00 02 8C CC"));
  CHECK(sent[1].bytes == sealed("02 03 02 00 02"));
  CHECK(meter.state.storage.settings.meter_id == 2);
}

TEST_CASE("A new baud rate is acknowledged at the old one and holds from the answer's end on") {
  BusMeter meter;
  const std::int64_t end = meter.ask(0.5, write_one(1, 0x1020, 2400));
  // The answer's 8 characters, then at once t3.5 at the new rate and the next request.
  const std::int64_t sent_by = end + default_reply + 8 * character_cycles;
  meter.mcu.uart().say(sent_by + half_bits(77, 2400) + 500, read_request(1, 0x1020, 1), {2400, 11});
  meter.ask(0.8, read_request(1, 0x1020, 1));  // the old rate is rubbish now
  const auto& sent = meter.run(1.0);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].divider == 41'943);
  CHECK(sent[0].bytes == write_one(1, 0x1020, 2400));
  CHECK(sent[1].divider == 167'772);  // 16 · 25 165 824 / 2400 = 167 772.16
  CHECK(sent[1].bytes == sealed("01 03 02 09 60"));
}

TEST_CASE("A new parity is acknowledged at the old one and then holds") {
  BusMeter meter(second_generation());
  meter.ask(0.5, write_one(1, 0x4011, 2));
  meter.ask(0.6, read_request(1, 0x4011, 1));
  meter.ask(0.7, read_request(1, 0x4011, 1), {9600, 10});
  const auto& sent = meter.run(1.0);
  REQUIRE(sent.size() == 2);
  CHECK((sent[0].control & hal::uart::control_parity_even) != 0);
  CHECK((sent[1].control & hal::uart::control_parity_even) == 0);
  CHECK(sent[1].bytes == sealed("01 03 02 00 02"));
}

TEST_CASE("Settings survive a reset, parity too") {
  BusMeter meter(second_generation());
  meter.ask(0.5, write_one(1, 0x4003, 17));
  meter.ask(0.6, write_one(17, 0x4004, 1200));
  meter.ask(0.8, write_one(17, 0x4011, 2), {1200, 11});
  meter.run(2.0);
  CHECK(meter.mcu.uart().sent().size() == 3);
  meter.mcu.uart().say(meter.mcu.now() + cycles(0.5), read_request(17, 0x4003, 2), {1200, 10});
  meter.run(4.0);
  REQUIRE(meter.mcu.uart().sent().size() == 4);
  CHECK(meter.mcu.uart().sent()[3].bytes == sealed("11 03 04 00 11 04 B0"));
}

TEST_CASE("What another port changes holds at once on a silent line, else after the exchange") {
  BusMeter meter;
  FakeMcu& mcu = meter.mcu;
  mcu.request({cycles(0.4), MailboxOperation::write_row, 0x1018, 7U << 16U});
  meter.ask(0.5, read_request(7, 0x1018, 1));
  // Between a request and its answer.
  const std::int64_t end = meter.ask(0.6, read_request(7, 0x1018, 1));
  mcu.request({end + cycles(0.012), MailboxOperation::write_row, 0x1018, 9U << 16U});
  mcu.request({end + cycles(0.013), MailboxOperation::write_row, 0x1020, 4800U << 16U});
  meter.ask(0.7, read_request(9, 0x1018, 1), {4800, 11});
  // In the middle of a frame, which is still heard.
  const std::int64_t begin = cycles(0.9);
  mcu.request({begin + cycles(0.008), MailboxOperation::write_row, 0x1018, 11U << 16U});
  mcu.uart().say(begin, read_request(9, 0x1020, 1), {4800, 11});
  meter.ask(1.1, read_request(11, 0x1020, 1), {4800, 11});
  const auto& sent = meter.run(1.5);
  REQUIRE(sent.size() == 5);
  CHECK(sent[0].bytes == sealed("07 03 02 00 07"));
  CHECK(sent[1].bytes[0] == 7);
  CHECK(sent[1].divider == 41'943);
  CHECK(sent[2].bytes == sealed("09 03 02 00 09"));
  CHECK(sent[2].divider == 83'886);
  CHECK(sent[3].bytes == sealed("09 03 02 12 C0"));
  CHECK(sent[4].bytes == sealed("0B 03 02 12 C0"));
}

TEST_CASE("Nothing is answered before the counters are loaded, and the port opens then") {
  BusMeter meter;
  meter.ask(0.001, read_request(1, 0x3000, 2));
  meter.ask(0.1, read_request(1, 0x3000, 2));
  const auto& sent = meter.run(0.3);
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].start > cycles(0.1));
}

TEST_CASE(
    "A broadcast write is carried out in silence, a broadcast read answered with the own ID") {
  registers::Settings settings = settings_of(page_of(hal::MeterVariant::mod));
  settings.meter_id = 33;
  BusMeter meter(page_of(hal::MeterVariant::mod), settings);
  meter.ask(0.5, write_one(0, 0x2200, 2));
  meter.ask(0.6, read_request(0, 0x2200, 1));
  meter.ask(0.7, hex("00 06 10 20 25 80 96 21"));  // 9600, which it has
  meter.ask(0.8, write_one(0, 0x1020, 4800));
  meter.ask(1.0, read_request(33, 0x1020, 1), {4800, 11});
  const auto& sent = meter.run(1.5);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].bytes == sealed("21 03 02 00 02"));
  CHECK(sent[1].bytes == sealed("21 03 02 12 C0"));
}

TEST_CASE("S meters leave the UART alone") {
  for (const hal::MeterVariant variant : {hal::MeterVariant::s, hal::MeterVariant::s_ct}) {
    BusMeter meter(page_of(variant));
    meter.ask(0.5, read_request(1, 0x2008, 2));
    CHECK(meter.run(0.8).empty());
    CHECK_FALSE(meter.mcu.uart().is_enabled());
  }
}

TEST_CASE("Mb meters do not answer Modbus, and Mod meters not M-Bus") {
  for (const hal::MeterVariant variant :
       {hal::MeterVariant::mb, hal::MeterVariant::mod, hal::MeterVariant::mb_ct}) {
    BusMeter meter(page_of(variant));
    meter.ask(0.5, hal::has_mbus(variant) ? read_request(1, 0x2008, 2) : hex("10 40 01 41 16"));
    CHECK(meter.run(0.8).empty());
    CHECK(meter.mcu.uart().is_enabled());
  }
}

TEST_CASE("Of a frame for someone else, of rubbish and of damaged characters nothing is answered") {
  BusMeter meter;
  tests::FakeUart& uart = meter.mcu.uart();
  meter.ask(0.50, read_request(2, 0x2008, 2));
  meter.ask(0.55, sealed("02 03 04 43 66 00 00"));  // another slave's answer
  Bytes wrong = read_request(1, 0x2008, 2);
  wrong.back() ^= 1;
  meter.ask(0.60, wrong);
  meter.ask(0.65, Bytes(300, 0x01));
  meter.ask(1.10, hex("01"));
  std::int64_t at = cycles(1.15);
  const Bytes request = read_request(1, 0x2008, 2);
  for (std::size_t n = 0; n < request.size(); ++n) {
    at = uart.say_damaged(at, request[n], n == 4 ? hal::uart::rx_parity_error : 0U);
  }
  meter.ask(1.20, read_request(1, 0x2008, 2));
  const auto& sent = meter.run(1.5);
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].start > cycles(1.2));
}

TEST_CASE("A frame that follows another at t3.5 is heard while the first one still waits") {
  // At 9600 Bd a single character and t3.5 take 5.2 ms, a busy main loop more than that.
  for (int n = 0; n < 60; ++n) {
    BusMeter meter;
    std::int64_t at = cycles(0.5) + std::int64_t{13'107} * n;  // across a block's 31.25 ms
    for (int noise = 0; noise < 2; ++noise) at = meter.mcu.uart().say(at, {0x55}) + 101'000;
    const std::int64_t end = meter.mcu.uart().say(at, read_request(1, 0x2008, 2));
    const auto& sent = meter.run(0.7);
    REQUIRE(sent.size() == 1);
    REQUIRE(sent[0].start == end + default_reply);
  }
}

TEST_CASE("What comes between a request and the end of its answer is not heard") {
  BusMeter meter;
  const std::int64_t end = meter.ask(0.5, read_request(1, 0x2008, 2));
  meter.mcu.uart().say(end + 102'000, write_one(1, 0x1018, 5));
  const std::int64_t answered = end + default_reply + 9 * character_cycles;
  meter.mcu.uart().say(answered + half_bits(77, 9600) + 1, read_request(1, 0x1018, 1));
  const auto& sent = meter.run(1.0);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].start == end + default_reply);
  CHECK(sent[1].bytes == sealed("01 03 02 00 01"));
}

TEST_CASE("A frame end that is told late, without characters, does not end the next frame") {
  // Old exceptions take two characters, less than t3.5: the end of what was said right before one
  // is told after it, and a busy main loop learns of it in the middle of the next request.
  hal::ParameterPage page = page_of(hal::MeterVariant::mod);
  page.legacy_exceptions = 1;
  for (int n = 0; n < 60; ++n) {
    BusMeter meter(page);
    const std::int64_t end =
        meter.mcu.uart().say(cycles(0.5) + std::int64_t{13'107} * n, sealed("01 01"));
    meter.mcu.uart().say(end + default_reply - 2622 - character_cycles - 1, {0x55});
    const std::int64_t answered = end + default_reply + 2 * character_cycles;
    meter.mcu.uart().say(answered + half_bits(77, 9600) + 1, read_request(1, 0x1018, 1));
    const auto& sent = meter.run(0.7);
    REQUIRE(sent.size() == 2);
    REQUIRE(sent[0].bytes == hex("81 01"));
    REQUIRE(sent[1].bytes == sealed("01 03 02 00 01"));
  }
}

TEST_CASE("Old firmware's exceptions have two bytes, and only with its parameter") {
  for (const bool legacy : {false, true}) {
    hal::ParameterPage page = page_of(hal::MeterVariant::mod);
    page.legacy_exceptions = legacy ? 1 : 0;
    BusMeter meter(page);
    meter.ask(0.5, read_request(1, 0x2009, 2));
    const auto& sent = meter.run(0.8);
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].bytes == (legacy ? hex("83 02") : hex("01 83 02 C0 F1")));
  }
}

TEST_CASE("What the EEPROM could not keep is refused with exception 04, and nothing changes") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), quiet_load());  // without an EEPROM
  mcu.uart().say(cycles(0.50), write_one(1, 0x1018, 2));
  mcu.uart().say(cycles(0.55), write_one(1, 0x1018, 1));   // held already
  mcu.uart().say(cycles(0.60), write_one(1, 0x1018, 0));   // the value is judged first
  mcu.uart().say(cycles(0.65), write_one(1, 0x2200, 12));  // saves nothing
  mcu.uart().say(cycles(0.70), write_one(1, 0x2200, 2));
  mcu.uart().say(cycles(0.75), write_many(1, 0x1066, {0x42C8, 0}));
  const app::State state = mcu.run(cycles(1.0));
  const auto& sent = mcu.uart().sent();
  REQUIRE(sent.size() == 6);
  CHECK(sent[0].bytes == exception(1, 0x06, 4));
  CHECK(sent[1].bytes == write_one(1, 0x1018, 1));
  CHECK(sent[2].bytes == exception(1, 0x06, 3));
  CHECK(sent[3].bytes == write_one(1, 0x2200, 12));
  CHECK(sent[4].bytes == exception(1, 0x06, 4));
  CHECK(sent[5].bytes == exception(1, 0x10, 4));
  CHECK(state.settings == settings_of(page_of(hal::MeterVariant::mod)));
}

TEST_CASE("A brown-out closes the port: an armed answer is cut, what follows is heard again") {
  constexpr std::uint32_t all_well = hal::power::state_mains | hal::power::state_charged;
  BusMeter meter;
  FakeMcu& mcu = meter.mcu;
  const std::int64_t first = meter.ask(0.5, read_request(1, 0x2008, 2));
  mcu.back().supply(first + cycles(0.015), hal::power::state_charged);
  meter.ask(0.6, read_request(1, 0x2008, 2));  // nobody hears it
  mcu.back().supply(cycles(0.7), all_well);
  const std::int64_t second = meter.ask(0.8, read_request(1, 0x2008, 2));
  // … and one that is being sent.
  mcu.back().supply(second + default_reply + 50'000, hal::power::state_charged);
  mcu.back().supply(cycles(1.0), all_well);
  meter.ask(1.1, read_request(1, 0x2008, 2));
  const auto& sent = meter.run(1.3);
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].cut);
  CHECK(sent[0].end < sent[0].start);  // not a bit of it was sent
  CHECK(sent[1].cut);
  CHECK(sent[1].end < sent[1].start + 400'000);
  CHECK_FALSE(sent[2].cut);
  CHECK(sent[2].start > cycles(1.1));
}

TEST_CASE("The wait for the main loop and the longest request stay below the allowance") {
  // All that can keep the CPU busy: 60 Hz (two windows in most blocks), all outputs pulsing as fast
  // as they can, debug requests, a tariff that changes, and a look at the program each minute …
  hal::ParameterPage page = second_generation();
  page.s0_rate_centi = 1'000'000;
  tests::SixChannels channels = load({80.0, 60.0, 100.0}, 45.0);
  for (auto& channel : channels) {
    for (tests::Tone& tone : channel.tones) tone.frequency_hz = 60.0;
  }
  FakeMcu mcu(page, tests::remembered(steady(channels)));
  registers::Settings settings = settings_of(page);
  mcu.back().eeprom.emplace();
  storage::make_image(settings, {}, {}, mcu.back().eeprom->bytes.data());
  std::vector<std::int64_t> ends;
  constexpr std::int64_t until = 62 * hal::core_hz;
  std::int64_t at = cycles(0.5);
  for (int n = 0; at < until; ++n) {
    const bool longest = n % 8 == 0;
    ends.push_back(mcu.uart().say(at, read_request(1, 0x6000, longest ? 75 : 2)));
    mcu.request({ends.back() + 100'000, MailboxOperation::write_row, 0x2200,
                 static_cast<std::uint32_t>(1 + n % 2) << 16U});
    // Through all phases of a block: 786 432 clocks.
    at += cycles(longest ? 0.22 : 0.045) + 7'919;
  }
  // … and infra-red readouts, of 1.5 s at 9600 Bd.
  const tests::Bytes sign_on = tests::bytes_of(tests::sign_on);
  const tests::Bytes option = tests::bytes_of(tests::option('5', '0'));
  for (std::int64_t ir = cycles(0.6); ir + cycles(6.0) < until; ir += cycles(5.01)) {
    mcu.ir_uart().say(ir, sign_on, {300, 10});
    mcu.ir_uart().say(ir + cycles(1.1), option, {300, 10});
  }
  mcu.run(until);
  CHECK(mcu.ir_uart().sent().size() == 24);
  std::int64_t worst[2] = {};
  const auto& sent = mcu.uart().sent();
  REQUIRE(sent.size() + 1 >= ends.size());
  for (std::size_t n = 0; n < sent.size(); ++n) {
    REQUIRE_FALSE(sent[n].late);
    REQUIRE(sent[n].start == ends[n] + default_reply);
    std::int64_t& slowest = worst[n % 8 == 0 ? 1 : 0];
    slowest = std::max(slowest, sent[n].told - ends[n] - half_bits(77, 9600));
  }
  CAPTURE(worst[0], worst[1]);
  // A short request's own share is some thousand clocks: the rest is the wait for the main loop.
  CHECK(worst[0] < cycles(0.004));
  CHECK(worst[1] < app::processing_allowance_cycles);
  // Had the longest request met the longest turn: the charges of its 155 bytes, and their writes.
  constexpr std::int64_t longest =
      app::charges::modbus_request.cycles + 155 * (app::charges::modbus_answer_byte.cycles + 8);
  CHECK(worst[0] + longest < app::processing_allowance_cycles);
}
