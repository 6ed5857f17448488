#include "models/lines/rs485_network.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace models::lines {
namespace {

/// So many combinations of drivers are remembered before all are forgotten: 60 meters that answer
/// at once go through thousands.
constexpr std::size_t most_known = 1024;

void require(bool good, const char* what) {
  if (!good) throw std::invalid_argument(what);
}

void check(const CableSpec& cable, const std::vector<EndSpec>& ends) {
  require(cable.length_m >= 0 && cable.length_m <= longest_cable_m,
          "a cable's length lies outside 0 … 5000 m");
  require(cable.bias_ohm == 0 || (cable.bias_ohm >= 10 && cable.bias_ohm <= 1e6),
          "a bias resistor lies outside 10 ohm … 1 Mohm");
  require(ends.size() <= most_ends, "a segment carries at most 64 ends");
  for (const EndSpec& end : ends) {
    require(end.position_m >= 0 && end.position_m <= cable.length_m,
            "an end lies beyond the cable's length");
    require(end.unit_loads >= 0 && end.unit_loads <= 8, "an end has more than 8 unit loads");
    require(end.receiver.space_to_V <= end.receiver.mark_from_V,
            "a receiver takes a voltage for mark and space");
  }
}

/// Solves the ladder for the currents fed into its nodes (Thomas's algorithm).
std::vector<double> voltages(const std::vector<double>& to_next, const std::vector<double>& across,
                             std::vector<double> current) {
  const std::size_t n = across.size();
  std::vector<double> upper(n, 0.0);
  double below = 0;  // conductance to the node before
  for (std::size_t i = 0; i < n; ++i) {
    const double above = i + 1 < n ? to_next[i] : 0.0;
    double diagonal = across[i] + below + above;
    if (i > 0) {
      diagonal -= below * upper[i - 1];
      current[i] += below * current[i - 1];
    }
    upper[i] = above / diagonal;
    current[i] /= diagonal;
    below = above;
  }
  for (std::size_t i = n - 1; i-- > 0;) current[i] += upper[i] * current[i + 1];
  return current;
}

}  // namespace

std::size_t Network::Hash::operator()(const Drivers& drivers) const {
  std::uint64_t x = drivers.on * 0x9E3779B97F4A7C15u ^ (drivers.mark + (drivers.on >> 32));
  x = (x ^ (x >> 29)) * 0xBF58476D1CE4E5B9u;
  return static_cast<std::size_t>(x ^ (x >> 32));
}

Network::Network(const CableSpec& cable, const std::vector<EndSpec>& ends) : ends_(ends) {
  check(cable, ends);
  positions_m_ = {0.0, cable.length_m};
  for (const EndSpec& end : ends) positions_m_.push_back(end.position_m);
  std::sort(positions_m_.begin(), positions_m_.end());
  positions_m_.erase(std::unique(positions_m_.begin(), positions_m_.end()), positions_m_.end());
  const std::size_t nodes = positions_m_.size();
  // A megohm of leakage: an undriven line without anything on it is at 0 V.
  across_.assign(nodes, 1e-6);
  bias_A_.assign(nodes, 0.0);
  farad_.assign(nodes, 0.0);
  for (std::size_t i = 0; i + 1 < nodes; ++i) {
    const double km = (positions_m_[i + 1] - positions_m_[i]) * 1e-3;
    to_next_.push_back(1 / (cable_loop_ohm_per_km * km));
    farad_[i] += 0.5e-9 * cable_nF_per_km * km;
    farad_[i + 1] += 0.5e-9 * cable_nF_per_km * km;
  }
  for (const EndSpec& end : ends) {
    const auto place = std::lower_bound(positions_m_.begin(), positions_m_.end(), end.position_m);
    const auto node = static_cast<std::size_t>(place - positions_m_.begin());
    node_of_.push_back(static_cast<int>(node));
    across_[node] += end.unit_loads / unit_load_ohm;
    farad_[node] += end_pF * 1e-12;
  }
  const bool near =
      cable.termination == Termination::both || cable.termination == Termination::near;
  const bool far = cable.termination == Termination::both || cable.termination == Termination::far;
  if (near) across_.front() += 1 / terminator_ohm;
  if (far) across_.back() += 1 / terminator_ohm;
  if (cable.bias_ohm > 0) {
    across_.front() += 1 / (2 * cable.bias_ohm);
    bias_A_.front() += bias_V / (2 * cable.bias_ohm);
  }
  const auto travel_of = [](double metres) {
    return static_cast<Ps>(std::llround(metres * static_cast<double>(cable_ps_per_m)));
  };
  longest_travel_ = travel_of(cable.length_m);
  if (!near || !far) {
    // What comes back from the open end meets a driver at the other.
    ringing_share_ = std::fabs((driver_ohm - cable_wave_ohm) / (driver_ohm + cable_wave_ohm));
    const double trips = std::ceil(std::log(0.05) / std::log(ringing_share_));
    ringing_ = static_cast<Ps>(trips) * 2 * longest_travel_;
  }
}

Ps Network::travel(int from, int to) const {
  const double metres = ends_[static_cast<std::size_t>(from)].position_m -
                        ends_[static_cast<std::size_t>(to)].position_m;
  return static_cast<Ps>(std::llround(std::fabs(metres) * static_cast<double>(cable_ps_per_m)));
}

const NetworkState& Network::under(const Drivers& drivers) const {
  const auto found = known_.find(drivers);
  if (found != known_.end()) return found->second;
  if (known_.size() >= most_known) known_.clear();
  return known_.emplace(drivers, solve(drivers)).first->second;
}

NetworkState Network::solve(const Drivers& drivers) const {
  std::vector<double> across = across_;
  std::vector<double> current = bias_A_;
  for (std::size_t end = 0; end < ends_.size(); ++end) {
    if ((drivers.on >> end & 1) == 0) continue;
    const auto node = static_cast<std::size_t>(node_of_[end]);
    const bool positive = ((drivers.mark >> end & 1) != 0) != ends_[end].swapped;
    across[node] += 1 / driver_ohm;
    current[node] += (positive ? driver_V : -driver_V) / driver_ohm;
  }
  const std::vector<double> volts = voltages(to_next_, across, current);
  const std::vector<double> tau_s = voltages(to_next_, across, farad_);
  NetworkState state;
  for (std::size_t end = 0; end < ends_.size(); ++end) {
    const auto node = static_cast<std::size_t>(node_of_[end]);
    state.volts[end] = volts[node];
    state.tau_ps[end] = tau_s[node] * 1e12;
  }
  return state;
}

}  // namespace models::lines
