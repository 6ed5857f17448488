// The cable as a network: how much of which driver arrives where, and how fast.
//
//   end 0        end 1              end 2          a ladder of the cable's resistance between ends;
//   ──┬────R─────┬────────R─────────┬──            from wire to wire at each: its unit load, its
//     Gt         G                  G, Gt          driver if it is on, a terminator, the bias
//
// The d.c. voltages are exact for the ladder (a tridiagonal system). The capacitance of the cable,
// half of each stretch at either side, gives each end one time constant: the first moment of the
// decay at that end of a cable charged alike all along.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "models/lines/rs485_spec.h"

namespace models::lines {

/// Which ends drive and at which level, a bit an end; a released end's level is 0.
struct Drivers {
  std::uint64_t on = 0;
  std::uint64_t mark = 0;

  bool operator==(const Drivers& other) const { return on == other.on && mark == other.mark; }
};

/// Where the voltages go while the drivers stay as they are.
struct NetworkState {
  std::array<double, most_ends> volts{};   ///< at each end, wires unswapped
  std::array<double, most_ends> tau_ps{};  ///< of the first-order approach to it
};

class Network {
 public:
  /// Throws std::invalid_argument for values outside their ranges and more than most_ends ends.
  Network(const CableSpec& cable, const std::vector<EndSpec>& ends);

  /// The state under these drivers; worked out once. Valid until the next call.
  const NetworkState& under(const Drivers& drivers) const;

  /// From one end to another at the speed of the wave.
  Ps travel(int from, int to) const;
  Ps longest_travel() const { return longest_travel_; }
  /// So long after a change the reflections on a cable that lacks a terminator last, until what is
  /// left is below 5 %, and what part of the change they are worth meanwhile; 0 with both.
  Ps ringing() const { return ringing_; }
  double ringing_share() const { return ringing_share_; }

 private:
  struct Hash {
    std::size_t operator()(const Drivers& drivers) const;
  };

  NetworkState solve(const Drivers& drivers) const;

  std::vector<EndSpec> ends_;
  std::vector<double> positions_m_;  ///< of the nodes, rising; the first is 0, the last the length
  std::vector<int> node_of_;         ///< by end
  std::vector<double> to_next_;      ///< conductance from each node to the next
  std::vector<double> across_;       ///< conductance from wire to wire without drivers
  std::vector<double> bias_A_;       ///< current fed in without drivers
  std::vector<double> farad_;
  Ps longest_travel_ = 0;
  Ps ringing_ = 0;
  double ringing_share_ = 0;
  mutable std::unordered_map<Drivers, NetworkState, Hash> known_;
};

}  // namespace models::lines
