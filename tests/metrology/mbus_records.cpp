// M-Bus records: each row's head by the specification's rules, and values up to and beyond what
// their digits hold.
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <map>

#include "tests/metrology/mbus_rows.h"

using namespace metrology;
using namespace tests;

namespace {

using energy::Direction;
using energy::Kind;

/// A record of a row as the meter sends it, of all that it can read.
MbusRecord record_of(const MbusRows& rows, std::uint32_t row) {
  for (const mbus::Record& record : mbus::records) {
    if (record.row != row) continue;
    std::uint8_t bytes[mbus::max_record_bytes];
    const int size = mbus::put_record(rows.meter.data(), record, bytes);
    // Through the parser of answers, in a frame of its own.
    Bytes data = hex("34 12 50 14 CD 25 01 02 00 00 00 00");
    data.insert(data.end(), bytes, bytes + size);
    const MbusAnswer answer = mbus_answer(mbus_long(0x08, 1, 0x72, data));
    REQUIRE(answer.records.size() == 1);
    return answer.records.front();
  }
  FAIL("no record of row " << row);
  return {};
}

void check(const MbusRows& rows, std::uint32_t row, const std::string& head,
           const std::string& data) {
  CAPTURE(row, head, data);
  const MbusRecord record = record_of(rows, row);
  CHECK(record.head == hex(head));
  CHECK(record.data == hex(data));
}

/// Head of phase `storage`'s record: data and function in `dif`, tariff in DIFE.
Bytes head_of(unsigned dif, unsigned storage, unsigned tariff, const std::string& vif) {
  Bytes head;
  const unsigned dife = tariff << 4U | storage >> 1U;
  head.push_back(static_cast<std::uint8_t>(dif | (storage & 1U) << 6U | (dife != 0 ? 0x80U : 0U)));
  if (dife != 0) head.push_back(static_cast<std::uint8_t>(dife));
  const Bytes rest = hex(vif);
  head.insert(head.end(), rest.begin(), rest.end());
  return head;
}

}  // namespace

TEST_CASE("M-Bus records: each row's head is the specification's: storage = phase, min = reverse") {
  std::map<std::uint32_t, Bytes> heads = {
      {0x1000, hex("0C 79")},    {0x1010, hex("02 FF 05")}, {0x1018, hex("01 7A")},
      {0x1020, hex("02 FD 1C")}, {0x1030, hex("0D FF 08")}, {0x1050, hex("05 FF 09")},
      {0x1054, hex("05 FF 0A")}, {0x1058, hex("05 FF 0B")}, {0x1060, hex("02 FF 07")},
      {0x1062, hex("02 FF 06")}, {0x1066, hex("05 FF 01")}, {0x107A, hex("02 FF 02")},
      {0x1510, hex("0A FF 03")}, {0x2020, hex("0A FB 2D")}, {0x2200, hex("02 FF 04")}};
  for (unsigned phase = 1; phase <= 3; ++phase) {
    const std::uint32_t at = 4 * phase;
    heads[0x2004 + at] = head_of(0x0B, phase, 0, "FD 47");
    heads[0x2064 + at] = head_of(0x0B, phase, 0, "FD 59");
    heads[0x2084 + at] = head_of(0x0C, phase, 0, "2A");
    heads[0x20A4 + at] = head_of(0x0C, phase, 0, "FB 14");
    heads[0x20C4 + at] = head_of(0x0C, phase, 0, "FB 34");
    heads[0x20E4 + at] = head_of(0x0A, phase, 0, "FD BA 74");
  }
  heads[0x2080] = hex("0C 2A");
  heads[0x20A0] = hex("0C FB 14");
  heads[0x20C0] = hex("0C FB 34");
  heads[0x20E0] = hex("0A FD BA 74");
  for (unsigned kind = 0; kind < 6; ++kind) {
    const unsigned function = kind % 3;  // instantaneous, maximum, minimum
    const std::string vif = kind < 3 ? "04" : "FB 82 74";
    const std::uint32_t at = 0x3000 + 0x20 * kind;
    for (unsigned phase = 0; phase <= 3; ++phase) {
      heads[at + (phase == 0 ? 0 : 4 + 4 * phase)] = head_of(0x0C | function << 4U, phase, 0, vif);
    }
    for (unsigned tariff = 1; tariff <= 2; ++tariff) {
      heads[at + 0x100 * tariff] = head_of(0x0C | function << 4U, 0, tariff, vif);
    }
  }
  MbusRows rows;
  std::uint32_t before = 0;
  for (const mbus::Record& record : mbus::records) {
    CAPTURE(record.row);
    CHECK(record.row > before);
    before = record.row;
    CHECK(record_of(rows, record.row).head == heads.at(record.row));
  }
  CHECK(heads.size() == mbus::record_count);
}

TEST_CASE("M-Bus records: parameters") {
  MbusRows rows;
  check(rows, 0x1000, "0C 79", "34 12 50 14");
  check(rows, 0x1010, "02 FF 05", "02 01");  // 0x0102
  rows.meter.settings.meter_id = 250;
  check(rows, 0x1018, "01 7A", "FA");
  check(rows, 0x1020, "02 FD 1C", "80 25");                       // 9600 = 0x2580
  check(rows, 0x1030, "0D FF 08", "62 4D 2D 30 38 33 4F 52 50");  // "PRO380-Mb", the last first
  check(rows, 0x1050, "05 FF 09", "AE 47 81 3F");                 // 1.01 = 0x3F8147AE
  check(rows, 0x1060, "02 FF 07", "64 00");
  check(rows, 0x1062, "02 FF 06", "00 00");
  check(rows, 0x1066, "05 FF 01", "00 00 7A 44");  // 1000.0 = 0x447A0000
  check(rows, 0x107A, "02 FF 02", "05 00");
  rows.meter.settings.lcd_cycle_s = 25;
  check(rows, 0x1510, "0A FF 03", "25 00");
  check(rows, 0x2200, "02 FF 04", "01 00");
  MbusRows ct(hal::MeterVariant::mb_ct);
  ct.meter.settings.ct_primary_A = 7500;
  check(ct, 0x1010, "02 FF 05", "03 01");
  check(ct, 0x1060, "02 FF 07", "05 00");
  check(ct, 0x1062, "02 FF 06", "4C 1D");  // 7500 = 0x1D4C
  check(ct, 0x1030, "0D FF 08", "54 43 20 62 4D 2D 30 38 33 4F 52 50");
}

TEST_CASE("M-Bus records: measured values are those of the display, in the record's unit") {
  MbusRows rows;
  energy::Measurements& m = rows.meter.measurements;
  m.voltage_V[0] = 230.04;  // 230.0 V are 23 000 of 10 mV
  m.voltage_V[1] = 229.96;
  m.voltage_V[2] = 0.0;
  check(rows, 0x2008, "4B FD 47", "00 30 02");
  check(rows, 0x200C, "8B 01 FD 47", "00 30 02");
  check(rows, 0x2010, "CB 01 FD 47", "00 00 00");
  m.frequency_Hz = 49.986;  // 49.99 Hz
  check(rows, 0x2020, "0A FB 2D", "99 49");
  m.current_A[0] = 5.004;  // 5.00 A are 5 000 mA
  m.current_A[1] = -5.006;
  m.current_A[2] = 99.99;
  check(rows, 0x2068, "4B FD 59", "00 50 00");
  check(rows, 0x206C, "8B 01 FD 59", "10 50 F0");
  check(rows, 0x2070, "CB 01 FD 59", "90 99 09");
  m.active_W[3] = 1234.4;  // 1.234 kW are 12 340 of 0.1 W
  m.active_W[0] = -1234.6;
  check(rows, 0x2080, "0C 2A", "40 23 01 00");
  check(rows, 0x2088, "4C 2A", "50 23 01 F0");
  m.reactive_var[3] = -987.4;
  m.reactive_var[1] = 987.6;
  check(rows, 0x20A0, "0C FB 14", "87 09 00 F0");
  check(rows, 0x20AC, "8C 01 FB 14", "88 09 00 00");
  m.apparent_VA[2] = 23'000.0;
  check(rows, 0x20D0, "CC 01 FB 34", "00 30 02 00");
  m.power_factor[3] = 0.854;
  m.power_factor[0] = 1.0;
  check(rows, 0x20E0, "0A FD BA 74", "85 00");
  check(rows, 0x20E8, "4A FD BA 74", "00 01");
}

TEST_CASE("M-Bus records: what rounds to zero has no sign") {
  MbusRows rows;
  rows.meter.measurements.current_A[0] = -0.004;
  rows.meter.measurements.active_W[0] = -0.4;
  check(rows, 0x2068, "4B FD 59", "00 00 00");
  check(rows, 0x2088, "4C 2A", "00 00 00 00");
}

TEST_CASE("M-Bus records: a current that does not fit goes in larger decades, 59 … 5C") {
  const struct {
    double ampere;
    const char* head;
    const char* data;
  } cases[] = {
      {99.99, "4B FD 59", "90 99 09"},
      {-99.99, "4B FD 59", "90 99 F9"},
      {-100.0, "4B FD 5A", "00 00 F1"},  // 10 000 of 10 mA
      {100.0, "4B FD 59", "00 00 10"},
      {999.99, "4B FD 59", "90 99 99"},
      {1000.0, "4B FD 5A", "00 00 10"},
      {-999.99, "4B FD 5A", "99 99 F9"},
      {-1000.0, "4B FD 5B", "00 00 F1"},
      {9000.0, "4B FD 5A", "00 00 90"},
      {-9000.04, "4B FD 5B", "00 00 F9"},
      {-9000.05, "4B FD 5B", "01 00 F9"},  // to nearest, halves away from zero
      {-99'999.0, "4B FD 5C", "99 99 F9"},
      {99'999.99, "4B FD 5B", "00 00 00"},  // replaced below
      {999'999.0, "4B FD 5C", "99 99 99"},
      {1'000'000.0, "4B FD D9 16", "FF FF FF"},
      {-100'000.0, "4B FD D9 16", "FF FF FF"},
  };
  MbusRows rows;
  for (const auto& c : cases) {
    CAPTURE(c.ampere);
    rows.meter.measurements.current_A[0] = c.ampere;
    if (c.ampere == 99'999.99) {
      // 999 999.9 of 100 mA round to 1 000 000: one decade more, 100 000 A.
      check(rows, 0x2068, "4B FD 5C", "00 00 10");
    } else {
      check(rows, 0x2068, c.head, c.data);
    }
  }
}

TEST_CASE("M-Bus records: a power that does not fit goes in larger decades, 2A … 2C") {
  const struct {
    double watt;
    const char* head;
    const char* data;
  } cases[] = {
      {6'210'000.0, "0C 2A", "00 00 10 62"},   // 7500/5 at full load
      {-6'210'000.0, "0C 2B", "00 00 21 F6"},  // 62 100 000 and a sign are nine digits
      {9'999'999.0, "0C 2A", "90 99 99 99"},   {10'000'000.0, "0C 2B", "00 00 00 10"},
      {-999'999.0, "0C 2A", "90 99 99 F9"},    {-1'000'000.0, "0C 2B", "00 00 00 F1"},
      {-9'999'999.0, "0C 2B", "99 99 99 F9"},  {-10'000'000.0, "0C 2C", "00 00 00 F1"},
      {-99'999'990.0, "0C 2C", "99 99 99 F9"}, {999'999'990.0, "0C 2C", "99 99 99 99"},
      {1e9, "0C AA 16", "FF FF FF FF"},        {-1e8, "0C AA 16", "FF FF FF FF"},
      {1e300, "0C AA 16", "FF FF FF FF"},      {-1e300, "0C AA 16", "FF FF FF FF"},
  };
  MbusRows rows;
  for (const auto& c : cases) {
    CAPTURE(c.watt);
    rows.meter.measurements.active_W[3] = c.watt;
    check(rows, 0x2080, c.head, c.data);
  }
}

TEST_CASE("M-Bus records: energies are cut to 10 Wh, and as the registers have them") {
  MbusRows rows;
  energy::Account& total = rows.meter.energy.accounts.total;
  const auto set = [&](std::int64_t uWh, Direction direction) {
    total.counter[0][static_cast<int>(Kind::active)][static_cast<int>(direction)] = {uWh, 0};
  };
  rows.meter.settings.combined_code = registers::CombinedCode::forward;
  set(10'000'000 - 1, Direction::forward);  // one µWh below 10 Wh
  check(rows, 0x3000, "0C 04", "00 00 00 00");
  set(10'000'000, Direction::forward);
  check(rows, 0x3000, "0C 04", "01 00 00 00");
  check(rows, 0x3020, "1C 04", "01 00 00 00");
  check(rows, 0x3040, "2C 04", "00 00 00 00");
  set(999'999'999'999'999, Direction::forward);  // 999 999.999 … kWh
  check(rows, 0x3000, "0C 04", "99 99 99 99");
  set(1'000'000'000'000'000, Direction::forward);  // rolls over
  check(rows, 0x3000, "0C 04", "00 00 00 00");
}

TEST_CASE("M-Bus records: negative totals, and those of more than seven digits") {
  MbusRows rows;
  rows.meter.settings.combined_code = registers::CombinedCode::forward_minus_reverse;
  for (const auto kind : {Kind::active, Kind::reactive}) {
    const bool active = kind == Kind::active;
    const std::uint32_t row = active ? 0x3000 : 0x3060;
    const auto reverse = [&](std::int64_t uWh) {
      rows.meter.energy.accounts.total
          .counter[0][static_cast<int>(kind)][static_cast<int>(Direction::reverse)] = {uWh, 0};
    };
    const std::string vif[] = {active ? "0C 04" : "0C FB 82 74", active ? "0C 05" : "0C FB 82 75"};
    reverse(12'345'670'000);  // −12.34567 kWh
    check(rows, row, vif[0], "34 12 00 F0");
    reverse(99'999'999'999'999);  // −99 999.99 kWh
    check(rows, row, vif[0], "99 99 99 F9");
    reverse(100'000'000'000'000);  // −100 000.00 kWh: 1 000 000 of 100 Wh
    check(rows, row, vif[1], "00 00 00 F1");
    reverse(999'999'999'999'999);  // −999 999.9
    check(rows, row, vif[1], "99 99 99 F9");
    reverse(9'999'999);
    check(rows, row, vif[0], "00 00 00 00");
  }
}

TEST_CASE("M-Bus records: tariffs and phases show their own counters") {
  MbusRows rows;
  rows.meter.settings.combined_code = registers::CombinedCode::forward_plus_reverse;
  energy::Accounts& accounts = rows.meter.energy.accounts;
  const auto put = [](energy::Account& account, int tariff, Kind kind, Direction direction,
                      std::int64_t steps) {
    account.counter[tariff][static_cast<int>(kind)][static_cast<int>(direction)] = {
        steps * 10'000'000, 0};
  };
  put(accounts.total, 0, Kind::active, Direction::forward, 1);
  put(accounts.total, 1, Kind::active, Direction::forward, 20);
  put(accounts.total, 0, Kind::active, Direction::reverse, 300);
  put(accounts.total, 1, Kind::active, Direction::reverse, 4000);
  put(accounts.phase[2], 0, Kind::reactive, Direction::reverse, 56);
  check(rows, 0x3000, "0C 04", "21 43 00 00");
  check(rows, 0x3100, "8C 10 04", "01 03 00 00");
  check(rows, 0x3200, "8C 20 04", "20 40 00 00");
  check(rows, 0x3020, "1C 04", "21 00 00 00");
  check(rows, 0x3240, "AC 20 04", "00 40 00 00");
  check(rows, 0x30B0, "EC 01 FB 82 74", "56 00 00 00");
  check(rows, 0x3070, "CC 01 FB 82 74", "56 00 00 00");
}
