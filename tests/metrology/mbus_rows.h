// A meter's rows behind the M-Bus slave, without a UART: frames in, frames out.
#pragma once

#include "metrology/protocol/mbus/application.h"
#include "metrology/protocol/mbus/slave.h"
#include "tests/metrology/mbus_bytes.h"
#include "tests/metrology/row_meter.h"

namespace tests {

/// A new PRO380-Mb with address 1 and secondary address 14501234.
struct MbusRows {
  RowMeter meter;
  metrology::mbus::Slave slave{};
  metrology::mbus::Application application{};
  bool memory_fails = false;
  int writes = 0;          ///< that reached a row
  std::uint16_t baud = 0;  ///< that the last frame asked for

  explicit MbusRows(metrology::hal::MeterVariant variant = metrology::hal::MeterVariant::mb) {
    meter.page.variant = variant;
    meter.settings = metrology::registers::factory_settings(meter.page);
    for (bool& present : meter.status.phases.present) present = true;
    metrology::mbus::reset(application);
    metrology::mbus::reset(slave.receiver, true);
  }

  /// The answer to a whole frame; empty if there is none.
  Bytes ask(const Bytes& frame) {
    using namespace metrology::mbus;
    for (std::size_t n = 0; n < frame.size(); ++n) {
      take(slave.receiver, {frame[n], false, false, n == 0});
    }
    Frame request{};
    baud = 0;
    if (!end_frame(slave.receiver, true, request)) return {};
    const Identity identity{static_cast<std::uint8_t>(meter.settings.meter_id),
                            meter.settings.serial_bcd, meter.page.serial_lo};
    const Bank bank{meter.data(), identity, !memory_fails, this, write};
    Answer answer;
    const Reaction reaction = serve(slave, application, request, bank, answer);
    baud = reaction.baud;
    if (!reaction.answered) return {};
    return {answer.bytes, answer.bytes + answer.size};
  }
  Bytes ask(const std::string& text) { return ask(hex(text)); }

  /// Writes records with CI 51: the error that REQ_UD2 then tells, −1 for none.
  int write_records(const std::string& records) {
    REQUIRE(ask(nke(1)) == e5);
    REQUIRE(ask(snd_ud(1, 0x51, hex(records))) == e5);
    return told_error();
  }
  /// The next REQ_UD2's error; −1 for none.
  int told_error() {
    const auto id = static_cast<std::uint8_t>(meter.settings.meter_id);
    const Bytes answer = ask(mbus_short(0x4B, id));
    if (answer.size() != 10) return -1;
    REQUIRE(answer == mbus_long(0x08, id, 0x70, {answer[7]}));
    return answer[7];
  }
  /// All telegrams of the set that holds, from the first on.
  std::vector<MbusAnswer> read_all() {
    const auto id = static_cast<std::uint8_t>(meter.settings.meter_id);
    REQUIRE(ask(nke(id)) == e5);
    std::vector<MbusAnswer> answers;
    for (bool fcb = true;; fcb = !fcb) {
      answers.push_back(mbus_answer(ask(req_ud2(id, fcb))));
      if (!answers.back().more) return answers;
      REQUIRE(answers.size() < 20);
    }
  }

 private:
  static metrology::registers::WriteResult write(void* context,
                                                 const metrology::registers::Row& row,
                                                 const std::uint8_t* bytes) {
    auto& self = *static_cast<MbusRows*>(context);
    ++self.writes;
    if (self.memory_fails) return metrology::registers::WriteResult::not_stored;
    RowMeter& meter = self.meter;
    return metrology::registers::write(
        {meter.page, meter.settings, meter.tariff, meter.energy.accounts, meter.status}, row,
        metrology::registers::Port::mbus, bytes);
  }
};

}  // namespace tests
