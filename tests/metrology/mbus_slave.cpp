// The M-Bus slave's receiver and link: each transition, named after its rule.
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>
#include <vector>

#include "metrology/protocol/mbus/slave.h"
#include "tests/metrology/mbus_bytes.h"
#include "tests/metrology/mbus_rows.h"

using namespace metrology::mbus;
using tests::Bytes;
using tests::e5;
using tests::hex;
using tests::mbus_answer;
using tests::mbus_long;
using tests::mbus_short;
using tests::MbusRows;
using tests::nke;
using tests::req_ud1;
using tests::req_ud2;
using tests::selection;
using tests::snd_ud;

namespace {

/// A receiver with the line it hears.
struct Line {
  Receiver receiver{};
  Frame last{};

  explicit Line(bool may_begin = true) { reset(receiver, may_begin); }
  void hear(std::uint8_t byte, bool first = false, bool after_gap = false, bool damaged = false) {
    take(receiver, {byte, damaged, after_gap, first});
  }
  void hear(const Bytes& frame) {
    for (std::size_t n = 0; n < frame.size(); ++n) hear(frame[n], n == 0);
  }
  bool silence(bool rested = true) {
    const bool whole = end_frame(receiver, rested, last);
    CHECK(receiver.phase == Phase::idle);
    CHECK(receiver.count == 0);
    CHECK(receiver.heard == 0);
    return whole;
  }
};

const Bytes request = mbus_short(0x5B, 1);
const Bytes wrong_sum = hex("10 5B 01 5D 16");

constexpr const char* any_meter = "FF FF FF FF FF FF FF FF";

std::uint8_t access_number(const Bytes& answer) { return mbus_answer(answer).header[8]; }

}  // namespace

// --- receiver -----------------------------------------------------------------------------------

TEST_CASE("M-Bus receiver: waiting, a first character: receiving") {
  Line line(false);
  line.hear(request);
  CHECK(line.receiver.phase == Phase::receiving);
  CHECK(line.silence());
}

TEST_CASE("M-Bus receiver: waiting, any other character: waiting, and a silence makes it idle") {
  Line line(false);
  for (const std::uint8_t byte : request) line.hear(byte);
  CHECK(line.receiver.phase == Phase::waiting);
  CHECK_FALSE(line.silence());
  line.hear(request);
  CHECK(line.silence(false));  // what was not heard from its begin is no error
}

TEST_CASE("M-Bus receiver: idle, any character begins a frame, also soon after an own answer") {
  for (const bool after_gap : {false, true}) {
    Line line;
    for (std::size_t n = 0; n < request.size(); ++n)
      line.hear(request[n], false, after_gap && n == 0);
    CHECK(line.receiver.phase == Phase::receiving);
    CHECK(line.silence());
    CHECK(line.last.c == 0x5B);
  }
}

TEST_CASE("M-Bus receiver: a damaged begin is skipped") {
  Line line;
  line.hear(0x10, true, false, true);
  CHECK(line.receiver.phase == Phase::skipping);
  for (std::size_t n = 1; n < request.size(); ++n) line.hear(request[n]);
  CHECK_FALSE(line.silence());
}

TEST_CASE("M-Bus receiver: receiving, a character after 22 bit times: the frame is torn") {
  for (std::size_t torn = 1; torn < request.size(); ++torn) {
    Line line;
    for (std::size_t n = 0; n < request.size(); ++n) line.hear(request[n], n == 0, n == torn);
    CHECK(line.receiver.phase == Phase::skipping);
    CHECK_FALSE(line.silence());
    line.hear(request);
    CHECK(line.silence());
  }
}

TEST_CASE("M-Bus receiver: receiving, a damaged character anywhere: the frame is dropped") {
  for (std::size_t damaged = 0; damaged < request.size(); ++damaged) {
    Line line;
    for (std::size_t n = 0; n < request.size(); ++n) {
      line.hear(request[n], n == 0, false, n == damaged);
    }
    CHECK(line.receiver.phase == Phase::skipping);
    CHECK_FALSE(line.silence());
  }
}

TEST_CASE("M-Bus receiver: receiving, the 262nd character: the frame is dropped") {
  const Bytes longest = mbus_long(0x53, 1, 0x51, Bytes(252, 0x2F));
  REQUIRE(longest.size() == 261);
  Line line;
  line.hear(longest);
  CHECK(line.receiver.phase == Phase::receiving);
  CHECK(line.silence());
  line.hear(longest);
  line.hear(0x16);
  CHECK(line.receiver.phase == Phase::skipping);
  for (int n = 0; n < 100'000; ++n) line.hear(0x16);
  CHECK(line.receiver.heard == 65'535);
  CHECK_FALSE(line.silence());
}

TEST_CASE("M-Bus receiver: a first character ends the frame before it, from which nothing comes") {
  Line line;
  line.hear(mbus_short(0x40, 7));
  line.hear(request);
  CHECK(line.silence());
  CHECK(line.last.c == 0x5B);
  line.hear(request);
  line.hear(wrong_sum);
  CHECK_FALSE(line.silence());
}

TEST_CASE("M-Bus receiver: after an error 33 bit times of silence are wanted") {
  std::vector<Line> lines(3);
  lines[0].hear(wrong_sum);  // a wrong checksum
  for (const std::uint8_t byte : hex("10 5B"))
    lines[1].hear(byte, byte == 0x10, false, byte == 0x5B);
  lines[2].hear(hex("55"));
  for (Line& line : lines) {
    CHECK_FALSE(line.silence());
    CHECK(line.receiver.after_error);
    line.hear(request);
    CHECK_FALSE(line.silence(false));  // too early, and an error itself
    line.hear(request);
    CHECK_FALSE(line.silence(false));
    line.hear(request);
    CHECK(line.silence(true));
    line.hear(request);
    CHECK(line.silence(false));  // after a good frame none are
  }
}

TEST_CASE("M-Bus receiver: a frame for someone else is no error") {
  Line line;
  line.hear(mbus_long(0x53, 77, 0x51, hex("01 7A 02")));
  CHECK(line.silence());
  CHECK_FALSE(line.receiver.after_error);
  line.hear(e5);
  CHECK(line.silence(false));
  CHECK(line.last.type == FrameType::single);
}

TEST_CASE("M-Bus receiver: after whatever noise the next whole frame is heard after 33 bit times") {
  std::mt19937_64 random(5);
  Line line;
  for (int round = 0; round < 20'000; ++round) {
    for (std::uint64_t n = random() % 40; n > 0; --n) {
      const std::uint64_t dice = random();
      line.hear(static_cast<std::uint8_t>(dice), (dice >> 8U) % 8 == 0, (dice >> 11U) % 8 == 0,
                (dice >> 14U) % 8 == 0);
      if ((dice >> 17U) % 16 == 0) line.silence((dice >> 21U) % 2 == 0);
    }
    line.hear(request);
    REQUIRE(line.silence());
    REQUIRE(line.last.a == 1);
  }
}

// --- addresses ----------------------------------------------------------------------------------

TEST_CASE("M-Bus addresses: the own one and 254 are answered, no other is") {
  for (const int own : {0, 1, 250}) {
    MbusRows rows;
    rows.meter.settings.meter_id = static_cast<std::uint16_t>(own);
    for (int address = 0; address < 256; ++address) {
      CAPTURE(own, address);
      const Bytes answer = rows.ask(nke(static_cast<std::uint8_t>(address)));
      CHECK(answer == (address == own || address == 254 ? e5 : Bytes{}));
    }
  }
}

TEST_CASE("M-Bus addresses: 254 is answered with the own address") {
  MbusRows rows;
  rows.meter.settings.meter_id = 77;
  CHECK(mbus_answer(rows.ask(req_ud2(254, true))).a == 77);
}

TEST_CASE("M-Bus addresses: 255 is carried out and never answered") {
  MbusRows rows;
  CHECK(rows.ask(snd_ud(255, 0x51, hex("02 FF 04 02 00"))).empty());
  CHECK(rows.meter.tariff.active == metrology::energy::Tariff::t2);
  CHECK(rows.ask(nke(255)).empty());
  CHECK(rows.ask(req_ud2(255, true)).empty());
  CHECK(rows.ask(req_ud1(255, true)).empty());
  CHECK(rows.ask(snd_ud(255, 0xB1)).empty());
  // Each is carried out, whatever its FCB.
  CHECK(rows.ask(snd_ud(255, 0x51, hex("02 FF 04 01 00"))).empty());
  CHECK(rows.meter.tariff.active == metrology::energy::Tariff::t1);
  CHECK(access_number(rows.ask(req_ud2(1, true))) == 0);  // nothing was counted as told
}

TEST_CASE("M-Bus addresses: 251 and 252 are silent, and change nothing") {
  MbusRows rows;
  for (const int address : {251, 252}) {
    const auto a = static_cast<std::uint8_t>(address);
    CHECK(rows.ask(snd_ud(a, 0x51, hex("02 FF 04 02 00"))).empty());
    CHECK(rows.ask(req_ud2(a, true)).empty());
  }
  CHECK(rows.writes == 0);
}

TEST_CASE("M-Bus addresses: 253 is silent unless the meter is selected") {
  MbusRows rows;
  CHECK(rows.ask(req_ud2(253, true)).empty());
  CHECK(rows.ask(snd_ud(253, 0x51, hex("02 FF 04 02 00"))).empty());
  CHECK(rows.writes == 0);
  CHECK(rows.ask(selection(any_meter)) == e5);
  CHECK(mbus_answer(rows.ask(req_ud2(253, true))).a == 1);
  CHECK(rows.ask(snd_ud(253, 0x51, hex("02 FF 04 02 00"))) == e5);
  CHECK(rows.writes == 1);
}

// --- C field ------------------------------------------------------------------------------------

TEST_CASE("M-Bus C field: of all 256 in short frames SND_NKE, REQ_UD1 and REQ_UD2 are answered") {
  for (int c = 0; c < 256; ++c) {
    CAPTURE(c);
    MbusRows rows;
    const Bytes answer = rows.ask(mbus_short(static_cast<std::uint8_t>(c), 1));
    const int without_fcb = c & ~0x20;
    if (without_fcb == 0x40 || (c & ~0x30) == 0x4A) {
      CHECK(answer == e5);  // no alarm
    } else if ((c & ~0x30) == 0x4B) {
      CHECK(mbus_answer(answer).c == 0x08);
    } else {
      CHECK(answer.empty());
    }
  }
}

TEST_CASE("M-Bus C field: of all 256 in long frames SND_UD is answered") {
  for (int c = 0; c < 256; ++c) {
    CAPTURE(c);
    MbusRows rows;
    const Bytes answer = rows.ask(mbus_long(static_cast<std::uint8_t>(c), 1, 0x51));
    CHECK(answer == ((c & ~0x30) == 0x43 ? e5 : Bytes{}));
  }
}

// --- FCB ----------------------------------------------------------------------------------------

TEST_CASE("M-Bus FCB: toggled, the next answer, and the same, the previous one once more") {
  MbusRows rows;
  const Bytes first = rows.ask(req_ud2(1, true));
  CHECK(access_number(first) == 0);
  rows.meter.settings.meter_id = 1;
  rows.meter.energy.accounts.total.counter[0][0][0] = {10'000'000,
                                                       0};  // shows in a new answer only
  CHECK(rows.ask(req_ud2(1, true)) == first);
  CHECK(rows.ask(req_ud2(1, true)) == first);
  const Bytes second = rows.ask(req_ud2(1, false));
  CHECK(access_number(second) == 1);
  CHECK(second != first);
  CHECK(rows.ask(req_ud2(1, false)) == second);
  CHECK(access_number(rows.ask(req_ud2(1, true))) == 2);
}

TEST_CASE("M-Bus FCB: a repeated SND_UD is acknowledged and not carried out") {
  MbusRows rows;
  CHECK(rows.ask(snd_ud(1, 0x51, hex("02 FF 04 02 00"), true)) == e5);
  CHECK(rows.writes == 1);
  CHECK(rows.ask(snd_ud(1, 0x51, hex("02 FF 04 02 00"), true)) == e5);
  CHECK(rows.ask(snd_ud(1, 0x51, hex("02 FF 04 01 00"), true)) == e5);
  CHECK(rows.writes == 1);
  CHECK(rows.meter.tariff.active == metrology::energy::Tariff::t2);
  CHECK(rows.ask(snd_ud(1, 0x51, hex("02 FF 04 01 00"), false)) == e5);
  CHECK(rows.meter.tariff.active == metrology::energy::Tariff::t1);
}

TEST_CASE("M-Bus FCB: with FCV 0 it is ignored, and what is remembered stays") {
  MbusRows rows;
  const Bytes first = rows.ask(req_ud2(1, true));
  CHECK(access_number(rows.ask(mbus_short(0x4B, 1))) == 1);
  CHECK(access_number(rows.ask(mbus_short(0x6B, 1))) == 2);
  CHECK(access_number(rows.ask(mbus_short(0x6B, 1))) == 3);
  CHECK(rows.ask(req_ud2(1, true)) == first);
}

TEST_CASE("M-Bus FCB: the same FCB with another service is no repetition") {
  // Masters write with 53 and read with 5B.
  MbusRows rows;
  CHECK(rows.ask(snd_ud(1, 0x50, hex("00"), false)) == e5);
  const Bytes first = rows.ask(req_ud2(1, false));
  CHECK(mbus_answer(first).more);
  CHECK(rows.ask(req_ud1(1, false)) == e5);
  CHECK(access_number(rows.ask(req_ud2(1, false))) == 1);
}

TEST_CASE("M-Bus FCB: after SND_NKE any FCB begins, with the first telegram") {
  for (const bool fcb : {false, true}) {
    MbusRows rows;
    rows.ask(snd_ud(1, 0x50, hex("00")));
    const auto begin = mbus_answer(rows.ask(req_ud2(1, true))).records;
    rows.ask(req_ud2(1, false));  // the second telegram
    CHECK(rows.ask(nke(1)) == e5);
    const Bytes again = rows.ask(req_ud2(1, fcb));
    CHECK(mbus_answer(again).records == begin);
    CHECK(access_number(again) == 2);
    CHECK(rows.ask(req_ud2(1, fcb)) == again);
  }
}

TEST_CASE("M-Bus FCB: 254 shares the own address's memory, 253 has one of its own") {
  MbusRows rows;
  const Bytes own = rows.ask(req_ud2(1, true));
  CHECK(rows.ask(req_ud2(254, true)) == own);
  CHECK(rows.ask(selection(any_meter)) == e5);
  const Bytes selected = rows.ask(req_ud2(253, true));
  CHECK(access_number(selected) == 1);
  CHECK(rows.ask(req_ud2(253, true)) == selected);
  CHECK(rows.ask(req_ud2(1, true)) == own);
  CHECK(access_number(rows.ask(req_ud2(253, false))) == 2);
  CHECK(rows.ask(req_ud2(1, true)) == own);
}

TEST_CASE("M-Bus FCB: a valid selection clears 253's memory") {
  MbusRows rows;
  rows.ask(selection(any_meter));
  const Bytes first = rows.ask(req_ud2(253, true));
  rows.ask(selection(any_meter));
  CHECK(access_number(rows.ask(req_ud2(253, true))) == 1);
  const Bytes own = rows.ask(req_ud2(1, true));
  rows.ask(selection(any_meter));
  CHECK(rows.ask(req_ud2(1, true)) == own);
}

// --- SND_NKE ------------------------------------------------------------------------------------

TEST_CASE("M-Bus SND_NKE to 253 deselects, and E5 comes from the meter that was selected") {
  MbusRows rows;
  CHECK(rows.ask(nke(253)).empty());
  CHECK(rows.ask(selection(any_meter)) == e5);
  CHECK(rows.ask(nke(253)) == e5);
  CHECK(rows.ask(req_ud2(253, true)).empty());
  CHECK(rows.ask(nke(253)).empty());
}

TEST_CASE("M-Bus SND_NKE to 253 lets every meter forget, selected or not") {
  MbusRows rows;
  const Bytes first = rows.ask(req_ud2(1, false));
  CHECK(rows.ask(req_ud2(1, false)) == first);
  CHECK(rows.ask(nke(253)).empty());
  CHECK(access_number(rows.ask(req_ud2(1, false))) == 1);
}

TEST_CASE("M-Bus SND_NKE to the own address leaves the selection") {
  MbusRows rows;
  rows.ask(selection(any_meter));
  const Bytes selected = rows.ask(req_ud2(253, true));
  CHECK(rows.ask(nke(1)) == e5);
  CHECK(rows.ask(req_ud2(253, true)) == selected);
}

TEST_CASE("M-Bus SND_NKE to 255 lets the meter forget, in silence") {
  MbusRows rows;
  rows.ask(req_ud2(1, true));
  CHECK(rows.ask(nke(255)).empty());
  CHECK(access_number(rows.ask(req_ud2(1, true))) == 1);
}

// --- selection ----------------------------------------------------------------------------------

TEST_CASE("M-Bus selection: the whole address matches, and each part alone must") {
  // 14501234, INM, version 1, electricity.
  const Bytes own = hex("34 12 50 14 CD 25 01 02");
  MbusRows rows;
  CHECK(rows.ask(snd_ud(253, 0x52, own)) == e5);
  for (std::size_t n = 0; n < own.size(); ++n) {
    CAPTURE(n);
    Bytes other = own;
    other[n] = static_cast<std::uint8_t>(other[n] ^ 1U);
    CHECK(rows.ask(snd_ud(253, 0x52, own)) == e5);
    CHECK(rows.ask(snd_ud(253, 0x52, other)).empty());
    CHECK(rows.ask(req_ud2(253, true)).empty());  // deselected
    other[n] = 0xFF;
    const bool whole_wildcard = n < 4 || n > 5;  // one byte of the manufacturer is none
    CHECK(rows.ask(snd_ud(253, 0x52, other)) == (whole_wildcard ? e5 : Bytes{}));
  }
  Bytes maker = own;
  maker[4] = maker[5] = 0xFF;
  CHECK(rows.ask(snd_ud(253, 0x52, maker)) == e5);
}

TEST_CASE("M-Bus selection: each digit has a wildcard of its own") {
  MbusRows rows;
  const std::uint32_t own = 0x14501234;
  for (unsigned digit = 0; digit < 8; ++digit) {
    for (std::uint32_t value = 0; value < 16; ++value) {
      const std::uint32_t others = ~(0xFU << (4 * digit));
      for (const std::uint32_t rest : {own & others, others}) {
        const std::uint32_t number = rest | value << (4 * digit);
        Bytes address{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8U),
                      static_cast<std::uint8_t>(number >> 16U),
                      static_cast<std::uint8_t>(number >> 24U)};
        address.resize(8, 0xFF);
        const bool matches = value == 0xF || value == ((own >> (4 * digit)) & 0xFU);
        REQUIRE(rows.ask(snd_ud(253, 0x52, address)) == (matches ? e5 : Bytes{}));
      }
    }
  }
}

TEST_CASE("M-Bus selection: the enhanced one adds the fabrication number, with wildcards") {
  MbusRows rows;
  rows.meter.settings.serial_bcd = 0x00000042;  // changed by a user; the fabrication number is not
  const std::string identification = "42 00 00 00 FF FF FF FF ";
  CHECK(rows.ask(selection(identification + "0C 78 34 12 50 14")) == e5);
  CHECK(rows.ask(selection(identification + "0C 78 FF FF FF FF")) == e5);
  CHECK(rows.ask(selection(identification + "0C 78 34 F2 50 1F")) == e5);
  CHECK(rows.ask(selection(identification + "0C 78 42 00 00 00")).empty());
  CHECK(rows.ask(selection(identification + "0C 79 34 12 50 14")).empty());
  CHECK(rows.ask(selection(identification + "04 78 34 12 50 14")).empty());
  CHECK(rows.ask(selection("43 00 00 00 FF FF FF FF 0C 78 34 12 50 14")).empty());
}

TEST_CASE("M-Bus selection: of any other length it does not match") {
  MbusRows rows;
  for (std::size_t length = 0; length <= 20; ++length) {
    Bytes address(length, 0xFF);
    if (length >= 10) {
      address[8] = 0x0C;
      address[9] = 0x78;
    }
    CAPTURE(length);
    CHECK(rows.ask(snd_ud(253, 0x52, address)) == (length == 8 || length == 14 ? e5 : Bytes{}));
  }
}

TEST_CASE("M-Bus selection: CI 56 deselects, in silence") {
  MbusRows rows;
  CHECK(rows.ask(selection(any_meter)) == e5);
  CHECK(rows.ask(snd_ud(253, 0x56, hex(any_meter))).empty());
  CHECK(rows.ask(req_ud2(253, true)).empty());
}

TEST_CASE("M-Bus selection: a selected meter is still found by its primary address") {
  MbusRows rows;
  rows.ask(selection(any_meter));
  CHECK(rows.ask(nke(1)) == e5);
  CHECK(mbus_answer(rows.ask(req_ud2(1, true))).a == 1);
}
