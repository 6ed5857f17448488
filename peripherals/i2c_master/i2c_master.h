// I²C master: one transaction a command, timed bit by bit, one interrupt at its end.
//
//   offset     name      access  reset  bits
//   0x00       CONTROL   R/W     0      bit 0 enable; 0 lets both wires go one clock later and ends
//                                       a transaction without DONE
//   0x04       DIVIDER   R/W     16     core clocks in a quarter of a bit, D = 4 … 1023; a write
//                                       while busy is a bus error
//   0x08       COMMAND   W       –      6…0 device, 15…8 bytes to write, 23…16 bytes to read (each
//                                       0 … 80): starts a transaction and clears DONE, NAK and
//                                       STUCK; while disabled or busy a bus error
//   0x0C       STATUS    R/W1C   0      bit 0 busy (read only), bit 1 done (interrupt), bit 2 not
//                                       acknowledged, bit 3 bus stuck
//   0x40 + 4i  BUFFER_i  R/W     –      i = 0…19, byte n at bits 8·(n mod 4): bytes to write, from
//                                       the first on replaced by those read; a write while busy is
//                                       a bus error
//
// A transaction of w bytes to write and r to read:
//   r = 0   START, device + write, w bytes, STOP (w = 0 asks only whether the device answers)
//   w = 0   START, device + read, r bytes, STOP
//   both    START, device + write, w bytes, repeated START, device + read, r bytes, STOP
// The master acknowledges each byte that it reads but the last.
//
// Times in quarters after the edge c at which COMMAND commits; every edge is a core clock edge:
//   START           1: SDA falls (SCL is high)   3: SCL falls, the first bit begins
//   bit             +0: SCL falls, a device changes SDA   +1: the master sets SDA
//                   +2: SCL rises, SDA is taken           +4: the next bit
//   acknowledge     a ninth bit in which the receiver drives SDA
//   repeated START  +0: SCL falls   +1: SDA let go   +2: SCL rises   +4: SDA falls
//                   +6: SCL falls, the next bit
//   STOP            +0: SCL falls   +1: SDA low      +2: SCL rises   +4: SDA rises
//                   +7: the bus is free: DONE
// So n bytes on the wire, device bytes included, take 10 + 36·n quarters, a repeated START 6 more.
//
// A byte that nobody acknowledges is followed by STOP; NAK and DONE are set.
// Stuck bus: where SDA should be high before START, the master clocks, each time SCL low for two
// quarters and high for two, until SDA is high as SCL has been high for two, at most nine times
// [twin]; then it goes on with START. SDA that is low after nine clocks, where the master sends a
// 1, before a repeated START or after STOP ends the transaction at once: STUCK and DONE, wires let
// go.
//
// A reset lets the wires go one clock after its edge, as disabling does; the loss of the supply
// finds them let go. Where a transaction is cut, SDA rises while SCL is high, a STOP for who
// listens, or SCL rises once more. A device that holds SDA low goes on. Behind the APB bridge.
#pragma once

#include <array>
#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "models/pins/i2c.h"
#include "peripherals/bus/due_time.h"
#include "peripherals/bus/irq_line.h"
#include "peripherals/bus/register_target.h"

namespace peripherals {

class I2cMaster : public RegisterTarget {
 public:
  static constexpr std::size_t buffer_bytes = metrology::hal::i2c::buffer_bytes;

  /// What comes at the next due edge; the names of the table above.
  enum class Step : std::uint8_t {
    none,
    start,
    clear_rise,
    bit_fall,
    bit_rise,
    restart_fall,
    restart_rise,
    restart,
    stop_fall,
    stop_rise,
    stop,
    bus_free
  };
  struct State {
    bool enabled;
    std::uint32_t divider;
    std::uint32_t flags;  ///< STATUS but for busy
    std::array<std::uint8_t, buffer_bytes> buffer;
    // The wires.
    bool scl;
    bool sda;           ///< the master's; true lets it go
    bool device_sda;    ///< the device's
    Cycle release_due;  ///< edge at which both are let go, else cycle_never
    // The transaction.
    Step step;
    Cycle due;  ///< edge of `step`
    std::uint32_t device;
    std::uint32_t to_write;  ///< bytes not yet sent
    std::uint32_t to_read;   ///< bytes not yet read
    std::uint32_t place;     ///< in the buffer
    bool reading;            ///< the device is read, or addressed for it
    bool addressing;         ///< the byte on the wire is the device's
    std::uint32_t shift;     ///< the byte on the wire
    std::uint32_t bit;       ///< 0 … 7, 8: acknowledge
    std::uint32_t clears;    ///< clocks made to free the bus
  };
  static_assert(std::is_trivially_copyable_v<State>);

  /// `device` may be null: then nobody answers.
  I2cMaster(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
            IrqLine& irq, models::pins::I2cDevice* device);

  void reset(Cycle at) override;
  void power_off(Cycle at) override;
  const State& state() const { return state_; }
  void restore(const State& state);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  bool busy() const { return state_.step != Step::none; }
  bool wire_sda() const { return state_.sda && state_.device_sda; }
  std::uint32_t status() const;
  bool begin(Cycle at, std::uint32_t command);
  void abort(Cycle at);
  void release(Cycle at);

  void serve(Cycle at);
  /// `step` comes that many quarters after `at`.
  void next(Cycle at, int quarters, Step step);
  void scl_falls(Cycle at);
  void scl_rises(Cycle at);
  void start_condition(Cycle at);
  void look_before_start(Cycle at);
  void begin_byte(std::uint32_t byte);
  void drive_bit();
  void bit_taken(Cycle at);
  void byte_over(Cycle at, bool acknowledged);
  void stop_condition(Cycle at);
  void finish(std::uint32_t flags);

  const CoreClock& clock_;
  IrqLine& irq_;
  models::pins::I2cDevice* device_;
  DueTime step_due_;
  DueTime release_due_;
  State state_;
};

}  // namespace peripherals
