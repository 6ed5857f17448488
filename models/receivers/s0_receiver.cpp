#include "models/receivers/s0_receiver.h"

#include <cmath>
#include <stdexcept>
#include <utility>

namespace models::receivers {

namespace {

constexpr double most_supply_V = 1000;

void check(const S0Supply& supply) {
  if (!(std::abs(supply.voltage_V) <= most_supply_V)) {
    throw std::invalid_argument("an S0 supply lies between -1000 and 1000 V");
  }
  if (!(supply.series_ohm > 0) || !std::isfinite(supply.series_ohm)) {
    throw std::invalid_argument("an S0 loop needs a series resistance above 0 ohm");
  }
}

}  // namespace

void rebase(S0State& state, Ps by) { state.last_edge = pins::rebased(state.last_edge, by); }

S0Receiver::S0Receiver(std::string instance, std::string diagnostics, pins::EventSink& sink,
                       const S0Supply& supply)
    : instance_(std::move(instance)), diagnostics_(std::move(diagnostics)), sink_(sink) {
  check(supply);
  state_.supply = supply;
}

double S0Receiver::loop_current_mA() const {
  if (state_.supply.voltage_V < s0_min_V) return 0;
  return 1000 * state_.supply.voltage_V / state_.supply.series_ohm;
}

void S0Receiver::drive(Ps t, bool closed) {
  if (closed == state_.transistor_closed) return;
  state_.transistor_closed = closed;
  settle(t, false);
}

void S0Receiver::set_supply(Ps t, const S0Supply& supply) {
  check(supply);
  state_.supply = supply;
  settle(t, true);
}

void S0Receiver::settle(Ps t, bool supply_changed) {
  const double current_mA = loop_current_mA();
  const bool flows = state_.transistor_closed && current_mA > 0;
  if (flows != state_.current_flows) {
    state_.current_flows = flows;
    state_.last_edge = t;
    if (flows) {
      ++state_.pulses;
    } else if (supply_changed) {
      ++state_.cut;
    }
    sink_.record(t, instance_, "edge", {{"on", flows}});
  }
  if (!flows) return;
  if (state_.supply.voltage_V > s0_max_V && !state_.over_voltage_told) {
    state_.over_voltage_told = true;
    sink_.record(t, diagnostics_, "s0_over_voltage",
                 {{"output", std::string_view(instance_)}, {"voltage_V", state_.supply.voltage_V}});
  }
  if (current_mA > s0_max_mA && !state_.over_current_told) {
    state_.over_current_told = true;
    sink_.record(t, diagnostics_, "s0_over_current",
                 {{"output", std::string_view(instance_)}, {"current_mA", current_mA}});
  }
}

}  // namespace models::receivers
