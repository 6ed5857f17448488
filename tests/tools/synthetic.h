// Evidence made by hand: a load of constant power, an ideal clock, and pulse trains as asked for.
#pragma once

#include <cmath>

#include "platform/clock_tree.h"
#include "tools/checks/judge.h"

namespace tests {

using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;

/// Imports `watts` and carries `vars` on every account.
class ConstantTruth : public tools::MeterTruth {
 public:
  explicit ConstantTruth(double watts, double vars = 0) : watts_(watts), vars_(vars) {}

  double output_energy(tools::Output output, Ps from, Ps to) const override {
    const double power = output == tools::Output::led_reactive ? vars_ : watts_;
    return power * seconds(from, to);
  }
  double energy(bool reactive, bool, int, Ps from, Ps to) const override {
    return (reactive ? vars_ : watts_) * seconds(from, to);
  }
  double value(tools::Measured what, int, Ps) const override {
    return what == tools::Measured::reactive_power ? vars_ : watts_;
  }
  double apparent_VA(int, Ps) const override { return std::hypot(watts_, vars_); }

 private:
  static double seconds(Ps from, Ps to) { return static_cast<double>(to - from) * 1e-12; }

  double watts_;
  double vars_;
};

/// One meter, one expectation, and what it is judged by.
struct Bench {
  explicit Bench(double watts, double rate = 1000) : truth(watts) {
    scenario.meters.resize(1);
    evidence.end = 100 * ps_per_s;
    evidence.meters.resize(1);
    evidence.meters[0].truth = &truth;
    evidence.meters[0].clock = &clock;
    evidence.meters[0].s0_rates = {{0, rate}};
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  tools::PulseTrain& train(tools::Output output) {
    return evidence.meters[0].pulses[static_cast<std::size_t>(output)];
  }

  /// Pulses of `width` at start, start + interval, … up to the end.
  void pulse(tools::Output output, Ps start, Ps interval, Ps width) {
    for (Ps t = start; t < evidence.end; t += interval) train(output).push_back({t, t + width});
  }

  tools::Verdict judge(tools::ExpectationKind kind,
                       const tools::ExpectationReadings& readings = {}) {
    scenario.expectations = {{"it", {}, 0, std::move(kind)}};
    evidence.readings = {readings};
    return tools::judge(scenario, 0, evidence);
  }

  ConstantTruth truth;
  platform::ClockTree clock;
  tools::Scenario scenario;
  tools::Evidence evidence;
};

}  // namespace tests
