// GPIO: sixteen pins with two-stage synchronisers and edge interrupts.
//
//   offset  name         access  reset  bits (one a pin)
//   0x00    INPUT        R       –      levels behind the synchronisers
//   0x04    OUTPUT       R/W     0      level of pins that are outputs
//   0x08    DIRECTION    R/W     0      1: output
//   0x0C    RISE_ENABLE  R/W     0      a rising edge of INPUT sets STATUS
//   0x10    FALL_ENABLE  R/W     0      a falling edge of INPUT sets STATUS
//   0x14    STATUS       R/W1C   0      enabled edges seen; any bit set is the interrupt
//   0x40+4n HIGH_TIME_n  R       –      core clocks that INPUT's bit n was 1 since power-on, bits
//                                       31…0; n = 0 … 15. At the edge from which on INPUT shows a
//                                       rise it stands still, one clock later it is one more
//
// Bits 31…16 are reserved. A level that stands at a pin at edge n shows in INPUT from edge n + 2
// on, whatever happens in between; a level that comes exactly at an edge stands at it. What falls
// between two edges is not seen. A write to OUTPUT or DIRECTION that commits at edge c reaches the
// pins at c + 1; an output's level comes back through its synchroniser. A reset releases the pins
// one clock after its edge and leaves the synchronisers alone. Behind the APB bridge.
//
// Paced pins change as outputs at the beginnings of LCD frames only, multiples of 512 ticks after
// power-on: a write that commits at edge c reaches them with the first that begins after c, so what
// a lamp does does not hang on when the program came to switch it. A reset releases them like the
// others. [twin]
//
// Some pins are pulled up on the board: undriven, they are high for who listens and in INPUT.
// Without supply nothing drives and INPUT is 0; power-on at edge q takes the pins' levels at q.
#pragma once

#include <array>
#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "models/pins/digital_pin.h"
#include "peripherals/bus/core_counter.h"
#include "peripherals/bus/due_time.h"
#include "peripherals/bus/irq_line.h"
#include "peripherals/bus/register_target.h"

namespace peripherals {

class Gpio : public RegisterTarget {
 public:
  static constexpr int pins = metrology::hal::gpio::pin_count;

  /// The pins' levels as the first synchroniser stage takes them from edge `edge` on.
  struct Capture {
    Cycle edge;
    std::uint32_t levels;
  };
  struct State {
    std::uint32_t outside;  ///< levels driven from outside
    std::uint32_t driven;   ///< pins that drive, as of the last pad edge …
    std::uint32_t pads;     ///< … and the level they drive
    std::uint32_t input;
    std::uint32_t output;
    std::uint32_t direction;
    std::uint32_t rise_enable;
    std::uint32_t fall_enable;
    std::uint32_t status;
    bool powered;
    Cycle pads_due;
    Cycle paced_due;                            ///< of pins that are paced
    std::array<std::uint32_t, pins> high_time;  ///< clocks of the times that are over
    std::array<Cycle, pins> high_since;         ///< where INPUT is high, since when
    std::array<Capture, 4> captures;            ///< not yet shown, oldest first
    std::uint32_t capture_count;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  /// How pins are wired on the board, one bit a pin.
  struct Board {
    std::uint32_t pull_ups = 0;  ///< high while nobody drives them
    std::uint32_t paced = 0;     ///< change with the LCD's frames
  };
  /// `listeners`: who sees each pin while it is an output; null for nobody. Listeners are told of
  /// changes only; at first they see the pull-ups.
  Gpio(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
       const CoreCounter& counter, IrqLine& irq,
       const std::array<models::pins::DigitalInput*, pins>& listeners, const Board& board);

  /// The pin as seen from outside.
  models::pins::DigitalInput& pin(int number);

  void reset(Cycle at) override;
  void power_off(Cycle at) override;
  void power_on(Cycle at) override;
  const State& state() const { return state_; }
  void restore(const State& state);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  class Pin : public models::pins::DigitalInput {
   public:
    void drive(models::pins::Ps t, bool level) override { gpio->driven_outside(number, t, level); }
    Gpio* gpio = nullptr;
    int number = 0;
  };

  void driven_outside(int pin, models::pins::Ps t, bool level);
  void capture(Cycle edge);
  void show_captures(Cycle at);
  void show(Cycle at, std::uint32_t levels);
  /// The pads of `pins` take what OUTPUT and DIRECTION say.
  void drive_pads(Cycle at, std::uint32_t pins_taken);
  std::uint32_t driven_levels() const {
    return (state_.pads & state_.driven) | (board_.pull_ups & ~state_.driven);
  }
  /// OUTPUT or DIRECTION was written at edge `at`.
  void change_pads(Cycle at);
  void set_due(Cycle pads, Cycle paced);
  void clear_status(std::uint32_t bits);

  const CoreClock& clock_;
  const CoreCounter& counter_;
  IrqLine& irq_;
  std::array<models::pins::DigitalInput*, pins> listeners_;
  Board board_;
  std::array<Pin, pins> pins_;
  DueTime captures_due_;
  DueTime pads_due_;
  DueTime paced_due_;
  State state_{};
};

}  // namespace peripherals
