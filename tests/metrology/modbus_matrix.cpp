// Every row of both maps, read over Modbus: the addresses and types of pro380 §3, the values
// computed here. Every row that can be written, with all that it takes and all that it refuses.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <set>
#include <vector>

#include "tests/metrology/modbus_rows.h"

using namespace metrology;
using energy::Direction;
using energy::Kind;
using energy::Tariff;
using tests::Bytes;
using tests::exception;
using tests::ModbusRows;
using tests::read_request;
using tests::sealed;
using tests::write_many;
using tests::write_one;

namespace {

/// Address → the bytes that stand there.
using Matrix = std::map<std::uint32_t, Bytes>;

Bytes word(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value & 0xFFU)};
}
Bytes long_word(std::uint32_t value) {
  Bytes bytes = word(value >> 16U);
  tests::append16(bytes, value);
  return bytes;
}
Bytes real(double value) {
  const auto single = static_cast<float>(value);
  std::uint32_t bits = 0;
  std::memcpy(&bits, &single, sizeof(bits));
  return long_word(bits);
}
Bytes text(const char* characters, std::size_t size) {
  Bytes bytes(characters, characters + std::strlen(characters));
  bytes.resize(size, 0);
  return bytes;
}

/// What the meter of these tests measures; L2 feeds in.
constexpr double volts[] = {230.1, 231.2, 229.3};
constexpr double amperes[] = {5.01, -6.02, 7.03};
constexpr double active_kW[] = {1.101, -1.202, 1.303, 1.202};  // L1, L2, L3, total
constexpr double reactive_kvar[] = {0.101, 0.202, -0.303, 0.001};
constexpr double apparent_kVA[] = {1.151, 1.392, 1.612, 4.155};
constexpr double power_factor[] = {0.96, 0.86, 0.81, 0.99};

/// Energy of kind, direction, tariff and phase in whole kWh; all different, small enough for
/// floats.
int energy_kWh(int kind, int direction, int tariff, int phase) {
  return 1 + phase + 10 * tariff + 100 * direction + 1000 * kind;
}

void fill(tests::RowMeter& meter) {
  for (int phase = 0; phase < 3; ++phase) {
    meter.measurements.voltage_V[phase] = volts[phase];
    meter.measurements.current_A[phase] = amperes[phase];
    meter.status.phases.present[phase] = phase != 1;
  }
  for (int n = 0; n < 4; ++n) {
    meter.measurements.active_W[n] = 1000 * active_kW[n];
    meter.measurements.reactive_var[n] = 1000 * reactive_kvar[n];
    meter.measurements.apparent_VA[n] = 1000 * apparent_kVA[n];
    meter.measurements.power_factor[n] = power_factor[n];
  }
  meter.measurements.frequency_Hz = 49.98;
  meter.status.memory_fault = true;
  meter.status.power_downs = 42;
  meter.status.program_checksum = 0xCAFE'1234;
  meter.tariff.active = Tariff::t2;
  energy::Accounts& accounts = meter.energy.accounts;
  for (int kind = 0; kind < 2; ++kind) {
    for (int direction = 0; direction < 2; ++direction) {
      for (int tariff = 0; tariff < 2; ++tariff) {
        for (int phase = 0; phase < 3; ++phase) {
          const energy::EnergyCounter counter{
              std::int64_t{energy_kWh(kind, direction, tariff, phase)} * 1'000'000'000, 0};
          const auto k = static_cast<Kind>(kind);
          const auto d = static_cast<Direction>(direction);
          const auto t = static_cast<Tariff>(tariff);
          accounts.phase[phase].of(k, d, t) = counter;
          accounts.total.of(k, d, t) = accounts.total.of(k, d, t) + counter;
        }
      }
    }
  }
  accounts.day_start = {std::int64_t{100} * 1'000'000'000, 0};
}

/// Parts of the energy block: all tariffs, L1, L2, L3, T1, T2.
constexpr std::uint32_t first_parts[] = {0x00, 0x08, 0x0C, 0x10, 0x100, 0x200};
constexpr std::uint32_t second_parts[] = {0x0, 0x6, 0x8, 0xA, 0x2, 0x4};

/// Of one part: sum over what it takes in.
double part_kWh(int kind, int direction, int part) {
  double sum = 0;
  for (int tariff = 0; tariff < 2; ++tariff) {
    for (int phase = 0; phase < 3; ++phase) {
      const bool in =
          part == 0 || (part <= 3 && phase == part - 1) || (part >= 4 && tariff == part - 4);
      if (in) sum += energy_kWh(kind, direction, tariff, phase);
    }
  }
  return sum;
}

/// All six blocks of energies; total by the combined code: 05 both directions, 01 forward alone.
void add_energies(Matrix& matrix, std::uint32_t base, const std::uint32_t (&parts)[6],
                  std::uint32_t step, bool both) {
  for (int kind = 0; kind < 2; ++kind) {
    for (int part = 0; part < 6; ++part) {
      const double forward = part_kWh(kind, 0, part);
      const double reverse = part_kWh(kind, 1, part);
      const std::uint32_t at = base + static_cast<std::uint32_t>(kind) * 3 * step + parts[part];
      matrix[at] = real(both ? forward + reverse : forward);
      matrix[at + step] = real(forward);
      matrix[at + 2 * step] = real(reverse);
    }
  }
}

/// `values` from `base` on, total first where there is one, `step` addresses apart.
void add_powers(Matrix& matrix, std::uint32_t total, std::uint32_t first_phase, std::uint32_t step,
                const double (&values)[4]) {
  matrix[total] = real(values[3]);
  for (std::uint32_t n = 0; n < 3; ++n) matrix[first_phase + n * step] = real(values[n]);
}

/// The manual's matrix for a direct Mod meter.
Matrix first_map(bool second_generation) {
  Matrix m;
  m[0x1000] = long_word(0x14501234);
  m[0x1010] = word(0x0102);
  m[0x1018] = word(1);
  m[0x1020] = word(9600);
  m[0x1030] = text("PRO380-Mod", 32);
  m[0x1050] = real(second_generation ? 3.20 : 1.01);
  m[0x1054] = real(second_generation ? 2.18 : 1.01);
  m[0x1058] = real(second_generation ? 1.32 : 1.01);
  m[0x1060] = word(100);
  m[0x1062] = word(0);
  m[0x1066] = real(1000);
  m[0x107A] = word(second_generation ? 1 : 5);
  m[0x1510] = word(0x0010);
  for (std::uint32_t n = 0; n < 3; ++n) {
    m[0x2008 + 4 * n] = real(volts[n]);
    m[0x2068 + 4 * n] = real(amperes[n]);
  }
  m[0x2020] = real(49.98);
  add_powers(m, 0x2080, 0x2088, 4, active_kW);
  add_powers(m, 0x20A0, 0x20A8, 4, reactive_kvar);
  add_powers(m, 0x20C0, 0x20C8, 4, apparent_kVA);
  add_powers(m, 0x20E0, 0x20E8, 4, power_factor);
  m[0x2200] = word(2);
  add_energies(m, 0x3000, first_parts, 0x20, !second_generation);
  return m;
}

Matrix second_map() {
  Matrix m;
  m[0x4000] = long_word(0x14501234);
  m[0x4002] = word(0x0102);
  m[0x4003] = word(1);
  m[0x4004] = word(9600);
  m[0x4005] = real(3.20);
  m[0x4007] = real(2.18);
  m[0x4009] = real(1.32);
  m[0x400B] = word(100);
  m[0x400C] = word(0);
  m[0x400D] = real(1000);
  m[0x400F] = word(1);
  m[0x4010] = word(0x0010);
  m[0x4011] = word(1);
  m[0x4012] = text("1F", 2);
  m[0x4013] = text("2R", 2);
  m[0x4014] = text("3F", 2);
  m[0x4015] = word(0b01010);  // EEPROM, L2
  m[0x4016] = word(42);
  m[0x4017] = word(1);  // 1.202 kW, 0.001 kvar
  m[0x4018] = word(1);
  m[0x4019] = word(2);
  m[0x401A] = word(4);
  m[0x401B] = long_word(0xCAFE'1234);
  m[0x401D] = long_word(0x0010'0101);  // "S 10 101"
  m[0x401F] = word(5);
  m[0x5000] = real(0);
  m[0x500A] = real(0);
  for (std::uint32_t n = 0; n < 3; ++n) {
    m[0x5002 + 2 * n] = real(volts[n]);
    m[0x500C + 2 * n] = real(amperes[n]);
  }
  m[0x5008] = real(49.98);
  add_powers(m, 0x5012, 0x5014, 2, active_kW);
  add_powers(m, 0x501A, 0x501C, 2, reactive_kvar);
  add_powers(m, 0x5022, 0x5024, 2, apparent_kVA);
  add_powers(m, 0x502A, 0x502C, 2, power_factor);
  add_energies(m, 0x6000, second_parts, 0x0C, false);
  m[0x6048] = word(2);
  // Forward energy of all tariffs since the last reset, which was at 100 kWh.
  m[0x6049] = real(part_kWh(0, 0, 0) - 100);
  return m;
}

std::uint32_t registers_of(const Bytes& bytes) {
  return static_cast<std::uint32_t>(bytes.size() / 2);
}

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

TEST_CASE("Modbus matrix: rows of two bytes take their values over 06 and no other, in both maps") {
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
    "Modbus matrix: rows of two bytes take the same over 10, and what is taken is read back") {
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
    "Modbus matrix: the S0 rate takes its eight values in both maps, and not their neighbours") {
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

TEST_CASE("Modbus matrix: the day counter and the power-down counter can only be set to 0") {
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

TEST_CASE("Modbus matrix: every other row refuses every write with exception 02") {
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
