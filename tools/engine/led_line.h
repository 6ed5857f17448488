// A line of the world at which whoever leads a run has an end of his own, beside the scenario's
// masters: a real master's port.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "models/masters/serial_end.h"
#include "models/pins/line.h"

namespace tools {

class LedLine {
 public:
  LedLine() = default;
  LedLine(const LedLine&) = delete;
  LedLine& operator=(const LedLine&) = delete;
  virtual ~LedLine() = default;

  /// Where whoever leads the run is connected, in a run that is led (SimulationSettings::led).
  virtual models::pins::LinePort& leader_port() = 0;
  virtual void connect_leader(models::pins::LineListener& listener) = 0;
  /// What his characters look like at first.
  virtual const models::masters::SerialFormat& format() const = 0;
  /// Whether what joins him to the line tells him that ends were at odds in [from, to); `to` is not
  /// in the future.
  virtual bool collided(models::pins::Ps /*from*/, models::pins::Ps /*to*/) const { return false; }
  /// His end's name in the event log: "bus.port", "mbus.port", "m1.ir_port".
  virtual std::string port_instance() const = 0;
};

/// The lines of a run by the names of their ports: "modbus", "mbus", "ir".
using LedLines = std::map<std::string, LedLine*, std::less<>>;

}  // namespace tools
