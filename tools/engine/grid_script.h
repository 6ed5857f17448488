// From a meter's part of the timeline to its mains and the air around it. Before a run every change
// of voltage, current, frequency and temperature can be scheduled ahead, so the waveforms know
// their own future; while somebody outside leads the run, each is made when its time has come.
#pragma once

#include <array>
#include <memory>

#include "models/grid/grid.h"
#include "models/thermal/ambient.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// One phase as the script left it last.
struct PhaseScript {
  double voltage_V = 230;
  double lead_deg = 0;
  std::vector<models::grid::Harmonic> voltage_harmonics;
  std::vector<models::grid::Harmonic> voltage_interharmonics;
  double current_A = 0;
  double lag_deg = 0;
  bool exports = false;
  models::grid::Switching switching;
  models::grid::RmsMeaning meaning = models::grid::RmsMeaning::before_switching;
  std::vector<models::grid::Harmonic> current_harmonics;
  std::vector<models::grid::Harmonic> current_interharmonics;

  void apply(const VoltageChange& change);
  void apply(const CurrentChange& change);
  /// What a profile says of the load: `load` and `reactive` are in the columns' units. Throws
  /// std::invalid_argument where power is to flow without a voltage.
  void apply(const ProfileColumns& columns, double load, double reactive);
  models::grid::VoltageSpec voltage(int phase) const;
  models::grid::CurrentSpec current() const;
};

/// The mains and the air of one meter: 230 V, 50 Hz, no current and 23 °C, changed by its `grid` at
/// the start.
class GridScript {
 public:
  explicit GridScript(const MeterSpec& meter);

  /// What the entry does to mains and air at `t`, if anything: to be called in order of time.
  /// Throws std::invalid_argument for what the grid refuses (dips that overlap, an instant that is
  /// past).
  void apply(Ps t, const TimelineEntry& entry);
  /// The meter's load profile goes on to `row` at `t`, likewise.
  void apply(Ps t, const ProfileRow& row);
  /// All that the profile and the timeline do to meter `index` before the scenario's end.
  void apply_all(const Scenario& scenario, int index);

  models::grid::Grid& grid() { return grid_; }
  models::thermal::Ambient& air() { return air_; }

 private:
  void set(Ps t, const GridChange& change);
  void ramp(Ps t, const Ramp& ramp);
  void sag(Ps t, const Sag& sag);
  PhaseScript& phase(int index) { return phases_[static_cast<std::size_t>(index)]; }

  std::shared_ptr<const Profile> profile_;
  bool one_phase_;
  models::grid::Grid grid_;
  models::thermal::Ambient air_;
  std::array<PhaseScript, phase_count> phases_;
};

/// Whether the entry does anything to mains or air.
bool touches_mains(const TimelineEntry& entry);

}  // namespace tools
