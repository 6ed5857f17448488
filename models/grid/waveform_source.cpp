#include "models/grid/waveform_source.h"

#include <algorithm>
#include <cmath>

namespace models::grid {

namespace {

constexpr double sqrt_2 = 1.41421356237309504880;
constexpr double two_pi = 6.283185307179586476925;

void narrow(Stretch& stretch, Ps start, Ps end) {
  stretch.start = std::max(stretch.start, start);
  stretch.end = std::min(stretch.end, end);
}

std::uint64_t note(const GridState& state, Ps t) {
  state.asked_until = std::max(state.asked_until, t + 1);
  return state.revision;
}

const PhaseSchedule& schedule_of(const GridState& state, int phase) {
  return state.phases[static_cast<std::size_t>(phase)];
}

/// The fundamental's angle of a phase's voltage, with the sequence that holds.
Phase voltage_angle(const GridState& state, int phase, Ps t, Stretch& stretch) {
  const auto reversed = state.sequence_reversed.find(t);
  narrow(stretch, reversed.start, reversed.end);
  const int other = reversed.value && phase != 0 ? phase_count - phase : phase;
  const auto spec = schedule_of(state, other).voltage.find(t);
  narrow(stretch, spec.start, spec.end);
  return phase_of_degrees(spec.value.angle_deg);
}

/// order · phase, for an order in thousandths; whole turns are dropped before they overflow.
Phase multiple(Phase phase, std::int64_t order_milli) {
  return floor_mod(phase, 1000 * one_turn) * order_milli / 1000;
}

/// A fundamental of `peak` whose phase is `angle` ahead of the grid's, and its harmonics.
void add_tones(const FrequencyTrack::Found& grid, Phase angle, double peak,
               const std::vector<Harmonic>& harmonics, Stretch& stretch) {
  stretch.tones.clear();
  if (peak == 0) return;
  const Phase phase = grid.phase_at_start + angle;
  stretch.tones.push_back({peak, grid.frequency_nHz, grid.start, turns_of(phase)});
  for (const Harmonic& harmonic : harmonics) {
    const double amplitude = peak * harmonic.percent / 100;
    const Phase own = phase_of_degrees(harmonic.angle_deg);
    if (amplitude == 0) continue;
    if (harmonic.order_milli == 0) {
      stretch.tones.push_back({amplitude, harmonic.frequency_nHz, 0, turns_of(own)});
    } else {
      const auto frequency_nHz = static_cast<std::int64_t>(
          round_div(Int128{harmonic.order_milli} * grid.frequency_nHz, 1000));
      stretch.tones.push_back({amplitude, frequency_nHz, grid.start,
                               turns_of(multiple(phase, harmonic.order_milli) + own)});
    }
  }
}

/// The intervals of a switch; `intervals` 0 for none.
Gate gate_of(const Switching& switching) {
  Gate gate;
  if (const auto* half = std::get_if<HalfWave>(&switching)) {
    gate.intervals = 1;
    gate.on[0] = *half == HalfWave::positive ? 0 : one_turn / 2;
    gate.off[0] = gate.on[0] + one_turn / 2;
  } else if (const auto* fired = std::get_if<PhaseFired>(&switching)) {
    if (fired->firing_deg == 0) return gate;
    gate.intervals = 2;
    const Phase firing = phase_of_degrees(fired->firing_deg);
    gate.on = {firing, one_turn / 2 + firing};
    gate.off = {one_turn / 2, one_turn};
  } else if (const auto* burst = std::get_if<BurstFired>(&switching)) {
    if (burst->cycles_off == 0) return gate;
    gate.intervals = 1;
    gate.period_turns = burst->cycles_on + burst->cycles_off;
    gate.off[0] = burst->cycles_on * one_turn;
  }
  return gate;
}

/// rms of a switched sine against the unswitched one.
double rms_left(const Switching& switching) {
  if (std::holds_alternative<HalfWave>(switching)) return std::sqrt(0.5);
  if (const auto* fired = std::get_if<PhaseFired>(&switching)) {
    const double turns = fired->firing_deg / 360;
    return std::sqrt(1 - 2 * turns + std::sin(2 * two_pi * turns) / two_pi);
  }
  if (const auto* burst = std::get_if<BurstFired>(&switching)) {
    return std::sqrt(burst->cycles_on / static_cast<double>(burst->cycles_on + burst->cycles_off));
  }
  return 1;
}

/// The dip factor at `t`; narrows the stretch to where it holds.
double residual_at(const std::vector<Dip>& dips, Ps t, Stretch& stretch) {
  const auto next = std::upper_bound(dips.begin(), dips.end(), t,
                                     [](Ps when, const Dip& dip) { return when < dip.at; });
  if (next != dips.end()) narrow(stretch, 0, next->at);
  if (next == dips.begin()) return 1;
  const Dip& dip = *(next - 1);
  if (t >= dip.end) {
    narrow(stretch, dip.end, pins::ps_never);
    return 1;
  }
  narrow(stretch, dip.at, dip.end);
  return dip.residual;
}

/// Where cycle `number` of a recording that was begun at `begun` begins.
Ps cycle_start(Ps begun, Int128 number, std::int64_t frequency_nHz) {
  return begun + static_cast<Ps>(round_div(number * one_turn, frequency_nHz));
}

/// Plays one nominal cycle of a recording, if one is scheduled at `t`; what the stretch held of
/// tones gives way to it. Returns whether.
bool play(const Track<PlayedChannel>& track, Ps t, double factor, Stretch& stretch) {
  const auto found = track.find(t);
  narrow(stretch, found.start, found.end);
  const PlayedChannel& what = found.value;
  if (!what.playback) return false;
  const recordings::Playback& playback = *what.playback;
  stretch.fundamental_nHz = playback.frequency_nHz();
  stretch.tones.clear();
  stretch.gate = Gate{};
  if (!playback.loop()) {
    const Ps over = what.begun + (playback.length() - what.skip);
    if (t >= over) {
      narrow(stretch, over, pins::ps_never);
      return true;
    }
    narrow(stretch, 0, over);
  }
  const std::int64_t frequency = playback.frequency_nHz();
  Int128 number = floor_div(phase_between(frequency, what.begun, t), one_turn);
  // Begins are rounded to the picosecond, so the next one may have come already.
  if (cycle_start(what.begun, number + 1, frequency) <= t) ++number;
  if (number > 0 && cycle_start(what.begun, number, frequency) > t) --number;
  narrow(stretch, cycle_start(what.begun, number, frequency),
         cycle_start(what.begun, number + 1, frequency));
  stretch.played.playback = &playback;
  stretch.played.origin = Int128{what.begun} - Int128{what.skip};
  stretch.played.shares.push_back({what.channel, factor});
  return true;
}

FrequencyTrack::Found begin(const GridState& state, Ps t, Stretch& stretch) {
  const FrequencyTrack::Found grid = state.frequency.find(t);
  stretch.start = grid.start;
  stretch.end = grid.end;
  stretch.fundamental_nHz = grid.frequency_nHz;
  stretch.dc = 0;
  stretch.gate = Gate{};
  clear(stretch.played);
  return grid;
}

}  // namespace

std::uint64_t VoltageSource::note_asked(Ps t) const { return note(state_, t); }

void VoltageSource::stretch_at(Ps t, Stretch& stretch) const {
  note(state_, t);
  planned_at(t, stretch);
}

void VoltageSource::planned_at(Ps t, Stretch& stretch) const {
  const PhaseSchedule& schedule = schedule_of(state_, phase_);
  const FrequencyTrack::Found grid = begin(state_, t, stretch);
  const Phase angle = voltage_angle(state_, phase_, t, stretch);
  const auto spec = schedule.voltage.find(t);
  narrow(stretch, spec.start, spec.end);
  const RmsTrack::Found rms = schedule.voltage_rms.find(t);
  narrow(stretch, rms.start, rms.end);
  const double residual = residual_at(schedule.dips, t, stretch);
  if (play(schedule.voltage_played, t, residual, stretch)) return;
  add_tones(grid, angle, sqrt_2 * rms.rms * residual, spec.value.harmonics, stretch);
}

std::uint64_t CurrentSource::note_asked(Ps t) const { return note(state_, t); }

void CurrentSource::stretch_at(Ps t, Stretch& stretch) const {
  note(state_, t);
  planned_at(t, stretch);
}

void CurrentSource::planned_at(Ps t, Stretch& stretch) const {
  const PhaseSchedule& schedule = schedule_of(state_, phase_);
  const FrequencyTrack::Found grid = begin(state_, t, stretch);
  if (play(schedule.current_played, t, 1, stretch)) return;
  const auto spec = schedule.current.find(t);
  narrow(stretch, spec.start, spec.end);
  const RmsTrack::Found rms = schedule.current_rms.find(t);
  narrow(stretch, rms.start, rms.end);
  const Phase angle =
      voltage_angle(state_, phase_, t, stretch) - phase_of_degrees(spec.value.lag_deg);
  double peak = sqrt_2 * rms.rms;
  if (spec.value.meaning == RmsMeaning::after_switching) peak /= rms_left(spec.value.switching);
  add_tones(grid, angle, peak, spec.value.harmonics, stretch);
  stretch.gate = gate_of(spec.value.switching);
  stretch.gate.frequency_nHz = grid.frequency_nHz;
  stretch.gate.origin = grid.start;
  stretch.gate.phase_at_origin =
      floor_mod(grid.phase_at_start + angle, stretch.gate.period_turns * one_turn);
}

}  // namespace models::grid
