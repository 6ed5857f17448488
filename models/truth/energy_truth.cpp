#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "models/truth/fundamental.h"
#include "models/truth/truth.h"

namespace models::truth {

namespace {

constexpr double s_per_ps = 1e-12;
/// Powers this far below the parts they are the sum of are rounding.
constexpr double negligible = 1e-12;

std::size_t side(Direction direction) { return direction == Direction::forward ? 0 : 1; }

Energy energy_of(const std::array<long double, 2>& sums) {
  return {static_cast<double>(sums[0]), static_cast<double>(sums[1])};
}

}  // namespace

EnergyTruth::EnergyTruth(std::vector<Element> elements) : elements_(std::move(elements)) {
  checkpoints_.push_back({0, Sums{}});
}

const EnergyTruth::Span& EnergyTruth::span_at(Ps t) const {
  std::uint64_t revision = 0;
  for (const Element& element : elements_) {
    revision += element.voltage->note_asked(t) + element.current->note_asked(t);
  }
  if (span_known_ && revision == revision_ && t >= span_.start && t < span_.end) return span_;
  span_.start = 0;
  span_.end = pins::ps_never;
  span_.p_W = 0;
  span_.q_var = 0;
  span_.products.clear();
  double scale = 0;
  for (const Element& element : elements_) {
    element.voltage->stretch_at(t, voltage_);
    element.current->stretch_at(t, current_);
    span_.start = std::max({span_.start, voltage_.start, current_.start});
    span_.end = std::min({span_.end, voltage_.end, current_.end});
    const Product& product = span_.products.emplace_back(voltage_, current_);
    span_.p_W += product.mean();
    span_.q_var += fundamental_reactive_power(voltage_, current_);
    scale += product.scale();
  }
  if (std::abs(span_.p_W) <= negligible * scale) span_.p_W = 0;
  if (std::abs(span_.q_var) <= negligible * scale) span_.q_var = 0;
  revision_ = revision;
  span_known_ = true;
  return span_;
}

void EnergyTruth::add(const Span& span, Ps from, Ps to, Sums& sums) {
  const long double duration_s = static_cast<long double>(to - from) * s_per_ps;
  if (span.p_W != 0) {
    const std::size_t direction = span.p_W > 0 ? 0 : 1;
    const long double sign = span.p_W > 0 ? 1 : -1;
    for (const Product& product : span.products) {
      sums.active[direction] += sign * product.integral(from, to);
    }
    sums.smooth[direction] += sign * span.p_W * duration_s;
  }
  if (span.q_var != 0) {
    sums.reactive[span.q_var > 0 ? 0 : 1] += std::abs(span.q_var) * duration_s;
  }
}

void EnergyTruth::add_all(Ps from, Ps to, Sums& sums) const {
  while (from < to) {
    const Span& span = span_at(from);
    const Ps end = std::min(span.end, to);
    add(span, from, end, sums);
    from = end;
  }
}

void EnergyTruth::extend_to(Ps t) const {
  for (;;) {
    const Checkpoint last = checkpoints_.back();
    if (last.at >= t) return;
    const Span& span = span_at(last.at);
    if (span.end > t) return;  // a later change may still cut it short
    Checkpoint next{span.end, last.sums};
    add(span, last.at, span.end, next.sums);
    checkpoints_.push_back(next);
  }
}

void EnergyTruth::note_told(Ps until) const {
  if (until == 0) return;
  for (const Element& element : elements_) {
    element.voltage->note_asked(until - 1);
    element.current->note_asked(until - 1);
  }
}

EnergyTruth::Sums EnergyTruth::between(Ps from, Ps to) const {
  Sums sums{};
  note_told(to);
  extend_to(to);
  const auto later = [](Ps t, const Checkpoint& point) { return t < point.at; };
  const auto earlier = [](const Checkpoint& point, Ps t) { return point.at < t; };
  const auto first = std::lower_bound(checkpoints_.begin(), checkpoints_.end(), from, earlier);
  const auto last = std::upper_bound(checkpoints_.begin(), checkpoints_.end(), to, later) - 1;
  if (first == checkpoints_.end() || first->at >= last->at) {
    add_all(from, to, sums);
    return sums;
  }
  for (std::size_t k = 0; k < 2; ++k) {
    sums.active[k] = last->sums.active[k] - first->sums.active[k];
    sums.smooth[k] = last->sums.smooth[k] - first->sums.smooth[k];
    sums.reactive[k] = last->sums.reactive[k] - first->sums.reactive[k];
  }
  const Ps inner_from = first->at;
  const Ps inner_to = last->at;
  add_all(from, inner_from, sums);
  add_all(inner_to, to, sums);
  return sums;
}

Energy EnergyTruth::active(Ps from, Ps to) const { return energy_of(between(from, to).active); }

Energy EnergyTruth::reactive(Ps from, Ps to) const { return energy_of(between(from, to).reactive); }

Energy EnergyTruth::active_smooth(Ps from, Ps to) const {
  return energy_of(between(from, to).smooth);
}

Ps EnergyTruth::instant_of(Direction direction, double energy_Ws, Ps limit) const {
  const std::size_t k = side(direction);
  note_told(limit);
  extend_to(limit);
  const auto reached =
      std::lower_bound(checkpoints_.begin(), checkpoints_.end(), energy_Ws,
                       [k](const Checkpoint& point, double energy) {
                         return point.sums.smooth[k] < static_cast<long double>(energy);
                       });
  if (reached == checkpoints_.begin()) return 0;
  const Checkpoint before = *(reached - 1);
  if (before.at >= limit) return pins::ps_never;
  // The next checkpoint, or the limit, ends the one span in which it can be reached.
  const Span& span = span_at(before.at);
  const double power_W = direction == Direction::forward ? span.p_W : -span.p_W;
  if (power_W <= 0) return pins::ps_never;
  const long double missing_Ws = energy_Ws - before.sums.smooth[k];
  const long double wait_ps = std::ceil(missing_Ws / power_W * 1e12L);
  if (wait_ps > static_cast<long double>(limit - before.at)) return pins::ps_never;
  return before.at + static_cast<Ps>(wait_ps);
}

}  // namespace models::truth
