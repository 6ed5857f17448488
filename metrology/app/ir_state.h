// What the infra-red port keeps: a part of app::State.
#pragma once

#include <cstdint>

#include "metrology/protocol/iec62056/session.h"

namespace metrology::app {

struct IrPort {
  iec62056::Session session;
  iec62056::Readout readout;  ///< the one that is being sent
  bool open;                  ///< the UART is on
  bool answering;             ///< from an answer's arming to its end
  bool under_way;             ///< a piece that has begun is not over
  bool timed;                 ///< the timer runs
  std::uint8_t rate;          ///< that the UART speaks, of iec62056::bauds
  std::uint32_t start_cycle;  ///< of the answer's first start edge
  std::uint32_t characters;   ///< of the answer given to the UART
  // Noted by the interrupt's handler.
  bool begun;  ///< the first character of a piece waits
  bool over;   ///< … and a silence has followed its last
  bool sent;   ///< an answer is out
  std::uint32_t begin_cycle;
  std::uint32_t end_cycle;
};

}  // namespace metrology::app
