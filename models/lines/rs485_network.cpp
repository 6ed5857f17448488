#include "models/lines/rs485_network.h"

#include <cmath>
#include <stdexcept>

namespace models::lines {
namespace {

void require(bool good, const char* what) {
  if (!good) throw std::invalid_argument(what);
}

const std::vector<EndSpec>& checked(const CableSpec& cable, const std::vector<EndSpec>& ends) {
  require(cable.length_m >= 0 && cable.length_m <= longest_cable_m,
          "a cable's length lies outside 0 … 5000 m");
  require(cable.bias_ohm == 0 || (cable.bias_ohm >= 10 && cable.bias_ohm <= 1e6),
          "a bias resistor lies outside 10 ohm … 1 Mohm");
  require(ends.size() <= most_rs485_ends, "an RS-485 segment carries at most 64 ends");
  for (const EndSpec& end : ends) {
    require(end.position_m >= 0 && end.position_m <= cable.length_m,
            "an end lies beyond the cable's length");
    require(end.unit_loads >= 0 && end.unit_loads <= 8, "an end has more than 8 unit loads");
  }
  return ends;
}

std::vector<double> places(const std::vector<EndSpec>& ends) {
  std::vector<double> out;
  out.reserve(ends.size());
  for (const EndSpec& end : ends) out.push_back(end.position_m);
  return out;
}

}  // namespace

Rs485Network::Rs485Network(const CableSpec& cable, const std::vector<EndSpec>& ends)
    : specs_(checked(cable, ends)),
      ladder_(cable.length_m, places(ends), cable_loop_ohm_per_km, cable_nF_per_km) {
  // A megohm of leakage: an undriven line without anything on it is at 0 V.
  across_.assign(ladder_.nodes(), 1e-6);
  bias_A_.assign(ladder_.nodes(), 0.0);
  std::vector<Reception> receptions;
  for (const EndSpec& end : ends) {
    const std::size_t node = ladder_.node_at(end.position_m);
    node_of_.push_back(node);
    across_[node] += end.unit_loads / unit_load_ohm;
    ladder_.add_farad(node, end_pF * 1e-12);
    receptions.push_back({end.position_m, end.swapped ? -1.0 : 1.0, end.receiver, end.noise});
  }
  set_ends(std::move(receptions), cable.length_m);
  const bool near =
      cable.termination == Termination::both || cable.termination == Termination::near;
  const bool far = cable.termination == Termination::both || cable.termination == Termination::far;
  if (near) across_.front() += 1 / terminator_ohm;
  if (far) across_.back() += 1 / terminator_ohm;
  if (cable.bias_ohm > 0) {
    across_.front() += 1 / (2 * cable.bias_ohm);
    bias_A_.front() += bias_V / (2 * cable.bias_ohm);
  }
  if (!near || !far) {
    // What comes back from the open end meets a driver at the other.
    const double share = std::fabs((driver_ohm - cable_wave_ohm) / (driver_ohm + cable_wave_ohm));
    const double trips = std::ceil(std::log(0.05) / std::log(share));
    set_ringing(static_cast<Ps>(trips) * 2 * longest_travel(), share);
  }
}

NetworkState Rs485Network::solve(const Drivers& drivers) const {
  std::vector<double> across = across_;
  std::vector<double> current = bias_A_;
  for (std::size_t end = 0; end < specs_.size(); ++end) {
    if (!drivers.on.has(static_cast<int>(end))) continue;
    const std::size_t node = node_of_[end];
    const bool positive = drivers.mark.has(static_cast<int>(end)) != specs_[end].swapped;
    across[node] += 1 / driver_ohm;
    current[node] += (positive ? driver_V : -driver_V) / driver_ohm;
  }
  const std::vector<double> volts = ladder_.voltages(across, current);
  const std::vector<double> tau_s = ladder_.time_constants_s(across);
  NetworkState state;
  for (const std::size_t node : node_of_) {
    state.volts.push_back(volts[node]);
    state.tau_ps.push_back(tau_s[node] * 1e12);
  }
  return state;
}

std::unique_ptr<Segment> make_rs485_segment(const CableSpec& cable,
                                            const std::vector<EndSpec>& ends,
                                            std::uint64_t run_seed, const std::string& name) {
  return std::make_unique<Segment>(std::make_unique<Rs485Network>(cable, ends), run_seed, name);
}

}  // namespace models::lines
