// UART for half-duplex lines: characters are received into a FIFO with the silence before each
// judged in core clocks, and a whole answer is sent from an armed instant on, its driver switched
// around it. One interrupt a frame, not one a character.
//
//   offset  name          access  reset   bits
//   0x00    CONTROL       R/W     0       bit 0 enable, bit 1 mute (deaf while its driver is on),
//                                         bits 5…4 parity (0 none, 1 even, 2 odd), bit 6 seven data
//                                         bits, bit 7 two stop bits; a write while a transmission
//                                         is under way or armed is a bus error
//   0x04    DIVIDER       R/W     0x8000  bit time in 1/16 core clocks, 256 … 2^24 − 1; likewise
//   0x08    RX_GAP        R/W     0       core clocks, 0 … 2^24 − 1
//   0x0C    RX_IDLE       R/W     0       core clocks, 0 … 2^24 − 1; 0: a frame never ends
//   0x10    RX_LEVEL      R       0       characters in the receiver's FIFO, 0 … 512
//   0x14    RX_DATA       R       –       takes the oldest: bits 7…0 data, bit 8 parity error,
//                                         9 framing error, 10 break, 11 after a gap, 12 first of a
//                                         frame, 13 overrun; bit 31 alone when nothing waits
//   0x18    RX_END        R       0       core counter bits 31…0 at the newest character's end
//   0x1C    RX_FLUSH      W       –       1: forgets what waits in the FIFO
//   0x20    RX_THRESHOLD  R/W     0       0 … 512; 0: never
//   0x24    TX_DATA       W       –       bits 7…0: one more character to send, up to 512
//   0x28    TX_LEVEL      R       0       characters not begun yet
//   0x2C    TX_START      R/W     0       core counter bits 31…0
//   0x30    TX_DRIVER     R/W     0       core clocks, bits 15…0 lead, 31…16 tail
//   0x34    COMMAND       W       –       1 start at TX_START, 2 start at once, 4 abort
//   0x38    STATUS        R/W1C   0       bit 0 frame end, 1 RX_LEVEL ≥ RX_THRESHOLD (a level, not
//                                         to be cleared), 2 sent, 3 late, 4 overrun, 5 overflow
//   0x3C    IRQ_ENABLE    R/W     0       bits of STATUS that interrupt
//
// Bit times: with D = DIVIDER / 16, bit k of a character that begins at edge b begins at edge
// b + round(k·D); nothing adds up. A character is a start bit (space), 7 or 8 data bits from the
// lowest on, a parity bit if any, one or two stop bits (mark): n bits, and its end is
// b + round(n·D).
//
// Receiving. A fall of the line that comes at or before edge b, and after b − 1, is a start edge at
// b. Each bit is the majority of three looks at (k + 7/16)·D, (k + 8/16)·D and (k + 9/16)·D,
// rounded; a start bit that is no space was none, and the receiver looks for the next fall from
// there. The character is in the FIFO three clocks after the last look at its first stop bit; a
// second stop bit is not looked at. A stop bit that is a space is a framing error; the next start
// edge is then the next fall after the look. All bits space, the stop bit too: a break. Parity is
// judged as CONTROL says, a seven-bit character's data have bit 7 clear. The silence before a
// character counts from the end of the one before it (of this UART's own sending, of enabling) to
// its start edge, none when that comes sooner. Beyond RX_IDLE the character is the first of a
// frame; else, beyond RX_GAP, it comes after a gap. Frame end: when since the newest character's
// end more than RX_IDLE clocks have passed without a start edge, STATUS says so three clocks later;
// nothing received since the last, no frame end. A full FIFO loses the new character:
// STATUS.overrun, and RX_DATA's bit 13 with the next one kept. A write to CONTROL or DIVIDER
// lets the receiver begin anew; a silence goes on through it, a character that it breaks off is
// none.
//
// Sending. COMMAND 1 or 2 with characters waiting begins to send the first one at TX_START, or when
// that is not at least lead + 2 clocks after the commit edge, lead + 2 after it (COMMAND 1:
// STATUS.late), where it lies less than 2^31 clocks ahead. The driver is on, with mark, lead clocks
// before; characters follow without a gap while any waits; tail clocks after the last one's end the
// driver lets go and STATUS says sent. What is written to TX_DATA meanwhile joins in up to the
// last character's end. COMMAND 1 or 2 without characters, disabled, armed or under way, and any
// undefined COMMAND, is a bus error. Abort: the driver lets go one clock later, the FIFO is empty,
// nothing is said to be sent.
// A reset aborts and disables; so does the loss of the supply, at its very edge. A muted receiver
// hears nothing from the driver's on to its letting go, and its silence counts from the latter's
// last character's end.
//
// What others do to the line is not announced, and shows when a character's first stop bit has been
// looked at, not sooner: accesses may run so far ahead of the kernel, but for those that say how
// and when the line is listened to or driven, writes to CONTROL, DIVIDER, RX_IDLE and COMMAND,
// which wait until it has reached their commit edge (platform/router.h). Behind the APB bridge.
#pragma once

#include <string>
#include <type_traits>

#include "models/pins/event_sink.h"
#include "models/pins/line.h"
#include "peripherals/bus/core_counter.h"
#include "peripherals/bus/due_time.h"
#include "peripherals/bus/irq_line.h"
#include "peripherals/bus/register_target.h"
#include "peripherals/bus/shared_target.h"
#include "peripherals/uart/receiver.h"
#include "peripherals/uart/transmitter.h"

namespace peripherals {

class Uart : public RegisterTarget,
             public SharedTarget,
             public models::pins::LineListener,
             uart::SentListener {
 public:
  struct State {
    std::uint32_t control;
    std::uint32_t divider;
    std::uint32_t rx_threshold;
    std::uint32_t tx_start;
    std::uint32_t irq_enable;
    bool late;
    bool overflow;
    uart::Receiver::State receiver;
    uart::Transmitter::State transmitter;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  /// `line` may be null: nobody is connected. Every character sent becomes an event "byte" (value,
  /// start) of `instance` in `log` at its end.
  Uart(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
       const CoreCounter& counter, IrqLine& irq, models::pins::LinePort* line,
       models::pins::EventSink& log, std::string instance);

  void line_changed(Ps from) override;
  Cycle shows_after(std::uint32_t offset, bool is_write) const override;

  void reset(Cycle at) override;
  void power_off(Cycle at) override;
  State state() const;
  void restore(const State& state);
  /// After `restore`: the line is another one than the saved one, in a kernel whose time began
  /// anew. Edge `at` is the first that has not been served. A character that was being received is
  /// lost, and the line is told what the transmitter does to it.
  void join_new_line(Cycle at);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool reading_acts(std::uint32_t offset) const override {
    return offset == metrology::hal::uart::rx_data;
  }
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  void serve(Cycle at);
  bool write_control(Cycle at, std::uint32_t value);
  bool write_divider(Cycle at, std::uint32_t value);
  bool command(Cycle at, std::uint32_t value);
  void clear_status(std::uint32_t bits);
  void begin_anew(Cycle at);
  void limit_run_ahead();
  void mute_while_driving(Cycle at, bool was_driving);
  void sent(Cycle begin, Cycle end, std::uint8_t data) override;
  std::uint32_t status() const;
  std::uint32_t newest_end() const;
  uart::Format format() const;
  bool enabled() const;
  void settle();

  const CoreClock& clock_;
  const CoreCounter& counter_;
  IrqLine& irq_;
  models::pins::LinePort* line_;
  models::pins::EventSink& log_;
  std::string instance_;
  DueTime due_;
  RunAhead run_ahead_;
  uart::Receiver receiver_;
  uart::Transmitter transmitter_;
  State state_{};  ///< but for the two halves, who keep theirs
};

}  // namespace peripherals
