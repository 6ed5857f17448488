// The M-Bus slave's application layer: what each CI does, telegrams, errors and alarms.
#include <catch2/catch.hpp>
#include <cstdint>
#include <set>

#include "tests/metrology/mbus_rows.h"
#include "tests/metrology/mbus_vectors.h"

using namespace metrology;
using namespace tests;

namespace {

const std::vector<std::string> default_heads = {"0C 04", "8C 10 04", "8C 20 04",
                                                "1C 04", "9C 10 04", "9C 20 04",
                                                "2C 04", "AC 10 04", "AC 20 04"};
const std::vector<std::string> measured_heads = {
    "4B FD 47",    "8B 01 FD 47", "CB 01 FD 47", "4B FD 59", "8B 01 FD 59",
    "CB 01 FD 59", "0C 2A",       "4C 2A",       "8C 01 2A", "CC 01 2A"};
const std::vector<std::string> phase_heads = {"4C 04", "8C 01 04", "CC 01 04",
                                              "5C 04", "9C 01 04", "DC 01 04",
                                              "6C 04", "AC 01 04", "EC 01 04"};

void check_heads(const MbusAnswer& answer, const std::vector<std::string>& heads) {
  REQUIRE(answer.records.size() == heads.size());
  for (std::size_t n = 0; n < heads.size(); ++n) {
    CAPTURE(n, heads[n]);
    CHECK(answer.records[n].head == hex(heads[n]));
  }
  CHECK_FALSE(answer.more);
}

}  // namespace

TEST_CASE("M-Bus application: the standard's vectors are answered as it says") {
  MbusRows rows;
  CHECK(rows.ask("10 40 01 41 16") == e5);
  CHECK(mbus_answer(rows.ask("10 7B 01 7C 16")).ci == 0x72);
  CHECK(mbus_answer(rows.ask("10 5B 01 5C 16")).ci == 0x72);
  CHECK(rows.ask("10 7B FD 78 16").empty());
  CHECK(rows.ask("10 40 FE 3E 16") == e5);
  CHECK(rows.ask("68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16").empty());
  rows.meter.settings.serial_bcd = 0x12345678;
  CHECK(rows.ask("68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16") == e5);
  CHECK(mbus_answer(rows.ask("10 7B FD 78 16")).header[0] == 0x78);
  CHECK(rows.ask("68 0B 0B 68 53 FD 52 FF FF FF FF FF FF FF FF 9A 16") == e5);
  CHECK(rows.ask(nke(1)) == e5);
  CHECK(rows.ask("68 03 03 68 53 01 BB 0F 16") == e5);
  CHECK(rows.baud == 2400);
  CHECK(rows.ask(nke(1)) == e5);
  CHECK(rows.ask("68 03 03 68 53 01 BD 11 16") == e5);
  CHECK(rows.baud == 9600);
  CHECK(rows.ask(nke(1)) == e5);
  CHECK(rows.ask("68 03 03 68 53 01 50 A4 16") == e5);
  CHECK(rows.ask(nke(1)) == e5);
  CHECK(rows.ask("68 06 06 68 53 01 51 01 7A 02 22 16") == e5);
  CHECK(rows.meter.settings.meter_id == 2);
}

TEST_CASE("M-Bus application: the header is number, INM, version 1, electricity, access, status") {
  MbusRows rows;
  rows.meter.settings.meter_id = 7;
  const MbusAnswer answer = mbus_answer(rows.ask(req_ud2(7, true)));
  CHECK(answer.c == 0x08);
  CHECK(answer.a == 7);
  CHECK(answer.header == hex("34 12 50 14 CD 25 01 02 00 00 00 00"));
}

TEST_CASE("M-Bus application: the access number counts RSP_UD, and wraps") {
  MbusRows rows;
  for (int n = 0; n < 600; ++n) {
    const MbusAnswer answer = mbus_answer(n % 3 == 2 ? rows.ask(mbus_long(0x43, 1, 0xB1))
                                                     : rows.ask(mbus_short(0x4B, 1)));
    REQUIRE(answer.header[8] == n % 256);
    rows.ask(nke(1));
    rows.ask(snd_ud(1, 0x54));
  }
}

TEST_CASE("M-Bus application: the status byte tells of faults and missing phases") {
  MbusRows rows;
  const auto status = [&] { return mbus_answer(rows.ask(mbus_short(0x4B, 1))).header[9]; };
  CHECK(status() == 0);
  rows.meter.status.program_fault = true;
  CHECK(status() == 0x08);
  rows.meter.status.program_fault = false;
  rows.meter.status.memory_fault = true;
  CHECK(status() == 0x08);
  rows.meter.status.phases.present[1] = false;
  CHECK(status() == 0x18);
  rows.meter.status.memory_fault = false;
  CHECK(status() == 0x10);
  rows.meter.page.connection = hal::Connection::one_phase_two_wire;  // has no L2
  CHECK(status() == 0x00);
}

TEST_CASE("M-Bus application: REQ_UD1 is answered with E5, or the alarms in CI 71") {
  MbusRows rows;
  CHECK(rows.ask(req_ud1(1, true)) == e5);
  rows.meter.status.phases.present[2] = false;
  CHECK(rows.ask(req_ud1(1, true)) == e5);  // a repetition
  CHECK(rows.ask(req_ud1(1, false)) == mbus_long(0x08, 1, 0x71, {0x10}));
  rows.meter.status.program_fault = rows.meter.status.memory_fault = true;
  rows.meter.status.phases = {};
  CHECK(rows.ask(req_ud1(1, true)) == mbus_long(0x08, 1, 0x71, {0x1F}));
  CHECK(mbus_answer(rows.ask(req_ud2(1, true))).header[8] == 0);  // not counted
}

TEST_CASE("M-Bus application: REQ_UD2 gives the energies by default") {
  MbusRows rows;
  check_heads(mbus_answer(rows.ask(req_ud2(1, true))), default_heads);
  check_heads(mbus_answer(rows.ask(req_ud2(1, false))), default_heads);
}

TEST_CASE("M-Bus application: CI B1 gives voltages, currents and powers directly") {
  MbusRows rows;
  check_heads(mbus_answer(rows.ask(snd_ud(1, 0xB1))), measured_heads);
  check_heads(mbus_answer(rows.ask(req_ud2(1, true))), default_heads);  // the set stays
}

TEST_CASE("M-Bus application: CI B4 gives the phases' energies directly") {
  MbusRows rows;
  check_heads(mbus_answer(rows.ask(snd_ud(1, 0xB4))), phase_heads);
  CHECK(rows.ask(selection("FF FF FF FF FF FF FF FF")) == e5);
  check_heads(mbus_answer(rows.ask(snd_ud(253, 0xB4))), phase_heads);
}

TEST_CASE("M-Bus application: CI B1 and B4 with data are refused") {
  for (const int ci : {0xB1, 0xB4}) {
    MbusRows rows;
    CHECK(rows.ask(snd_ud(1, static_cast<std::uint8_t>(ci), {0})) == e5);
    CHECK(rows.told_error() == 0);
  }
}

TEST_CASE("M-Bus application: a repeated CI B1 is the previous answer once more") {
  MbusRows rows;
  const Bytes first = rows.ask(snd_ud(1, 0xB1));
  rows.meter.measurements.voltage_V[0] = 230.0;
  CHECK(rows.ask(snd_ud(1, 0xB1)) == first);
  CHECK(rows.ask(snd_ud(1, 0xB1, {}, true)) != first);
}

TEST_CASE("M-Bus application reset: subcode 00 reads everything, any other and none the default") {
  MbusRows rows;
  for (int subcode = 1; subcode <= 256; ++subcode) {
    rows.ask(nke(1));
    CHECK(rows.ask(snd_ud(1, 0x50, {0x00})) == e5);
    CHECK(mbus_answer(rows.ask(req_ud2(1, true))).more);
    rows.ask(nke(1));
    const Bytes data = subcode == 256 ? Bytes{} : Bytes{static_cast<std::uint8_t>(subcode)};
    CHECK(rows.ask(snd_ud(1, 0x50, data)) == e5);
    const MbusAnswer answer = mbus_answer(rows.ask(req_ud2(1, true)));
    REQUIRE(answer.records.size() == 9);
    REQUIRE_FALSE(answer.more);
  }
}

TEST_CASE("M-Bus application reset: the first telegram is the next") {
  MbusRows rows;
  rows.ask(snd_ud(1, 0x50, {0x00}));
  const MbusAnswer first = mbus_answer(rows.ask(req_ud2(1, true)));
  rows.ask(snd_ud(1, 0x50, {0x00}, true));
  const MbusAnswer again = mbus_answer(rows.ask(req_ud2(1, false)));
  CHECK(again.records.front().head == first.records.front().head);
  CHECK(again.records.size() == first.records.size());
}

TEST_CASE("M-Bus telegrams: all 77 rows in the matrix's order, at most 240 bytes, linked by 1F") {
  for (const auto variant : {hal::MeterVariant::mb, hal::MeterVariant::mb_ct}) {
    MbusRows rows(variant);
    rows.ask(snd_ud(1, 0x50, {0x00}));
    std::size_t records = 0;
    std::set<Bytes> heads;
    bool fcb = false;
    int telegrams = 0;
    for (bool more = true; more; ++telegrams) {
      fcb = !fcb;
      const Bytes frame = rows.ask(req_ud2(1, fcb));
      CHECK(frame.size() <= 240);
      const MbusAnswer answer = mbus_answer(frame);
      CHECK(answer.header[8] == telegrams);
      more = answer.more;
      // Full but for less than the longest record: a head of 5, 4 bytes.
      if (more) CHECK(frame.size() > 240 - 17);
      records += answer.records.size();
      for (const MbusRecord& record : answer.records) heads.insert(record.head);
    }
    // 13 parameters; in the manual's
    // table: 3 U, f, 3 I, 4 P, 4 Q, 4 S, 4 PF, the tariff, 36 energies.
    CHECK(records == 13 + 3 + 1 + 3 + 16 + 1 + 36);
    CHECK(heads.size() == records);
    CHECK(telegrams == 3);
    // After the last the first.
    CHECK(mbus_answer(rows.ask(req_ud2(1, !fcb))).records.front().head == hex("0C 79"));
  }
}

TEST_CASE("M-Bus telegrams: a repeated FCB does not go on to the next one") {
  MbusRows rows;
  rows.ask(snd_ud(1, 0x50, {0x00}));
  const Bytes first = rows.ask(req_ud2(1, true));
  CHECK(rows.ask(req_ud2(1, true)) == first);
  const Bytes second = rows.ask(req_ud2(1, false));
  CHECK(second != first);
  CHECK(rows.ask(req_ud2(1, false)) == second);
  CHECK_FALSE(mbus_answer(second).records.front() == mbus_answer(first).records.front());
}

TEST_CASE("M-Bus telegrams: a selection begins with the first one") {
  MbusRows rows;
  rows.ask(snd_ud(1, 0x50, {0x00}));
  rows.ask(req_ud2(1, true));
  CHECK(rows.ask(selection("FF FF FF FF FF FF FF FF")) == e5);
  CHECK(mbus_answer(rows.ask(req_ud2(253, true))).records.front().head == hex("0C 79"));
}

TEST_CASE("M-Bus application: CI 54 is acknowledged") {
  MbusRows rows;
  CHECK(rows.ask(snd_ud(1, 0x54)) == e5);
  CHECK(rows.told_error() == -1);
}

TEST_CASE("M-Bus errors: a CI that is none is acknowledged, and told once by the next REQ_UD2") {
  const std::set<int> known = {0x50, 0x51, 0x54, 0xB1, 0xB4, 0xB8, 0xB9,
                               0xBA, 0xBB, 0xBC, 0xBD, 0xBE, 0xBF};
  for (int ci = 0; ci < 256; ++ci) {
    CAPTURE(ci);
    if (known.count(ci) != 0) continue;
    MbusRows rows;
    CHECK(rows.ask(snd_ud(1, static_cast<std::uint8_t>(ci))) == e5);
    const Bytes error = rows.ask(req_ud2(1, true));
    CHECK(error == mbus_long(0x08, 1, 0x70, {1}));
    CHECK(rows.ask(req_ud2(1, true)) == error);  // a repetition tells it again
    CHECK(mbus_answer(rows.ask(req_ud2(1, false))).header[8] == 0);
  }
}

TEST_CASE("M-Bus errors: SND_UD, SND_NKE and a selection let an error be forgotten") {
  MbusRows rows;
  const auto fail = [&] { REQUIRE(rows.ask(mbus_long(0x43, 1, 0x99)) == e5); };
  fail();
  CHECK(rows.ask(snd_ud(1, 0x54)) == e5);
  CHECK(rows.told_error() == -1);
  fail();
  CHECK(rows.ask(nke(1)) == e5);
  CHECK(rows.told_error() == -1);
  fail();
  CHECK(rows.ask(selection("FF FF FF FF FF FF FF FF")) == e5);
  CHECK(rows.told_error() == -1);
  fail();
  CHECK(rows.told_error() == 1);
}

TEST_CASE("M-Bus baud rate: B8 … BD are 300 … 9600 Bd, BE and BF are acknowledged alone") {
  const int rates[] = {300, 600, 1200, 2400, 4800, 9600, 0, 0};
  for (int n = 0; n < 8; ++n) {
    MbusRows rows;
    CHECK(rows.ask(snd_ud(1, static_cast<std::uint8_t>(0xB8 + n))) == e5);
    CHECK(rows.baud == rates[n]);
    CHECK(rows.told_error() == -1);
    CHECK(rows.meter.settings.baud == 9600);
  }
}

TEST_CASE("M-Bus baud rate: changed only for a meter that alone was meant") {
  MbusRows rows;
  CHECK(rows.ask(snd_ud(254, 0xBB)) == e5);
  CHECK(rows.baud == 0);
  CHECK(rows.ask(snd_ud(255, 0xBB)).empty());
  CHECK(rows.baud == 0);
  CHECK(rows.ask(snd_ud(2, 0xBB)).empty());
  CHECK(rows.baud == 0);
  CHECK(rows.ask(selection("34 12 50 14 FF FF FF FF")) == e5);
  CHECK(rows.ask(snd_ud(253, 0xBB)) == e5);
  CHECK(rows.baud == 2400);
  CHECK(rows.ask(snd_ud(253, 0xBB)) == e5);  // a repetition
  CHECK(rows.baud == 0);
}
