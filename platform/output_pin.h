// An output terminal. Whoever is connected decides what comes of it (no supply, no pulse) and
// reports it; an output with nobody connected reports itself, so that every edge is told once.
#pragma once

#include <string>
#include <utility>

#include "models/pins/digital_pin.h"
#include "models/pins/event_sink.h"

namespace platform {

class OutputPin : public models::pins::DigitalInput {
 public:
  /// `partner` may be null.
  OutputPin(std::string instance, models::pins::EventSink& log, models::pins::DigitalInput* partner)
      : instance_(std::move(instance)), log_(log), partner_(partner) {}

  void drive(models::pins::Ps t, bool level) override {
    if (partner_ != nullptr) {
      partner_->drive(t, level);
    } else {
      log_.record(t, instance_, "edge", {{"on", level}});
    }
  }

 private:
  std::string instance_;
  models::pins::EventSink& log_;
  models::pins::DigitalInput* partner_;
};

}  // namespace platform
