// Every row of both maps, read over Modbus.
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>

#include "tests/metrology/modbus_map.h"

using namespace metrology;
using namespace tests;

namespace {

void check_rows(ModbusRows& rows, const Matrix& matrix) {
  for (const auto& [address, bytes] : matrix) {
    CAPTURE(address);
    for (const std::uint8_t function : {std::uint8_t{3}, std::uint8_t{4}}) {
      CHECK(rows.values(address, registers_of(bytes), function) == bytes);
    }
  }
}

/// Every read of up to 125 registers from every address of `begin` … `end`: good exactly where rows
/// of the matrix follow one another from edge to edge. `per_register`: addresses a register takes.
void check_reads(ModbusRows& rows, const Matrix& matrix, std::uint32_t begin, std::uint32_t end,
                 std::uint32_t per_register) {
  for (std::uint32_t address = begin; address < end; ++address) {
    std::map<std::uint32_t, Bytes> good;  // count → values
    Bytes joined;
    std::uint32_t next = address;
    for (auto row = matrix.find(next); row != matrix.end(); row = matrix.find(next)) {
      joined.insert(joined.end(), row->second.begin(), row->second.end());
      next += registers_of(row->second) * per_register;
      good[registers_of(joined)] = joined;
    }
    for (std::uint32_t count = 1; count <= 125; ++count) {
      const Bytes answer = rows.ask(read_request(1, address, count));
      Bytes expected = exception(1, 3, 2);
      const auto found = good.find(count);
      if (found != good.end()) {
        expected = Bytes{1, 3, static_cast<std::uint8_t>(2 * count)};
        expected.insert(expected.end(), found->second.begin(), found->second.end());
        expected = sealed(expected);
      }
      if (answer != expected) {
        CAPTURE(address, count);
        REQUIRE(answer == expected);
      }
    }
  }
}

}  // namespace

TEST_CASE("Modbus matrix: every row of the manual's map, by functions 03 and 04") {
  ModbusRows rows;
  fill(rows.meter);
  const Matrix matrix = first_map(false);
  CHECK(matrix.size() == 13 + 7 + 16 + 1 + 36);
  check_rows(rows, matrix);
}

TEST_CASE("Modbus matrix: the second generation answers both maps, every row") {
  ModbusRows rows(2);
  fill(rows.meter);
  check_rows(rows, first_map(true));
  const Matrix matrix = second_map();
  CHECK(matrix.size() == 25 + 2 + 7 + 16 + 36 + 2);
  check_rows(rows, matrix);
}

TEST_CASE("Modbus matrix: every read of the manual's map that is not whole rows is exception 02") {
  ModbusRows rows;
  fill(rows.meter);
  const Matrix matrix = first_map(false);
  check_reads(rows, matrix, 0x0FF8, 0x1080, 2);
  check_reads(rows, matrix, 0x1508, 0x1520, 2);
  check_reads(rows, matrix, 0x2000, 0x2210, 2);
  check_reads(rows, matrix, 0x2FF8, 0x32C0, 2);
}

TEST_CASE("Modbus matrix: every read of the second map that is not whole rows is exception 02") {
  ModbusRows rows(2);
  fill(rows.meter);
  const Matrix matrix = second_map();
  check_reads(rows, matrix, 0x3FF0, 0x4030, 1);
  check_reads(rows, matrix, 0x4FF0, 0x5040, 1);
  check_reads(rows, matrix, 0x5FF0, 0x6060, 1);
}

TEST_CASE("Modbus matrix: 6000 to 604A are one read of 75 registers") {
  ModbusRows rows(2);
  fill(rows.meter);
  Bytes expected;
  for (const auto& [address, bytes] : second_map()) {
    if (address >= 0x6000) expected.insert(expected.end(), bytes.begin(), bytes.end());
  }
  CHECK(rows.values(0x6000, 75) == expected);
  CHECK(rows.values(0x4000, 32).size() == 64);
  CHECK(rows.values(0x5000, 50).size() == 100);
}

TEST_CASE("Modbus matrix: the first generation answers no address of the second map") {
  ModbusRows rows;
  for (const auto& [address, bytes] : second_map()) {
    CHECK(rows.ask(read_request(1, address, registers_of(bytes))) == exception(1, 3, 2));
    CHECK(rows.ask(write_one(1, address, 1)) == exception(1, 6, 2));
  }
}

TEST_CASE("Modbus matrix: a CT meter's code, amps and ratio, in BCD in the second map") {
  ModbusRows rows(2, hal::MeterVariant::mod_ct);
  CHECK(rows.values(0x4002, 1) == word(0x0103));
  CHECK(rows.values(0x400B, 1) == word(5));
  CHECK(rows.values(0x400C, 1) == word(0x0005));  // never set
  rows.meter.settings.ct_primary_A = 7500;
  CHECK(rows.values(0x1062, 1) == word(7500));
  CHECK(rows.values(0x400C, 1) == word(0x7500));
  CHECK(rows.values(0x1030, 16) == text("PRO380-Mod CT", 32));
  CHECK(rows.ask(write_one(1, 0x400C, 0x0250)) == exception(1, 6, 2));
}

TEST_CASE("Modbus matrix: quadrants and directions follow the signs of the powers as shown") {
  ModbusRows rows(2);
  struct Signs {
    double active_W, reactive_var;
    std::uint32_t quadrant;
    const char* direction;
  };
  for (const Signs signs :
       {Signs{10, 10, 1, "2F"}, Signs{-10, 10, 2, "2R"}, Signs{-10, -10, 3, "2R"},
        Signs{10, -10, 4, "2F"}, Signs{0, 0, 1, "2F"}, Signs{-0.4, -0.4, 1, "2F"},
        Signs{-0.6, 0, 2, "2R"}, Signs{0, -0.6, 4, "2F"}}) {
    CAPTURE(signs.active_W, signs.reactive_var);
    for (const int index : {1, 3}) {
      rows.meter.measurements.active_W[index] = signs.active_W;
      rows.meter.measurements.reactive_var[index] = signs.reactive_var;
    }
    CHECK(rows.values(0x4017, 1) == word(signs.quadrant));
    CHECK(rows.values(0x4019, 1) == word(signs.quadrant));
    CHECK(rows.values(0x4013, 1) == text(signs.direction, 2));
  }
}

TEST_CASE("Modbus matrix: the error code has a bit for each fault") {
  ModbusRows rows(2);
  for (bool& present : rows.meter.status.phases.present) present = true;
  CHECK(rows.values(0x4015, 1) == word(0));
  rows.meter.status.program_fault = true;
  CHECK(rows.values(0x4015, 1) == word(1));
  rows.meter.status.phases.present[0] = false;
  CHECK(rows.values(0x4015, 1) == word(0b00101));
  rows.meter.status = {};
  CHECK(rows.values(0x4015, 1) == word(0b11100));
  rows.meter.status.phases.present[0] = true;
  rows.meter.page.connection = hal::Connection::one_phase_two_wire;
  CHECK(rows.values(0x4015, 1) == word(0));  // it has no L2 and L3
}

TEST_CASE("Modbus matrix: defaults of the second generation") {
  hal::ParameterPage page = tests::RowMeter::new_page();
  page.firmware = 2;
  page.variant = hal::MeterVariant::mod;
  CHECK(registers::factory_settings(page).combined_code == registers::CombinedCode::forward);
  CHECK(registers::factory_settings(page).baud == 9600);
  CHECK(registers::factory_settings(page).meter_id == 1);
  CHECK(registers::factory_settings(page).parity == registers::Parity::even);
  page.variant = hal::MeterVariant::mb;
  CHECK(registers::factory_settings(page).baud == 2400);
  CHECK(registers::factory_settings(page).meter_id == 0);
  page.firmware = 1;
  CHECK(registers::factory_settings(page).baud == 9600);
  CHECK(registers::factory_settings(page).meter_id == 1);
}
