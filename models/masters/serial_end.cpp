#include "models/masters/serial_end.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace models::masters {

using pins::LineDrive;
using pins::ps_never;

namespace {

void require_sound(const SerialFormat& format) {
  if (format.baud < 110 || format.baud > 1'000'000 || format.data_bits < 7 ||
      format.data_bits > 8 || format.stop_bits < 1 || format.stop_bits > 2) {
    throw std::invalid_argument("a serial format that cannot be");
  }
}

bool parity_bit(const SerialFormat& format, unsigned byte) {
  bool ones = format.parity == Parity::odd;
  for (int bit = 0; bit < format.data_bits; ++bit) ones ^= (byte >> bit & 1) != 0;
  return ones;
}

/// Start edge to the middle of a bit.
Ps middle_of(const SerialFormat& format, int bit) {
  const auto halves = 2 * static_cast<std::uint64_t>(bit) + 1;
  return (halves * pins::ps_per_s / 2 + format.baud / 2) / format.baud;
}

}  // namespace

SerialEnd::SerialEnd(const SerialFormat& format, pins::LinePort& port, SerialListener& listener)
    : port_(port), listener_(listener) {
  require_sound(format);
  state_.format = format;
}

// --- sending
// --------------------------------------------------------------------------------------

void SerialEnd::send(Ps start, std::vector<OutgoingCharacter> characters) {
  if (characters.empty()) throw std::invalid_argument("a frame without characters");
  if (start < free_from()) throw std::invalid_argument("a frame begins before the last has ended");
  const bool first = state_.frames.empty();
  Ps end = start;
  for (const OutgoingCharacter& character : characters) {
    end += character.silence + length_of(character);
  }
  state_.frames.push_back({start, std::move(characters)});
  state_.busy_until = end + lead();
  if (first) {
    state_.next_character = 0;
    state_.next_start = start - lead();
    state_.driving = false;
  }
  changed();
}

Ps SerialEnd::free_from() const {
  return state_.busy_until == 0 ? lead() : state_.busy_until + 1 + lead();
}

Ps SerialEnd::length_of(const OutgoingCharacter& character) const {
  if (character.space > 0) return character.space;
  return state_.format.time_of(static_cast<std::uint64_t>(state_.format.bits()));
}

void SerialEnd::begin_frame(Ps t) {
  port_.drive(t, LineDrive::mark);
  state_.driving = true;
  state_.start_edge = ps_never;
  const SerialFrame& frame = state_.frames.front();
  state_.next_start = frame.start + frame.characters.front().silence;
}

void SerialEnd::send_character(Ps t) {
  const SerialFormat& format = state_.format;
  const SerialFrame& frame = state_.frames.front();
  const OutgoingCharacter& character = frame.characters[state_.next_character];
  std::array<bool, 12> bits{};
  int count = 1;
  for (int bit = 0; bit < format.data_bits; ++bit) {
    bits[static_cast<std::size_t>(count++)] = (character.byte >> bit & 1) != 0;
  }
  if (format.parity != Parity::none) {
    bits[static_cast<std::size_t>(count++)] =
        parity_bit(format, character.byte) != character.wrong_parity;
  }
  for (int stop = 0; stop < format.stop_bits; ++stop) {
    bits[static_cast<std::size_t>(count++)] = !character.no_stop;
  }
  bool level = true;
  if (character.space > 0) {
    port_.drive(t, LineDrive::space);
    level = false;
    count = 0;
  }
  for (int bit = 0; bit < count; ++bit) {
    const bool mark = bits[static_cast<std::size_t>(bit)];
    if (mark == level) continue;
    level = mark;
    port_.drive(t + format.time_of(static_cast<std::uint64_t>(bit)),
                mark ? LineDrive::mark : LineDrive::space);
  }
  const Ps end = t + length_of(character);
  HeardCharacter done;
  done.byte = character.byte;
  done.parity_error = character.wrong_parity;
  done.framing_error = character.no_stop || character.space > 0;
  done.broken = character.space > 0;
  done.start = t;
  done.end = end;
  const bool last = state_.next_character + 1 == frame.characters.size();
  // After a missing stop bit the next start bit must fall from a mark, if there is time for one.
  const Ps silence = last ? lead() : frame.characters[state_.next_character + 1].silence;
  if (!level && silence > 0) port_.drive(end, LineDrive::mark);
  if (last) {
    port_.drive(end + lead(), LineDrive::released);
    state_.listen_from = end + lead();
    state_.next_start = end + lead();
    state_.next_character = frame.characters.size();
  } else {
    ++state_.next_character;
    state_.next_start = end + silence;
  }
  listener_.sent(done);
}

// --- receiving
// ------------------------------------------------------------------------------------

void SerialEnd::line_changed(Ps from) {
  if (state_.driving) return;  // deaf; asks anew when it lets go
  if (state_.start_edge != ps_never && from > state_.start_edge) return;
  const Ps before = state_.start_edge;
  state_.start_edge = port_.next_fall(std::max(from, state_.listen_from));
  if (state_.start_edge != before) changed();
}

Ps SerialEnd::look_at() const {
  const int last = state_.format.bits() - state_.format.stop_bits;
  return state_.start_edge == ps_never ? ps_never
                                       : state_.start_edge + middle_of(state_.format, last);
}

void SerialEnd::hear() {
  const SerialFormat& format = state_.format;
  const int looks = format.bits() - format.stop_bits + 1;
  std::array<Ps, 12> instants{};
  for (int bit = 0; bit < looks; ++bit) {
    instants[static_cast<std::size_t>(bit)] = state_.start_edge + middle_of(format, bit);
  }
  const std::uint64_t marks = port_.marks_at(instants.data(), looks);
  if ((marks & 1) != 0) {
    state_.listen_from = instants[0];
    state_.start_edge = port_.next_fall(state_.listen_from);
    return;
  }
  HeardCharacter character;
  character.start = state_.start_edge;
  character.end = character.start + format.time_of(static_cast<std::uint64_t>(format.bits()));
  character.byte = static_cast<std::uint8_t>(marks >> 1 & ((1u << format.data_bits) - 1));
  if (format.parity != Parity::none) {
    const bool seen = (marks >> (1 + format.data_bits) & 1) != 0;
    character.parity_error = seen != parity_bit(format, character.byte);
  }
  character.framing_error = (marks >> (looks - 1) & 1) == 0;
  character.broken = marks == 0;
  state_.listen_from = instants[static_cast<std::size_t>(looks - 1)];
  state_.start_edge = port_.next_fall(state_.listen_from);
  listener_.heard(character);
}

void SerialEnd::set_format(Ps now, const SerialFormat& format) {
  require_sound(format);
  if (state_.driving) port_.cut(now);
  state_.frames.clear();
  state_.driving = false;
  state_.next_start = ps_never;
  state_.busy_until = now;
  state_.format = format;
  state_.listen_from = now;
  state_.start_edge = port_.next_fall(now);
  changed();
}

// --- time
// -----------------------------------------------------------------------------------------

Ps SerialEnd::next_event() const {
  if (state_.driving) return state_.next_start;
  return std::min(state_.next_start, look_at());
}

void SerialEnd::advance(Ps t) {
  if (t != next_event()) return;
  if (t != state_.next_start) {
    hear();
    return;
  }
  if (!state_.driving) {
    begin_frame(t);
    return;
  }
  if (state_.next_character < state_.frames.front().characters.size()) {
    send_character(t);
    return;
  }
  // The driver has let go.
  state_.frames.pop_front();
  state_.driving = false;
  state_.next_character = 0;
  state_.next_start = sending() ? state_.frames.front().start - lead() : ps_never;
  state_.start_edge = port_.next_fall(t);
}

}  // namespace models::masters
