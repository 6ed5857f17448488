// The register table against the manual's matrix, and its bytes.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <random>
#include <string>

#include "metrology/energy/pulse_width.h"
#include "metrology/registers/access.h"
#include "metrology/registers/encode.h"
#include "metrology/registers/table.h"
#include "tests/metrology/row_meter.h"

using namespace metrology;
using namespace metrology::registers;

namespace {

using Meter = tests::RowMeter;
using tests::float_of;

}  // namespace

TEST_CASE("The table holds the manual's measured rows with its units and decimals") {
  struct Expected {
    std::uint32_t address;
    std::uint32_t second;
    Unit unit;
    int decimals;
  };
  const Expected expected[] = {
      {0x2008, 0x5002, Unit::V, 1},     {0x2010, 0x5006, Unit::V, 1},
      {0x2020, 0x5008, Unit::Hz, 2},    {0x2068, 0x500C, Unit::A, 2},
      {0x2070, 0x5010, Unit::A, 2},     {0x2080, 0x5012, Unit::kW, 3},
      {0x2088, 0x5014, Unit::kW, 3},    {0x2090, 0x5018, Unit::kW, 3},
      {0x20A0, 0x501A, Unit::kvar, 3},  {0x20B0, 0x5020, Unit::kvar, 3},
      {0x20C0, 0x5022, Unit::kVA, 3},   {0x20D0, 0x5028, Unit::kVA, 3},
      {0x20E0, 0x502A, Unit::none, 2},  {0x20F0, 0x5030, Unit::none, 2},
      {0x3020, 0x600C, Unit::kWh, 2},   {0x3028, 0x6012, Unit::kWh, 2},
      {0x302C, 0x6014, Unit::kWh, 2},   {0x3030, 0x6016, Unit::kWh, 2},
      {0x3040, 0x6018, Unit::kWh, 2},   {0x3048, 0x601E, Unit::kWh, 2},
      {0x3080, 0x6030, Unit::kvarh, 2}, {0x3090, 0x603A, Unit::kvarh, 2},
      {0x30A0, 0x603C, Unit::kvarh, 2}, {0x30B0, 0x6046, Unit::kvarh, 2},
  };
  for (const Expected& e : expected) {
    CAPTURE(e.address);
    const Row* row = find(e.address);
    REQUIRE(row != nullptr);
    CHECK(row->second_address == e.second);
    CHECK(row->unit == e.unit);
    CHECK(row->decimals == e.decimals);
    CHECK(row->bytes == 4);
    CHECK(row->type == ValueType::floating);
    CHECK(access(*row, Port::ir) == Access::read);
    CHECK(access(*row, Port::mbus) == Access::read);
    CHECK(access(*row, Port::modbus) == Access::read);
  }
  CHECK(find(0x2009) == nullptr);
  CHECK(find(0x2014) == nullptr);
  CHECK(std::string(text(Unit::imp_per_kWh)) == "imp/kWh");
  CHECK(std::string(text(find(0x2080)->unit)) == "kW");
}

TEST_CASE("Identification rows have the family's bytes") {
  Meter meter;
  meter.page.variant = hal::MeterVariant::mod;
  CHECK(meter.bytes(0x1000) == "14501234");
  CHECK(meter.bytes(0x1010) == "0102");
  CHECK(meter.bytes(0x1030) ==
        "50524F3338302D4D6F64"
        "00000000000000000000000000000000000000000000");
  CHECK(meter.bytes(0x1050) == "3F8147AE");  // 1.01f
  CHECK(meter.bytes(0x1060) == "0064");
  CHECK(meter.bytes(0x1062) == "0000");
  CHECK(meter.bytes(0x1066) == "447A0000");  // 1000.0f
  meter.page.variant = hal::MeterVariant::s_ct;
  CHECK(meter.bytes(0x1010) == "0103");
  CHECK(meter.bytes(0x1030).substr(0, 22) == "50524F3338302D53204354");  // PRO380-S CT
  CHECK(meter.bytes(0x1060) == "0005");
  CHECK(meter.bytes(0x1062) == "0005");  // never set works as 5/5
  meter.settings.ct_primary_A = 7500;
  CHECK(meter.bytes(0x1062) == "1D4C");
}

TEST_CASE("Values are rounded to nearest at the row's decimals, never to minus zero") {
  CHECK(float_of(quantised_float(229.95, 1)) == 230.0F);  // 229.95 lies above its decimal
  CHECK(float_of(quantised_float(229.949, 1)) == 229.9F);
  CHECK(float_of(quantised_float(-4.6005001, 3)) == -4.601F);
  CHECK(float_of(quantised_float(-4.6004999, 3)) == -4.6F);
  CHECK(float_of(quantised_float(0.125, 2)) == 0.13F);  // halves away from zero
  CHECK(float_of(quantised_float(-0.125, 2)) == -0.13F);
  CHECK(quantised_float(-0.0004, 3) == 0);
  CHECK(quantised_float(-0.0, 1) == 0);
  std::mt19937_64 random(3);
  for (int n = 0; n < 10'000; ++n) {
    const double value = (static_cast<double>(random() >> 11) * 0x1p-53 - 0.5) * 2e5;
    const double shown = float_of(quantised_float(value, 3));
    // Half a step, and half a unit in the last place of a float of that size.
    REQUIRE(std::abs(shown - value) <= 0.0005 + std::abs(value) * 0x1p-24 + 1e-9);
  }
}

TEST_CASE("Energy rows are cut, roll over at a million, and never show more than the counter") {
  const auto energy_float = [](std::int64_t counter_uWh) {
    return registers::energy_float(energy_steps({counter_uWh, 0}));
  };
  CHECK(energy_float(0) == 0);
  CHECK(energy_float(9'999'999) == 0);
  CHECK(float_of(energy_float(10'000'000)) == Approx(0.01).epsilon(1e-7));
  CHECK(float_of(energy_float(123'456'789'999)) == Approx(123.45).epsilon(1e-7));
  // 999 999.99 is no float: nearest are 999 999.9375 and 1 000 000.
  CHECK(float_of(energy_float(999'999'999'999'999)) == 999'999.9375F);
  CHECK(energy_float(1'000'000'000'000'000) == 0);
  CHECK(float_of(energy_float(1'000'000'000'000'000 + 5'000'000'000)) == 5.0F);
  std::mt19937_64 random(5);
  for (int n = 0; n < 100'000; ++n) {
    const auto counter = static_cast<std::int64_t>(random() % 1'000'000'000'000'000);
    const std::uint32_t bits = energy_float(counter);
    const std::int64_t steps = counter / 10'000'000;
    const auto cut = static_cast<double>(steps);
    REQUIRE(static_cast<double>(float_of(bits)) * 100.0 <= cut);
    REQUIRE(static_cast<double>(float_of(bits + 1)) * 100.0 > cut);  // … and the next float is more
  }
}

TEST_CASE("Measured rows show the measured values in their units") {
  Meter meter;
  meter.measurements.voltage_V[1] = 230.04;
  meter.measurements.active_W[3] = -4600.4;
  meter.measurements.power_factor[0] = 0.4951;
  meter.measurements.frequency_Hz = 49.987;
  CHECK(float_of(0x43660000) == 230.0F);
  CHECK(meter.bytes(0x200C) == "43660000");
  CHECK(meter.bytes(0x2080) == "C0933333");  // −4.6f
  CHECK(meter.bytes(0x20E8) == "3F000000");  // 0.5f
  const Raw raw = read_raw(meter.data(), *find(0x2080));
  CHECK(raw.kind == Raw::Kind::value);
  CHECK(raw.value == -4.6004);
  CHECK(read_raw(meter.data(), *find(0x2020)).value == 49.987);
}

TEST_CASE("Energy rows reach the right counters") {
  Meter meter;
  std::int64_t kWh = 1;
  for (const energy::Kind kind : {energy::Kind::active, energy::Kind::reactive}) {
    for (const energy::Direction direction :
         {energy::Direction::forward, energy::Direction::reverse}) {
      for (int phase = 0; phase < 4; ++phase, ++kWh) {
        auto& account =
            phase == 3 ? meter.energy.accounts.total : meter.energy.accounts.phase[phase];
        account.of(kind, direction, energy::Tariff::t1) = {kWh * 1'000'000'000,
                                                           static_cast<std::uint32_t>(kWh)};
      }
    }
  }
  std::int64_t expected = 1;
  for (const std::uint32_t block : {0x3020U, 0x3040U, 0x3080U, 0x30A0U}) {
    for (const std::uint32_t part : {0x08U, 0x0CU, 0x10U, 0x00U}) {
      const Row* row = find(block + part);
      REQUIRE(row != nullptr);
      std::uint8_t bytes[4];
      read(meter.data(), *row, bytes);
      CHECK(float_of(get_big_endian(bytes, 4)) == static_cast<float>(expected));
      const Raw raw = read_raw(meter.data(), *row);
      CHECK(raw.kind == Raw::Kind::energy);
      CHECK(raw.energy.counter_uWh == expected * 1'000'000'000);
      CHECK(raw.energy.residue_pWh == static_cast<std::uint32_t>(expected));
      CHECK(raw.reactive == (block >= 0x3080));
      ++expected;
    }
  }
}

TEST_CASE("Only the eight S0 rates are accepted, every one of them exactly") {
  Meter meter;
  for (const std::uint32_t rate_centi : energy::s0_rates_centi) {
    const auto value = static_cast<float>(rate_centi / 100.0);
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    std::uint8_t bytes[4];
    put_big_endian(bytes, 4, bits);
    CHECK(meter.write(0x1066, Port::modbus, bytes) == WriteResult::ok);
    CHECK(meter.settings.s0_rate_centi == rate_centi);
    put_big_endian(bytes, 4, bits + 1);
    CHECK(meter.write(0x1066, Port::modbus, bytes) == WriteResult::bad_value);
    CHECK(meter.settings.s0_rate_centi == rate_centi);
  }
  const std::uint8_t nan[] = {0x7F, 0xC0, 0, 0};
  CHECK(meter.write(0x1066, Port::ir, nan) == WriteResult::bad_value);
}

TEST_CASE("A port writes what the matrix gives it and nothing else") {
  Meter meter;
  const std::uint8_t serial[] = {0x12, 0x34, 0x56, 0x78};
  const std::uint8_t no_serial[] = {0x12, 0x34, 0x5A, 0x78};
  const Row& row = *find(0x1000);
  CHECK(meter.write(0x1000, Port::modbus, serial) == WriteResult::read_only);
  CHECK(meter.write(0x1000, Port::ir, serial) == WriteResult::read_only);
  CHECK(meter.write(0x1000, Port::mbus, no_serial) == WriteResult::bad_value);
  CHECK(meter.settings.serial_bcd == 0x14501234);
  CHECK(meter.write(0x1000, Port::mbus, serial) == WriteResult::ok);
  CHECK(meter.bytes(0x1000) == "12345678");
  CHECK(meter.write(0x2008, Port::debug, serial) == WriteResult::read_only);
  CHECK(meter.write(0xF000, Port::debug, serial) == WriteResult::read_only);
  CHECK(access(*find(0xF000), Port::modbus) == Access::none);
  CHECK(access(*find(0xF000), Port::debug) == Access::read);
  CHECK(access(row, Port::debug) == Access::read_write);
}
