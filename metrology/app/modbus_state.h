// What the Modbus port keeps: a part of app::State.
#pragma once

#include <cstdint>

#include "metrology/protocol/modbus/slave.h"
#include "metrology/registers/settings.h"

namespace metrology::app {

/// How the line is spoken on.
struct LineSettings {
  std::uint16_t baud;
  registers::Parity parity;
  std::uint8_t id;
};

/// Frame ends that the main loop may leave waiting: between two of them lie at least t3.5 and a
/// character, 5.2 ms at 9600 Bd, and a turn of the main loop takes less than three times that.
inline constexpr int frame_end_count = 4;

struct ModbusPort {
  modbus::Slave slave;
  LineSettings line;  ///< that hold; the settings' follow when no exchange is under way
  bool open;          ///< the UART is on
  bool answering;     ///< from an answer's arming to its end; cleared by the interrupt's handler
  // Noted by the interrupt's handler: when the frames ended whose characters wait in the FIFO.
  std::uint8_t ends;
  std::uint32_t end_cycle[frame_end_count];  ///< core counter bits 31…0
};

}  // namespace metrology::app
