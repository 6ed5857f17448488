// A pair of wires with ends along it, as a ladder: the cable's resistance between its nodes, and
// from wire to wire at each node what is connected there.
//
//   node 0       node 1             node 2
//   ──┬────R─────┬────────R─────────┬──     one node a place where something is, the cable's two
//     │          │                  │       ends at least; half of each stretch's capacitance at
//                                           either side
#pragma once

#include <cstddef>
#include <vector>

namespace models::lines {

class Ladder {
 public:
  /// `places_m`: of the ends, each from 0 to `length_m`.
  Ladder(double length_m, const std::vector<double>& places_m, double loop_ohm_per_km,
         double nF_per_km);

  std::size_t nodes() const { return positions_m_.size(); }
  std::size_t node_at(double place_m) const;

  /// What loads the nodes with capacitance besides the cable.
  void add_farad(std::size_t node, double farad) { farad_[node] += farad; }

  /// The d.c. voltages at the nodes, exact, by the conductance across each and the current fed into
  /// it (a tridiagonal system, Thomas's algorithm). At least one conductance is not 0.
  std::vector<double> voltages(const std::vector<double>& across,
                               std::vector<double> current_A) const;
  /// Each node's time constant: the first moment of the decay at it of a cable charged alike all
  /// along.
  std::vector<double> time_constants_s(const std::vector<double>& across) const {
    return voltages(across, farad_);
  }

 private:
  std::vector<double> positions_m_;  ///< rising; the first is 0, the last the length
  std::vector<double> to_next_;      ///< conductance from each node to the next
  std::vector<double> farad_;
};

}  // namespace models::lines
