#include "models/grid/grid.h"

#include <algorithm>
#include <stdexcept>

#include "models/grid/grid_checks.h"
#include "models/grid/grid_state.h"
#include "models/grid/waveform_source.h"

namespace models::grid {

namespace {

std::size_t index_of(int phase) {
  check_phase(phase);
  return static_cast<std::size_t>(phase);
}

/// What is played gives way to what is scheduled.
void end_played(Track<PlayedChannel>& track, Ps at) {
  if (track.find(at).value.playback) track.set(at, PlayedChannel{});
}

void check_not_played(const Track<PlayedChannel>& track, Ps from) {
  if (track.find(from).value.playback) {
    throw std::invalid_argument("what is played from a recording cannot be ramped");
  }
}

}  // namespace

Grid::Grid(std::int64_t frequency_nHz) {
  check_frequency(frequency_nHz);
  state_ = std::make_unique<GridState>(frequency_nHz);
  for (int phase = 0; phase < phase_count; ++phase) {
    VoltageSpec spec;
    spec.angle_deg = -120.0 * phase;
    state_->phases[index_of(phase)].voltage.set(0, spec);
    voltages_[index_of(phase)] = std::make_unique<VoltageSource>(*state_, phase);
    currents_[index_of(phase)] = std::make_unique<CurrentSource>(*state_, phase);
  }
}

Grid::~Grid() = default;

void Grid::schedule_voltage(int phase, Ps at, const VoltageSpec& spec) {
  PhaseSchedule& schedule = state_->phases[index_of(phase)];
  check_future(at, state_->asked_until);
  check_voltage(spec);
  ++state_->revision;
  schedule.voltage.set(at, spec);
  schedule.voltage_rms.set(at, at, spec.rms_V);
  end_played(schedule.voltage_played, at);
}

void Grid::schedule_voltage_ramp(int phase, Ps from, Ps to, double rms_V) {
  PhaseSchedule& schedule = state_->phases[index_of(phase)];
  check_span(from, to, state_->asked_until);
  check_rms_V(rms_V);
  check_not_played(schedule.voltage_played, from);
  ++state_->revision;
  schedule.voltage_rms.set(from, to, rms_V);
}

void Grid::schedule_dip(int phase, Ps at, Ps duration, double residual) {
  std::vector<Dip>& dips = state_->phases[index_of(phase)].dips;
  const Ps room = pins::ps_max_segment - std::min(at, pins::ps_max_segment);
  check_span(at, duration <= room ? at + duration : pins::ps_never, state_->asked_until);
  check_residual(residual);
  const Dip dip{at, at + duration, residual};
  const auto next = std::lower_bound(dips.begin(), dips.end(), at,
                                     [](const Dip& other, Ps t) { return other.at < t; });
  if ((next != dips.end() && next->at < dip.end) ||
      (next != dips.begin() && (next - 1)->end > dip.at)) {
    throw std::invalid_argument("two dips, swells or interruptions of one phase overlap");
  }
  ++state_->revision;
  dips.insert(next, dip);
}

void Grid::schedule_current(int phase, Ps at, const CurrentSpec& spec) {
  PhaseSchedule& schedule = state_->phases[index_of(phase)];
  check_future(at, state_->asked_until);
  check_current(spec);
  ++state_->revision;
  schedule.current.set(at, spec);
  schedule.current_rms.set(at, at, spec.rms_A);
  end_played(schedule.current_played, at);
}

void Grid::schedule_current_ramp(int phase, Ps from, Ps to, double rms_A) {
  PhaseSchedule& schedule = state_->phases[index_of(phase)];
  check_span(from, to, state_->asked_until);
  check_rms_A(rms_A);
  check_not_played(schedule.current_played, from);
  ++state_->revision;
  schedule.current_rms.set(from, to, rms_A);
}

void Grid::schedule_recording(Ps at, const RecordingSpec& spec) {
  check_future(at, state_->asked_until);
  if (!spec.playback) throw std::invalid_argument("a recording to be played is missing");
  if (spec.skip >= spec.playback->length()) {
    throw std::invalid_argument("a recording's start lies before its end");
  }
  const auto play = [&](Track<PlayedChannel>& track, const std::optional<int>& channel) {
    if (!channel) {
      end_played(track, at);
      return;
    }
    if (*channel < 0 || *channel >= spec.playback->channels()) {
      throw std::invalid_argument("a recording has no such channel");
    }
    track.set(at, PlayedChannel{spec.playback, *channel, at, spec.skip});
  };
  ++state_->revision;
  for (std::size_t k = 0; k < phase_count; ++k) {
    play(state_->phases[k].voltage_played, spec.voltage[k]);
    play(state_->phases[k].current_played, spec.current[k]);
  }
}

void Grid::schedule_frequency(Ps at, std::int64_t frequency_nHz) {
  check_future(at, state_->asked_until);
  check_frequency(frequency_nHz);
  ++state_->revision;
  state_->frequency.set(at, at, frequency_nHz);
}

void Grid::schedule_frequency_ramp(Ps from, Ps to, std::int64_t frequency_nHz) {
  check_span(from, to, state_->asked_until);
  check_frequency(frequency_nHz);
  ++state_->revision;
  state_->frequency.set(from, to, frequency_nHz);
}

void Grid::schedule_sequence(Ps at, bool reversed) {
  check_future(at, state_->asked_until);
  ++state_->revision;
  state_->sequence_reversed.set(at, reversed);
}

const StretchSource& Grid::voltage(int phase) const { return *voltages_[index_of(phase)]; }

const StretchSource& Grid::current(int phase) const { return *currents_[index_of(phase)]; }

VoltageSpec Grid::voltage_spec(int phase, Ps t) const {
  const PhaseSchedule& schedule = state_->phases[index_of(phase)];
  VoltageSpec spec = schedule.voltage.find(t).value;
  spec.rms_V = schedule.voltage_rms.find(t).rms;
  return spec;
}

CurrentSpec Grid::current_spec(int phase, Ps t) const {
  const PhaseSchedule& schedule = state_->phases[index_of(phase)];
  CurrentSpec spec = schedule.current.find(t).value;
  spec.rms_A = schedule.current_rms.find(t).rms;
  return spec;
}

std::int64_t Grid::frequency_nHz(Ps t) const { return state_->frequency.find(t).frequency_nHz; }

}  // namespace models::grid
