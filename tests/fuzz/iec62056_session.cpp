// A line of any characters, silences and times before the session and a meter's rows.
//
// The first byte says which variant the meter is, bits 0 … 2 modulo 6, and whether its EEPROM
// fails, bit 3. Then events: a byte that says which, and what belongs to it.
//
//   0        a character: one byte, as it is
//   1        a damaged character
//   2        a break
//   3        the end of a piece, and the end of what is sent thereupon
//   4        so many times 100 ms pass: one byte
//   5        the BCC of the message on its way, which no fuzzer would find, and the end of its
//   piece 6        the right password as a message, and the end of its piece 7        61 s pass
#include <cstdint>
#include <cstring>

#include "metrology/protocol/iec62056/session.h"
#include "tests/fuzz/invariant.h"
#include "tests/fuzz/meter_parts.h"

using namespace metrology;
using namespace metrology::iec62056;
using tests::require;

namespace {

struct Meter : tests::MeterParts {
  explicit Meter(std::uint8_t mode) : MeterParts(static_cast<hal::MeterVariant>((mode & 7U) % 6U)) {
    memory_fails = (mode & 8U) != 0;
  }
  Bank bank() { return {data(), this, write_row}; }
  static registers::WriteResult write_row(void* context, const registers::Row& row,
                                          registers::Port port, const std::uint8_t* bytes) {
    auto& self = *static_cast<Meter*>(context);
    require(port == registers::Port::ir);
    require(registers::may_write(row.ir, self.page.variant));
    return self.write(row, port, bytes);
  }
  void check_settings() const {
    MeterParts::check_settings();
    require((settings.scroll_mask[8] & ~unsigned{registers::last_scroll_bits}) == 0);
    require(hal::has_mbus(page.variant) || settings.serial_bcd == page.serial_lo);
    const registers::Settings factory = registers::factory_settings(page);
    require(settings.meter_id == factory.meter_id && settings.baud == factory.baud);
  }
};

struct Rig {
  Session session{};
  Meter meter;
  Cycle now = 0xFFFF'FFF0;

  explicit Rig(std::uint8_t mode) : meter(mode) { reset(session); }

  void hear(std::uint8_t byte, bool damaged = false, bool is_break = false) {
    take(session, {static_cast<std::uint8_t>(byte & 0x7FU), damaged, is_break});
    require(session.count <= max_message_size);
  }

  void answer(const Reply& reply) {
    require(session.rate <= fastest);
    require(session.phase != Phase::idle || session.rate == 0);
    if (reply.kind == Reply::Kind::none) return;
    require(session.phase != Phase::idle);
    // Counted from something that has been.
    require(static_cast<std::int32_t>(now - reply.from) >= 0);
    if (reply.kind == Reply::Kind::answer) {
      check_answer();
    } else {
      check_readout();
    }
    now = reply.from + reaction_cycles + 1000;
    sent(session, now);
  }

  void check_answer() const {
    const Answer& text = session.answer;
    require(text.size > 0 && text.size < max_answer_size);
    if (text.bytes[0] == soh || text.bytes[0] == stx) {
      unsigned check = 0;
      for (int n = 1; n < text.size; ++n) check ^= text.bytes[n];
      require(check == 0 && text.bytes[text.size - 2] == etx);
    } else if (text.bytes[0] == '/') {
      require(text.bytes[text.size - 1] == lf);
    } else {
      require(text.size == 1 && (text.bytes[0] == ack || text.bytes[0] == nak));
    }
  }

  void check_readout() {
    Readout readout{};
    begin(readout);
    Answer piece{};
    unsigned check = 0;
    std::uint8_t last = 0;
    while (next_piece(readout, meter.bank().data, piece)) {
      require(piece.size > 0 && piece.size < max_answer_size);
      for (int n = 0; n < piece.size; ++n) check ^= last = piece.bytes[n];
    }
    require((check ^ stx) == 0);  // STX is not in it, the BCC itself makes it 0
    require(is_complete(readout));
    (void)last;
  }

  void end() {
    const int writes = meter.writes;
    const registers::Settings before = meter.settings;
    const bool unlocked = session.phase == Phase::unlocked;
    now += 1000;
    const Reply reply = end_piece(session, now, meter.bank());
    // Nothing is written without the password, nor without being told so.
    if (!unlocked) require(meter.writes == writes);
    if (meter.writes == writes) require(meter.settings == before);
    require(reply.kind == Reply::Kind::none || reply.from == now);
    answer(reply);
    meter.check_settings();
  }

  void pass(Cycle cycles) {
    for (Cycle left = cycles; left != 0;) {
      const Cycle step = left < cycles_of_ms(1000) ? left : cycles_of_ms(1000);
      now += step;
      left -= step;
      const Phase phase = session.phase;
      const Reply reply = pass_time(session, now);
      answer(reply);
      if (phase == Phase::idle) require(session.phase == Phase::idle);
    }
  }

  void seal() {
    unsigned check = 0;
    for (int n = 1; n < session.count; ++n) check ^= session.bytes[n];
    hear(static_cast<std::uint8_t>(check));
    end();
  }

  void give_password() {
    char text[] = "\x01P1\x02(00000000)\x03";
    for (unsigned n = 0; n < 8; ++n) {
      text[5 + n] = static_cast<char>('0' + ((meter.settings.ir_password >> (28 - 4 * n)) & 0xFU));
    }
    const bool clean = session.receiving == Receiving::nothing && !session.broken;
    const bool asked = session.phase == Phase::locked || session.phase == Phase::unlocked;
    for (const char* c = text; *c != '\0'; ++c) hear(static_cast<std::uint8_t>(*c));
    seal();
    if (clean && asked) require(session.phase == Phase::unlocked);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Rig rig(data[0]);
  for (std::size_t n = 1; n < size; ++n) {
    const bool more = n + 1 < size;
    switch (data[n] & 7U) {
      case 0:
        if (more) rig.hear(data[++n]);
        break;
      case 1:
        if (more) rig.hear(data[++n], true);
        break;
      case 2:
        rig.hear(0, true, true);
        break;
      case 3:
        rig.end();
        break;
      case 4:
        if (more) rig.pass(cycles_of_ms(100) * data[++n]);
        break;
      case 5:
        rig.seal();
        break;
      case 6:
        rig.give_password();
        break;
      default:
        rig.pass(cycles_of_ms(61'000));
        break;
    }
  }
  rig.pass(cycles_of_ms(2'000));
  rig.pass(cycles_of_ms(62'000));
  require(rig.session.phase == Phase::idle && rig.session.rate == 0);
  return 0;
}
