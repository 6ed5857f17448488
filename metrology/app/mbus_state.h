// What the M-Bus port keeps: a part of app::State.
#pragma once

#include <cstdint>

#include "metrology/app/bus_line_state.h"
#include "metrology/protocol/mbus/application.h"
#include "metrology/protocol/mbus/slave.h"

namespace metrology::app {

struct MbusPort {
  mbus::Slave slave;
  mbus::Application application;
  BusLine line;
  std::uint32_t last_end_cycle;  ///< of the newest frame that was judged
  /// The rate that a master asked for with CI B8 … BD, until it has been heard there; 0: none.
  std::uint16_t trial_baud;
};

}  // namespace metrology::app
