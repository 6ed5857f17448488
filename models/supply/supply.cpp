#include "models/supply/supply.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <map>
#include <stdexcept>

namespace models::supply {

namespace {

using grid::Int128;

constexpr double pi = 3.14159265358979323846;

Ps part_of(Ps capacity, int percent) { return capacity / 100 * static_cast<Ps>(percent); }

/// How much the capacitor gains in `duration` with mains.
Ps gained(Ps capacity, Ps duration) {
  return static_cast<Ps>(Int128{std::min(duration, fill_ps)} * Int128{capacity} / Int128{fill_ps});
}

void pass_time(SupplyState& state, Ps t) {
  const Ps passed = t - state.now;
  state.now = t;
  if (state.feeding) {
    state.level = std::min(state.capacity, state.level + gained(state.capacity, passed));
  } else {
    state.level -= std::min(state.level, passed);
  }
}

/// Over the stretch, which of what is played is a cycle.
double played_mean_square(const grid::Stretch& stretch) {
  const grid::Played& played = stretch.played;
  const Int128 from = Int128{stretch.start} - played.origin;
  const Int128 to = Int128{stretch.end} - played.origin;
  long double sum = 0;
  for (const recordings::Share& a : played.shares) {
    for (const recordings::Share& b : played.shares) {
      sum += static_cast<long double>(a.weight * b.weight) *
             played.playback->product(a.channel, b.channel, from, to);
    }
  }
  return static_cast<double>(sum /
                             (static_cast<long double>(stretch.end - stretch.start) * 1e-12L));
}

/// Mean of what is played times Im(pointer · e^(jω(t − start))).
double played_with_tone(const grid::Stretch& stretch, std::int64_t frequency_nHz,
                        std::complex<double> pointer) {
  const grid::Played& played = stretch.played;
  const Int128 from = Int128{stretch.start} - played.origin;
  const Int128 to = Int128{stretch.end} - played.origin;
  const double turns = grid::turns_of(grid::Phase{frequency_nHz} * from);
  const std::complex<double> back = std::polar(1.0, -2 * pi * turns);
  double sum = 0;
  for (const recordings::Share& share : played.shares) {
    const auto moment = played.playback->moment(share.channel, frequency_nHz, from, to);
    sum += share.weight * (pointer * back * moment).imag();
  }
  return sum / (static_cast<double>(stretch.end - stretch.start) * 1e-12);
}

}  // namespace

double rms_of(const grid::Stretch& stretch) {
  // Tones of one frequency are one tone: in a sum of two lines they add as pointers.
  std::map<std::int64_t, std::complex<double>> pointers;
  for (const pins::Tone& tone : stretch.tones) {
    const auto phase = grid::phase_between(tone.frequency_nHz, tone.origin, stretch.start);
    const double turns = tone.phase_turns + grid::turns_of(phase);
    pointers[tone.frequency_nHz] += std::polar(tone.amplitude, 2 * pi * turns);
  }
  double mean_square = stretch.dc * stretch.dc;
  for (const auto& [frequency, pointer] : pointers) mean_square += std::norm(pointer) / 2;
  if (stretch.played.playback != nullptr) {
    mean_square += played_mean_square(stretch);
    for (const auto& [frequency, pointer] : pointers) {
      mean_square += 2 * played_with_tone(stretch, frequency, pointer);
    }
    mean_square += 2 * stretch.dc * played_with_tone(stretch, 0, {0, 1});
  }
  return std::sqrt(std::max(0.0, mean_square));
}

void rebase(SupplyState& state, Ps by) {
  pass_time(state, by);
  state.now = 0;
  state.mains_known = pins::rebased(state.mains_known, by);
  state.stretch_end = pins::rebased(state.stretch_end, by);
  state.cut_until = pins::rebased(state.cut_until, by);
  state.at_begin = false;
}

Supply::Supply(const std::array<const grid::StretchSource*, 3>& voltages, pins::SupplyInput& meter,
               Ps holdup)
    : voltages_(voltages), meter_(meter) {
  if (holdup > longest_holdup_ps) {
    throw std::invalid_argument("a hold-up capacitor holds the meter up for at most 60 s");
  }
  state_.capacity = holdup;
  look_at_mains(0);
  state_.feeding = state_.mains;
  state_.level = state_.mains ? holdup : 0;
}

void Supply::look_at_mains(Ps t) {
  bool any = false;
  state_.stretch_end = pins::ps_never;
  for (std::size_t n = 0; n < voltages_.size(); ++n) {
    voltages_[n]->planned_at(t, stretch_);
    const double least = state_.phase_feeds[n] ? feeds_until_V : feeds_from_V;
    state_.phase_feeds[n] = rms_of(stretch_) >= least;
    any = any || state_.phase_feeds[n];
    state_.stretch_end = std::min(state_.stretch_end, stretch_.end);
  }
  if (any == state_.mains) return;
  state_.mains = any;
  state_.mains_known = t == 0 && state_.at_begin ? 0 : t + recognition_ps;
}

void Supply::tell(Ps t) {
  const SupplyLevels before = state_.levels;
  SupplyLevels& levels = state_.levels;
  if (t >= state_.mains_known) levels.mains = state_.mains;
  const bool cut = t < state_.cut_until;
  const Ps charged = part_of(state_.capacity, charged_percent);
  levels.charged = !cut && state_.level >= charged && (state_.level > 0 || state_.feeding);
  if (levels.rail) {
    levels.rail = !cut && (state_.level > 0 || state_.feeding);
  } else {
    levels.rail = state_.feeding && state_.level >= part_of(state_.capacity, start_percent);
  }
  // What is dead hears nothing: the rail goes first and comes last.
  if (before.rail && !levels.rail) meter_.rail(t, false);
  if (before.mains != levels.mains) meter_.mains(t, levels.mains);
  if (before.charged != levels.charged) meter_.charged(t, levels.charged);
  if (!before.rail && levels.rail) meter_.rail(t, true);
}

void Supply::advance(Ps t) {
  pass_time(state_, t);
  look_at_mains(t);
  state_.feeding = state_.mains && t >= state_.cut_until;
  tell(t);
}

void Supply::cut(Ps t, Ps duration) {
  pass_time(state_, t);
  state_.cut_until = std::max(state_.cut_until, t + duration);
  state_.feeding = false;
  state_.level = 0;
  tell(t);
}

Ps Supply::reaches(Ps level) const {
  if (state_.feeding) {
    if (level <= state_.level || state_.capacity == 0) return pins::ps_never;
    const Int128 missing = Int128{level - state_.level} * Int128{fill_ps};
    return state_.now + static_cast<Ps>(grid::floor_div(missing + Int128{state_.capacity} - 1,
                                                        Int128{state_.capacity}));
  }
  return level < state_.level ? state_.now + (state_.level - level) : pins::ps_never;
}

Ps Supply::next_event() const {
  Ps next = state_.stretch_end;
  const auto consider = [&](Ps t) {
    if (t > state_.now) next = std::min(next, t);
  };
  if (state_.levels.mains != state_.mains) consider(state_.mains_known);
  if (state_.now < state_.cut_until) consider(state_.cut_until);
  const Ps charged = part_of(state_.capacity, charged_percent);
  if (state_.feeding) {
    if (!state_.levels.rail) consider(reaches(part_of(state_.capacity, start_percent)));
    if (!state_.levels.charged) consider(reaches(charged));
  } else {
    // It is charged at the very level, and no longer one picosecond later.
    if (state_.levels.charged && charged > 0) consider(reaches(charged - 1));
    if (state_.levels.rail) consider(reaches(0));
  }
  return next;
}

}  // namespace models::supply
