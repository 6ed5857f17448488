#include "tools/engine/pin_trace.h"

#include <map>

namespace tools {

using models::pins::LineDrive;

class PinTrace::Tap final : public models::lines::DriveObserver {
 public:
  Tap(VcdWriter& vcd, const std::vector<TracedPins>& pins) : vcd_(vcd) {
    for (const TracedPins& traced : pins) {
      Wires wires;
      wires.level = vcd_.add_signal(traced.level);
      vcd_.begin_with(wires.level, true);
      if (!traced.driver.empty()) wires.driver = vcd_.add_signal(traced.driver);
      wires_[traced.end] = wires;
    }
  }

  void drives(int end, Ps t, LineDrive what) override {
    const auto wires = wires_.find(end);
    if (wires == wires_.end()) return;
    vcd_.change(t, wires->second.level, what != LineDrive::space);
    if (wires->second.driver >= 0) {
      vcd_.change(t, wires->second.driver, what != LineDrive::released);
    }
  }

  void begins_with(int end, LineDrive what) override {
    const auto wires = wires_.find(end);
    if (wires == wires_.end()) return;
    vcd_.begin_with(wires->second.level, what != LineDrive::space);
    if (wires->second.driver >= 0) {
      vcd_.begin_with(wires->second.driver, what != LineDrive::released);
    }
  }

  void cuts(int end, Ps t) override {
    const auto wires = wires_.find(end);
    if (wires == wires_.end()) return;
    for (const int signal : {wires->second.level, wires->second.driver}) {
      if (signal >= 0) vcd_.take_back(t, signal);
    }
    drives(end, t, LineDrive::released);
  }

 private:
  struct Wires {
    int level = -1;
    int driver = -1;
  };
  VcdWriter& vcd_;
  std::map<int, Wires> wires_;  ///< by end
};

PinTrace::PinTrace(VcdWriter& vcd) : vcd_(vcd) {}

PinTrace::~PinTrace() = default;

void PinTrace::follow(models::lines::Segment& segment, const std::vector<TracedPins>& pins) {
  taps_.push_back(std::make_unique<Tap>(vcd_, pins));
  segment.observe(*taps_.back());
  segments_.push_back(&segment);
}

void PinTrace::go_on(Ps cut) {
  for (const models::lines::Segment* segment : segments_) segment->recount(cut);
}

}  // namespace tools
