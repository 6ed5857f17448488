// The receiving half of a UART: finds start edges, looks at bits, judges silence. Rules and times
// stand in uart.h.
#pragma once

#include <algorithm>

#include "models/pins/line.h"
#include "peripherals/bus/core_clock.h"
#include "peripherals/uart/character.h"
#include "peripherals/uart/fifo.h"

namespace peripherals::uart {

class Receiver {
 public:
  struct State {
    Format format;
    std::uint32_t divider;
    std::uint32_t gap;   ///< RX_GAP
    std::uint32_t idle;  ///< RX_IDLE
    bool listening;      ///< enabled and not deaf
    bool heard;          ///< characters since the last frame end
    bool lost;           ///< characters since the last one kept
    bool frame_ended;    ///< STATUS
    bool overrun;        ///< STATUS
    Ps from;             ///< what falls before it is not heard
    Ps start_ps;         ///< the fall that may begin a character; ps_never while there is none …
    Cycle start;         ///< … and its edge
    Cycle end;           ///< silence counts from here
    Cycle newest_end;    ///< of a character; cycle_never while none was received
    Cycle look_due;
    Cycle idle_due;
    Fifo<std::uint16_t> fifo;
  };

  /// `line` may be null: nobody is ever heard.
  Receiver(const CoreClock& clock, const models::pins::LinePort* line);

  /// Begins anew from edge `at` on with `format` and `divider`: silence counts from `silent_from`.
  void listen(Cycle at, const Format& format, std::uint32_t divider, Cycle silent_from);
  /// Hears nothing any more; a character under way is lost, what waits in the FIFO stays.
  void go_deaf();
  void set_gap(std::uint32_t clocks) { state_.gap = clocks; }
  /// RX_IDLE from edge `at` on.
  void set_idle(Cycle at, std::uint32_t clocks);
  /// The oldest character as RX_DATA shows it, rx_none when none waits.
  std::uint32_t take();
  void flush();
  void clear_frame_end() { state_.frame_ended = false; }
  void clear_overrun() { state_.overrun = false; }

  /// See LineListener.
  void line_changed(Ps from);

  /// The edge at which serve() is to be called next.
  Cycle due() const { return std::min(state_.look_due, state_.idle_due); }
  /// Does what is due at edge `at`.
  void serve(Cycle at);

  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }
  /// See Uart.
  void join_new_line(Cycle at);
  void reset();

  /// How soon after its start edge a character can show, in core clocks.
  static Cycle soonest_effect(const Format& format, std::uint32_t divider) {
    return clocks_in(16 * format.first_stop() + last_look, divider);
  }

 private:
  /// A bit's three looks, in sixteenths of a bit time from its begin.
  static constexpr int first_look = 7;
  static constexpr int last_look = 9;
  static constexpr Cycle shown_after = 3;
  static constexpr int most_bits = 12;

  void hunt(Ps from);
  void look(Cycle at);
  void judge_silence(Cycle at);
  /// Whether the start bit of the pending character, looked at by now, is a space.
  bool start_confirmed() const;
  void reject_start();
  void receive(std::uint32_t levels);
  void wait_for_silence(Cycle not_before);
  Cycle start_seen() const { return state_.start + clocks_in(last_look, state_.divider); }
  /// Bit n: the majority of the looks at the n-th bit, of the first `bits`.
  std::uint32_t majorities(int bits) const;

  const CoreClock& clock_;
  const models::pins::LinePort* line_;
  State state_{};
};

}  // namespace peripherals::uart
