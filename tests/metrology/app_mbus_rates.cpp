// The baud rates of the M-Bus port: changed by a record, tried for two minutes by CI B8 … BD, and
// what becomes of FCB then.
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "metrology/app/mbus_port.h"
#include "tests/metrology/mbus_bench.h"

using namespace metrology;
using namespace tests;

TEST_CASE("M-Bus: a new baud rate in record FD 1C is acknowledged at the old one and then holds") {
  BusMeter meter;
  const std::int64_t end = meter.ask(0.5, snd_ud(1, 0x51, hex("02 FD 1C 60 09")));
  const std::int64_t answered = end + default_reply + character_cycles;
  meter.mcu.uart().say(answered + bits(2, 2400), nke(1), {2400, 11});
  meter.ask(0.7, nke(1));  // the old rate is rubbish now
  const auto& sent = meter.run(1.0);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].divider == 41'943);
  CHECK(sent[1].divider == 167'772);  // 16 · 25 165 824 / 2400 = 167 772.16
  CHECK(meter.state.storage.settings.baud == 2400);
}

TEST_CASE(
    "M-Bus: CI BB is acknowledged at the old rate, and the first frame at 2400 Bd stores it") {
  BusMeter meter;
  meter.ask(0.5, hex("68 03 03 68 53 01 BB 0F 16"));
  meter.ask(0.6, nke(1), {2400, 11});
  const auto& sent = meter.run(125.0);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].bytes == e5);
  CHECK(sent[0].divider == 41'943);
  CHECK(sent[1].divider == 167'772);
  CHECK(meter.state.storage.settings.baud == 2400);
  CHECK(meter.state.mbus.line.settings.baud == 2400);
}

TEST_CASE("M-Bus: a rate that nobody speaks at is given up two minutes after the E5's end") {
  // A bit time before and after, and what the meter speaks then.
  for (const int bits_late : {-1, 3}) {
    CAPTURE(bits_late);
    BusMeter meter;
    const std::int64_t end = meter.ask(0.5, hex("68 03 03 68 53 01 BB 0F 16"));
    const std::int64_t due = end + default_reply + character_cycles + 120 * hal::core_hz;
    const std::int64_t frame = 5 * LineFormat{2400, 11}.character_cycles();
    // Its last stop bit ends … the deadline; a frame that began before is waited for.
    const std::int64_t begin = bits_late < 0 ? due - bits(1, 2400) - frame : due + bits(3, 2400);
    meter.mcu.uart().say(begin, nke(1), {2400, 11});
    meter.mcu.uart().say(due + cycles(0.5), req_ud1(1, true));
    meter.mcu.uart().say(due + cycles(1.0), req_ud1(1, false), {2400, 11});
    const auto& sent = meter.run(125.0);
    REQUIRE(sent.size() == (bits_late < 0 ? 3U : 2U));
    CHECK(sent[1].divider == (bits_late < 0 ? 167'772U : 41'943U));
    CHECK(sent.back().divider == (bits_late < 0 ? 167'772U : 41'943U));
    CHECK(meter.state.storage.settings.baud == (bits_late < 0 ? 2400 : 9600));
  }
}

TEST_CASE("M-Bus: on trial a frame for someone else confirms the rate, a damaged one does not") {
  for (const bool good : {true, false}) {
    BusMeter meter;
    meter.ask(0.5, hex("68 03 03 68 53 01 BC 10 16"));
    Bytes other = nke(77);
    if (!good) other[3] ^= 1;
    meter.ask(60.0, other, {4800, 11});
    meter.run(122.0);
    CHECK(meter.state.mbus.line.settings.baud == (good ? 4800 : 9600));
    CHECK(meter.state.storage.settings.baud == (good ? 4800 : 9600));
  }
}

TEST_CASE("M-Bus: a frame that began a bit time before the two minutes are over is waited for") {
  for (const int baud : {300, 2400, 4800}) {
    CAPTURE(baud);
    BusMeter meter;
    const int ci = baud == 300 ? 0xB8 : baud == 2400 ? 0xBB : 0xBC;
    const std::int64_t end = meter.ask(0.5, snd_ud(1, static_cast<std::uint8_t>(ci)));
    const std::int64_t due = end + default_reply + character_cycles + 120 * hal::core_hz;
    meter.mcu.uart().say(due - bits(1, baud), nke(1), {baud, 11});
    CHECK(meter.run(121.5).size() == 2);
    CHECK(meter.state.storage.settings.baud == baud);
  }
}

TEST_CASE("M-Bus: a rate given up may be asked for again with the same FCB") {
  BusMeter meter;
  meter.ask(0.5, hex("68 03 03 68 53 01 BB 0F 16"));
  meter.ask(121.0, hex("68 03 03 68 53 01 BB 0F 16"));
  meter.ask(121.5, req_ud1(1, true), {2400, 11});
  const auto& sent = meter.run(122.0);
  REQUIRE(sent.size() == 3);
  CHECK(sent[1].divider == 41'943);
  CHECK(sent[2].divider == 167'772);
  CHECK(meter.state.storage.settings.baud == 2400);
}

TEST_CASE("M-Bus: at a new rate the same FCB is no repetition, over 253 neither") {
  for (const std::uint8_t address : {std::uint8_t{1}, mbus::selected_address}) {
    CAPTURE(address);
    BusMeter meter;
    meter.ask(0.3, hex("68 0B 0B 68 53 FD 52 FF FF FF FF FF FF FF FF 9A 16"));
    meter.ask(0.5, snd_ud(address, 0xBB));
    meter.ask(1.0, snd_ud(address, 0xBC), {2400, 11});
    meter.ask(1.5, nke(1), {4800, 11});
    const auto& sent = meter.run(2.0);
    REQUIRE(sent.size() == 4);
    CHECK(sent[2].divider == 167'772);
    CHECK(sent[3].divider == 83'886);
    CHECK(meter.state.storage.settings.baud == 4800);
  }
}

TEST_CASE("M-Bus: a rate on trial that mains took may be asked for again with the same FCB") {
  constexpr std::uint32_t all_well = hal::power::state_mains | hal::power::state_charged;
  BusMeter meter;
  meter.ask(0.5, snd_ud(1, 0xBB));
  meter.mcu.back().supply(cycles(0.8), hal::power::state_charged);
  meter.mcu.back().supply(cycles(0.9), all_well);
  meter.ask(1.2, snd_ud(1, 0xBB));
  meter.ask(1.4, nke(1), {2400, 11});
  const auto& sent = meter.run(1.6);
  REQUIRE(sent.size() == 3);
  CHECK(sent[2].divider == 167'772);
}

TEST_CASE("M-Bus: a rate that is not spoken, or holds already, changes nothing") {
  for (const int ci : {0xBD, 0xBE, 0xBF}) {
    BusMeter meter;
    meter.ask(0.5, snd_ud(1, static_cast<std::uint8_t>(ci)));
    meter.ask(0.6, nke(1));
    CHECK(meter.run(0.8).size() == 2);
    CHECK(meter.state.mbus.trial_baud == 0);
  }
}

TEST_CASE("M-Bus: a rate on trial is changed once more") {
  BusMeter meter;
  meter.ask(0.5, snd_ud(1, 0xBB));
  meter.ask(1.0, snd_ud(1, 0xBC, {}, true), {2400, 11});
  meter.ask(1.5, snd_ud(1, 0xBD), {4800, 11});
  meter.ask(2.0, nke(1));
  const auto& sent = meter.run(3.0);
  REQUIRE(sent.size() == 4);
  CHECK(sent[1].divider == 167'772);
  CHECK(sent[2].divider == 83'886);
  CHECK(sent[3].divider == 41'943);
  CHECK(meter.state.storage.settings.baud == 9600);
}

TEST_CASE("M-Bus: mains that fail end the trial, and a reset comes back at the former rate") {
  constexpr std::uint32_t all_well = hal::power::state_mains | hal::power::state_charged;
  BusMeter meter;
  meter.ask(0.5, snd_ud(1, 0xBB));
  meter.mcu.back().supply(cycles(0.8), hal::power::state_charged);
  meter.mcu.back().supply(cycles(0.9), all_well);
  meter.ask(1.2, nke(1));
  CHECK(meter.run(1.5).size() == 2);
  CHECK_FALSE(meter.state.timers.running[static_cast<int>(app::Timer::mbus_rate)]);

  BusMeter other;
  other.ask(0.5, snd_ud(1, 0xBB));
  other.run(0.8);
  other.mcu.uart().say(other.mcu.now() + cycles(0.5), nke(1));
  CHECK(other.run(2.0).size() == 2);
}
