// Factory rows: calibration constants written, used and kept.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "metrology/app/meter_data.h"
#include "metrology/energy/scale.h"
#include "metrology/registers/access.h"
#include "metrology/registers/encode.h"
#include "metrology/registers/table.h"
#include "metrology/storage/image.h"
#include "tests/metrology/fake_mcu.h"
#include "tests/metrology/firmware_loads.h"

using namespace metrology;
using hal::MailboxOperation;
using registers::Access;
using registers::Port;
using registers::Row;
using registers::WriteResult;
using tests::cycles;
using tests::FakeMcu;

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

TEST_CASE(
    "Constants written through the debug port hold within two seconds and survive a power cut") {
  // 230 V and 20 A at 60° lag, 50 °C: the sensor's codes are 323.15 K · 16 384.
  const tests::SampleSource mains = tests::remembered(tests::steady(tests::load({20, 20, 20}, 60)));
  const tests::SampleSource warm = [mains](std::int64_t first_set) {
    tests::Block block = mains(first_set);
    for (int n = 0; n < hal::block_samples; ++n) {
      block[static_cast<std::size_t>(6 * hal::block_samples + n)] = 5'294'490;
    }
    return block;
  };
  const hal::ParameterPage page = tests::page_of(hal::MeterVariant::mod);
  FakeMcu mcu(page, warm);
  mcu.back().eeprom.emplace();
  storage::make_image(registers::factory_settings(page), {}, {}, mcu.back().eeprom->bytes.data());
  const auto write = [&](double at, std::uint32_t row, std::int32_t value) {
    mcu.request({cycles(at), MailboxOperation::write_row, row, static_cast<std::uint32_t>(value)});
  };
  write(0.02, 0xF100, 77);         // what is loaded would replace it: refused
  write(1.50, 0xF110, 100'000);    // L1: voltage 100 ppm/K, at 50 °C 2700 ppm
  write(1.51, 0xF14C, 5000);       // L2: a lead of 5 mrad
  write(1.529, 0xF19C, -500'000);  // L3: −0.5 W
  write(1.53, 0xF1A0, 1'000'001);
  mcu.request({cycles(1.531), MailboxOperation::read_row, 0xF1C4, 0});
  mcu.request({cycles(2.00), MailboxOperation::read_row, 0xF1C4, 0});
  mcu.request({cycles(4.90), MailboxOperation::read_row, 0xF1C0, 0});
  const app::State state = mcu.run(cycles(5.0));
  const auto& replies = mcu.replies();
  REQUIRE(replies.size() == 8);
  CHECK(replies[0].status == hal::MailboxReply::read_only);
  for (std::size_t n = 1; n <= 3; ++n) CHECK(replies[n].status == hal::MailboxReply::ok);
  CHECK(replies[4].status == hal::MailboxReply::bad_value);
  CHECK(replies[5].words[0] == 1);
  CHECK(replies[6].words[0] == 0);
  CHECK(replies[7].words[0] == 50'000);

  const energy::Measurements& values = state.measurement.values;
  CHECK(values.voltage_V[0] == Approx(230 * 1.0027).epsilon(1e-5));
  CHECK(values.voltage_V[1] == Approx(230).epsilon(1e-5));
  // A current delayed by 5 mrad lags by 60° and 5 mrad.
  const double lag = 60 * tests::pi / 180 + 5e-3;
  CHECK(values.active_W[1] == Approx(230 * 20 * std::cos(lag)).epsilon(1e-4));
  CHECK(values.reactive_var[1] == Approx(230 * 20 * std::sin(lag)).epsilon(1e-4));
  CHECK(values.active_W[2] == Approx(230 * 20 * 0.5 - 0.5).epsilon(5e-5));
  const double factor = energy::energy_factor_pWh(false, state.page.calibration[0], {50, 50});
  CHECK(state.booking_setup.secondary[0].mantissa ==
        Approx(energy::make_scale(factor).mantissa).epsilon(1e-8));

  // 60 ms after power-up all of them hold again.
  mcu.cut_supply(0);
  const app::State after = mcu.run(mcu.now() + cycles(0.06));
  REQUIRE(after.storage.constants_loaded);
  CHECK_FALSE(after.status.memory_fault);
  for (int phase = 0; phase < 3; ++phase) {
    CHECK(after.page.calibration[phase] == state.page.calibration[phase]);
  }
  CHECK(after.page.calibration[2].active_offset_uW == -500'000);
  CHECK(after.booking_setup.secondary_offset[2][0] == -500'000);
}

TEST_CASE("An EEPROM from before compensation loads as it did and corrects nothing more") {
  const hal::ParameterPage page = tests::page_of(hal::MeterVariant::mod);
  FakeMcu mcu(page, tests::remembered(tests::steady(tests::load({20, 20, 20}, 0))));
  mcu.back().eeprom.emplace();
  std::vector<std::uint8_t>& bytes = mcu.back().eeprom->bytes;
  storage::Calibration former{};
  former.phase[0].voltage_ppm = 120;
  storage::make_image(registers::factory_settings(page), former, {}, bytes.data());
  const auto begin = bytes.begin() + storage::config_address(2, 0);
  std::fill(begin, begin + 2 * storage::page_bytes, std::uint8_t{0xFF});
  const app::State state = mcu.run(cycles(0.5));
  CHECK_FALSE(state.status.memory_fault);
  CHECK(state.diagnostics.lost_blocks == 0);
  CHECK(state.page.calibration[0] == former.phase[0]);
  CHECK(state.signal_setup.current_delay[0] == 0);
  CHECK_FALSE(state.booking_setup.has_offsets);
}
