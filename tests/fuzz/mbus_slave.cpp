// A line of any characters, silences and errors before the M-Bus slave and a meter's rows.
//
// The input is a list of events. Two bytes an event: flags, then a character; of the flags
//
//   bit 0  first of a frame     bit 3  22 bit times of silence instead of a character
//   bit 1  after a gap          bit 4  … and the frame had 33 before it
//   bit 2  damaged              bit 5  the character is kept for a frame to come
//   bit 6  a frame around what was kept, with the right lengths and sum, which no fuzzer would
//          find, and a silence; of two bytes a short one
//
// and the first byte of all says whether the meter's EEPROM fails, bit 0, whether it has alarms,
// bit 1, and whether its values are beyond all digits, bit 2.
#include <cstdint>
#include <cstring>

#include "metrology/protocol/mbus/application.h"
#include "metrology/protocol/mbus/slave.h"
#include "metrology/registers/access.h"
#include "metrology/registers/table.h"
#include "tests/fuzz/invariant.h"
#include "tests/fuzz/meter_parts.h"

using namespace metrology;
using tests::require;

namespace {

/// What the line carried since the last silence, judged on its own.
struct Witness {
  std::uint8_t bytes[mbus::max_frame_bytes + 1] = {};
  int count = 0;
  bool good = true;
  bool after_error = false;

  void take(const mbus::Character& character) {
    if (character.first || count == 0) {
      count = 0;
      good = true;
    } else if (character.after_gap) {
      good = false;
    }
    if (character.damaged) good = false;
    if (count <= mbus::max_frame_bytes) bytes[count++] = character.byte;
  }
  /// At a silence: whether a frame is to be heard.
  bool end(bool rested) {
    if (count == 0) return false;
    const bool right = good && is_frame();
    const bool early = after_error && !rested;
    after_error = !right || early;
    count = 0;
    return right && !early;
  }
  bool is_frame() const {
    if (count == 1) return bytes[0] == 0xE5;
    const bool brief = count == 5 && bytes[0] == 0x10;
    const bool full = count >= 9 && count <= 261 && bytes[0] == 0x68 && bytes[3] == 0x68 &&
                      bytes[1] == count - 6 && bytes[2] == count - 6;
    if (!brief && !full) return false;
    unsigned sum = 0;
    for (int n = brief ? 1 : 4; n < count - 2; ++n) sum += bytes[n];
    return bytes[count - 2] == (sum & 0xFFU) && bytes[count - 1] == 0x16;
  }
};

struct Meter : tests::MeterParts {
  explicit Meter(std::uint8_t mode) : MeterParts(hal::MeterVariant::mb_ct) {
    memory_fails = (mode & 1U) != 0;
    for (bool& present : status.phases.present) present = (mode & 2U) == 0;
    if ((mode & 4U) != 0) {
      measurements.active_W[0] = -1e300;
      measurements.reactive_var[1] = 1e13;
      measurements.current_A[2] = -123'456'789.0;
      measurements.voltage_V[0] = 1e18;
    }
  }
  mbus::Bank bank() {
    return {data(), {id(), settings.serial_bcd, page.serial_lo}, !memory_fails, this, write_row};
  }
  std::uint8_t id() const { return static_cast<std::uint8_t>(settings.meter_id); }
  static registers::WriteResult write_row(void* context, const registers::Row& row,
                                          const std::uint8_t* bytes) {
    require(registers::access(row, registers::Port::mbus) == registers::Access::read_write);
    return static_cast<Meter*>(context)->write(row, registers::Port::mbus, bytes);
  }
  void check_settings() const {
    MeterParts::check_settings();
    require(settings.parity == registers::Parity::even);
  }
};

struct Rig {
  mbus::Slave slave{};
  mbus::Application application{};
  Witness witness;
  Meter meter;
  std::uint8_t kept[252 + 3] = {};
  int kept_count = 0;

  explicit Rig(std::uint8_t mode) : meter(mode) {
    mbus::reset(slave.receiver, true);
    mbus::reset(application);
  }

  void hear(const mbus::Character& character) {
    mbus::take(slave.receiver, character);
    witness.take(character);
    require(slave.receiver.count <= mbus::max_frame_bytes);
  }

  void silence(bool rested) {
    mbus::Frame frame{};
    const bool expected = witness.end(rested);
    const bool whole = mbus::end_frame(slave.receiver, rested, frame);
    require(whole == expected);
    require(slave.receiver.phase == mbus::Phase::idle &&
            slave.receiver.after_error == witness.after_error);
    if (whole) react(frame);
    meter.check_settings();
  }

  void react(const mbus::Frame& frame) {
    const std::uint8_t own = meter.id();
    const int writes = meter.writes;
    const registers::Settings before = meter.settings;
    const bool selected = slave.selected;
    mbus::Answer answer{};
    const mbus::Reaction reaction = mbus::serve(slave, application, frame, meter.bank(), answer);
    const bool writing =
        frame.type == mbus::FrameType::full && frame.ci == 0x51 && (frame.c & 0xCFU) == 0x43;
    if (!writing || meter.memory_fails) require(meter.settings == before);
    if (!writing) require(meter.writes == writes);
    require(application.next < mbus::count_of(application.set));
    const bool spoken_to = frame.a == own || frame.a == 253 || frame.a == 254;
    if (!reaction.answered) {
      require(reaction.baud == 0);
      return;
    }
    require(spoken_to && frame.type != mbus::FrameType::single);
    if (frame.a == 253) require(selected || slave.selected);
    check_answer(answer, own);
    if (reaction.baud != 0) require(frame.a != 254 && answer.size == 1);
  }

  static void check_answer(const mbus::Answer& answer, std::uint8_t own) {
    mbus::Frame sent{};
    require(answer.size <= mbus::max_answer_bytes);
    require(mbus::parse(answer.bytes, answer.size, sent));
    if (sent.type == mbus::FrameType::single) return;
    require(sent.type == mbus::FrameType::full && sent.c == 0x08);
    // A repetition has the address of then; else it is the own one.
    require(sent.a == own || sent.a <= 250);
    require((sent.ci >= 0x70 && sent.ci <= 0x72));
    require(sent.ci == 0x72 ? sent.data_bytes >= 12 : sent.data_bytes == 1);
  }

  void say_kept() {
    if (kept_count < 2) return;
    std::uint8_t bytes[mbus::max_frame_bytes];
    int count = 0;
    if (kept_count > 2) {
      bytes[0] = bytes[3] = 0x68;
      bytes[1] = bytes[2] = static_cast<std::uint8_t>(kept_count);
      count = 4;
    } else {
      bytes[count++] = 0x10;
    }
    unsigned sum = 0;
    for (int n = 0; n < kept_count; ++n) {
      bytes[count++] = kept[n];
      sum += kept[n];
    }
    bytes[count++] = static_cast<std::uint8_t>(sum & 0xFFU);
    bytes[count++] = 0x16;
    kept_count = 0;
    for (int n = 0; n < count; ++n) hear({bytes[n], false, false, n == 0});
    silence(true);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Rig rig(data[0]);
  for (std::size_t n = 1; n + 1 < size; n += 2) {
    const std::uint8_t flags = data[n];
    if ((flags & 64U) != 0) {
      rig.say_kept();
    } else if ((flags & 32U) != 0) {
      if (rig.kept_count < static_cast<int>(sizeof(rig.kept))) {
        rig.kept[rig.kept_count++] = data[n + 1];
      }
    } else if ((flags & 8U) != 0) {
      rig.silence((flags & 16U) != 0);
    } else {
      rig.hear({data[n + 1], (flags & 4U) != 0, (flags & 2U) != 0, (flags & 1U) != 0});
    }
  }
  rig.silence(false);
  return 0;
}
