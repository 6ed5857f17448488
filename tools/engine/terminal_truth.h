// The exact answer at a meter's terminals, from the definition of the waveforms: what
// tools/checks compares with.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "models/truth/truth.h"
#include "models/wiring/wiring.h"
#include "tools/checks/evidence.h"

namespace tools {

class TerminalTruth : public MeterTruth {
 public:
  /// `ratio`: primary amperes for one at the terminals; 1 on direct meters. The terminals must
  /// outlive this.
  TerminalTruth(const models::wiring::Terminals& terminals, double ratio);

  double output_energy(Output output, Ps from, Ps to) const override;
  double energy(bool reactive, bool reverse, int phase, Ps from, Ps to) const override;
  double value(Measured what, int phase, Ps t) const override;
  double apparent_VA(int phase, Ps t) const override;

 private:
  models::truth::Element element(int channel) const;
  /// Mean P and Q of a phase or the total, primary.
  struct Power {
    double p_W;
    double q_var;
  };
  Power power(int phase, Ps t) const;

  const models::wiring::Terminals& terminals_;
  double ratio_;
  std::vector<int> channels_;  ///< that carry an element
  /// What is booked together before its sign decides: each phase alone, or Aron's two elements.
  std::vector<std::unique_ptr<models::truth::EnergyTruth>> accounts_;
  /// Per channel, for rows of one phase.
  std::array<std::unique_ptr<models::truth::EnergyTruth>, phase_count> phases_;
};

}  // namespace tools
