// A UART on a line with another end that sends it characters, and its bit times in exact
// arithmetic.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "peripherals/uart/uart.h"
#include "tests/peripherals/support/line.h"
#include "tests/peripherals/support/probe.h"
#include "tests/platform/support/recorder.h"

namespace test::uart {

namespace hal = metrology::hal;
namespace reg = metrology::hal::uart;
using models::pins::LineDrive;
using models::pins::Ps;
using test::Cycle;

inline constexpr int bauds[] = {300, 600, 1200, 2400, 4800, 9600};

/// The divider nearest to a baud rate: 16 · 25 165 824 Hz / baud.
constexpr std::uint32_t divider_for(int baud) {
  return static_cast<std::uint32_t>((16 * hal::core_hz + baud / 2) / baud);
}

/// b + k·D rounded, of k in halves: the register table's rule, in exact arithmetic.
inline Cycle bit_edge(Cycle begin, int k, std::uint32_t divider) {
  const std::int64_t sixteenths = std::int64_t{k} * divider;
  return begin + sixteenths / 16 + (sixteenths % 16 >= 8 ? 1 : 0);
}

struct Frame {
  const char* name;
  std::uint32_t control;
  int data_bits;
  char parity;  ///< 'N', 'E', 'O'
  int stop_bits;
};
inline constexpr Frame frame_8e1{"8E1", reg::control_parity_even, 8, 'E', 1};
inline constexpr Frame frames[] = {
    frame_8e1,
    {"8O1", reg::control_parity_odd, 8, 'O', 1},
    {"8N1", 0, 8, 'N', 1},
    {"8N2", reg::control_two_stop, 8, 'N', 2},
    {"7E1", reg::control_parity_even | reg::control_seven_bits, 7, 'E', 1},
};

/// The levels of a character's bits, true for a mark.
inline std::vector<bool> levels_of(const Frame& frame, int data) {
  std::vector<bool> levels{false};
  bool odd = false;
  for (int bit = 0; bit < frame.data_bits; ++bit) {
    levels.push_back((data >> bit & 1) != 0);
    odd = odd != levels.back();
  }
  if (frame.parity == 'E') levels.push_back(odd);
  if (frame.parity == 'O') levels.push_back(!odd);
  for (int stop = 0; stop < frame.stop_bits; ++stop) levels.push_back(true);
  return levels;
}

struct UartBench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  test::RecordedLine irq;
  test::Recorder log;
  test::Line line;
  test::Line::End& own = line.add();
  test::Line::End& other = line.add();
  peripherals::Uart uart;

  explicit UartBench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name),
        uart("uart", around.agenda, around.clock, around.counter, irq, &own, log, "m1.uart") {
    bus.socket.bind(uart.socket);
    own.listener = &uart;
  }

  void enable(Cycle at, const Frame& frame, std::uint32_t divider, std::uint32_t more = 0) {
    CHECK(bus.write(at, reg::divider, divider));
    CHECK(bus.write(at, reg::control, frame.control | more | reg::control_enable));
  }
  std::uint32_t read(Cycle at, std::uint32_t offset) { return bus.read(at, offset).value(); }
  std::uint32_t status(Cycle at) { return read(at, reg::status); }

  /// The other end sends a character's levels from edge `begin` on; it must lie ahead. Returns the
  /// character's end.
  Cycle send_levels(Cycle begin, const std::vector<bool>& levels, std::uint32_t divider) {
    bool before = true;
    for (std::size_t bit = 0; bit < levels.size(); ++bit) {
      if (levels[bit] == before) continue;
      other.drive(around.clock.edge(bit_edge(begin, static_cast<int>(bit), divider)),
                  levels[bit] ? LineDrive::mark : LineDrive::space);
      before = levels[bit];
    }
    return bit_edge(begin, static_cast<int>(levels.size()), divider);
  }
  Cycle send(Cycle begin, const Frame& frame, int data, std::uint32_t divider) {
    return send_levels(begin, levels_of(frame, data), divider);
  }
};

/// When a character that began at `begin` shows: three clocks after the last look, at 9/16 of its
/// first stop bit.
inline Cycle shown(Cycle begin, const Frame& frame, std::uint32_t divider) {
  const int stop = 1 + frame.data_bits + (frame.parity == 'N' ? 0 : 1);
  const std::int64_t of_256 = (16 * std::int64_t{stop} + 9) * divider;
  return begin + (of_256 + 128) / 256 + 3;
}

}  // namespace test::uart
