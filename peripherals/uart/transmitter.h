// The sending half of a UART: switches the driver and puts characters on the line, level by level.
// Rules and times stand in uart.h.
#pragma once

#include <algorithm>

#include "models/pins/line.h"
#include "peripherals/bus/core_clock.h"
#include "peripherals/uart/character.h"
#include "peripherals/uart/fifo.h"

namespace peripherals::uart {

/// Told of every character that has been sent.
class SentListener {
 public:
  SentListener() = default;
  SentListener(const SentListener&) = delete;
  SentListener& operator=(const SentListener&) = delete;
  virtual ~SentListener() = default;
  /// A character from edge `begin` to the present edge `end`.
  virtual void sent(Cycle begin, Cycle end, std::uint8_t data) = 0;
};

class Transmitter {
 public:
  enum class Step : std::uint8_t {
    none,
    driver_on,  ///< the lead begins
    level,      ///< of bit `bit`; where it is 0 a character begins
    end,        ///< of a character
    release     ///< the tail, or an abort's clock, is over
  };
  struct State {
    Format format;
    std::uint32_t divider;
    std::uint32_t lead;
    std::uint32_t tail;
    Step step;
    Cycle due;     ///< edge of `step`
    Cycle begin;   ///< of the character
    Cycle ended;   ///< the last character's end
    bool driving;  ///< the driver is on
    bool sent;     ///< STATUS
    bool aborted;  ///< the release says nothing
    std::uint8_t data;
    std::uint32_t levels;  ///< of the character's bits
    std::int32_t bit;
    Fifo<std::uint8_t> fifo;
  };

  /// `line` may be null: nobody hears.
  Transmitter(const CoreClock& clock, models::pins::LinePort* line, SentListener& listener);

  /// What characters look like; only while not busy().
  void set_format(const Format& format, std::uint32_t divider);
  void set_driver(std::uint32_t lead, std::uint32_t tail);
  /// False: the FIFO is full.
  bool put(std::uint8_t data);
  /// The first character begins at edge `begin`, at least lead + 2 after the present one.
  void start(Cycle begin);
  /// Forgets all that is to be sent; at edge `at` the driver lets go.
  void abort(Cycle at);
  void clear_sent() { state_.sent = false; }

  bool busy() const { return state_.step != Step::none; }
  Cycle due() const { return state_.due; }
  void serve(Cycle at);

  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }
  /// See Uart.
  void join_new_line(Cycle at);
  /// As it was at the very first, but that a driver which is on lets go one clock after edge `at`.
  void reset(Cycle at);
  /// Without supply from edge `at` on.
  void power_off(Cycle at);

 private:
  void plan(Step step, Cycle at);
  void begin_character(Cycle at);
  void show_level(Cycle at);
  void end_character(Cycle at);
  void release(Cycle at);
  void abort_at(Cycle at);
  void drive(Cycle at, bool mark);

  const CoreClock& clock_;
  models::pins::LinePort* line_;
  SentListener& listener_;
  State state_{};
};

}  // namespace peripherals::uart
