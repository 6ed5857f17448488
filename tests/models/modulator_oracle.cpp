#include "modulator_oracle.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>

namespace tests {

namespace {

using models::grid::floor_mod;
using models::grid::one_turn;

constexpr long double two_pi = 6.283185307179586476925286766559L;

std::vector<long double> running_sum(const std::vector<long double>& x) {
  std::vector<long double> sums(x.size() - 255);
  for (std::size_t k = 0; k < sums.size(); ++k) {
    if (k % 4096 == 0) {  // anew now and then, so that rounding does not pile up
      sums[k] = 0;
      for (std::size_t j = 0; j < 256; ++j) sums[k] += x[k + j];
    } else {
      sums[k] = sums[k - 1] + x[k + 255] - x[k - 1];
    }
  }
  return sums;
}

/// Straight from point to point; beyond its ends the line goes on as it began or ended.
long double line_at(const std::vector<models::pins::Point>& line, Int128 whole, long double rest) {
  if (line.empty()) return 0;
  std::size_t k = 0;
  while (k + 2 < line.size() && Int128{line[k + 1].at} <= whole) ++k;
  const auto since = static_cast<long double>(whole - Int128{line[k].at}) + rest;
  const auto length = static_cast<long double>(line[k + 1].at - line[k].at);
  return line[k].value +
         since / length * (static_cast<long double>(line[k + 1].value) - line[k].value);
}

}  // namespace

long double value_at(const models::pins::Piece& piece, const RationalClock::Instant& t) {
  const Int128 whole = floor_div(t.numerator, t.denominator);
  const long double rest = static_cast<long double>(t.numerator - whole * t.denominator) /
                           static_cast<long double>(t.denominator);
  long double value = piece.dc;
  for (const models::pins::Tone& tone : piece.tones) {
    const Int128 phase =
        floor_mod(Int128{tone.frequency_nHz} * (whole - Int128{tone.origin}), one_turn);
    const long double turns = static_cast<long double>(phase) * 1e-21L +
                              static_cast<long double>(tone.frequency_nHz) * rest * 1e-21L +
                              static_cast<long double>(tone.phase_turns);
    value += static_cast<long double>(tone.amplitude) * std::sin(two_pi * turns);
  }
  return value + line_at(piece.line, whole, rest);
}

std::vector<std::int32_t> walk_modulator(const models::pins::AnalogSource& source,
                                         const RationalClock& clock, peripherals::Cycle start,
                                         int offset, std::int64_t first, int count,
                                         double full_scale) {
  std::vector<long double> seen;
  models::pins::Piece piece{0, 0, 0, {}};
  for (std::int64_t look = 256 * first - 765; look <= 256 * (first + count - 1); ++look) {
    const peripherals::Cycle cycle = start + 24 * (offset + look);
    const Ps rounded = clock.edge(std::max<peripherals::Cycle>(cycle, 0));
    if (rounded < piece.start || rounded >= piece.end) source.piece_at(rounded, piece);
    seen.push_back(value_at(piece, clock.exact(cycle)));
  }
  const std::vector<long double> sums = running_sum(running_sum(running_sum(seen)));
  std::vector<std::int32_t> codes;
  for (std::size_t k = 0; k < sums.size(); k += 256) {
    const long double mean = sums[k] / (256.0L * 256 * 256);
    const long double code = std::nearbyint(mean / full_scale * 8388608);
    codes.push_back(static_cast<std::int32_t>(std::clamp(code, -8388608.0L, 8388607.0L)));
  }
  return codes;
}

std::int64_t largest_difference(const std::vector<std::int32_t>& a,
                                const std::vector<std::int32_t>& b) {
  if (a.size() != b.size()) return INT64_MAX;
  std::int64_t largest = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    largest = std::max(largest, std::abs(std::int64_t{a[k]} - b[k]));
  }
  return largest;
}

}  // namespace tests
