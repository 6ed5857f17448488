// Settings, tariff and status rows: access as in the matrix, values and their limits (pro380 §3).
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "tests/metrology/row_meter.h"

using namespace metrology;
using namespace metrology::registers;
using tests::RowMeter;

namespace {

/// Which of all 65 536 words the row takes, each written to a new meter.
std::set<std::uint32_t> taken(std::uint32_t address, Port port,
                              hal::MeterVariant variant = hal::MeterVariant::mod) {
  std::set<std::uint32_t> words;
  for (std::uint32_t word = 0; word <= 0xFFFF; ++word) {
    RowMeter meter;
    meter.page.variant = variant;
    const WriteResult result = meter.write_word(address, word, port);
    if (result == WriteResult::ok || result == WriteResult::unchanged) words.insert(word);
  }
  return words;
}

std::set<std::uint32_t> range(std::uint32_t first, std::uint32_t last) {
  std::set<std::uint32_t> words;
  for (std::uint32_t word = first; word <= last; ++word) words.insert(word);
  return words;
}

}  // namespace

TEST_CASE("The matrix gives each port its access to the settings") {
  struct Expected {
    std::uint32_t address;
    Access ir, mbus, modbus;
    int bytes;
    ValueType type;
    std::uint32_t second;
  };
  constexpr Access none = Access::none;
  constexpr Access r = Access::read;
  constexpr Access rw = Access::read_write;
  const Expected expected[] = {
      {0x1000, Access::read_mbus_write, rw, r, 4, ValueType::bcd, 0x4000},
      {0x1010, r, r, r, 2, ValueType::integer, 0x4002},
      {0x1018, none, rw, rw, 2, ValueType::integer, 0x4003},
      {0x1020, none, rw, rw, 2, ValueType::integer, 0x4004},
      {0x1030, r, r, r, 32, ValueType::ascii, 0},
      {0x1050, r, r, r, 4, ValueType::floating, 0x4005},
      {0x1060, r, r, r, 2, ValueType::integer, 0x400B},
      {0x1062, r, r, r, 2, ValueType::integer, 0},
      {0x1066, rw, rw, rw, 4, ValueType::floating, 0x400D},
      {0x107A, rw, rw, rw, 2, ValueType::integer, 0x400F},
      {0x1510, rw, rw, rw, 2, ValueType::bcd, 0x4010},
      {0x1600, rw, none, none, 9, ValueType::bits, 0},
      {0x1700, Access::write, none, none, 4, ValueType::bcd, 0},
      {0x2200, rw, rw, rw, 2, ValueType::integer, 0x6048},
      {0xF060, none, none, none, 4, ValueType::floating, 0x6049},
      {0xF064, none, none, none, 2, ValueType::integer, 0x4016},
      {0xF068, none, none, none, 4, ValueType::integer, 0x401D},
  };
  for (const Expected& e : expected) {
    CAPTURE(e.address);
    const Row& row = RowMeter::row(e.address);
    CHECK(access(row, Port::ir) == e.ir);
    CHECK(access(row, Port::mbus) == e.mbus);
    CHECK(access(row, Port::modbus) == e.modbus);
    CHECK(row.bytes == e.bytes);
    CHECK(row.type == e.type);
    CHECK(row.second_address == e.second);
  }
  CHECK(access(RowMeter::row(0x1000), Port::debug) == rw);
  CHECK(access(RowMeter::row(0x1600), Port::debug) == rw);
  CHECK(access(RowMeter::row(0x1700), Port::debug) == Access::write);
  CHECK(access(RowMeter::row(0xF060), Port::debug) == rw);
  CHECK(access(RowMeter::row(0xF064), Port::debug) == rw);
  CHECK(access(RowMeter::row(0xF068), Port::debug) == r);
}

TEST_CASE("What may be written depends on the variant where the matrix says so") {
  using hal::MeterVariant;
  for (const MeterVariant variant :
       {MeterVariant::s, MeterVariant::mb, MeterVariant::mod, MeterVariant::s_ct,
        MeterVariant::mb_ct, MeterVariant::mod_ct}) {
    CHECK_FALSE(may_write(Access::none, variant));
    CHECK_FALSE(may_write(Access::read, variant));
    CHECK(may_write(Access::write, variant));
    CHECK(may_write(Access::read_write, variant));
    CHECK(may_write(Access::read_mbus_write, variant) == hal::has_mbus(variant));
  }
  CHECK_FALSE(may_read(Access::none));
  CHECK_FALSE(may_read(Access::write));
  for (const Access access : {Access::read, Access::read_mbus_write, Access::read_write}) {
    CHECK(may_read(access));
  }
}

TEST_CASE("A new meter has the manual's defaults") {
  const RowMeter meter;
  CHECK(meter.bytes(0x1018) == "0001");
  CHECK(meter.bytes(0x1020) == "2580");  // 9600
  CHECK(meter.bytes(0x107A) == "0005");
  CHECK(meter.bytes(0x1510) == "0010");  // BCD
  CHECK(meter.bytes(0x2200) == "0001");
  CHECK(meter.bytes(0x1600) == "930000000000000101");
  CHECK(meter.settings.ir_password == 0);
  CHECK(meter.settings.backlight == BacklightMode::on_press);
  // P01 P02 P05 P08, P57, P65.
  const std::uint8_t mask[] = {0x93, 0, 0, 0, 0, 0, 0, 0x01, 0x01};
  for (int n = 0; n < scroll_mask_bytes; ++n) CHECK(meter.settings.scroll_mask[n] == mask[n]);
}

TEST_CASE("Meter ID: Modbus takes 1 to 247, M-Bus 0 to 250, the debug port what the bus does") {
  CHECK(taken(0x1018, Port::modbus) == range(1, 247));
  CHECK(taken(0x1018, Port::mbus) == range(0, 250));
  CHECK(taken(0x1018, Port::debug, hal::MeterVariant::mod_ct) == range(1, 247));
  CHECK(taken(0x1018, Port::debug, hal::MeterVariant::mb_ct) == range(0, 250));
  CHECK(taken(0x1018, Port::ir).empty());
}

TEST_CASE("Baud rate, combined code, LCD time and tariff take the matrix's values and no other") {
  CHECK(taken(0x1020, Port::modbus) == std::set<std::uint32_t>{9600, 4800, 2400, 1200, 600, 300});
  CHECK(taken(0x107A, Port::ir) == std::set<std::uint32_t>{1, 4, 5, 6, 9, 10});
  CHECK(taken(0x2200, Port::mbus) == std::set<std::uint32_t>{1, 2, 11, 12});
  std::set<std::uint32_t> seconds = range(0x01, 0x09);
  seconds.merge(range(0x10, 0x19));
  seconds.merge(range(0x20, 0x29));
  seconds.insert(0x30);
  CHECK(taken(0x1510, Port::modbus) == seconds);
}

TEST_CASE("The CT ratio is set by button alone, and works as 5/5 until then") {
  RowMeter meter;
  meter.page.variant = hal::MeterVariant::mod_ct;
  CHECK(meter.settings.ct_primary_A == 0);
  CHECK(meter.bytes(0x1062) == "0005");
  for (const Port port : {Port::ir, Port::mbus, Port::modbus, Port::debug}) {
    CHECK(meter.write_word(0x1062, 250, port) == WriteResult::read_only);
  }
  meter.settings.ct_primary_A = 1250;
  CHECK(meter.bytes(0x1062) == "04E2");
  CHECK(meter.steps(0x1062) == 1250);
}

TEST_CASE("A value already held is acknowledged as unchanged") {
  RowMeter meter;
  CHECK(meter.write_word(0x1018, 1) == WriteResult::unchanged);
  CHECK(meter.write_word(0x1020, 9600) == WriteResult::unchanged);
  CHECK(meter.write_word(0x1066, 0x447A0000) == WriteResult::unchanged);  // 1000.0
  CHECK(meter.write_word(0x107A, 5) == WriteResult::unchanged);
  CHECK(meter.write_word(0x1510, 0x10) == WriteResult::unchanged);
  CHECK(meter.write_word(0x1000, 0x14501234, Port::mbus) == WriteResult::unchanged);
  CHECK(meter.write_word(0x2200, 1) == WriteResult::unchanged);
  CHECK(meter.settings == factory_settings(RowMeter::new_page()));
  const Settings before = meter.settings;
  CHECK(meter.write_word(0x1510, 0x25) == WriteResult::ok);
  CHECK(meter.bytes(0x1510) == "0025");
  CHECK(meter.steps(0x1510) == 25);
  CHECK(meter.settings != before);
  CHECK(meter.write_word(0x1510, 0x25) == WriteResult::unchanged);
}

TEST_CASE("Combined code 09 can be changed back, 10 never again") {
  RowMeter meter;
  CHECK(meter.write_word(0x107A, 9) == WriteResult::ok);
  CHECK(meter.write_word(0x107A, 5) == WriteResult::ok);
  CHECK(meter.write_word(0x107A, 10) == WriteResult::ok);
  for (std::uint32_t word = 0; word <= 0xFFFF; ++word) {
    REQUIRE(meter.write_word(0x107A, word, Port::modbus) == WriteResult::locked);
  }
  CHECK(meter.bytes(0x107A) == "000A");
}

TEST_CASE("The tariff row shows 1 or 2, and saves what was written as 1 or 2") {
  RowMeter meter;
  CHECK(meter.write_word(0x2200, 12) == WriteResult::ok);
  CHECK(meter.bytes(0x2200) == "0002");
  CHECK(meter.tariff.saved == energy::Tariff::t1);
  CHECK(meter.write_word(0x2200, 12) == WriteResult::unchanged);
  CHECK(meter.write_word(0x2200, 2) == WriteResult::ok);  // now saved
  CHECK(meter.tariff.saved == energy::Tariff::t2);
  CHECK(meter.write_word(0x2200, 2) == WriteResult::unchanged);
  CHECK(meter.write_word(0x2200, 3) == WriteResult::bad_value);
  CHECK(meter.write_word(0x2200, 11) == WriteResult::ok);
  CHECK(meter.bytes(0x2200) == "0001");
  CHECK(meter.tariff.saved == energy::Tariff::t2);
}

TEST_CASE("The status word spells S pe abc, and the power-down counter can only be cleared") {
  RowMeter meter;
  for (bool& present : meter.status.phases.present) present = true;
  CHECK(meter.bytes(0xF068) == "00110111");
  meter.status.phases.present[1] = false;
  CHECK(meter.bytes(0xF068) == "00110101");
  meter.status.phases.present[0] = false;
  CHECK(meter.bytes(0xF068) == "00110001");
  meter.status.phases.present[2] = false;
  meter.status.program_fault = true;
  CHECK(meter.bytes(0xF068) == "00010000");
  meter.status = {};
  meter.status.memory_fault = true;
  CHECK(meter.bytes(0xF068) == "00100000");

  meter.status.power_downs = 258;
  CHECK(meter.bytes(0xF064) == "0102");
  CHECK(meter.write_word(0xF064, 1) == WriteResult::bad_value);
  CHECK(meter.write_word(0xF064, 0) == WriteResult::ok);
  CHECK(meter.bytes(0xF064) == "0000");
  CHECK(meter.write_word(0xF064, 0) == WriteResult::unchanged);
  meter.status.power_downs = 100'000;
  CHECK(meter.bytes(0xF064) == "7FFF");  // a signed row
}

TEST_CASE("Steps are what the row shows, in its last decimal") {
  RowMeter meter;
  meter.measurements.voltage_V[1] = 229.96;
  meter.measurements.active_W[3] = -4600.4;
  meter.measurements.current_A[0] = 0.005;
  meter.measurements.power_factor[2] = 0.994;
  meter.measurements.frequency_Hz = 49.987;
  CHECK(meter.steps(0x200C) == 2300);
  CHECK(meter.steps(0x2080) == -4600);
  CHECK(meter.steps(0x2068) == 1);
  CHECK(meter.steps(0x20F0) == 99);
  CHECK(meter.steps(0x2020) == 4999);
  CHECK(meter.steps(0x1000) == 14'501'234);
  CHECK(meter.steps(0x1020) == 9600);
  CHECK(meter.steps(0x1054) == 101);
  CHECK(meter.steps(0x1066) == 100'000);  // 1000.00 imp/kWh
  CHECK(meter.steps(0x107A) == 5);
  CHECK(meter.steps(0x1030) == 0);
  // Every floating row but energies: the float is the steps' decimal value.
  for (const Row& row : rows) {
    if (row.type != ValueType::floating || row.unit == Unit::kWh || row.unit == Unit::kvarh) {
      continue;
    }
    CAPTURE(row.address);
    const double scale = std::pow(10.0, row.decimals);
    CHECK(meter.value(row.address) ==
          static_cast<float>(static_cast<double>(meter.steps(row.address)) / scale));
  }
}
