// What the ports of terminals 22/23 keep of their line, Modbus and M-Bus alike: a part of their
// state.
#pragma once

#include <cstdint>

#include "metrology/registers/settings.h"

namespace metrology::app {

/// How the line is spoken on.
struct LineSettings {
  std::uint16_t baud;
  registers::Parity parity;
  std::uint8_t id;
};

/// Frame ends that the main loop may leave waiting: between two of them lie at least 33 bit times,
/// 3.4 ms at 9600 Bd (M-Bus; on Modbus 5.2 ms), and it looks at the port more often than every
/// three times that.
inline constexpr int frame_end_count = 4;

struct BusLine {
  LineSettings settings;  ///< that hold; the meter's follow when no exchange is under way
  bool open;              ///< the UART is on
  bool answering;  ///< from an answer's arming to its end; cleared by the interrupt's handler
  // Noted by the interrupt's handler: when the frames ended whose characters wait in the FIFO.
  std::uint8_t ends;
  std::uint32_t end_cycle[frame_end_count];  ///< core counter bits 31…0
};

}  // namespace metrology::app
