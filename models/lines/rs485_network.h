// An RS-485 segment as a network: how much of which driver arrives where, and how fast.
//
//   end 0        end 1              end 2          a ladder of the cable's resistance between ends;
//   ──┬────R─────┬────────R─────────┬──            from wire to wire at each: its unit load, its
//     Gt         G                  G, Gt          driver if it is on, a terminator, the bias
//
// The d.c. voltages are exact for the ladder, and each end has one time constant (ladder.h).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/lines/ladder.h"
#include "models/lines/network.h"
#include "models/lines/rs485_spec.h"
#include "models/lines/segment.h"

namespace models::lines {

class Rs485Network final : public Network {
 public:
  /// Throws std::invalid_argument for values outside their ranges and more than most_rs485_ends
  /// ends.
  Rs485Network(const CableSpec& cable, const std::vector<EndSpec>& ends);

  /// Two ends drive at once.
  bool collides(const Drivers& drivers) const override { return drivers.on.several(); }

 private:
  NetworkState solve(const Drivers& drivers) const override;

  std::vector<EndSpec> specs_;
  Ladder ladder_;
  std::vector<std::size_t> node_of_;  ///< by end
  std::vector<double> across_;        ///< conductance from wire to wire without drivers
  std::vector<double> bias_A_;        ///< current fed in without drivers
};

/// Ends are numbered as given; `name` and the run's seed make each one's noise. Throws
/// std::invalid_argument for values outside their ranges.
std::unique_ptr<Segment> make_rs485_segment(const CableSpec& cable,
                                            const std::vector<EndSpec>& ends,
                                            std::uint64_t run_seed = 0,
                                            const std::string& name = "bus");

}  // namespace models::lines
