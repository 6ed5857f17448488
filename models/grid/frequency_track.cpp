#include "models/grid/frequency_track.h"

#include <algorithm>

namespace models::grid {

namespace {

/// The ramp's line above its beginning, summed over its first `steps` whole steps of `step` ps and
/// divided by the step: Δ·steps²·step / 2D. Differences of it are the steps' frequencies, so that
/// these, rounded to nanohertz, still add up.
Int128 summed_rise(std::int64_t rise_nHz, Int128 steps, Ps step, Ps duration) {
  return round_div(Int128{rise_nHz} * steps * steps * Int128{step}, 2 * Int128{duration});
}

}  // namespace

FrequencyTrack::Found FrequencyTrack::holding(const Move& move, Ps t) {
  const Ps duration = move.until - move.at;
  const std::int64_t rise = move.frequency_nHz - move.begin_nHz;
  const Ps length = duration == 0 ? 0 : step_length(move.at, move.until);
  const auto phase_after = [&](Int128 steps) {
    return move.phase +
           Int128{length} * (move.begin_nHz * steps + summed_rise(rise, steps, length, duration));
  };
  // A step cut short at the ramp's end takes the line's value at its own middle.
  const auto last_nHz = [&](Ps rest) {
    return move.begin_nHz +
           static_cast<std::int64_t>(round_div(Int128{rise} * (2 * Int128{duration} - Int128{rest}),
                                               2 * Int128{duration}));
  };
  if (t >= move.until) {
    Phase phase = move.phase;
    if (duration > 0) {
      const Ps rest = duration % length;
      phase = phase_after(duration / length);
      if (rest > 0) phase += Int128{last_nHz(rest)} * Int128{rest};
    }
    return {move.frequency_nHz, move.until, pins::ps_never, phase};
  }
  const Step step = step_at(move.at, move.until, t);
  const Int128 index = step.index;
  std::int64_t frequency_nHz = last_nHz(step.end - step.start);
  if (step.end - step.start == length) {
    frequency_nHz =
        move.begin_nHz + static_cast<std::int64_t>(summed_rise(rise, index + 1, length, duration) -
                                                   summed_rise(rise, index, length, duration));
  }
  return {frequency_nHz, step.start, step.end, phase_after(index)};
}

std::int64_t FrequencyTrack::line_nHz(const Move& move, Ps t) {
  if (t >= move.until) return move.frequency_nHz;
  const Int128 rise = move.frequency_nHz - move.begin_nHz;
  return move.begin_nHz + static_cast<std::int64_t>(
                              round_div(rise * Int128{t - move.at}, Int128{move.until - move.at}));
}

void FrequencyTrack::set(Ps at, Ps until, std::int64_t frequency_nHz) {
  auto place = std::lower_bound(moves_.begin(), moves_.end(), at,
                                [](const Move& move, Ps t) { return move.at < t; });
  if (place == moves_.end() || place->at != at) {
    place = moves_.insert(place, {at, until, 0, frequency_nHz, false, 0});
  } else {
    const bool was_step = place->until == at;
    const std::int64_t begin_nHz = was_step ? place->frequency_nHz : place->begin_nHz;
    *place = {at, until, begin_nHz, frequency_nHz, was_step || place->begins_itself, 0};
  }
  for (auto move = place; move != moves_.end(); ++move) {
    if (move == moves_.begin()) continue;
    const Move& previous = *(move - 1);
    const Found found = holding(previous, move->at);
    move->phase = found.phase_at_start + phase_between(found.frequency_nHz, found.start, move->at);
    if (!move->begins_itself) move->begin_nHz = line_nHz(previous, move->at);
  }
}

FrequencyTrack::Found FrequencyTrack::find(Ps t) const {
  const auto next = std::upper_bound(moves_.begin(), moves_.end(), t,
                                     [](Ps when, const Move& move) { return when < move.at; });
  Found found = holding(*(next - 1), t);
  if (next != moves_.end()) found.end = std::min(found.end, next->at);
  return found;
}

}  // namespace models::grid
