#include "tools/engine/terminal_truth.h"

#include <cmath>

namespace tools {
namespace {

constexpr int total = 3;

double of(const models::truth::Energy& energy, bool reverse) {
  return reverse ? energy.reverse : energy.forward;
}

}  // namespace

TerminalTruth::TerminalTruth(const models::wiring::Terminals& terminals, double ratio)
    : terminals_(terminals), ratio_(ratio) {
  using models::truth::EnergyTruth;
  using models::wiring::Connection;
  switch (terminals.connection()) {
    case Connection::four_wire:
      channels_ = {0, 1, 2};
      break;
    case Connection::aron:
      channels_ = {0, 2};
      break;
    case Connection::one_phase:
      channels_ = {0};
      break;
  }
  std::vector<models::truth::Element> all;
  for (const int channel : channels_) {
    all.push_back(element(channel));
    phases_[static_cast<std::size_t>(channel)] =
        std::make_unique<EnergyTruth>(std::vector{element(channel)});
    if (terminals.connection() != Connection::aron) {
      accounts_.push_back(std::make_unique<EnergyTruth>(std::vector{element(channel)}));
    }
  }
  if (terminals.connection() == Connection::aron) {
    accounts_.push_back(std::make_unique<EnergyTruth>(all));
  }
}

models::truth::Element TerminalTruth::element(int channel) const {
  return {&terminals_.voltage(channel), &terminals_.current(channel)};
}

double TerminalTruth::output_energy(Output output, Ps from, Ps to) const {
  double sum = 0;
  for (const auto& account : accounts_) {
    if (output == Output::led_reactive) {
      const models::truth::Energy energy = account->reactive(from, to);
      sum += energy.forward + energy.reverse;
      continue;
    }
    const models::truth::Energy energy = account->active_smooth(from, to);
    if (output == Output::led_active) {
      sum += energy.forward + energy.reverse;
    } else {
      sum += ratio_ * of(energy, output == Output::s0_reverse);
    }
  }
  return sum;
}

double TerminalTruth::energy(bool reactive, bool reverse, int phase, Ps from, Ps to) const {
  const auto one = [&](const models::truth::EnergyTruth& truth) {
    return ratio_ * of(reactive ? truth.reactive(from, to) : truth.active(from, to), reverse);
  };
  if (phase != total) {
    const auto& truth = phases_[static_cast<std::size_t>(phase)];
    return truth ? one(*truth) : 0;
  }
  double sum = 0;
  for (const auto& account : accounts_) sum += one(*account);
  return sum;
}

TerminalTruth::Power TerminalTruth::power(int phase, Ps t) const {
  Power sum{};
  for (const int channel : channels_) {
    if (phase != total && phase != channel) continue;
    const models::truth::Quantities q = models::truth::quantities_at(element(channel), t);
    sum.p_W += ratio_ * q.p_W;
    sum.q_var += ratio_ * q.q_var;
  }
  return sum;
}

double TerminalTruth::value(Measured what, int phase, Ps t) const {
  switch (what) {
    case Measured::active_power:
      return power(phase, t).p_W;
    case Measured::reactive_power:
      return power(phase, t).q_var;
    case Measured::voltage:
      return models::truth::quantities_at(element(phase), t).u_rms_V;
    case Measured::current:
      return ratio_ * models::truth::quantities_at(element(phase), t).i_rms_A;
    case Measured::frequency:
      return models::truth::quantities_at(element(0), t).frequency_Hz;
    case Measured::active_energy:
    case Measured::reactive_energy:
      break;
  }
  return 0;
}

double TerminalTruth::apparent_VA(int phase, Ps t) const {
  const Power sum = power(phase, t);
  return std::hypot(sum.p_W, sum.q_var);
}

}  // namespace tools
