// Every row that can be written over Modbus, with all that it takes and much that it refuses.
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "tests/metrology/modbus_map.h"

using namespace metrology;
using namespace tests;

namespace {

/// Which of all words a row of two bytes takes from function 06; each is tried on a new meter.
std::set<std::uint32_t> taken(std::uint32_t address, std::uint32_t firmware = 2) {
  std::set<std::uint32_t> words;
  for (std::uint32_t value = 0; value <= 0xFFFF; ++value) {
    ModbusRows rows(firmware);
    rows.meter.status.power_downs = 7;
    const Bytes answer = rows.ask(write_one(1, address, value));
    if (answer == write_one(1, address, value)) {
      words.insert(value);
    } else if (answer != exception(1, 6, 3)) {
      CAPTURE(address, value);
      REQUIRE(answer == exception(1, 6, 3));
    }
  }
  return words;
}

std::set<std::uint32_t> range(std::uint32_t first, std::uint32_t last) {
  std::set<std::uint32_t> words;
  for (std::uint32_t value = first; value <= last; ++value) words.insert(value);
  return words;
}

std::set<std::uint32_t> lcd_times() {
  std::set<std::uint32_t> words;
  for (std::uint32_t seconds = 1; seconds <= 30; ++seconds) {
    words.insert(seconds / 10 * 16 + seconds % 10);
  }
  return words;
}

}  // namespace

TEST_CASE("Modbus writes: rows of two bytes take their values over 06 and no other, in both maps") {
  const std::set<std::uint32_t> bauds{9600, 4800, 2400, 1200, 600, 300};
  const std::set<std::uint32_t> codes{1, 4, 5, 6, 9, 10};
  const std::set<std::uint32_t> tariffs{1, 2, 11, 12};
  CHECK(taken(0x1018, 1) == range(1, 247));
  CHECK(taken(0x4003) == range(1, 247));
  CHECK(taken(0x1020, 1) == bauds);
  CHECK(taken(0x4004) == bauds);
  CHECK(taken(0x107A, 1) == codes);
  CHECK(taken(0x400F) == codes);
  CHECK(taken(0x1510, 1) == lcd_times());
  CHECK(taken(0x4010) == lcd_times());
  CHECK(taken(0x2200, 1) == tariffs);
  CHECK(taken(0x6048) == tariffs);
  CHECK(taken(0x4011) == std::set<std::uint32_t>{1, 2});
  CHECK(taken(0x4016) == std::set<std::uint32_t>{0});
}

TEST_CASE(
    "Modbus writes: rows of two bytes take the same over 10, and what is taken is read back") {
  const std::map<std::uint32_t, std::set<std::uint32_t>> writable = {
      {0x1018, range(1, 247)},
      {0x1020, {9600, 4800, 2400, 1200, 600, 300}},
      {0x107A, {1, 4, 5, 6, 9, 10}},
      {0x1510, lcd_times()},
      {0x2200, {1, 2}},
      {0x4003, range(1, 247)},
      {0x4004, {9600, 4800, 2400, 1200, 600, 300}},
      {0x400F, {1, 4, 5, 6, 9, 10}},
      {0x4010, lcd_times()},
      {0x4011, {1, 2}},
      {0x4016, {0}},
      {0x6048, {1, 2}},
  };
  for (const auto& [address, values] : writable) {
    for (const std::uint32_t value : values) {
      CAPTURE(address, value);
      ModbusRows rows(2);
      rows.meter.status.power_downs = 7;
      Bytes expected = Bytes{1, 0x10};
      tests::append16(expected, address);
      tests::append16(expected, 1);
      CHECK(rows.ask(write_many(1, address, {value})) == sealed(expected));
      CHECK(rows.values(address, 1) == word(value));
    }
    for (const std::uint32_t value : {0xFFFFU, 0x8000U, 0x00FFU + 0x100U}) {
      if (values.count(value) != 0) continue;
      ModbusRows rows(2);
      CHECK(rows.ask(write_many(1, address, {value})) == exception(1, 0x10, 3));
    }
  }
  ModbusRows rows(2);  // 11 and 12 hold the tariff, and are not read back
  CHECK(rows.ask(write_many(1, 0x2200, {12})).size() == 8);
  CHECK(rows.values(0x6048, 1) == word(2));
  CHECK(rows.ask(write_many(1, 0x6048, {11})).size() == 8);
  CHECK(rows.values(0x2200, 1) == word(1));
}

TEST_CASE(
    "Modbus writes: the S0 rate takes its eight values in both maps, and not their neighbours") {
  for (const std::uint32_t address : {0x1066U, 0x400DU}) {
    for (const double rate : {10000.0, 2000.0, 1000.0, 100.0, 10.0, 1.0, 0.1, 0.01}) {
      CAPTURE(address, rate);
      ModbusRows rows(2);
      const Bytes bytes = real(rate);
      const std::uint32_t high = bytes[0] * 256U + bytes[1];
      const std::uint32_t low = bytes[2] * 256U + bytes[3];
      CHECK(rows.ask(write_many(1, address, {high, low})).size() == 8);
      CHECK(rows.values(address, 2) == bytes);
      CHECK(rows.ask(write_many(1, address, {high, low ^ 1U})) == exception(1, 0x10, 3));
      CHECK(rows.ask(write_many(1, address, {high ^ 0x8000U, low})) == exception(1, 0x10, 3));
      CHECK(rows.values(address, 2) == bytes);
    }
    ModbusRows rows(2);
    for (const std::uint32_t high : {0U, 0x7F80U, 0x7FC0U, 0xFFFFU}) {  // 0, infinity, no number
      CHECK(rows.ask(write_many(1, address, {high, 0})) == exception(1, 0x10, 3));
    }
  }
}

TEST_CASE("Modbus writes: the day counter and the power-down counter can only be set to 0") {
  ModbusRows rows(2);
  fill(rows.meter);
  CHECK(rows.ask(write_many(1, 0x6049, {0x3F80, 0})) == exception(1, 0x10, 3));
  CHECK(rows.ask(write_many(1, 0x6049, {0x8000, 0})) == exception(1, 0x10, 3));  // minus zero
  CHECK(rows.ask(write_many(1, 0x6049, {0, 0})).size() == 8);
  CHECK(rows.values(0x6049, 2) == real(0));
  CHECK(rows.ask(write_one(1, 0x4016, 41)) == exception(1, 6, 3));
  CHECK(rows.ask(write_one(1, 0x4016, 0)) == write_one(1, 0x4016, 0));
  CHECK(rows.values(0x4016, 1) == word(0));
}

TEST_CASE("Modbus writes: every other row refuses every write with exception 02") {
  const std::set<std::uint32_t> writable = {0x1018, 0x1020, 0x1066, 0x107A, 0x1510,
                                            0x2200, 0x4003, 0x4004, 0x400D, 0x400F,
                                            0x4010, 0x4011, 0x4016, 0x6048, 0x6049};
  ModbusRows rows(2);
  fill(rows.meter);
  Matrix all = first_map(true);
  all.merge(second_map());
  for (const auto& [address, bytes] : all) {
    if (writable.count(address) != 0) continue;
    CAPTURE(address);
    const std::vector<std::uint32_t> zeros(registers_of(bytes), 0);
    CHECK(rows.ask(write_one(1, address, 0)) == exception(1, 6, 2));
    CHECK(rows.ask(write_many(1, address, zeros)) == exception(1, 0x10, 2));
  }
  CHECK(rows.writes == 0);
}
