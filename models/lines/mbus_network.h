// An M-Bus as a network: the voltage at each end by who draws what, and the current at the master.
//
//   converter ── source_ohm ──┬────R─────┬────────R─────────┬──   meters are sinks of constant
//                             │          │                  │     current: 1.5 mA a unit load, and
//                          meter 1    meter 2            meter 3  15 mA more while they space
//
// The d.c. voltages and currents are exact for the ladder, and each end has one time constant
// (ladder.h). A master sees the current beyond the quiescent one as a voltage over its resistor,
// −10 mV a mA, with the time constant of its place. What charges the cable when its own voltage
// changes it does not see: real ones are blind for as long.
//
// How far it goes. A meter's own space pulls down its place, and with it whatever lies behind, by
// I · (source_ohm + loop resistance): never by the 8.2 V that others take for a space while
//
//   15 mA:  73 ohm/km · L + 30 ohm < 547 ohm    L < 7.1 km        (5.7 V, all still marks: 4.8 km)
//   20 mA:                        < 410 ohm    L < 5.2 km
//
// and before that the 12 V in space run out: 64 meters all at the far end are 96 mA, which leave 12
// V of 24 V behind 125 ohm, 1.3 km.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/lines/ladder.h"
#include "models/lines/mbus_spec.h"
#include "models/lines/network.h"
#include "models/lines/segment.h"

namespace models::lines {

/// The circuit under some drivers; by end.
struct MbusLevels {
  std::vector<double> volts;   ///< at the terminals
  std::vector<bool> supplied;  ///< a meter that works
  std::vector<double> tau_ps;
  double quiescent_mA = 0;  ///< what the working meters draw in any case
  double extra_mA = 0;      ///< what those of them that space add
};

class MbusNetwork final : public Network {
 public:
  /// Throws std::invalid_argument for values outside their ranges, more than most_mbus_meters
  /// meters and masters in several places.
  MbusNetwork(const MbusCableSpec& cable, const std::vector<MbusEndSpec>& ends);

  /// More than mbus_collision_mA beyond the quiescent current.
  bool collides(const Drivers& drivers) const override;

  /// Meters that lack voltage drop out one by one, the lowest first, until the rest have enough.
  MbusLevels levels(const Drivers& drivers) const;

 private:
  NetworkState solve(const Drivers& drivers) const override;
  MbusLevels unpowered() const;
  MbusLevels circuit(double source_V, const Drivers& drivers) const;

  MbusCableSpec cable_;
  std::vector<MbusEndSpec> specs_;
  Ladder ladder_;
  std::vector<std::size_t> node_of_;  ///< by end
  std::size_t feed_ = 0;              ///< the masters' node
  std::vector<double> mark_V_;        ///< by end, while the master sends mark and no meter a space
};

/// A bus without power: whoever is to feed it says so at 0. Ends are numbered as given; `name` and
/// the run's seed make each one's noise. `contested` of it means that the master saw a collision.
/// Throws std::invalid_argument as MbusNetwork does.
std::unique_ptr<Segment> make_mbus_segment(const MbusCableSpec& cable,
                                           const std::vector<MbusEndSpec>& ends,
                                           std::uint64_t run_seed = 0,
                                           const std::string& name = "mbus");

}  // namespace models::lines
