#include "models/lines/received_track.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace models::lines {
namespace {

using pins::ps_never;

/// After so many time constants the rest moves no edge by a picosecond.
constexpr double settled_after_taus = 25;

bool seen_before(const TrackStep& step, Ps t) { return step.mark != (step.edge < t); }
bool seen_at(const TrackStep& step, Ps t) { return step.mark != (step.edge <= t); }

}  // namespace

ReceivedTrack::ReceivedTrack(const Thresholds& thresholds, double volts) : thresholds_(thresholds) {
  TrackStep first{};
  first.edge = ps_never;
  first.volts = volts;
  first.target_V = volts;
  first.tau_ps = 1;
  first.mark = volts > thresholds.space_to_V;
  state_.steps.push_back(first);
}

double ReceivedTrack::volts_at(const TrackStep& step, Ps t) const {
  const double taus = static_cast<double>(t - step.t) / step.tau_ps;
  if (taus > settled_after_taus) return step.target_V;
  return step.target_V + (step.volts - step.target_V) * std::exp(-taus);
}

double ReceivedTrack::disturbance_at(Ps t, const TrackStep& step) const {
  if (!step.disturbed) return 0;
  const double volts = impulse(step.impulses - 1).volts;
  return t < step.ringing_until ? volts + std::copysign(step.ringing_V, volts) : volts;
}

Ps ReceivedTrack::crossing(const TrackStep& step) {
  const double target = step.target_V + step.disturbance_V;
  double level = 0;
  if (step.mark && target < thresholds_.space_to_V) {
    level = thresholds_.space_to_V - step.disturbance_V;
  } else if (!step.mark && target > thresholds_.mark_from_V) {
    level = thresholds_.mark_from_V - step.disturbance_V;
  } else {
    return ps_never;
  }
  for (const Crossing& known : known_) {
    if (known.from_V == step.volts && known.to_V == step.target_V && known.tau_ps == step.tau_ps &&
        known.level_V == level) {
      return step.t + known.after;
    }
  }
  const double taus = std::log((step.volts - step.target_V) / (level - step.target_V));
  const double after = std::ceil(step.tau_ps * taus);
  const Ps delay = after < 1 ? 1 : static_cast<Ps>(after);
  known_[next_known_] = {step.volts, step.target_V, step.tau_ps, level, delay};
  next_known_ = (next_known_ + 1) % crossings;
  return step.t + delay;
}

void ReceivedTrack::push(TrackStep step) {
  const TrackStep& before = last();
  step.volts = volts_at(before, step.t);
  step.disturbance_V = disturbance_at(step.t, step);
  step.mark = seen_at(before, step.t);
  const double felt = step.volts + step.disturbance_V;
  if (step.mark && felt < thresholds_.space_to_V) step.mark = false;
  if (!step.mark && felt > thresholds_.mark_from_V) step.mark = true;
  step.jump = step.mark != seen_before(before, step.t);
  step.edge = crossing(step);
  state_.steps.push_back(step);
}

void ReceivedTrack::arrive(const Arrival& arrival) {
  while (next_impulse_edge() <= arrival.t) pass_impulse();
  TrackStep step = last();
  step.t = arrival.t;
  step.target_V = arrival.target_V;
  step.tau_ps = arrival.tau_ps;
  step.ringing_V = arrival.ringing_V;
  step.ringing_until = arrival.ringing_until;
  step.arrived = arrival.t;
  ++step.changes;
  push(step);
}

Ps ReceivedTrack::next_impulse_edge() const {
  if (state_.impulses.empty()) return ps_never;
  const TrackStep& step = last();
  if (step.disturbed) return impulse(step.impulses - 1).to;
  const bool more = step.impulses - state_.forgotten_impulses < state_.impulses.size();
  return more ? impulse(step.impulses).from : ps_never;
}

void ReceivedTrack::pass_impulse() {
  TrackStep step = last();
  step.t = next_impulse_edge();
  if (!step.disturbed) ++step.impulses;
  step.disturbed = !step.disturbed;
  push(step);
}

void ReceivedTrack::settle() {
  while (next_impulse_edge() != ps_never) pass_impulse();
}

std::size_t ReceivedTrack::left_by_rewind(std::uint64_t change, Ps t) const {
  const Steps& steps = state_.steps;
  std::size_t left = steps.size() - 1;
  while (left > 0 && steps[left].changes > change) --left;
  const Ps keep = std::max(t, steps[left].arrived);
  while (left > 0 && steps[left].t > keep) --left;
  return left;
}

std::size_t ReceivedTrack::left_by_rewind_to(Ps t) const {
  std::size_t left = state_.steps.size() - 1;
  while (left > 0 && state_.steps[left].t >= t) --left;
  return left;
}

void ReceivedTrack::rewind(std::uint64_t change, Ps t) {
  state_.steps.resize(left_by_rewind(change, t) + 1);
}

void ReceivedTrack::rewind_to(Ps t) { state_.steps.resize(left_by_rewind_to(t) + 1); }

void ReceivedTrack::disturb(const Impulse& impulse) {
  if (impulse.to <= impulse.from || impulse.from <= last().t || impulse.from <= impulse_end()) {
    throw std::invalid_argument("an impulse comes before what has come already");
  }
  state_.impulses.push_back(impulse);
}

std::size_t ReceivedTrack::step_at(Ps t) const {
  const Steps& steps = state_.steps;
  // Mostly asked of what has just been: a few steps back from the end, then by halves.
  std::size_t i = steps.size() - 1;
  for (int look = 0; look < 4; ++look) {
    if (steps[i].t <= t || i == 0) return i;
    --i;
  }
  const auto after = std::upper_bound(steps.begin(), steps.end(), t,
                                      [](Ps at, const TrackStep& step) { return at < step.t; });
  return after == steps.begin() ? 0 : static_cast<std::size_t>(after - steps.begin()) - 1;
}

bool ReceivedTrack::mark_at(Ps t) const { return seen_at(state_.steps[step_at(t)], t); }

std::uint64_t ReceivedTrack::marks_at(const Ps* instants, int count) const {
  if (count <= 0) return 0;
  const Steps& steps = state_.steps;
  std::size_t i = step_at(instants[0]);
  std::uint64_t marks = 0;
  for (int n = 0; n < count; ++n) {
    while (i + 1 < steps.size() && steps[i + 1].t <= instants[n]) ++i;
    marks |= static_cast<std::uint64_t>(seen_at(steps[i], instants[n])) << n;
  }
  return marks;
}

Ps ReceivedTrack::next_edge(Ps from, bool falls_only) const {
  const Steps& steps = state_.steps;
  for (std::size_t i = step_at(from); i < steps.size(); ++i) {
    const TrackStep& step = steps[i];
    if (step.jump && step.t >= from && !(falls_only && step.mark)) return step.t;
    const Ps ends = i + 1 < steps.size() ? steps[i + 1].t : ps_never;
    if (step.edge >= from && step.edge < ends && !(falls_only && !step.mark)) return step.edge;
  }
  return ps_never;
}

void ReceivedTrack::edges_from(std::size_t step, std::vector<Edge>& out) const {
  const Steps& steps = state_.steps;
  for (std::size_t i = step; i < steps.size(); ++i) {
    if (steps[i].jump) out.push_back({steps[i].t, steps[i].mark});
    const Ps ends = i + 1 < steps.size() ? steps[i + 1].t : ps_never;
    if (steps[i].edge < ends) out.push_back({steps[i].edge, !steps[i].mark});
  }
}

void ReceivedTrack::forget_before(Ps t) {
  Steps& steps = state_.steps;
  steps.erase(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(step_at(t)));
  // An impulse is needed while a step is left that may be rewound to before its end.
  std::size_t over = 0;
  while (over < state_.impulses.size() && state_.impulses[over].to < steps.front().t) ++over;
  const std::uint64_t begun = steps.front().impulses - state_.forgotten_impulses;
  const std::uint64_t needed = steps.front().disturbed ? begun - 1 : begun;
  over = static_cast<std::size_t>(std::min<std::uint64_t>(over, needed));
  state_.impulses.erase(state_.impulses.begin(),
                        state_.impulses.begin() + static_cast<std::ptrdiff_t>(over));
  state_.forgotten_impulses += over;
}

}  // namespace models::lines
