// A core clock for tests, written apart from the platform's: exact rational edges, and steps of the
// crystal's error at an edge.
#pragma once

#include <cstddef>
#include <vector>

#include "models/grid/exact_phase.h"
#include "peripherals/bus/core_clock.h"

namespace tests {

using models::grid::floor_div;
using models::grid::Int128;
using models::grid::round_div;
using models::pins::Ps;
using peripherals::ClockStretch;
using peripherals::Cycle;

class RationalClock final : public peripherals::CoreClock {
 public:
  /// An instant: numerator / denominator ps.
  struct Instant {
    Int128 numerator;
    Int128 denominator;
  };

  RationalClock() : parts_{{0, 0, 0}} {}

  /// From edge `n` on the frequency is (1 + ppb·1e-9) times nominal; the edge's instant is kept to
  /// a 6144th of a picosecond.
  void set_error(Cycle n, std::int64_t ppb) {
    const Instant at = exact(n);
    parts_.push_back({n, floor_div(at.numerator * thirds, at.denominator), ppb});
  }

  Instant exact(Cycle n) const {
    const Part& part = part_of(n);
    const Int128 scale = billion + part.ppb;
    return {part.start * scale + Int128{n - part.first} * 244140625 * billion, thirds * scale};
  }

  Ps edge(Cycle n) const override {
    const Instant at = exact(n);
    return static_cast<Ps>(round_div(at.numerator, at.denominator));
  }

  Cycle at_or_after(Ps t) const override {
    auto n = static_cast<Cycle>(static_cast<double>(t) / 39736.43) - 5;
    n = n < 0 ? 0 : n;
    n -= n / 500;  // a start below the answer for errors of up to ±1000 ppm
    while (edge(n + (Cycle{1} << 20)) < t) n += Cycle{1} << 20;
    for (Cycle stride = Cycle{1} << 20; stride > 0; stride /= 2) {
      while (edge(n + stride) < t) n += stride;
    }
    return edge(n) >= t ? n : n + 1;
  }

  ClockStretch stretch(Cycle n) const override {
    const Part& part = part_of(n);
    const Cycle last = &part == &parts_.back() ? peripherals::cycle_never : (&part + 1)->first;
    const Int128 whole = floor_div(part.start, thirds);
    return {part.first, last, static_cast<Ps>(whole),
            static_cast<double>(part.start - whole * thirds) / static_cast<double>(thirds),
            static_cast<double>(244140625.0L * 1e9L /
                                (6144.0L * (1e9L + static_cast<long double>(part.ppb))))};
  }

 private:
  static constexpr Int128 thirds = 6144;  ///< parts of a picosecond
  static constexpr Int128 billion = 1'000'000'000;
  struct Part {
    Cycle first;
    Int128 start;  ///< in 1/6144 ps
    std::int64_t ppb;
  };
  const Part& part_of(Cycle n) const {
    std::size_t k = parts_.size() - 1;
    while (k > 0 && parts_[k].first > n) --k;
    return parts_[k];
  }

  std::vector<Part> parts_;
};

}  // namespace tests
