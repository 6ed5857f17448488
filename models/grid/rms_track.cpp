#include "models/grid/rms_track.h"

#include <algorithm>

namespace models::grid {

double RmsTrack::line(const Move& move, double from_start_ps) {
  const auto length = static_cast<double>(move.until - move.at);
  if (from_start_ps >= length) return move.rms;
  return move.begin + (move.rms - move.begin) * (from_start_ps / length);
}

void RmsTrack::set(Ps at, Ps until, double rms) {
  auto place = std::lower_bound(moves_.begin(), moves_.end(), at,
                                [](const Move& move, Ps t) { return move.at < t; });
  if (place == moves_.end() || place->at != at) {
    place = moves_.insert(place, {at, until, 0, rms, false});
  } else {
    const bool was_step = place->until == at;
    const double begin = was_step ? place->rms : place->begin;
    *place = {at, until, begin, rms, was_step || place->begins_itself};
  }
  for (auto move = place; move != moves_.end(); ++move) {
    if (move->begins_itself) continue;
    const Move& previous = *(move - 1);
    move->begin = line(previous, static_cast<double>(move->at - previous.at));
  }
}

RmsTrack::Found RmsTrack::find(Ps t) const {
  const auto next = std::upper_bound(moves_.begin(), moves_.end(), t,
                                     [](Ps when, const Move& move) { return when < move.at; });
  const Move& move = *(next - 1);
  const Ps limit = next == moves_.end() ? pins::ps_never : next->at;
  if (t >= move.until) return {move.rms, move.until, limit};
  const Step step = step_at(move.at, move.until, t);
  const double middle =
      (static_cast<double>(step.start - move.at) + static_cast<double>(step.end - move.at)) / 2;
  return {line(move, middle), step.start, std::min(step.end, limit)};
}

}  // namespace models::grid
