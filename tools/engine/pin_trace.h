// What each end of a serial line sends, for the waveform file: the pin of its transmitter, beside
// the line, on which all of them are heard together.
//
//   m1.bus_tx, m1.bus_driver   a meter's, and whether its driver is on
//   bus.master_tx              the master's; likewise mbus.master_tx, m1.ir_tx, m1.ir_reader_tx
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/lines/segment.h"
#include "tools/report/vcd.h"

namespace tools {

/// An end of a segment and the instances of its pins; `driver` may be empty: there is no such pin.
struct TracedPins {
  int end;
  std::string level;
  std::string driver;
};

class PinTrace {
 public:
  /// `vcd` must outlive this.
  explicit PinTrace(VcdWriter& vcd);
  PinTrace(const PinTrace&) = delete;
  PinTrace& operator=(const PinTrace&) = delete;
  ~PinTrace();

  /// During elaboration. This must outlive the segment.
  void follow(models::lines::Segment& segment, const std::vector<TracedPins>& pins);
  /// The segments have been put back, and the waveform file begins at `cut`.
  void go_on(Ps cut);

 private:
  class Tap;
  VcdWriter& vcd_;
  std::vector<std::unique_ptr<Tap>> taps_;
  std::vector<const models::lines::Segment*> segments_;
};

}  // namespace tools
