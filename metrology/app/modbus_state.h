// What the Modbus port keeps: a part of app::State.
#pragma once

#include "metrology/app/bus_line_state.h"
#include "metrology/protocol/modbus/slave.h"

namespace metrology::app {

struct ModbusPort {
  modbus::Slave slave;
  BusLine line;
};

}  // namespace metrology::app
