// A device on the I²C bus that notes every edge with the core clock edge it came at, and answers as
// the test says.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "models/pins/i2c.h"
#include "platform/clock_tree.h"

namespace test {

class RecordedWires : public models::pins::I2cDevice {
 public:
  explicit RecordedWires(const platform::ClockTree& clock) : clock_(clock) {}

  /// "S" START, "P" STOP, "v" SCL falls, "0" or "1" SCL rises with that SDA.
  std::vector<std::pair<peripherals::Cycle, char>> events;
  /// Bits as SCL rose, START and STOP between them: "S1010…P".
  std::string bits;
  /// Called at each fall of SCL with the number of rises since the last START: whether SDA is let
  /// go.
  std::function<bool(int rises)> lets_go = [](int) { return true; };

  void start(models::pins::Ps t) override {
    note(t, 'S');
    rises_ = 0;
  }
  void stop(models::pins::Ps t) override { note(t, 'P'); }
  bool scl_falls(models::pins::Ps t) override {
    note(t, 'v');
    return lets_go(rises_);
  }
  void scl_rises(models::pins::Ps t, bool sda) override {
    note(t, sda ? '1' : '0');
    ++rises_;
  }
  void write_protect(models::pins::Ps, bool) override {}
  void power(models::pins::Ps, bool) override {}

 private:
  void note(models::pins::Ps t, char what) {
    const peripherals::Cycle edge = clock_.at_or_after(t);
    on_edges = on_edges && clock_.edge(edge) == t;
    events.emplace_back(edge, what);
    if (what != 'v') bits += what;
  }

 public:
  bool on_edges = true;

 private:
  const platform::ClockTree& clock_;
  int rises_ = 0;
};

}  // namespace test
