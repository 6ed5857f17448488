#include "models/lines/mbus_network.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace models::lines {
namespace {

void require(bool good, const char* what) {
  if (!good) throw std::invalid_argument(what);
}

const std::vector<MbusEndSpec>& checked(const MbusCableSpec& cable,
                                        const std::vector<MbusEndSpec>& ends) {
  require(cable.length_m >= 0 && cable.length_m <= longest_cable_m,
          "a cable's length lies outside 0 … 5000 m");
  require(cable.loop_ohm_per_km >= 0.1 && cable.loop_ohm_per_km <= 1000,
          "a cable's loop resistance lies outside 0.1 … 1000 ohm/km");
  require(cable.nF_per_km >= 1 && cable.nF_per_km <= 1000,
          "a cable's capacitance lies outside 1 … 1000 nF/km");
  require(cable.mark_V >= 12 && cable.mark_V <= 42, "an M-Bus mark lies outside 12 … 42 V");
  require(cable.step_V >= 0 && cable.step_V <= cable.mark_V,
          "an M-Bus space lies outside 0 V … its mark");
  require(cable.source_ohm >= mbus_sense_ohm && cable.source_ohm <= 1000,
          "an M-Bus converter's resistance lies outside 10 … 1000 ohm");
  int meters = 0;
  const MbusEndSpec* master = nullptr;
  for (const MbusEndSpec& end : ends) {
    require(end.position_m >= 0 && end.position_m <= cable.length_m,
            "an end lies beyond the cable's length");
    require(end.unit_loads >= 0 && end.unit_loads <= 8, "an end has more than 8 unit loads");
    require(end.space_mA >= 0 && end.space_mA <= 100,
            "an M-Bus meter's space lies outside 0 … 100 mA");
    if (end.kind == MbusEndKind::meter) ++meters;
    if (end.kind != MbusEndKind::master) continue;
    require(master == nullptr || master->position_m == end.position_m,
            "the masters of an M-Bus are in several places");
    master = &end;
  }
  require(meters <= most_mbus_meters, "an M-Bus carries at most 64 meters");
  return ends;
}

std::vector<double> places(const std::vector<MbusEndSpec>& ends) {
  std::vector<double> out;
  out.reserve(ends.size());
  for (const MbusEndSpec& end : ends) out.push_back(end.position_m);
  return out;
}

bool spaces(const Drivers& drivers, std::size_t end) {
  const int number = static_cast<int>(end);
  return drivers.on.has(number) && !drivers.mark.has(number);
}

/// What the bridge at a meter's terminals makes of the voltage.
double rectified(double volts, bool swapped) { return std::fabs(swapped ? -volts : volts); }

/// What the converter's receiver sees of the current beyond the quiescent one.
double sensed_V(double extra_mA) { return -1e-3 * extra_mA * mbus_sense_ohm; }

}  // namespace

MbusNetwork::MbusNetwork(const MbusCableSpec& cable, const std::vector<MbusEndSpec>& ends)
    : cable_(cable),
      specs_(checked(cable, ends)),
      ladder_(cable.length_m, places(ends), cable.loop_ohm_per_km, cable.nF_per_km) {
  for (const MbusEndSpec& end : ends) {
    const std::size_t node = ladder_.node_at(end.position_m);
    node_of_.push_back(node);
    if (end.kind == MbusEndKind::master) feed_ = node;
    if (end.kind == MbusEndKind::meter) ladder_.add_farad(node, 1e-9 * mbus_meter_nF);
  }
  ladder_.add_farad(feed_, 1e-9 * mbus_master_nF);

  mark_V_ = circuit(cable_.mark_V, {}).volts;
  std::vector<Reception> receptions;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const MbusEndSpec& end = ends[i];
    if (end.kind == MbusEndKind::master) {
      NoiseSpec noise = end.noise;
      noise.volts *= mbus_sense_ohm / cable.source_ohm;
      receptions.push_back({end.position_m,
                            1,
                            {sensed_V(mbus_master_mark_mA), sensed_V(mbus_master_space_mA)},
                            noise});
    } else {
      receptions.push_back(
          {end.position_m,
           1,
           {mark_V_[i] - mbus_meter_mark_below_V, mark_V_[i] - mbus_meter_space_below_V},
           end.noise});
    }
  }
  set_ends(std::move(receptions), cable.length_m);
}

MbusLevels MbusNetwork::levels(const Drivers& drivers) const {
  bool powered = false;
  bool space = false;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (specs_[i].kind != MbusEndKind::master) continue;
    powered = powered || drivers.on.has(static_cast<int>(i));
    space = space || spaces(drivers, i);
  }
  if (!powered) return unpowered();
  return circuit(space ? cable_.mark_V - cable_.step_V : cable_.mark_V, drivers);
}

MbusLevels MbusNetwork::unpowered() const {
  MbusLevels out;
  std::vector<double> across(ladder_.nodes(), 0.0);
  across[feed_] = 1 / mbus_drain_ohm;
  const std::vector<double> tau_s = ladder_.time_constants_s(across);
  for (const std::size_t node : node_of_) {
    out.volts.push_back(0);
    out.supplied.push_back(false);
    out.tau_ps.push_back(1e12 * tau_s[node]);
  }
  return out;
}

MbusLevels MbusNetwork::circuit(double source_V, const Drivers& drivers) const {
  MbusLevels out;
  std::vector<double> across(ladder_.nodes(), 0.0);
  across[feed_] = 1 / cable_.source_ohm;
  std::vector<double> current(ladder_.nodes(), 0.0);
  current[feed_] = source_V / cable_.source_ohm;
  const auto quiescent_mA = [&](std::size_t i) { return specs_[i].unit_loads * mbus_unit_load_mA; };
  const auto extra_mA = [&](std::size_t i) {
    return spaces(drivers, i) ? specs_[i].space_mA : 0.0;
  };
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    out.supplied.push_back(specs_[i].kind == MbusEndKind::meter);
    if (out.supplied[i]) current[node_of_[i]] -= 1e-3 * (quiescent_mA(i) + extra_mA(i));
  }
  std::vector<double> volts = ladder_.voltages(across, current);
  for (;;) {
    std::size_t lowest = specs_.size();
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      if (!out.supplied[i] || volts[node_of_[i]] >= mbus_least_V) continue;
      if (lowest == specs_.size() || volts[node_of_[i]] < volts[node_of_[lowest]]) lowest = i;
    }
    if (lowest == specs_.size()) break;
    out.supplied[lowest] = false;
    current[node_of_[lowest]] += 1e-3 * (quiescent_mA(lowest) + extra_mA(lowest));
    volts = ladder_.voltages(across, current);
  }
  const std::vector<double> tau_s = ladder_.time_constants_s(across);
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    out.volts.push_back(rectified(volts[node_of_[i]], specs_[i].swapped));
    out.tau_ps.push_back(1e12 * tau_s[node_of_[i]]);
    if (!out.supplied[i]) continue;
    out.quiescent_mA += quiescent_mA(i);
    out.extra_mA += extra_mA(i);
  }
  return out;
}

bool MbusNetwork::collides(const Drivers& drivers) const {
  double most_mA = 0;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (specs_[i].kind == MbusEndKind::meter && spaces(drivers, i)) most_mA += specs_[i].space_mA;
  }
  // Whether all of them work is asked only when it matters.
  return most_mA > mbus_collision_mA && levels(drivers).extra_mA > mbus_collision_mA;
}

NetworkState MbusNetwork::solve(const Drivers& drivers) const {
  const MbusLevels now = levels(drivers);
  NetworkState state;
  state.tau_ps = now.tau_ps;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    switch (specs_[i].kind) {
      case MbusEndKind::master:
        state.volts.push_back(sensed_V(now.extra_mA));
        break;
      case MbusEndKind::meter:
        // The output of a transceiver that does not work is a mark.
        state.volts.push_back(now.supplied[i] ? now.volts[i] : mark_V_[i]);
        break;
      case MbusEndKind::probe:
        state.volts.push_back(now.volts[i]);
        break;
    }
  }
  return state;
}

std::unique_ptr<Segment> make_mbus_segment(const MbusCableSpec& cable,
                                           const std::vector<MbusEndSpec>& ends,
                                           std::uint64_t run_seed, const std::string& name) {
  return std::make_unique<Segment>(std::make_unique<MbusNetwork>(cable, ends), run_seed, name);
}

}  // namespace models::lines
