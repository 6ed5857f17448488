// The firmware as the CPU sees it: a reset entry, an interrupt entry, and the state between.
//
//   interrupt (priority)   handler                          task of the main loop
//   power        (6)       stops booking at a brown-out    saves, goes dark; goes on
//   pulse        (5)       counts the start, arms the next  –
//   dma_block    (4)       notes the block                  signal path → energy → play-out
//   gpio         (3)       notes the buttons' edges         the panel's state machine
//   rtc          (3)       lets timers expire, an S0 rate   whose timer has expired
//                          hold, shows what is due
//   i2c          (3)       notes the transaction's end     loading and saving
//   uart_bus     (3)       notes a frame's end             Modbus, M-Bus: the request, its answer
//   uart_ir      (3)       notes a piece's begin and end   infra-red: the message, its answer
//   debug_mailbox (2)      notes the request               answers it from the register table
#pragma once

#include <cstdint>

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

class Firmware {
 public:
  /// `bus` must outlive the firmware. Nothing is touched before run().
  explicit Firmware(hal::Bus& bus) : bus_(bus), state_{} {}

  /// The reset entry: boots, then handles tasks for ever. Natively it is left only by an exception
  /// out of a bus call (reset, power cut, end of the run); then the object is thrown away.
  [[noreturn]] void run();

  /// Natively, for a firmware that was put back: goes on where the main loop's wait_for_interrupt
  /// returns.
  [[noreturn]] void resume();

  /// The external interrupt's entry: called with interrupts disabled, while an enabled source above
  /// the threshold is pending; returns with them disabled. Handlers of higher priority nest.
  void external_interrupt();

  const State& state() const { return state_; }
  /// Puts a state back, in place of run()'s boot.
  void restore(const State& state) { state_ = state; }

 private:
  [[noreturn]] void main_loop();
  void awake();
  void run_tasks();
  bool work_pending() const;

  hal::Bus& bus_;
  State state_;
};

}  // namespace metrology::app
