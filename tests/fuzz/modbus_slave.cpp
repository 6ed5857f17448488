// A line of any characters, silences and errors before the slave and a meter's rows.
//
// The input is a list of events. Two bytes a character: flags, then the character; of the flags
//
//   bit 0  first of a frame     bit 3  t3.5 of silence instead of a character
//   bit 1  after a gap          bit 4  instead of the character the CRC of the frame so far, which
//   bit 2  damaged                     no fuzzer would find
//
// and the first byte of all says which generation the meter is, bit 0, whether it has old
// exceptions, bit 1, and whether its EEPROM fails, bit 2.
#include <cstdint>
#include <cstring>

#include "metrology/protocol/modbus/register_access.h"
#include "metrology/protocol/modbus/slave.h"
#include "metrology/registers/access.h"
#include "metrology/registers/table.h"
#include "tests/fuzz/invariant.h"
#include "tests/fuzz/meter_parts.h"

using namespace metrology;
using tests::require;

namespace {

/// What the line carried since the last silence, judged on its own.
struct Witness {
  std::uint8_t bytes[modbus::max_frame_bytes + 1] = {};
  int count = 0;
  bool good = false;

  void take(const modbus::Character& character) {
    if (character.first || count == 0) {
      count = 0;
      good = character.first;
    }
    if (character.damaged || (character.after_gap && !character.first)) good = false;
    if (count <= modbus::max_frame_bytes) bytes[count++] = character.byte;
  }
  /// The CRC as the standard's division has it, bit by bit.
  bool whole(std::uint8_t id) const {
    if (!good || count < modbus::min_frame_bytes || count > modbus::max_frame_bytes) return false;
    unsigned remainder = 0xFFFF;
    for (int n = 0; n < count; ++n) {
      remainder ^= bytes[n];
      for (int bit = 0; bit < 8; ++bit) {
        remainder = (remainder >> 1U) ^ ((remainder & 1U) != 0 ? 0xA001U : 0U);
      }
    }
    return remainder == 0 && (bytes[0] == id || bytes[0] == 0);
  }
};

struct Meter : tests::MeterParts {
  explicit Meter(std::uint8_t mode)
      : MeterParts(hal::MeterVariant::mod_ct, (mode & 1U) != 0 ? 2 : 1) {
    page.legacy_exceptions = (mode >> 1U) & 1U;
    memory_fails = (mode & 4U) != 0;
  }
  modbus::Bank bank() {
    return {data(), page.firmware == 2, page.legacy_exceptions != 0, this, write_row};
  }
  static registers::WriteResult write_row(void* context, const registers::Row& row,
                                          registers::Port port, const std::uint8_t* bytes) {
    require(registers::access(row, port) == registers::Access::read_write);
    return static_cast<Meter*>(context)->write(row, port, bytes);
  }
  void check_settings() const {
    MeterParts::check_settings();
    require(settings.parity == registers::Parity::even ||
            (settings.parity == registers::Parity::none && page.firmware == 2));
    require(settings.serial_bcd == page.serial_lo);
  }
};

struct Rig {
  modbus::Slave slave{};
  Witness witness;
  Meter meter;

  explicit Rig(std::uint8_t mode) : meter(mode) {}

  std::uint8_t id() const { return static_cast<std::uint8_t>(meter.settings.meter_id); }

  void hear(const modbus::Character& character) {
    modbus::take(slave, character, id());
    witness.take(character);
    require(slave.count <= modbus::max_frame_bytes);
  }

  void end_frame() {
    const std::uint8_t own = id();
    const bool expected = witness.whole(own);
    const int writes = meter.writes;
    const registers::Settings before = meter.settings;
    modbus::Request request{};
    const bool whole = modbus::end_frame(slave, request);
    require(whole == expected);  // never an answer to, or a write by, a bad frame; always to a good
    require(slave.phase == modbus::Phase::idle && slave.count == 0);
    if (whole) answer(request, own);
    if (!whole || modbus::is_read(request.function)) {
      require(meter.writes == writes && meter.settings == before);
    }
    meter.check_settings();
    witness.count = 0;
    witness.good = false;
  }

  void answer(const modbus::Request& request, std::uint8_t own) {
    modbus::Answer answer{};
    const bool answered = modbus::carry_out(request, own, meter.bank(), answer);
    require(answered == (request.id != 0 || modbus::is_read(request.function)));
    require(answer.size >= 2 && answer.size <= modbus::max_frame_bytes);
    const auto function = static_cast<std::uint8_t>(request.function);
    if (answer.size == 2) {
      require(meter.page.legacy_exceptions != 0 && answer.bytes[0] == (function | 0x80U));
      return;
    }
    require(modbus::is_whole(answer.bytes, answer.size));
    require(answer.bytes[0] == own);
    if (answer.bytes[1] != function) {
      require(answer.bytes[1] == (function | 0x80U) && answer.size == 5);
    } else if (modbus::is_read(request.function)) {
      require(answer.size == 5 + 2 * request.count && answer.bytes[2] == 2 * request.count);
    } else if (function < 0x80) {
      require(answer.size == 8);
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Rig rig(data[0]);
  for (std::size_t n = 1; n + 1 < size; n += 2) {
    const std::uint8_t flags = data[n];
    if ((flags & 8U) != 0) {
      rig.end_frame();
    } else if ((flags & 16U) != 0) {
      const int count = rig.witness.count > 256 ? 256 : rig.witness.count;
      const std::uint16_t crc = modbus::crc16(rig.witness.bytes, count);
      rig.hear({static_cast<std::uint8_t>(crc & 0xFFU), false, false, false});
      rig.hear({static_cast<std::uint8_t>(crc >> 8U), false, false, false});
    } else {
      rig.hear({data[n + 1], (flags & 4U) != 0, (flags & 2U) != 0, (flags & 1U) != 0});
    }
  }
  rig.end_frame();
  return 0;
}
