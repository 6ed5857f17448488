// Requests against the register table: vectors, exceptions, the order of checks, broadcasts
// (pro380 §4, standards §3.3 and §3.5).
#include <catch2/catch.hpp>
#include <cstdint>

#include "tests/metrology/modbus_rows.h"
#include "tests/metrology/modbus_vectors.h"

using namespace metrology;
using tests::Bytes;
using tests::exception;
using tests::hex;
using tests::ModbusRows;
using tests::read_request;
using tests::sealed;
using tests::write_many;
using tests::write_one;

TEST_CASE("Modbus requests: the specification's vectors, byte for byte") {
  for (const tests::ModbusVector& vector : tests::modbus_vectors) {
    CAPTURE(vector.what);
    ModbusRows rows;
    rows.meter.measurements.voltage_V[0] = 230.0;
    const Bytes answer = rows.ask(hex(vector.request));
    CHECK(answer == (*vector.answer == 0 ? Bytes{} : hex(vector.answer)));
  }
}

TEST_CASE("Modbus requests: a read sent to everybody is answered with the meter's own ID") {
  ModbusRows rows;
  rows.meter.settings.serial_bcd = 0x15060001;
  CHECK(rows.ask(sealed("00 03 10 00 00 02")) == hex("01 03 04 15 06 00 01 DF FE"));
  rows.meter.settings.meter_id = 33;
  CHECK(rows.ask(sealed("00 04 10 18 00 01")) == sealed("21 04 02 00 21"));
  CHECK(rows.ask(read_request(0, 0x1001, 2)) == exception(33, 0x03, 2));
}

TEST_CASE("Modbus requests: a write sent to everybody is carried out, and nothing of it answered") {
  ModbusRows rows;
  CHECK(rows.ask(write_one(0, 0x1018, 99)).empty());
  CHECK(rows.meter.settings.meter_id == 99);
  CHECK(rows.ask(write_many(0, 0x1066, {0x42C8, 0})).empty());
  CHECK(rows.meter.settings.s0_rate_centi == 10'000);
  CHECK(rows.ask(write_one(0, 0x1018, 0)).empty());      // bad value
  CHECK(rows.ask(write_one(0, 0x2008, 0)).empty());      // not to be written
  CHECK(rows.ask(write_many(0, 0x1018, {})).empty());    // no register
  CHECK(rows.ask(sealed("00 08 00 00 A5 37")).empty());  // no such function
  CHECK(rows.meter.settings.meter_id == 99);
}

TEST_CASE("Modbus requests: every function but 03, 04, 06 and 10 is exception 01") {
  ModbusRows rows;
  for (unsigned function = 0; function < 0x100; ++function) {
    if (function == 3 || function == 4 || function == 6 || function == 0x10) continue;
    CAPTURE(function);
    const Bytes expected = sealed(Bytes{1, static_cast<std::uint8_t>(function | 0x80U), 1});
    REQUIRE(rows.ask(sealed(Bytes{1, static_cast<std::uint8_t>(function)})) == expected);
    REQUIRE(rows.ask(read_request(1, 0x2008, 2, static_cast<std::uint8_t>(function))) == expected);
  }
}

TEST_CASE("Modbus requests: no register, too many, or a length that does not fit is exception 03") {
  ModbusRows rows;
  for (const std::uint8_t function : {std::uint8_t{3}, std::uint8_t{4}}) {
    for (const std::uint32_t count : {0U, 126U, 127U, 0x8001U, 0xFFFFU}) {
      CAPTURE(count);
      CHECK(rows.ask(read_request(1, 0x2008, count, function)) == exception(1, function, 3));
    }
    CHECK(rows.ask(read_request(1, 0x2008, 125, function)) == exception(1, function, 2));
  }
  CHECK(rows.ask(sealed("01 03 20 08 00 02 00")) == exception(1, 3, 3));
  CHECK(rows.ask(sealed("01 03 20 08")) == exception(1, 3, 3));
  CHECK(rows.ask(sealed("01 06 10 18 00 02 00")) == exception(1, 6, 3));
  CHECK(rows.ask(sealed("01 10 10 18 00 00 00")) == exception(1, 0x10, 3));
  CHECK(rows.ask(sealed("01 10 10 18 00 01 01 00")) == exception(1, 0x10, 3));
  CHECK(rows.ask(sealed("01 10 10 18 00 01 04 00 02 00 00")) == exception(1, 0x10, 3));
  CHECK(rows.ask(sealed("01 10 10 18 00 01 02 00 02 00")) == exception(1, 0x10, 3));
  CHECK(rows.ask(write_many(1, 0x1018, std::vector<std::uint32_t>(123, 2))) ==
        exception(1, 0x10, 2));
  // 124 registers would take 257 bytes; with 123 in the frame its counts do not agree.
  Bytes many = write_many(1, 0x1018, std::vector<std::uint32_t>(123, 2));
  many[5] = 124;
  CHECK(rows.ask(sealed(Bytes(many.begin(), many.end() - 2))) == exception(1, 0x10, 3));
  CHECK(rows.writes == 0);
}

TEST_CASE(
    "Modbus requests: a row's middle, a hole, the map's end and half a float are exception 02") {
  ModbusRows rows;
  struct Wrong {
    std::uint32_t address, count;
  };
  for (const Wrong wrong : {Wrong{0x2009, 2}, Wrong{0x200A, 2}, Wrong{0x2008, 1}, Wrong{0x2008, 3},
                            Wrong{0x2008, 7}, Wrong{0x2008, 8}, Wrong{0x2014, 2}, Wrong{0x0000, 1},
                            Wrong{0x1064, 1}, Wrong{0x1062, 2}, Wrong{0x32B0, 4}, Wrong{0x32B4, 2},
                            Wrong{0xFFFF, 125}, Wrong{0x1030, 15}, Wrong{0x1032, 15}}) {
    CAPTURE(wrong.address, wrong.count);
    CHECK(rows.ask(read_request(1, wrong.address, wrong.count)) == exception(1, 3, 2));
  }
}

TEST_CASE("Modbus requests: neither generation shows the engine's rows") {
  for (const std::uint32_t firmware : {1U, 2U}) {
    ModbusRows rows(firmware);
    for (std::uint32_t address = 0xF000; address < 0xF100; ++address) {
      for (const std::uint32_t count : {1U, 2U}) {
        REQUIRE(rows.ask(read_request(1, address, count)) == exception(1, 3, 2));
      }
      REQUIRE(rows.ask(write_one(1, address, 0)) == exception(1, 6, 2));
      REQUIRE(rows.ask(write_many(1, address, {0, 0})) == exception(1, 0x10, 2));
    }
  }
}

TEST_CASE("Modbus requests: a write of half a row, of several, or of what is only read is 02") {
  ModbusRows rows(2);
  CHECK(rows.ask(write_one(1, 0x1066, 0x42C8)) == exception(1, 6, 2));         // half a float
  CHECK(rows.ask(write_many(1, 0x1066, {0x42C8})) == exception(1, 0x10, 2));   // likewise
  CHECK(rows.ask(write_many(1, 0x4003, {2, 9600})) == exception(1, 0x10, 2));  // two rows
  CHECK(rows.ask(write_many(1, 0x400D, {0x42C8, 0, 1})) == exception(1, 0x10, 2));
  CHECK(rows.ask(write_many(1, 0x1000, {0x1450, 0x1235})) == exception(1, 0x10, 2));  // read only
  CHECK(rows.ask(write_one(1, 0x1010, 1)) == exception(1, 6, 2));
  CHECK(rows.ask(write_one(1, 0x2300, 1)) == exception(1, 6, 2));  // nowhere
  CHECK(rows.writes == 0);
  // A row of two bytes may be written by either function.
  CHECK(rows.ask(write_many(1, 0x1018, {5})) == sealed("01 10 10 18 00 01"));
  CHECK(rows.meter.settings.meter_id == 5);
}

TEST_CASE("Modbus requests: what the row does not take is 03, what cannot be stored 04") {
  ModbusRows rows;
  CHECK(rows.ask(write_one(1, 0x1018, 248)) == exception(1, 6, 3));
  CHECK(rows.ask(write_many(1, 0x1066, {0x459C, 0x4000})) == exception(1, 0x10, 3));  // 5000.0
  CHECK(rows.ask(write_one(1, 0x107A, 10)) == write_one(1, 0x107A, 10));
  CHECK(rows.ask(write_one(1, 0x107A, 5)) == exception(1, 6, 3));  // 10 is for ever
  CHECK(rows.ask(write_one(1, 0x107A, 10)) == exception(1, 6, 3));
  rows.memory_fails = true;
  CHECK(rows.ask(write_one(1, 0x1018, 2)) == exception(1, 6, 4));
  CHECK(rows.ask(write_many(1, 0x1066, {0x42C8, 0})) == exception(1, 0x10, 4));
}

TEST_CASE("Modbus requests: the checks come in order, the first that fails is answered") {
  ModbusRows rows;
  rows.memory_fails = true;
  // Each frame fails the check it names and all that come after it.
  CHECK(rows.ask(sealed("01 2B FF FF FF FF 00")) == exception(1, 0x2B, 1));
  CHECK(rows.ask(read_request(1, 0xFFFF, 0)) == exception(1, 3, 3));
  CHECK(rows.ask(write_many(1, 0xFFFF, {})) == exception(1, 0x10, 3));
  CHECK(rows.ask(sealed("01 06 FF FF 00 00 00")) == exception(1, 6, 3));
  CHECK(rows.ask(write_one(1, 0xFFFF, 0xFFFF)) == exception(1, 6, 2));
  CHECK(rows.ask(write_many(1, 0x2008, {0xFFFF, 0xFFFF})) == exception(1, 0x10, 2));
  CHECK(rows.writes == 0);  // so far no row was asked
  rows.memory_fails = false;
  CHECK(rows.ask(write_one(1, 0x1018, 0xFFFF)) == exception(1, 6, 3));
  CHECK(rows.writes == 1);
}

TEST_CASE("Modbus requests: old firmware's exceptions have neither address nor CRC") {
  ModbusRows rows;
  rows.legacy_exceptions = true;
  CHECK(rows.ask(read_request(1, 0x2009, 2)) == hex("83 02"));
  CHECK(rows.ask(read_request(1, 0x2008, 126)) == hex("83 03"));
  CHECK(rows.ask(sealed("01 01")) == hex("81 01"));
  CHECK(rows.ask(write_many(1, 0x2008, {0, 0})) == hex("90 02"));
  rows.memory_fails = true;
  CHECK(rows.ask(write_one(1, 0x1018, 2)) == hex("86 04"));
  CHECK(rows.ask(read_request(1, 0x1018, 1)) == sealed("01 03 02 00 01"));
}

TEST_CASE("Modbus requests: addresses 248 to 255 and other meters' get no answer") {
  ModbusRows rows;
  for (unsigned id = 2; id < 0x100; ++id) {
    REQUIRE(rows.ask(read_request(static_cast<std::uint8_t>(id), 0x2008, 2)).empty());
  }
}
