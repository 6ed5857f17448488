#include "models/thermal/body.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "models/truth/product.h"

namespace models::thermal {

namespace {

constexpr double ps_per_s = 1e12;

std::int64_t level_of(double kelvin) {
  return std::llround((kelvin - sensors::reference_temperature_K) / step_K);
}

double kelvin_of(std::int64_t level) {
  return sensors::reference_temperature_K + static_cast<double>(level) * step_K;
}

}  // namespace

Body::Body(const Ambient& air) : air_(air) {}

Body::Body(const Ambient& air,
           const std::array<const grid::StretchSource*, sensors::phase_count>& currents,
           const sensors::ThermalSpec& spec)
    : air_(air), currents_(currents), time_constant_s_(spec.time_constant_s) {
  if (!(spec.rise_K >= 0 && spec.rise_K <= 200)) {
    throw std::invalid_argument("self-heating lies between 0 and 200 K");
  }
  if (!(spec.time_constant_s >= 0 && spec.time_constant_s <= 1e6)) {
    throw std::invalid_argument("a thermal time constant lies between 0 and 1e6 s");
  }
  if (spec.rise_K == 0) return;
  if (!(spec.rise_current_A > 0) || !(spec.time_constant_s > 0)) {
    throw std::invalid_argument("self-heating needs its current and its time constant");
  }
  kelvin_per_A2_ = spec.rise_K / (sensors::phase_count * spec.rise_current_A * spec.rise_current_A);
}

Held Body::held_at(Ps t) const {
  const std::uint64_t revision = note_asked(t);
  if (revision == revision_ && t >= last_told_.start && t < last_told_.end) {
    state_.asked_until = std::max(state_.asked_until, t + 1);
    return last_told_;
  }
  if (state_.spans.empty()) {
    state_.spans.push_back(first_span());
  } else if (revision != revision_) {
    // What was told stands; what comes after it may have been scheduled anew.
    state_.spans.back().end = planned_end(state_.asked_until - 1);
  }
  revision_ = revision;
  state_.asked_until = std::max(state_.asked_until, t + 1);
  while (state_.spans.back().end <= t) {
    const Span& last = state_.spans.back();
    state_.spans.push_back(next_span(last.end, value(last, last.end)));
  }
  last_told_ = step_in(told_span(t), t);
  forget();
  return last_told_;
}

Held Body::planned_at(Ps t) const {
  Span span{};
  if (state_.spans.empty()) {
    span = first_span();
  } else {
    const Span& told = told_span(t);
    span = told;
    if (&told == &state_.spans.back()) span.end = planned_end(state_.asked_until - 1);
  }
  while (span.end <= t) span = next_span(span.end, value(span, span.end));
  return step_in(span, t);
}

void Body::restore(const BodyState& state) {
  state_ = state;
  if (state_.asked_until > 0) revision_ = note_asked(state_.asked_until - 1);
  last_told_ = {};
}

std::uint64_t Body::note_asked(Ps t) const {
  std::uint64_t revisions = air_.note_asked(t);  // each only grows, so the sum tells of any change
  if (kelvin_per_A2_ == 0) return revisions;
  for (const grid::StretchSource* current : currents_) revisions += current->note_asked(t);
  return revisions;
}

const Body::Span& Body::told_span(Ps t) const {
  auto span = state_.spans.rbegin();  // most often the last
  while (span != state_.spans.rend() && span->start > t) ++span;
  if (span == state_.spans.rend()) throw std::logic_error("this long ago no body remembers");
  return *span;
}

/// Drops the older half when there are many and none of them is recent.
void Body::forget() const {
  constexpr std::size_t many = 128;
  const auto half = static_cast<std::ptrdiff_t>(state_.spans.size() / 2);
  if (state_.spans.size() < many ||
      (state_.spans.begin() + half)->start + pins::ps_per_s > state_.asked_until)
    return;
  state_.spans.erase(state_.spans.begin(), state_.spans.begin() + half);
}

Body::Span Body::first_span() const { return next_span(0, air_.planned_at(0).kelvin); }

Body::Span Body::next_span(Ps start, double begin_K) const {
  const Held air = air_.planned_at(start);
  Span span{start, air.end, begin_K, air.kelvin};
  if (kelvin_per_A2_ == 0) return span;
  double squares_A2 = 0;
  for (const grid::StretchSource* current : currents_) {
    current->planned_at(start, stretch_);
    span.end = std::min(span.end, stretch_.end);
    squares_A2 += truth::Product(stretch_, stretch_).mean();
  }
  span.target_K += kelvin_per_A2_ * squares_A2;
  return span;
}

Ps Body::planned_end(Ps t) const {
  Ps end = air_.planned_at(t).end;
  if (kelvin_per_A2_ == 0) return end;
  for (const grid::StretchSource* current : currents_) {
    current->planned_at(t, stretch_);
    end = std::min(end, stretch_.end);
  }
  return end;
}

double Body::value(const Span& span, Ps t) const {
  if (time_constant_s_ == 0) return span.target_K;
  const double passed_s = static_cast<double>(t - span.start) / ps_per_s;
  return span.target_K + (span.begin_K - span.target_K) * std::exp(-passed_s / time_constant_s_);
}

/// When the temperature is half a step beyond `level`, on its way to the span's target.
Ps Body::leaves(const Span& span, std::int64_t level, int direction) const {
  const double border_K = kelvin_of(level) + direction * step_K / 2;
  const double from_K = span.begin_K - span.target_K;
  const double passed_ps =
      ps_per_s * time_constant_s_ * std::log(from_K / (border_K - span.target_K));
  // The negation is true of what is no number as well: a border that is never reached.
  if (!(passed_ps < static_cast<double>(span.end - span.start))) return span.end;
  return span.start + static_cast<Ps>(std::ceil(std::max(passed_ps, 0.0)));
}

Held Body::step_in(const Span& span, Ps t) const {
  const std::int64_t last = level_of(span.target_K);
  if (time_constant_s_ == 0) return {kelvin_of(last), span.start, span.end};
  const std::int64_t first = level_of(span.begin_K);
  if (first == last) return {kelvin_of(last), span.start, span.end};
  const int direction = last > first ? 1 : -1;
  const auto end_of = [&](std::int64_t level) {
    return level == last ? span.end : leaves(span, level, direction);
  };
  std::int64_t level =
      std::clamp(level_of(value(span, t)), std::min(first, last), std::max(first, last));
  // Borders are rounded to the picosecond, so the one next to `t` may lie on its other side.
  while (level != last && end_of(level) <= t) level += direction;
  while (level != first && end_of(level - direction) > t) level -= direction;
  const Ps start = level == first ? span.start : end_of(level - direction);
  return {kelvin_of(level), start, end_of(level)};
}

}  // namespace models::thermal
