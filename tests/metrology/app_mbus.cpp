// The M-Bus port of the whole firmware on a stand-in for its microcontroller: when it answers, at
// which settings, and what it does while it cannot.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "metrology/app/charges.h"
#include "metrology/app/mbus_port.h"
#include "tests/metrology/iec62056_bytes.h"
#include "tests/metrology/mbus_bench.h"

using namespace metrology;
using hal::MailboxOperation;
using namespace tests;

TEST_CASE("M-Bus: a request is answered 33 bit times and 10 ms after its end, to the core clock") {
  for (const hal::MeterVariant variant : {hal::MeterVariant::mb, hal::MeterVariant::mb_ct}) {
    BusMeter meter(page_of(variant));
    const std::int64_t end = meter.ask(1.3, nke(1));
    const std::int64_t second = meter.ask(1.4, req_ud2(1, true));
    const auto& sent = meter.run(1.6);
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].bytes == e5);
    CHECK(sent[0].start == end + default_reply);
    CHECK_FALSE(sent[0].late);
    CHECK(mbus_answer(sent[1].bytes).header[0] == 0x34);
    CHECK(sent[1].start == second + default_reply);
    CHECK_FALSE(meter.state.mbus.line.answering);
  }
}

TEST_CASE("M-Bus: divider, gap and frame end are the line's, 8E1, at every baud rate") {
  for (const int baud : all_bauds) {
    CAPTURE(baud);
    const hal::ParameterPage page = page_of(hal::MeterVariant::mb);
    BusMeter meter(page, settings_at(page, baud));
    meter.run(0.1);
    const FakeUart& uart = meter.mcu.uart();
    CHECK(uart.divider() == std::lround(16 * 25'165'824.0 / baud));
    CHECK(uart.gap() == bits(22, baud));
    CHECK(uart.idle() == bits(22, baud));
    CHECK(uart.control() ==
          (hal::uart::control_enable | hal::uart::control_mute | hal::uart::control_parity_even));
  }
}

TEST_CASE("M-Bus: the answer begins within 11 bit times … 330 bit times + 50 ms, at every rate") {
  for (const int baud : all_bauds) {
    CAPTURE(baud);
    const hal::ParameterPage page = page_of(hal::MeterVariant::mb);
    BusMeter meter(page, settings_at(page, baud));
    const std::int64_t end = meter.ask(0.5, nke(1), {baud, 11});
    const auto& sent = meter.run(3.0);
    REQUIRE(sent.size() == 1);
    const std::int64_t delay = sent[0].start - end;
    // The request's end is where the UART's divider has it: within a clock a character.
    CHECK(std::abs(delay - bits(33, baud) - ten_ms) <= 5);
    CHECK(delay > bits(11, baud));
    CHECK(delay < bits(330, baud) + 5 * ten_ms);
    CHECK_FALSE(sent[0].late);
  }
}

TEST_CASE("M-Bus: the reply delay is the parameter page's, never less than the firmware needs") {
  for (const std::uint32_t delay_ms : {1U, 9U, 10U, 11U, 40U}) {
    CAPTURE(delay_ms);
    hal::ParameterPage page = page_of(hal::MeterVariant::mb);
    page.reply_delay_ms = delay_ms;
    BusMeter meter(page);
    const std::int64_t end = meter.ask(0.5, nke(1));
    const auto& sent = meter.run(1.0);
    REQUIRE(sent.size() == 1);
    const auto asked = static_cast<std::int64_t>(std::ceil(delay_ms * 25'165.824));
    const std::int64_t least = bits(22) + app::mbus_processing_allowance_cycles;
    CHECK(sent[0].start - end == std::max(bits(33) + asked, least));
  }
  CHECK(bits(22) + app::mbus_processing_allowance_cycles < default_reply);
}

TEST_CASE(
    "M-Bus: a gap of 22 bit times in a frame passes, one clock more tears it, at every rate") {
  const Bytes request = nke(1);
  for (const int baud : all_bauds) {
    CAPTURE(baud);
    const hal::ParameterPage page = page_of(hal::MeterVariant::mb);
    for (const int more : {0, 1}) {
      BusMeter meter(page, settings_at(page, baud));
      FakeUart& uart = meter.mcu.uart();
      const LineFormat format{baud, 11};
      std::int64_t at = uart.say(cycles(0.5), Bytes(request.begin(), request.begin() + 3), format);
      // From the end of the stop bit as the divider has it to the next start edge.
      const std::int64_t divider = std::lround(16 * 25'165'824.0 / baud);
      const std::int64_t character = (11 * divider + 8) / 16;
      at += character - format.character_cycles();
      uart.say(at + bits(22, baud) + more, Bytes(request.begin() + 3, request.end()), format);
      CHECK(meter.run(3.0).size() == (more == 0 ? 1U : 0U));
    }
  }
}

TEST_CASE("M-Bus: after a damaged frame 33 bit times are wanted, a bit less and it is not heard") {
  Bytes wrong = nke(1);
  wrong[3] ^= 1;
  for (const int baud : {9600, 2400, 300}) {
    for (const int silent_bits : {23, 32, 34, 60}) {
      CAPTURE(baud, silent_bits);
      const hal::ParameterPage page = page_of(hal::MeterVariant::mb);
      BusMeter meter(page, settings_at(page, baud));
      const LineFormat format{baud, 11};
      std::int64_t at = meter.ask(0.5, wrong, format);
      at = meter.mcu.uart().say(at + bits(silent_bits, baud), nke(1), format);
      // Its own silence was too short, so the next one's is judged anew.
      meter.mcu.uart().say(at + bits(1500, baud), req_ud1(1, true), format);
      const auto& sent = meter.run(8.0);
      REQUIRE(sent.size() == (silent_bits < 33 ? 1U : 2U));
      CHECK(sent.back().bytes == e5);
    }
  }
}

TEST_CASE("M-Bus: a damaged frame long ago does not matter, whatever the counter's low word is") {
  // 170.67 s are 2^32 clocks: the silence reads as a few clocks then.
  for (const int off : {-20'000, 0, 60'000, 160'000}) {
    BusMeter meter;
    Bytes wrong = nke(1);
    wrong[3] ^= 1;
    const std::int64_t end = meter.ask(0.5, wrong);
    meter.mcu.uart().say(end + (std::int64_t{1} << 32) + off, nke(1));
    CHECK(meter.run(172.0).size() == 1);
  }
}

TEST_CASE("M-Bus: a frame soon after an own answer is heard, at every rate") {
  for (const int baud : all_bauds) {
    CAPTURE(baud);
    const hal::ParameterPage page = page_of(hal::MeterVariant::mb);
    BusMeter meter(page, settings_at(page, baud));
    const LineFormat format{baud, 11};
    const std::int64_t end = meter.ask(0.5, nke(1), format);
    const std::int64_t answered = end + bits(33, baud) + ten_ms + format.character_cycles();
    meter.mcu.uart().say(answered + bits(1, baud) + 500, req_ud1(1, true), format);
    CHECK(meter.run(4.0).size() == 2);
  }
}

TEST_CASE(
    "M-Bus: frames at 22 bit times are heard one by one while a busy main loop lets them wait") {
  for (int n = 0; n < 60; ++n) {
    BusMeter meter;
    std::int64_t at = cycles(0.5) + std::int64_t{13'107} * n;  // across a block's 31.25 ms
    for (const std::uint8_t other : Bytes{7, 8}) {
      at = meter.mcu.uart().say(at, nke(other)) + bits(22) + 10;
    }
    const std::int64_t end = meter.mcu.uart().say(at, nke(1));
    const auto& sent = meter.run(0.7);
    REQUIRE(sent.size() == 1);
    REQUIRE(sent[0].start == end + default_reply);
  }
}

TEST_CASE("M-Bus: what comes between a request and the end of its answer is not heard") {
  BusMeter meter;
  const std::int64_t end = meter.ask(0.5, nke(1));
  meter.mcu.uart().say(end + bits(40), snd_ud(1, 0x51, hex("01 7A 05")));
  meter.ask(0.7, req_ud2(1, true));
  const auto& sent = meter.run(1.0);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].start == end + default_reply);
  CHECK(mbus_answer(sent[1].bytes).a == 1);
}

TEST_CASE("M-Bus: a new address is acknowledged by the old one, then holds, with a new memory") {
  BusMeter meter;
  meter.ask(0.5, hex("68 06 06 68 53 01 51 01 7A 02 22 16"));
  meter.ask(0.6, req_ud2(1, true));
  meter.ask(0.7, req_ud2(2, true));
  // The same FCB as the first one's, for another meter.
  meter.ask(0.9, snd_ud(2, 0x51, hex("01 7A 03")));
  meter.ask(1.0, nke(3));
  const auto& sent = meter.run(1.5);
  REQUIRE(sent.size() == 4);
  CHECK(sent[0].bytes == e5);
  CHECK(mbus_answer(sent[1].bytes).a == 2);
  CHECK(sent[2].bytes == e5);
  CHECK(sent[3].bytes == e5);
  CHECK(meter.state.storage.settings.meter_id == 3);
}

TEST_CASE("M-Bus: settings survive a reset, and so does the identification") {
  BusMeter meter;
  meter.ask(0.5, snd_ud(1, 0x51, hex("01 7A 11")));
  meter.ask(0.6, snd_ud(17, 0x51, hex("0C 79 78 56 34 12")));
  meter.ask(0.7, snd_ud(17, 0x51, hex("02 FD 1C B0 04"), true));
  meter.run(2.0);
  CHECK(meter.mcu.uart().sent().size() == 3);
  meter.mcu.uart().say(meter.mcu.now() + cycles(0.5), selection("78 56 34 12 FF FF FF FF"),
                       {1200, 11});
  meter.mcu.uart().say(meter.mcu.now() + cycles(1.0), req_ud2(253, true), {1200, 11});
  meter.run(5.0);
  REQUIRE(meter.mcu.uart().sent().size() == 5);
  CHECK(meter.mcu.uart().sent()[3].bytes == e5);
  const MbusAnswer answer = mbus_answer(meter.mcu.uart().sent()[4].bytes);
  CHECK(answer.a == 17);
  CHECK(Bytes(answer.header.begin(), answer.header.begin() + 4) == hex("78 56 34 12"));
}

TEST_CASE(
    "M-Bus: what another port changes holds at once on a silent line, else after the exchange") {
  BusMeter meter;
  FakeMcu& mcu = meter.mcu;
  mcu.request({cycles(0.4), MailboxOperation::write_row, 0x1018, 7U << 16U});
  meter.ask(0.5, nke(7));
  // Between a request and its answer.
  const std::int64_t end = meter.ask(0.6, req_ud2(7, true));
  mcu.request({end + cycles(0.004), MailboxOperation::write_row, 0x1018, 9U << 16U});
  mcu.request({end + cycles(0.005), MailboxOperation::write_row, 0x1020, 4800U << 16U});
  meter.ask(0.8, req_ud2(9, true), {4800, 11});
  // In the middle of a frame, which is still heard.
  const std::int64_t begin = cycles(1.2);
  mcu.request({begin + cycles(0.003), MailboxOperation::write_row, 0x1018, 11U << 16U});
  mcu.uart().say(begin, nke(9), {4800, 11});
  meter.ask(1.4, nke(11), {4800, 11});
  const auto& sent = meter.run(1.8);
  REQUIRE(sent.size() == 5);
  CHECK(mbus_answer(sent[1].bytes).a == 7);
  CHECK(sent[1].divider == 41'943);
  CHECK(mbus_answer(sent[2].bytes).a == 9);
  CHECK(sent[2].divider == 83'886);
  CHECK(sent[3].bytes == e5);
  CHECK(sent[4].bytes == e5);
}

TEST_CASE("M-Bus: a request to everybody is carried out in silence, its settings hold at once") {
  BusMeter meter;
  meter.ask(0.5, snd_ud(255, 0x51, hex("01 7A 21 02 FF 04 02 00")));
  meter.ask(0.6, nke(33));
  meter.ask(0.7, req_ud2(254, true));
  const auto& sent = meter.run(1.2);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].bytes == e5);
  CHECK(mbus_answer(sent[1].bytes).a == 33);
  CHECK(meter.state.tariff.active == energy::Tariff::t2);
}

TEST_CASE("M-Bus: nothing is answered before the counters are loaded, and the port opens then") {
  BusMeter meter;
  meter.ask(0.001, nke(1));
  meter.ask(0.1, nke(1));
  const auto& sent = meter.run(0.3);
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].start > cycles(0.1));
}

TEST_CASE("M-Bus: of rubbish, torn and damaged frames nothing is answered, nothing changes") {
  BusMeter meter;
  FakeUart& uart = meter.mcu.uart();
  const Bytes write = snd_ud(1, 0x51, hex("01 7A 05"));
  Bytes wrong = write;
  wrong[wrong.size() - 2] ^= 1;
  meter.ask(0.50, wrong);
  meter.ask(0.60, Bytes(300, 0x68));
  meter.ask(1.10, Bytes(600, 0x10));
  meter.ask(2.00, Bytes(write.begin(), write.end() - 1));
  std::int64_t at = cycles(2.10);
  for (std::size_t n = 0; n < write.size(); ++n) {
    at = uart.say_damaged(at, write[n], n == 4 ? hal::uart::rx_parity_error : 0U);
  }
  uart.say_damaged(cycles(2.20), 0, hal::uart::rx_framing_error | hal::uart::rx_break);
  meter.ask(2.30, nke(1));
  const auto& sent = meter.run(2.6);
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].start > cycles(2.3));
  CHECK(meter.state.settings == settings_of(page_of(hal::MeterVariant::mb)));
}

TEST_CASE("M-Bus: what the EEPROM could not keep is refused with error 8, and nothing changes") {
  FakeMcu mcu(page_of(hal::MeterVariant::mb), quiet_load());  // without an EEPROM
  mcu.uart().say(cycles(0.50), snd_ud(1, 0x51, hex("01 7A 02")));
  mcu.uart().say(cycles(0.60), req_ud2(1, true));
  mcu.uart().say(cycles(0.70), snd_ud(1, 0x51, hex("01 7A 01"), true));  // held already
  mcu.uart().say(cycles(0.80), req_ud2(1, false));
  mcu.uart().say(cycles(1.00), snd_ud(1, 0x51, hex("02 FF 04 0C 00")));  // saves nothing
  mcu.uart().say(cycles(1.10), req_ud2(1, true));
  const app::State state = mcu.run(cycles(1.4));
  const auto& sent = mcu.uart().sent();
  REQUIRE(sent.size() == 6);
  CHECK(sent[0].bytes == e5);
  CHECK(sent[1].bytes == mbus_long(0x08, 1, 0x70, {8}));
  CHECK(mbus_answer(sent[3].bytes).header[8] == 0);
  CHECK(mbus_answer(sent[5].bytes).header[8] == 1);
  CHECK(state.settings == settings_of(page_of(hal::MeterVariant::mb)));
  CHECK(state.tariff.active == energy::Tariff::t2);
}

TEST_CASE(
    "M-Bus: a brown-out closes the port: an armed answer is cut, what follows is heard again") {
  constexpr std::uint32_t all_well = hal::power::state_mains | hal::power::state_charged;
  BusMeter meter;
  FakeMcu& mcu = meter.mcu;
  const std::int64_t first = meter.ask(0.5, nke(1));
  mcu.back().supply(first + cycles(0.005), hal::power::state_charged);
  meter.ask(0.6, nke(1));  // nobody hears it
  mcu.back().supply(cycles(0.7), all_well);
  const std::int64_t second = meter.ask(0.8, req_ud2(1, true));
  // … and one that is being sent.
  mcu.back().supply(second + default_reply + 50'000, hal::power::state_charged);
  mcu.back().supply(cycles(1.0), all_well);
  meter.ask(1.1, nke(1));
  const auto& sent = meter.run(1.3);
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].cut);
  CHECK(sent[0].end < sent[0].start);  // not a bit of it was sent
  CHECK(sent[1].cut);
  CHECK(sent[1].end < sent[1].start + 400'000);
  CHECK_FALSE(sent[2].cut);
  CHECK(sent[2].start > cycles(1.1));
}

TEST_CASE("M-Bus: whatever the CPU is at, the longest answers come at their instants") {
  // All that can keep the CPU busy: 60 Hz (two windows in most blocks), all outputs pulsing as fast
  // as they can, debug requests, a tariff that changes, and a look at the program each minute.
  hal::ParameterPage page = page_of(hal::MeterVariant::mb);
  page.s0_rate_centi = 1'000'000;
  SixChannels channels = load({80.0, 60.0, 100.0}, 45.0);
  for (auto& channel : channels) {
    for (Tone& tone : channel.tones) tone.frequency_hz = 60.0;
  }
  FakeMcu mcu(page, remembered(steady(channels)));
  mcu.back().eeprom.emplace();
  storage::make_image(settings_of(page), {}, {}, mcu.back().eeprom->bytes.data());
  std::vector<std::int64_t> ends;
  constexpr std::int64_t until = 190 * hal::core_hz;
  // Everything, in telegrams as long as they get; the longest write; then back.
  Bytes writes;
  for (int n = 0; n < 16; ++n) {
    for (const std::uint8_t byte : hex("0C 79 34 12 50 14")) writes.push_back(byte);
  }
  writes.resize(252, 0x2F);
  ends.push_back(mcu.uart().say(cycles(0.5), snd_ud(1, 0x50, {0})));
  std::int64_t at = cycles(0.6);
  bool fcb = false;
  for (int n = 0; at < until; ++n) {
    const int kind = n % 8;
    Bytes request = req_ud2(1, fcb = !fcb);
    double seconds = 0.32;  // 240 characters take 0.275 s
    if (kind == 0) request = snd_ud(1, 0x51, writes, n % 16 == 0);
    if (kind == 0) seconds = 0.36;  // 261 characters take 0.299 s
    if (kind == 1) request = nke(1);
    if (kind == 1) seconds = 0.1;
    ends.push_back(mcu.uart().say(at, request));
    mcu.request({ends.back() + 60'000, MailboxOperation::write_row, 0x2200,
                 static_cast<std::uint32_t>(1 + n % 2) << 16U});
    // Through all phases of a block: 786 432 clocks.
    at += cycles(seconds) + 7'919;
  }
  // … infra-red readouts, of 1.5 s at 9600 Bd, and now and then as many characters as its UART can
  // keep, at 300 Bd.
  int readouts = 0;
  for (std::int64_t ir = cycles(0.6); ir + cycles(30.0) < until; ++readouts) {
    mcu.ir_uart().say(ir, tests::bytes_of(tests::sign_on), {300, 10});
    mcu.ir_uart().say(ir + cycles(1.1), tests::bytes_of(tests::option('5', '0')), {300, 10});
    ir += cycles(5.03);
    if (readouts % 6 == 5) ir = mcu.ir_uart().say(ir, Bytes(600, 'x'), {300, 10}) + cycles(1.0);
  }
  mcu.run(until);
  CHECK(mcu.ir_uart().sent().size() == 2 * static_cast<std::size_t>(readouts));
  const auto& sent = mcu.uart().sent();
  REQUIRE(sent.size() + 1 >= ends.size());
  std::int64_t slowest = 0;
  std::size_t longest = 0;
  for (std::size_t n = 0; n < sent.size(); ++n) {
    REQUIRE_FALSE(sent[n].late);
    REQUIRE(sent[n].start == ends[n] + default_reply);
    slowest = std::max(slowest, sent[n].told - ends[n] - bits(22));
    longest = std::max(longest, sent[n].bytes.size());
  }
  CAPTURE(slowest, longest, sent.size());
  CHECK(longest > 230);
  CHECK(slowest < app::mbus_processing_allowance_cycles);
}

TEST_CASE("M-Bus: thousands of short requests are answered at their instants") {
  hal::ParameterPage page = page_of(hal::MeterVariant::mb);
  page.s0_rate_centi = 1'000'000;
  FakeMcu mcu(page, remembered(steady(load({80.0, 60.0, 100.0}, 45.0))));
  mcu.back().eeprom.emplace();
  storage::make_image(settings_of(page), {}, {}, mcu.back().eeprom->bytes.data());
  std::vector<std::int64_t> ends;
  std::int64_t at = cycles(0.5);
  for (int n = 0; n < 4000; ++n) {
    ends.push_back(mcu.uart().say(at, nke(1)));
    // The answer's end, and by and by all phases of a block.
    at = ends.back() + default_reply + character_cycles + bits(2) + 1'009 + n % 97;
  }
  mcu.run(at);
  const auto& sent = mcu.uart().sent();
  REQUIRE(sent.size() == ends.size());
  for (std::size_t n = 0; n < sent.size(); ++n) {
    REQUIRE_FALSE(sent[n].late);
    REQUIRE(sent[n].start == ends[n] + default_reply);
  }
}
