#include "tools/engine/grid_script.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tools {
namespace {

using models::grid::CurrentSpec;
using models::grid::Harmonic;
using models::grid::VoltageSpec;

std::vector<Harmonic> joined(const std::vector<Harmonic>& a, const std::vector<Harmonic>& b) {
  std::vector<Harmonic> out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

double kelvin_of(double celsius) { return celsius + models::thermal::zero_celsius_K; }

struct Instant {
  Ps t;
  const TimelineEntry* entry;
  const ProfileRow* row = nullptr;  ///< or this
};

constexpr double degrees_per_radian = 180 / 3.14159265358979323846;
constexpr double half_turn_deg = 180;

}  // namespace

void PhaseScript::apply(const VoltageChange& change) {
  voltage_V = change.rms_V.value_or(voltage_V);
  lead_deg = change.lead_deg.value_or(lead_deg);
  if (change.harmonics) voltage_harmonics = *change.harmonics;
  if (change.interharmonics) voltage_interharmonics = *change.interharmonics;
}

void PhaseScript::apply(const CurrentChange& change) {
  current_A = change.rms_A.value_or(current_A);
  lag_deg = change.lag_deg.value_or(lag_deg);
  if (change.flow) exports = *change.flow == models::grid::Flow::export_;
  if (change.switching) switching = *change.switching;
  meaning = change.meaning.value_or(meaning);
  if (change.harmonics) current_harmonics = *change.harmonics;
  if (change.interharmonics) current_interharmonics = *change.interharmonics;
}

void PhaseScript::apply(const ProfileColumns& columns, double load, double reactive) {
  exports = load < 0;
  lag_deg = 0;
  if (columns.reactive == ProfileReactive::factor) {
    lag_deg = std::copysign(std::acos(std::abs(reactive)), reactive) * degrees_per_radian;
  }
  if (columns.load == ProfileLoad::current) {
    current_A = std::abs(load);
    return;
  }
  double apparent_VA = std::abs(load);
  if (columns.reactive == ProfileReactive::power) {
    apparent_VA = std::hypot(load, reactive);
    lag_deg = std::atan2(reactive, load) * degrees_per_radian - (exports ? half_turn_deg : 0);
  } else if (columns.reactive == ProfileReactive::factor && load != 0) {
    if (reactive == 0) throw std::invalid_argument("a power factor of 0 leaves no active power");
    apparent_VA = std::abs(load / reactive);
  }
  if (apparent_VA > 0 && !(voltage_V > 0)) {
    throw std::invalid_argument("a profile's power needs a voltage to flow at");
  }
  current_A = apparent_VA > 0 ? apparent_VA / voltage_V : 0;
}

VoltageSpec PhaseScript::voltage(int phase) const {
  VoltageSpec spec;
  spec.rms_V = voltage_V;
  spec.angle_deg = -120.0 * phase + lead_deg;
  spec.harmonics = joined(voltage_harmonics, voltage_interharmonics);
  return spec;
}

CurrentSpec PhaseScript::current() const {
  CurrentSpec spec;
  spec.rms_A = current_A;
  spec.lag_deg = exports ? lag_deg + 180 : lag_deg;
  spec.harmonics = joined(current_harmonics, current_interharmonics);
  spec.switching = switching;
  spec.meaning = meaning;
  return spec;
}

GridScript::GridScript(const MeterSpec& meter)
    : profile_(meter.profile),
      one_phase_(meter.wiring.connection == models::wiring::Connection::one_phase) {
  for (int n = 0; n < phase_count; ++n) grid_.schedule_voltage(n, 0, phase(n).voltage(n));
  for (const GridChange& change : meter.grid) set(0, change);
  if (profile_) apply(0, profile_->first());
}

void GridScript::set(Ps t, const GridChange& change) {
  if (change.frequency_nHz) grid_.schedule_frequency(t, *change.frequency_nHz);
  if (change.reversed_sequence) grid_.schedule_sequence(t, *change.reversed_sequence);
  if (change.temperature_C) air_.schedule(t, kelvin_of(*change.temperature_C));
  for (int n = 0; n < phase_count; ++n) {
    const auto i = static_cast<std::size_t>(n);
    if (!change.voltage[i].empty()) {
      phase(n).apply(change.voltage[i]);
      grid_.schedule_voltage(n, t, phase(n).voltage(n));
    }
    if (!change.current[i].empty()) {
      phase(n).apply(change.current[i]);
      grid_.schedule_current(n, t, phase(n).current());
    }
  }
  if (change.recording) grid_.schedule_recording(t, change.recording->spec);
}

void GridScript::ramp(Ps t, const Ramp& ramp) {
  const Ps end = t + ramp.over;
  if (ramp.frequency_nHz) grid_.schedule_frequency_ramp(t, end, *ramp.frequency_nHz);
  if (ramp.temperature_C) air_.schedule_ramp(t, end, kelvin_of(*ramp.temperature_C));
  for (int n = 0; n < phase_count; ++n) {
    const auto i = static_cast<std::size_t>(n);
    if (ramp.voltage_V[i]) {
      phase(n).voltage_V = *ramp.voltage_V[i];
      grid_.schedule_voltage_ramp(n, t, end, *ramp.voltage_V[i]);
    }
    if (ramp.current_A[i]) {
      phase(n).current_A = *ramp.current_A[i];
      grid_.schedule_current_ramp(n, t, end, *ramp.current_A[i]);
    }
  }
}

void GridScript::sag(Ps t, const Sag& sag) {
  for (int n = 0; n < phase_count; ++n) {
    if (sag.phases[static_cast<std::size_t>(n)]) {
      grid_.schedule_dip(n, t, sag.duration, sag.residual);
    }
  }
}

void GridScript::apply(Ps t, const TimelineEntry& entry) {
  if (entry.set) set(t, *entry.set);
  if (entry.ramp) ramp(t, *entry.ramp);
  for (const Sag& one : entry.sags) sag(t, one);
}

void GridScript::apply(Ps t, const ProfileRow& row) {
  const ProfileTable& table = *profile_->table;
  for (int n = 0; n < phase_count; ++n) {
    const auto i = static_cast<std::size_t>(n);
    const ProfileColumns& columns = table.columns[i];
    if (columns.voltage) {
      phase(n).voltage_V = row.phases[i].voltage_V;
      grid_.schedule_voltage(n, t, phase(n).voltage(n));
    }
    if (columns.load == ProfileLoad::none) continue;
    // What is given for all together is shared by the phases that the meter has.
    const double part = one_phase_ ? (n == 0 ? 1.0 : 0.0) : 1.0 / phase_count;
    const double load = row.phases[i].load * profile_->scale * (table.total_load ? part : 1);
    double reactive = row.phases[i].reactive;
    if (columns.reactive == ProfileReactive::power) {
      reactive *= profile_->scale * (table.total_reactive ? part : 1);
    }
    phase(n).apply(columns, load, reactive);
    grid_.schedule_current(n, t, phase(n).current());
  }
}

void GridScript::apply_all(const Scenario& scenario, int index) {
  std::vector<Instant> instants;
  if (profile_) {
    profile_->for_each(scenario.duration, [&instants](Ps t, const ProfileRow& row) {
      instants.push_back({t, nullptr, &row});
    });
  }
  for (const TimelineEntry& entry : scenario.timeline) {
    if (entry.meter && *entry.meter != index) continue;
    for (const Ps t : entry.at) {
      if (t < scenario.duration) instants.push_back({t, &entry});
    }
  }
  std::stable_sort(instants.begin(), instants.end(),
                   [](const Instant& a, const Instant& b) { return a.t < b.t; });
  for (const Instant& instant : instants) {
    if (instant.row != nullptr) {
      apply(instant.t, *instant.row);
    } else {
      apply(instant.t, *instant.entry);
    }
  }
}

bool touches_mains(const TimelineEntry& entry) {
  return entry.set || entry.ramp || !entry.sags.empty();
}

}  // namespace tools
