#include "tools/engine/grid_script.h"

#include <algorithm>
#include <vector>

namespace tools {
namespace {

using models::grid::CurrentSpec;
using models::grid::Harmonic;
using models::grid::VoltageSpec;

constexpr double default_V = 230;
constexpr std::int64_t default_nHz = 50 * models::grid::nHz_per_Hz;

std::vector<Harmonic> joined(const std::vector<Harmonic>& a, const std::vector<Harmonic>& b) {
  std::vector<Harmonic> out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

/// One phase as the script left it last.
struct PhaseState {
  double voltage_V = default_V;
  double lead_deg = 0;
  std::vector<Harmonic> voltage_harmonics;
  std::vector<Harmonic> voltage_interharmonics;
  double current_A = 0;
  double lag_deg = 0;
  bool exports = false;
  models::grid::Switching switching;
  models::grid::RmsMeaning meaning = models::grid::RmsMeaning::before_switching;
  std::vector<Harmonic> current_harmonics;
  std::vector<Harmonic> current_interharmonics;

  void apply(const VoltageChange& change) {
    voltage_V = change.rms_V.value_or(voltage_V);
    lead_deg = change.lead_deg.value_or(lead_deg);
    if (change.harmonics) voltage_harmonics = *change.harmonics;
    if (change.interharmonics) voltage_interharmonics = *change.interharmonics;
  }

  void apply(const CurrentChange& change) {
    current_A = change.rms_A.value_or(current_A);
    lag_deg = change.lag_deg.value_or(lag_deg);
    if (change.flow) exports = *change.flow == models::grid::Flow::export_;
    if (change.switching) switching = *change.switching;
    meaning = change.meaning.value_or(meaning);
    if (change.harmonics) current_harmonics = *change.harmonics;
    if (change.interharmonics) current_interharmonics = *change.interharmonics;
  }

  VoltageSpec voltage(int phase) const {
    VoltageSpec spec;
    spec.rms_V = voltage_V;
    spec.angle_deg = -120.0 * phase + lead_deg;
    spec.harmonics = joined(voltage_harmonics, voltage_interharmonics);
    return spec;
  }

  CurrentSpec current() const {
    CurrentSpec spec;
    spec.rms_A = current_A;
    spec.lag_deg = exports ? lag_deg + 180 : lag_deg;
    spec.harmonics = joined(current_harmonics, current_interharmonics);
    spec.switching = switching;
    spec.meaning = meaning;
    return spec;
  }
};

class GridScript {
 public:
  GridScript() : grid_(std::make_unique<models::grid::Grid>(default_nHz)) {}

  void start(const std::vector<GridChange>& changes) {
    for (int phase = 0; phase < phase_count; ++phase) {
      grid_->schedule_voltage(phase, 0, state(phase).voltage(phase));
    }
    for (const GridChange& change : changes) set(0, change);
  }

  void set(Ps t, const GridChange& change) {
    if (change.frequency_nHz) grid_->schedule_frequency(t, *change.frequency_nHz);
    if (change.reversed_sequence) grid_->schedule_sequence(t, *change.reversed_sequence);
    for (int phase = 0; phase < phase_count; ++phase) {
      const auto i = static_cast<std::size_t>(phase);
      if (!change.voltage[i].empty()) {
        state(phase).apply(change.voltage[i]);
        grid_->schedule_voltage(phase, t, state(phase).voltage(phase));
      }
      if (!change.current[i].empty()) {
        state(phase).apply(change.current[i]);
        grid_->schedule_current(phase, t, state(phase).current());
      }
    }
  }

  void ramp(Ps t, const Ramp& ramp) {
    const Ps end = t + ramp.over;
    if (ramp.frequency_nHz) grid_->schedule_frequency_ramp(t, end, *ramp.frequency_nHz);
    for (int phase = 0; phase < phase_count; ++phase) {
      const auto i = static_cast<std::size_t>(phase);
      if (ramp.voltage_V[i]) {
        state(phase).voltage_V = *ramp.voltage_V[i];
        grid_->schedule_voltage_ramp(phase, t, end, *ramp.voltage_V[i]);
      }
      if (ramp.current_A[i]) {
        state(phase).current_A = *ramp.current_A[i];
        grid_->schedule_current_ramp(phase, t, end, *ramp.current_A[i]);
      }
    }
  }

  void sag(Ps t, const Sag& sag) {
    for (int phase = 0; phase < phase_count; ++phase) {
      if (sag.phases[static_cast<std::size_t>(phase)]) {
        grid_->schedule_dip(phase, t, sag.duration, sag.residual);
      }
    }
  }

  std::unique_ptr<models::grid::Grid> take() { return std::move(grid_); }

 private:
  PhaseState& state(int phase) { return states_[static_cast<std::size_t>(phase)]; }

  std::unique_ptr<models::grid::Grid> grid_;
  std::array<PhaseState, phase_count> states_;
};

struct Instant {
  Ps t;
  const TimelineEntry* entry;
};

}  // namespace

std::unique_ptr<models::grid::Grid> make_grid(const Scenario& scenario, int index) {
  std::vector<Instant> instants;
  for (const TimelineEntry& entry : scenario.timeline) {
    if (entry.meter && *entry.meter != index) continue;
    for (const Ps t : entry.at) {
      if (t < scenario.duration) instants.push_back({t, &entry});
    }
  }
  std::stable_sort(instants.begin(), instants.end(),
                   [](const Instant& a, const Instant& b) { return a.t < b.t; });
  GridScript script;
  script.start(scenario.meters[static_cast<std::size_t>(index)].grid);
  for (const Instant& instant : instants) {
    if (instant.entry->set) script.set(instant.t, *instant.entry->set);
    if (instant.entry->ramp) script.ramp(instant.t, *instant.entry->ramp);
    for (const Sag& sag : instant.entry->sags) script.sag(instant.t, sag);
  }
  return script.take();
}

}  // namespace tools
