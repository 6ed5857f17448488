// Factory rows: calibration constants written, used and kept.
#include <catch2/catch.hpp>
#include <cstdint>

#include "metrology/app/meter_data.h"
#include "metrology/registers/access.h"
#include "metrology/registers/encode.h"
#include "metrology/registers/table.h"

using namespace metrology;
using registers::Access;
using registers::Port;
using registers::Row;
using registers::WriteResult;

namespace {

const Row& row_of(int phase, int field) {
  const Row* row = registers::find(static_cast<std::uint32_t>(0xF100 + 0x40 * phase + 4 * field));
  REQUIRE(row != nullptr);
  return *row;
}

WriteResult write(hal::ParameterPage& page, const Row& row, Port port, std::int32_t value) {
  std::uint8_t bytes[4];
  registers::put_big_endian(bytes, 4, static_cast<std::uint32_t>(value));
  return registers::write_constant(page, row, port, bytes);
}

}  // namespace

TEST_CASE(
    "Factory rows hold the constants of each phase in their order and only the debug port writes "
    "them") {
  app::State state{};
  for (int phase = 0; phase < 3; ++phase) {
    for (int field = 0; field < hal::calibration_field_count; ++field) {
      CAPTURE(phase, field);
      const Row& row = row_of(phase, field);
      for (const Port port : {Port::ir, Port::mbus, Port::modbus, Port::modbus_second}) {
        CHECK(registers::access(row, port) == Access::none);
        CHECK(write(state.page, row, port, 1) == WriteResult::read_only);
      }
      const std::int32_t value = 100 * phase + field + 1;
      CHECK(write(state.page, row, Port::debug, value) == WriteResult::ok);
      CHECK(write(state.page, row, Port::debug, value) == WriteResult::unchanged);
      CHECK(state.page.calibration[phase].*hal::calibration_fields[field].value == value);
      CHECK(registers::steps(app::data_of(state), row) == value);
    }
  }
  CHECK(state.page.calibration[2].reactive_offset_uvar == 209);
  CHECK(registers::find(0xF1C4) != nullptr);
}

TEST_CASE("A constant is taken up to both ends of its range and refused beyond") {
  const struct {
    std::int32_t least, most;
  } ranges[] = {{-100'000, 100'000}, {-100'000, 100'000},     {-32'000, 32'000},
                {0, 10'000},         {-500'000, 500'000},     {-500'000, 500'000},
                {-20'000, 20'000},   {-1'000'000, 1'000'000}, {-1'000'000, 1'000'000}};
  hal::ParameterPage page{};
  for (int field = 0; field < hal::calibration_field_count; ++field) {
    CAPTURE(field);
    const Row& row = row_of(1, field);
    page.calibration[1].*hal::calibration_fields[field].value = 1;
    CHECK(write(page, row, Port::debug, ranges[field].least - 1) == WriteResult::bad_value);
    CHECK(write(page, row, Port::debug, ranges[field].most + 1) == WriteResult::bad_value);
    CHECK(page.calibration[1].*hal::calibration_fields[field].value == 1);
    CHECK(write(page, row, Port::debug, ranges[field].least) == WriteResult::ok);
    CHECK(write(page, row, Port::debug, ranges[field].most) == WriteResult::ok);
  }
}

TEST_CASE(
    "Row F1C0 reads the meter's own temperature in thousandths of a degree and below zero too") {
  app::State state{};
  const Row* row = registers::find(0xF1C0);
  REQUIRE(row != nullptr);
  CHECK(registers::access(*row, Port::debug) == Access::read);
  for (const double celsius : {-5.25, 23.0, 49.9996}) {
    state.measurement.values.temperature_C = celsius;
    std::uint8_t bytes[4];
    registers::read(app::data_of(state), *row, bytes);
    const auto read = static_cast<std::int32_t>(registers::get_big_endian(bytes, 4));
    CHECK(read == (celsius == -5.25 ? -5250 : celsius == 23.0 ? 23'000 : 50'000));
  }
}
