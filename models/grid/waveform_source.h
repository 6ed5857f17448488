// The waveforms of a grid, put together from its schedule.
#pragma once

#include "models/grid/grid_state.h"
#include "models/grid/stretch.h"

namespace models::grid {

class VoltageSource final : public StretchSource {
 public:
  VoltageSource(const GridState& state, int phase) : state_(state), phase_(phase) {}
  void stretch_at(Ps t, Stretch& stretch) const override;
  void planned_at(Ps t, Stretch& stretch) const override;
  std::uint64_t note_asked(Ps t) const override;

 private:
  const GridState& state_;
  int phase_;
};

class CurrentSource final : public StretchSource {
 public:
  CurrentSource(const GridState& state, int phase) : state_(state), phase_(phase) {}
  void stretch_at(Ps t, Stretch& stretch) const override;
  void planned_at(Ps t, Stretch& stretch) const override;
  std::uint64_t note_asked(Ps t) const override;

 private:
  const GridState& state_;
  int phase_;
};

}  // namespace models::grid
