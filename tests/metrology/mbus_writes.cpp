// Every row that can be written over M-Bus, with all that it takes and much that it refuses.
#include <catch2/catch.hpp>
#include <cstdint>
#include <set>
#include <string>

#include "tests/metrology/mbus_rows.h"

using namespace metrology;
using namespace tests;

namespace {

constexpr int refused = 0;
constexpr int premature_end = 4;

/// The record's data that the meter takes, of all of `bytes` bytes; each is tried on a new meter.
std::set<std::uint32_t> taken(const std::string& head, int bytes) {
  std::set<std::uint32_t> values;
  const Bytes head_bytes = hex(head);
  for (std::uint32_t value = 0; value < (1U << (8U * static_cast<unsigned>(bytes))); ++value) {
    MbusRows rows;
    const registers::Settings before = rows.meter.settings;
    Bytes data = head_bytes;
    for (int n = 0; n < bytes; ++n) data.push_back(static_cast<std::uint8_t>(value >> (8 * n)));
    REQUIRE(rows.ask(snd_ud(1, 0x51, data)) == e5);
    const int error = rows.told_error();
    if (error == -1) {
      values.insert(value);
    } else if (error != refused || rows.meter.settings != before) {
      FAIL(head << " " << value << ": error " << error);
    }
  }
  return values;
}

std::set<std::uint32_t> range(std::uint32_t first, std::uint32_t last) {
  std::set<std::uint32_t> values;
  for (std::uint32_t value = first; value <= last; ++value) values.insert(value);
  return values;
}

}  // namespace

TEST_CASE("M-Bus writes: the address takes 0 … 250") { CHECK(taken("01 7A", 1) == range(0, 250)); }

TEST_CASE("M-Bus writes: rows of two bytes take their values and no other") {
  CHECK(taken("02 FD 1C", 2) == std::set<std::uint32_t>{9600, 4800, 2400, 1200, 600, 300});
  CHECK(taken("02 FF 02", 2) == std::set<std::uint32_t>{1, 4, 5, 6, 9, 10});
  CHECK(taken("02 FF 04", 2) == std::set<std::uint32_t>{1, 2, 11, 12});
  std::set<std::uint32_t> seconds;
  for (std::uint32_t s = 1; s <= 30; ++s) seconds.insert(s / 10 * 16 + s % 10);
  CHECK(taken("0A FF 03", 2) == seconds);
}

TEST_CASE("M-Bus writes: the S0 rate takes its eight values, and not their neighbours") {
  for (const char* rate : {"00 40 1C 46", "00 00 FA 44", "00 00 7A 44", "00 00 C8 42",
                           "00 00 20 41", "00 00 80 3F", "CD CC CC 3D", "0A D7 23 3C"}) {
    MbusRows rows;
    rows.meter.settings.s0_rate_centi = 1;
    CAPTURE(rate);
    CHECK(rows.write_records(std::string("05 FF 01 ") + rate) == -1);
    rows.ask(nke(1));
    rows.ask(snd_ud(1, 0x50, {0}));
    CHECK(mbus_data(mbus_answer(rows.ask(req_ud2(1, true))), "05 FF 01") == hex(rate));
    Bytes near = hex(std::string("05 FF 01 ") + rate);
    near[3] = static_cast<std::uint8_t>(near[3] ^ 1U);
    CHECK(rows.ask(snd_ud(1, 0x51, near)) == e5);
    CHECK(rows.told_error() == refused);
  }
}

TEST_CASE("M-Bus writes: identification as 0C 79, and as the whole address 07 79") {
  MbusRows rows;
  CHECK(rows.write_records("0C 79 78 56 34 12") == -1);
  CHECK(rows.meter.settings.serial_bcd == 0x12345678);
  CHECK(rows.write_records("07 79 01 00 00 99 CD 25 01 02") == -1);
  CHECK(rows.meter.settings.serial_bcd == 0x99000001);
  CHECK(rows.write_records("07 79 02 00 00 99 FF FF FF FF") == -1);
  CHECK(rows.meter.settings.serial_bcd == 0x99000002);
  // Another maker's, version's or medium's address, and no digits.
  for (const char* record :
       {"07 79 03 00 00 99 CE 25 01 02", "07 79 03 00 00 99 CD 24 01 02",
        "07 79 03 00 00 99 CD 25 02 02", "07 79 03 00 00 99 CD 25 01 03", "0C 79 0A 00 00 00",
        "0C 79 00 00 00 F0", "07 79 03 00 00 9A CD 25 01 02"}) {
    CAPTURE(record);
    CHECK(rows.write_records(record) == refused);
    CHECK(rows.meter.settings.serial_bcd == 0x99000002);
  }
}

TEST_CASE("M-Bus writes: with combined code 10 in force each later one is refused") {
  MbusRows rows;
  CHECK(rows.write_records("02 FF 02 0A 00") == -1);
  CHECK(rows.write_records("02 FF 02 05 00") == refused);
  CHECK(rows.write_records("02 FF 02 0A 00") == refused);
}

TEST_CASE("M-Bus writes: every other row refuses the record that it is read with") {
  const std::set<std::uint32_t> writable = {0x1000, 0x1018, 0x1020, 0x1066, 0x107A, 0x1510, 0x2200};
  MbusRows rows;
  for (const mbus::Record& record : mbus::records) {
    if (writable.count(record.row) != 0) continue;
    CAPTURE(record.row);
    std::uint8_t bytes[mbus::max_record_bytes];
    const int size = mbus::put_record(rows.meter.data(), record, bytes);
    rows.ask(nke(1));
    CHECK(rows.ask(snd_ud(1, 0x51, Bytes(bytes, bytes + size))) == e5);
    CHECK(rows.told_error() == refused);
  }
  CHECK(rows.writes == 0);
}

TEST_CASE("M-Bus writes: each writable row takes the record that it is read with") {
  MbusRows rows;
  for (const std::uint32_t row : {0x1000U, 0x1018U, 0x1020U, 0x1066U, 0x107AU, 0x1510U, 0x2200U}) {
    CAPTURE(row);
    for (const mbus::Record& record : mbus::records) {
      if (record.row != row) continue;
      std::uint8_t bytes[mbus::max_record_bytes];
      const int size = mbus::put_record(rows.meter.data(), record, bytes);
      rows.ask(nke(1));
      CHECK(rows.ask(snd_ud(1, 0x51, Bytes(bytes, bytes + size))) == e5);
      CHECK(rows.told_error() == -1);
    }
  }
  CHECK(rows.writes == 7);
}

TEST_CASE("M-Bus writes: several records at once, or none of them") {
  MbusRows rows;
  CHECK(rows.write_records("02 FF 04 02 00 2F 2F 0A FF 03 25 00 2F") == -1);
  CHECK(rows.meter.tariff.active == energy::Tariff::t2);
  CHECK(rows.meter.settings.lcd_cycle_s == 25);
  const int before = rows.writes;
  CHECK(rows.write_records("02 FF 04 01 00 0A FF 03 31 00") == refused);
  CHECK(rows.write_records("0A FF 03 05 00 02 FF 09 00 00") == refused);
  CHECK(rows.write_records("0A FF 03 05 00 02 FF 04 01") == premature_end);
  // The second of two codes is judged as the first would leave it.
  CHECK(rows.write_records("02 FF 02 0A 00 02 FF 02 05 00") == refused);
  CHECK(rows.writes == before);
  CHECK(rows.meter.tariff.active == energy::Tariff::t2);
  CHECK(rows.meter.settings.lcd_cycle_s == 25);
  CHECK(rows.meter.settings.combined_code == registers::CombinedCode::forward_plus_reverse);
}

TEST_CASE("M-Bus writes: no record at all is no error") {
  MbusRows rows;
  CHECK(rows.write_records("2F 2F") == -1);
  CHECK(rows.ask(snd_ud(1, 0x51, {}, true)) == e5);
  CHECK(rows.told_error() == -1);
}

TEST_CASE("M-Bus writes: sixteen records are taken, seventeen are error 3") {
  for (const int count : {16, 17}) {
    MbusRows rows;
    Bytes records;
    for (int n = 0; n < count; ++n) {
      for (const std::uint8_t byte : hex("02 FF 04 02 00")) records.push_back(byte);
    }
    CHECK(rows.ask(snd_ud(1, 0x51, records)) == e5);
    CHECK(rows.told_error() == (count == 16 ? -1 : 3));
    CHECK(rows.writes == (count == 16 ? 16 : 0));
  }
}

TEST_CASE("M-Bus writes: data that end within a record are error 4") {
  for (const char* records : {"02", "82", "82 10", "02 FF", "02 FF 04", "02 FF 04 02", "07 79 00",
                              "0D FF 08", "0D FF 08 05 41", "01 7A"}) {
    CAPTURE(records);
    MbusRows rows;
    CHECK(rows.write_records(records) == premature_end);
  }
}

TEST_CASE("M-Bus writes: more than ten DIFE are error 5, more than ten VIFE error 6") {
  for (const int count : {10, 11}) {
    MbusRows rows;
    Bytes record{0x82};
    for (int n = 1; n < count; ++n) record.push_back(0x80);
    record.push_back(0x00);
    Bytes difes = record;
    for (const std::uint8_t byte : hex("FF 04 02 00")) difes.push_back(byte);
    CHECK(rows.ask(snd_ud(1, 0x51, difes)) == e5);
    CHECK(rows.told_error() == (count == 10 ? refused : 5));
    Bytes vifes{0x02, 0xFF};
    for (int n = 1; n < count; ++n) vifes.push_back(0x80);
    for (const std::uint8_t byte : hex("04 02 00")) vifes.push_back(byte);
    CHECK(rows.ask(snd_ud(1, 0x51, vifes, true)) == e5);
    CHECK(rows.told_error() == (count == 10 ? refused : 6));
    CHECK(rows.writes == 0);
  }
}

TEST_CASE(
    "M-Bus writes: maker data, readout selection, plain text and unknown records are refused") {
  for (const char* records :
       {"0F 01 02", "1F", "7F", "08 04", "02 7C 01 41 00 00", "04 04 00 00 00 00", "02 7A 02 00",
        "01 FF 04 02", "0C 78 00 00 00 00", "42 FF 04 02 00", "02 FF 0C 00 00"}) {
    CAPTURE(records);
    MbusRows rows;
    CHECK(rows.write_records(records) == refused);
    CHECK(rows.writes == 0);
  }
}

TEST_CASE("M-Bus writes: what the EEPROM cannot keep is error 8, and changes nothing") {
  MbusRows rows;
  rows.memory_fails = true;
  const registers::Settings before = rows.meter.settings;
  CHECK(rows.write_records("01 7A 02") == 8);
  CHECK(rows.write_records("02 FF 04 02 00") == 8);
  CHECK(rows.write_records("02 FF 04 0C 00 01 7A 02") == 8);
  CHECK(rows.meter.settings == before);
  CHECK(rows.meter.tariff.active == energy::Tariff::t1);
}

TEST_CASE("M-Bus writes: mode 2 is unknown, and changes nothing") {
  MbusRows rows;
  CHECK(rows.ask(snd_ud(1, 0x55, hex("01 7A 02"))) == e5);
  CHECK(rows.told_error() == 1);
  CHECK(rows.writes == 0);
}

TEST_CASE("M-Bus writes: over 254 and 253 as over the own address") {
  MbusRows rows;
  CHECK(rows.ask(snd_ud(254, 0x51, hex("01 7A 09"))) == e5);
  CHECK(rows.meter.settings.meter_id == 9);
  CHECK(rows.ask(selection("34 12 50 14 FF FF FF FF")) == e5);
  CHECK(rows.ask(snd_ud(253, 0x51, hex("01 7A 0A"))) == e5);
  CHECK(rows.meter.settings.meter_id == 10);
  // A new number leaves the meter selected.
  CHECK(rows.ask(snd_ud(253, 0x51, hex("0C 79 01 00 00 00"), true)) == e5);
  CHECK(mbus_answer(rows.ask(req_ud2(253, true))).header[0] == 1);
}
