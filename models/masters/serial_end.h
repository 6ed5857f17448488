// A serial end of the world's: an ideal UART that sends characters at exact picoseconds, wrong ones
// too if asked to, and hears what others send.
//
// Sending: bit k of a character that begins at t begins at t + k / baud, rounded once; a character
// begins where the one before it ends, plus the silence asked for. The driver is on, with mark, one
// bit time before a frame's first character and until one bit time after its last [twin].
// A break is a space as long as one likes; it may stand in place of any character.
// Receiving: from a fall on, each bit is looked at once, in its middle. A start bit that is no
// space was none. A character's end is a start edge and its nominal bits later, its stop bit
// included. While its own driver is on the end is deaf.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "models/pins/line.h"

namespace models::masters {

using pins::Ps;

enum class Parity : std::uint8_t { none, even, odd };

struct SerialFormat {
  std::uint32_t baud = 9600;  ///< 110 … 1 000 000: what is heard must be known 100 ms long
  Parity parity = Parity::even;
  int data_bits = 8;  ///< 7 or 8
  int stop_bits = 1;  ///< 1 or 2

  /// From the start bit to the last stop bit.
  int bits() const { return 1 + data_bits + (parity == Parity::none ? 0 : 1) + stop_bits; }
  /// So many bit times, rounded to the picosecond.
  Ps time_of(std::uint64_t bit_times) const {
    return (bit_times * pins::ps_per_s + baud / 2) / baud;
  }
};

/// A character to be sent.
struct OutgoingCharacter {
  std::uint8_t byte = 0;
  Ps silence = 0;             ///< before it, with mark
  bool wrong_parity = false;  ///< of no meaning without parity
  bool no_stop = false;       ///< spaces in place of the stop bits
  Ps space = 0;               ///< not 0: a break, a space so long in place of the character
};

/// A character as it was heard, or sent.
struct HeardCharacter {
  std::uint8_t byte = 0;
  bool parity_error = false;
  bool framing_error = false;
  bool broken = false;  ///< all bits space, the stop bit too
  Ps start = 0;         ///< its start edge
  Ps end = 0;

  bool good() const { return !parity_error && !framing_error; }
};

/// Who is told of an end's characters.
class SerialListener {
 public:
  SerialListener() = default;
  SerialListener(const SerialListener&) = delete;
  SerialListener& operator=(const SerialListener&) = delete;
  virtual ~SerialListener() = default;

  /// Heard; called in the middle of its (first) stop bit.
  virtual void heard(const HeardCharacter& character) = 0;
  /// Sent; called at its end at the latest, and after its start.
  virtual void sent(const HeardCharacter& character) = 0;
};

struct SerialFrame {
  Ps start;  ///< of the first character, its silence not counted
  std::vector<OutgoingCharacter> characters;
};

struct SerialEndState {
  SerialFormat format;
  std::deque<SerialFrame> frames;  ///< the first may be under way
  std::size_t next_character = 0;  ///< … with this one next
  Ps next_start = pins::ps_never;  ///< of it; of the driver's lead before the first
  bool driving = false;
  Ps busy_until = 0;  ///< the driver has let go by then
  Ps listen_from = 0;
  Ps start_edge = pins::ps_never;  ///< of the character that is heard or comes next
};

class SerialEnd final : public pins::LineListener {
 public:
  /// References must outlive this. Throws std::invalid_argument for a format that cannot be.
  SerialEnd(const SerialFormat& format, pins::LinePort& port, SerialListener& listener);

  /// Called whenever next_event() has changed other than by advance().
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

  const SerialFormat& format() const { return state_.format; }
  /// From now on; a character under way, sent or heard, and frames to be sent are forgotten. `now`:
  /// kernel time. Throws std::invalid_argument for a format that cannot be.
  void set_format(Ps now, const SerialFormat& format);

  /// A frame, its first start edge at `start`, which lies at least lead() after kernel time and
  /// after the end of the frame before (free_from()). Throws std::invalid_argument else, and for
  /// a frame without characters.
  void send(Ps start, std::vector<OutgoingCharacter> characters);
  /// How long before a first character the driver is on.
  Ps lead() const { return state_.format.time_of(1); }
  /// When a frame may begin at the earliest, for all that is known.
  Ps free_from() const;
  bool sending() const { return !state_.frames.empty(); }

  /// The start edge of the character that is heard now or announced; pins::ps_never without.
  Ps start_edge() const { return state_.start_edge; }

  void line_changed(Ps from) override;

  Ps next_event() const;
  /// Does what is due at `t` = next_event(), kernel time.
  void advance(Ps t);

  const SerialEndState& state() const { return state_; }
  void restore(const SerialEndState& state) { state_ = state; }

 private:
  Ps look_at() const;
  void hear();
  Ps length_of(const OutgoingCharacter& character) const;
  void begin_frame(Ps t);
  void send_character(Ps t);
  void changed() const {
    if (changed_) changed_();
  }

  pins::LinePort& port_;
  SerialListener& listener_;
  std::function<void()> changed_;
  SerialEndState state_;
};

}  // namespace models::masters
