// A digital output of the meter on a port of somebody else's model.
#pragma once

#include "models/pins/digital_pin.h"
#include "tools/embedding/ports.h"

namespace vmeter {

/// Several parts of the meter may switch one output, a signal has one writer: so a process of its
/// own writes it, a delta cycle later in the same instant.
class OutputWire final : public sc_core::sc_module, public models::pins::DigitalInput {
 public:
  SC_HAS_PROCESS(OutputWire);

  /// `port` must outlive this.
  OutputWire(const sc_core::sc_module_name& name, OptionalOut<bool>& port, bool level = false)
      : sc_module(name), port_(port), level_(level) {
    SC_METHOD(write);
    sensitive << changed_;
  }

  void drive(models::pins::Ps, bool level) override {
    level_ = level;
    changed_.notify(sc_core::SC_ZERO_TIME);
  }

 private:
  void write() {
    if (port_.size() > 0) port_->write(level_);
  }

  OptionalOut<bool>& port_;
  bool level_;
  sc_core::sc_event changed_{"changed"};
};

}  // namespace vmeter
