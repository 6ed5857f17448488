// How the meter's terminals are joined to the grid, and what an installer can get wrong.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/grid/grid.h"

namespace models::wiring {

using grid::phase_count;
using grid::Ps;
using grid::Stretch;
using grid::StretchSource;

/// four_wire: U1, U2, U3 against N. aron: channel 1 carries U1 − U2, channel 3 U3 − U2, currents 1
/// and 3 (bridge between N and L2); channel 2 nothing. one_phase: channel 1 only.
enum class Connection : std::uint8_t { four_wire, aron, one_phase };

struct Wiring {
  Connection connection = Connection::four_wire;
  std::array<int, phase_count> voltage_order{0, 1, 2};  ///< grid phase on each voltage terminal
  std::array<int, phase_count> current_order{0, 1, 2};  ///< grid phase through each current path
  std::array<bool, phase_count> reversed_ct{};          ///< current path passed backwards
  /// The meter's star point floats: each voltage less the mean of the three. Four-wire only.
  bool neutral_missing = false;
};

/// A weighted sum of sources, of which at most one has a switch and then stands alone.
class Combination final : public StretchSource {
 public:
  struct Term {
    const StretchSource* source;
    double weight;
  };
  /// The sources must outlive this.
  explicit Combination(std::vector<Term> terms);
  void stretch_at(Ps t, Stretch& stretch) const override;
  void planned_at(Ps t, Stretch& stretch) const override;
  std::uint64_t note_asked(Ps t) const override;

 private:
  using Question = void (StretchSource::*)(Ps t, Stretch& stretch) const;
  void add_up(Question ask, Ps t, Stretch& stretch) const;

  std::vector<Term> terms_;
  mutable Stretch part_{};
};

/// What the six measuring terminals see. Channels are 0, 1, 2.
class Terminals {
 public:
  /// Throws std::invalid_argument for an order that is no permutation, or a missing neutral where
  /// none is connected. The grid must outlive this.
  Terminals(const grid::Grid& grid, const Wiring& wiring);

  const StretchSource& voltage(int channel) const;
  const StretchSource& current(int channel) const;
  Connection connection() const { return connection_; }

 private:
  Connection connection_;
  std::array<std::unique_ptr<StretchSource>, phase_count> voltages_;
  std::array<std::unique_ptr<StretchSource>, phase_count> currents_;
};

}  // namespace models::wiring
