#include "platform/clock_tree.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace platform {

namespace {
// One nominal period is 244140625/6144 ps: 10¹² ps / (2²³·3 Hz) in lowest terms.
constexpr std::uint64_t nominal_numerator = 244'140'625;
constexpr std::uint64_t nominal_denominator = 6144;
constexpr std::int64_t billion = 1'000'000'000;
constexpr std::int32_t max_ppb = 1'000'000;
constexpr double rest_per_ps = 18446744073709551616.0;  // 2^64

void require_ppb(std::int32_t ppb) {
  if (ppb < -max_ppb || ppb > max_ppb) {
    throw std::invalid_argument("a crystal is off by at most 1000 ppm");
  }
}

}  // namespace

void require_segment(Ps duration) {
  if (duration > models::pins::ps_max_segment) {
    throw std::out_of_range("one segment of a simulation lasts at most 200 days");
  }
}

ClockTree::ClockTree(std::int32_t ppb, WideTime base) : base_(base) {
  begin_stretch(ClockState{0, base, 0, ppb});
}

ClockTree::ClockTree(const ClockState& state, WideTime base) : base_(base) { restore({state}); }

std::vector<ClockState> ClockTree::state_since(Ps t) const {
  std::vector<ClockState> states;
  for (std::size_t k = 0; k < stretches_.size(); ++k) {
    const bool over = k + 1 < stretches_.size() && stretches_[k + 1].state.start <= base_ + t;
    if (!over) states.push_back(stretches_[k].state);
  }
  return states;
}

void ClockTree::restore(const std::vector<ClockState>& stretches) {
  if (stretches.empty()) throw std::invalid_argument("a clock goes on from one stretch at least");
  stretches_.clear();
  for (const ClockState& state : stretches) begin_stretch(state);
  first_edge_ = ClockTree::at_or_after(0);
}

void ClockTree::begin_stretch(const ClockState& state) {
  require_ppb(state.ppb);
  const std::uint64_t numerator = nominal_numerator * static_cast<std::uint64_t>(billion);
  const std::uint64_t denominator =
      nominal_denominator * static_cast<std::uint64_t>(billion + state.ppb);
  const std::uint64_t common = std::gcd(numerator, denominator);
  Stretch stretch{state, numerator / common, denominator / common, 0, 0, 0};
  stretch.period_whole = stretch.numerator / stretch.denominator;
  const WideTime rest = stretch.numerator % stretch.denominator;
  stretch.period_rest = static_cast<std::uint64_t>((rest << 64) / stretch.denominator);
  stretch.edges_per_ps =
      static_cast<double>(stretch.denominator) / static_cast<double>(stretch.numerator);
  stretches_.push_back(stretch);
}

const ClockTree::Stretch& ClockTree::holding(Cycle n) const {
  std::size_t index = stretches_.size() - 1;
  while (index > 0 && n < stretches_[index].state.first) --index;
  return stretches_[index];
}

ClockTree::Instant ClockTree::instant(const Stretch& stretch, Cycle n) {
  // 2^49 edges in 200 days times 2^58: no overflow.
  const WideTime product =
      static_cast<WideTime>(static_cast<std::uint64_t>(n - stretch.state.first)) *
      stretch.numerator;
  const WideTime whole = product / stretch.denominator;
  const WideTime remainder = product % stretch.denominator;
  const WideTime rest = (remainder << 64) / stretch.denominator + stretch.state.start_rest;
  return Instant{stretch.state.start + whole + (rest >> 64), static_cast<std::uint64_t>(rest)};
}

WideTime ClockTree::rounded(const Instant& exact) { return exact.whole + (exact.rest >> 63); }

WideTime ClockTree::absolute_edge(Cycle n) const {
  const Stretch& stretch = holding(n);
  // A division takes ten times as long as multiplying by the period in 2⁻⁶⁴ ps, which was cut off:
  // the product lacks less than `edges` of them. Only where that could turn the rounding, the
  // division decides.
  const auto edges = static_cast<std::uint64_t>(n - stretch.state.first);
  const WideTime product = static_cast<WideTime>(edges) * stretch.period_rest;
  const WideTime rest =
      static_cast<WideTime>(static_cast<std::uint64_t>(product)) + stretch.state.start_rest;
  const auto fraction = static_cast<std::uint64_t>(rest);
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  if (fraction < half && half - fraction <= edges) return rounded(instant(stretch, n));
  return stretch.state.start + static_cast<WideTime>(edges) * stretch.period_whole +
         (product >> 64) + (rest >> 64) + (fraction >> 63);
}

Ps ClockTree::edge(Cycle n) const {
  const WideTime absolute = absolute_edge(n);
  if (absolute < base_) throw std::out_of_range("a clock edge lies before kernel time 0");
  const WideTime since_base = absolute - base_;
  if (since_base >> 64 != 0) {
    throw std::out_of_range("a clock edge lies beyond what kernel time can hold (213 days)");
  }
  return static_cast<Ps>(since_base);
}

std::int64_t ClockTree::since_zero(Cycle n) const {
  return static_cast<std::int64_t>(absolute_edge(n) - base_);
}

Cycle ClockTree::at_or_after(Ps t) const {
  if (t == models::pins::ps_never) return cycle_never;
  const WideTime wanted = base_ + t;
  std::size_t index = stretches_.size() - 1;
  while (index > 0 && rounded(start_of(stretches_[index])) >= wanted) --index;
  const Stretch& stretch = stretches_[index];
  if (wanted <= stretch.state.start) return stretch.state.first;
  // The guess is an edge off at most, either way: a double holds the 2⁴⁹ edges of 200 days to an
  // eighth. In a chain of segments it may take a few steps.
  const WideTime since_start = wanted - stretch.state.start;
  const double ps = since_start >> 64 == 0
                        ? static_cast<double>(static_cast<std::uint64_t>(since_start))
                        : static_cast<double>(since_start);
  Cycle n = stretch.state.first + static_cast<Cycle>(ps * stretch.edges_per_ps);
  while (n > stretch.state.first && absolute_edge(n - 1) >= wanted) --n;
  while (absolute_edge(n) < wanted) ++n;
  return n;
}

ClockStretch ClockTree::stretch(Cycle n) const {
  const Stretch& found = holding(n);
  const Stretch* newest = &stretches_.back();
  const Cycle last = &found == newest ? cycle_never : (&found + 1)->state.first;
  const Cycle first = std::max(found.state.first, first_edge_);
  const Instant start = first == found.state.first ? start_of(found) : instant(found, first);
  return ClockStretch{
      first, last, static_cast<Ps>(start.whole - base_),
      static_cast<double>(start.rest) / rest_per_ps,
      static_cast<double>(found.numerator) / static_cast<double>(found.denominator)};
}

void ClockTree::set_ppb(Ps t, std::int32_t ppb) {
  require_ppb(ppb);
  const Cycle first = at_or_after(t);
  const Instant start = instant(holding(first), first);
  const ClockState state{first, start.whole, start.rest, ppb};
  if (stretches_.back().state.first == first) stretches_.pop_back();
  begin_stretch(state);
}

}  // namespace platform
