// A meter's rows behind the Modbus slave, without a UART: frames in, frames out.
#pragma once

#include "metrology/protocol/modbus/register_access.h"
#include "metrology/protocol/modbus/slave.h"
#include "tests/metrology/modbus_bytes.h"
#include "tests/metrology/row_meter.h"

namespace tests {

struct ModbusRows {
  RowMeter meter;
  metrology::modbus::Slave slave{};
  bool legacy_exceptions = false;
  bool memory_fails = false;
  int writes = 0;  ///< that reached a row

  explicit ModbusRows(std::uint32_t firmware = 1,
                      metrology::hal::MeterVariant variant = metrology::hal::MeterVariant::mod) {
    meter.page.variant = variant;
    meter.page.firmware = firmware;
    meter.settings = metrology::registers::factory_settings(meter.page);
  }

  /// The answer to a whole frame; empty if there is none.
  Bytes ask(const Bytes& frame) {
    using namespace metrology::modbus;
    const auto id = static_cast<std::uint8_t>(meter.settings.meter_id);
    for (std::size_t n = 0; n < frame.size(); ++n)
      take(slave, {frame[n], false, false, n == 0}, id);
    Request request{};
    if (!end_frame(slave, request)) return {};
    const Bank bank{meter.data(), meter.page.firmware == 2, legacy_exceptions, this, write};
    Answer answer{};
    if (!carry_out(request, id, bank, answer)) return {};
    return {answer.bytes, answer.bytes + answer.size};
  }

  /// The values of a read; fails unless it is a good answer.
  Bytes values(std::uint32_t address, std::uint32_t count, std::uint8_t function = 0x03) {
    const auto id = static_cast<std::uint8_t>(meter.settings.meter_id);
    const Bytes answer = ask(read_request(id, address, count, function));
    CAPTURE(address, count);
    REQUIRE(answer.size() == 5 + 2 * count);
    REQUIRE(answer == sealed(Bytes(answer.begin(), answer.end() - 2)));
    REQUIRE(answer[0] == id);
    REQUIRE(answer[1] == function);
    REQUIRE(answer[2] == 2 * count);
    return {answer.begin() + 3, answer.end() - 2};
  }

 private:
  static metrology::registers::WriteResult write(void* context,
                                                 const metrology::registers::Row& row,
                                                 metrology::registers::Port port,
                                                 const std::uint8_t* bytes) {
    auto& self = *static_cast<ModbusRows*>(context);
    ++self.writes;
    if (self.memory_fails) return metrology::registers::WriteResult::not_stored;
    RowMeter& meter = self.meter;
    return metrology::registers::write(
        {meter.page, meter.settings, meter.tariff, meter.energy.accounts, meter.status}, row, port,
        bytes);
  }
};

}  // namespace tests
