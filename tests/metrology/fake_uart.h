// The part of the stand-in microcontroller that stands before the bus terminals: one UART as
// peripherals/uart describes it, with the characters of a scripted line.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "metrology/hal/memory_map.h"

namespace tests {

/// How a master speaks.
struct LineFormat {
  int baud = 9600;
  int bits = 11;  ///< of a character: 11 with parity, 10 without, or with seven data bits

  /// A character's time in core clocks, rounded up.
  std::int64_t character_cycles() const {
    return (metrology::hal::core_hz * bits + baud - 1) / baud;
  }
};

class FakeUart {
 public:
  struct Transmission {
    std::int64_t told;  ///< when the firmware gave the command
    std::int64_t driver_on;
    std::int64_t start;
    std::int64_t end;
    std::vector<std::uint8_t> bytes;
    std::uint32_t divider;
    std::uint32_t control;
    bool late;
    bool cut;  ///< aborted before its end
  };

  /// Before the run, in order of time: a frame without gaps on the line from `start` on. Returns
  /// the end of its last stop bit.
  std::int64_t say(std::int64_t start, const std::vector<std::uint8_t>& bytes,
                   LineFormat format = {});
  /// … one character with errors as the UART flags them.
  std::int64_t say_damaged(std::int64_t start, std::uint8_t byte, std::uint32_t flags,
                           LineFormat format = {});

  const std::vector<Transmission>& sent() const { return sent_; }
  bool is_enabled() const;
  std::uint32_t control() const { return control_; }
  std::uint32_t divider() const { return divider_; }
  std::uint32_t gap() const { return gap_; }
  std::uint32_t idle() const { return idle_; }
  /// Characters that the firmware took from the FIFO.
  std::int64_t taken() const { return taken_; }

  void reset();
  /// INT64_MAX if nothing is to come.
  std::int64_t next_event() const;
  void fire(std::int64_t now);
  bool pending() const { return (status() & irq_enable_) != 0; }
  std::uint32_t read(std::uint32_t offset, std::int64_t now);
  void write(std::uint32_t offset, std::uint32_t value, std::int64_t now);

 private:
  struct Spoken {
    std::int64_t start;
    std::uint8_t byte;
    std::uint32_t flags;
    LineFormat format;
  };

  std::uint32_t status() const;
  /// Characters of the transmission under way that have not begun at `now`.
  std::size_t not_begun(std::int64_t now) const;
  int bits() const;
  std::int64_t bit_cycles(std::int64_t sixteenths) const;
  bool is_heard(const Spoken& spoken) const;
  std::int64_t received_at(const Spoken& spoken) const;
  std::int64_t frame_end_at() const;
  void receive(const Spoken& spoken);
  void command(std::uint32_t value, std::int64_t now);

  std::deque<Spoken> line_;
  std::vector<Transmission> sent_;
  std::int64_t taken_ = 0;

  std::uint32_t control_ = 0;
  std::uint32_t divider_ = 0x8000;
  std::uint32_t gap_ = 0;
  std::uint32_t idle_ = 0;
  std::uint32_t threshold_ = 0;
  std::uint32_t driver_ = 0;
  std::uint32_t start_ = 0;
  std::uint32_t status_ = 0;
  std::uint32_t irq_enable_ = 0;
  std::deque<std::uint32_t> fifo_;
  bool overrun_ = false;
  std::int64_t quiet_since_ = 0;  ///< end of the last character, own or heard, or enabling
  std::int64_t newest_end_ = 0;
  bool frame_open_ = false;
  std::vector<std::uint8_t> to_send_;
  bool sending_ = false;
};

}  // namespace tests
