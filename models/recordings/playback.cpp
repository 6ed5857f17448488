#include "models/recordings/playback.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace models::recordings {

namespace {

using grid::floor_div;
using grid::floor_mod;
using grid::one_turn;
using grid::Phase;
using grid::turns_of;

constexpr double two_pi = 6.283185307179586476925;
constexpr double s_per_ps = 1e-12;
/// A running sum is kept for every so many points; what lies between is walked.
constexpr std::size_t stride = 16;

Phase phase_of(std::int64_t frequency_nHz, Int128 t) { return Phase{frequency_nHz} * t; }

std::complex<double> pointer(Phase phase) { return std::polar(1.0, two_pi * turns_of(phase)); }

/// (sin x − x·cos x)/x²: what the slope of a line gives of a tone about its middle.
double slope_factor(double x) {
  constexpr double small = 0.1;
  if (std::abs(x) > small) return (std::sin(x) - x * std::cos(x)) / (x * x);
  const double y = x * x;
  return x * (1.0 / 3 - y * (1.0 / 30 - y * (1.0 / 840 - y / 45360)));
}

double sinc(double x) { return std::abs(x) < 1e-9 ? 1 : std::sin(x) / x; }

/// Σ e^(j2πkx) for k = 0 … n − 1 with x turns, 0 <= x < 1.
std::complex<double> geometric(Phase turns, Int128 n) {
  if (n <= 0) return 0;
  if (turns == 0) return static_cast<double>(n);
  // sin(πnx)·e^(jπ(n−1)x)/sin(πx); phases of half turns, so modulo two whole ones.
  const auto half = [](Phase phase) {
    return static_cast<double>(floor_mod(phase, 2 * one_turn)) * 1e-21 * two_pi / 2;
  };
  return std::polar(std::sin(half(turns * n)) / std::sin(half(turns)), half(turns * (n - 1)));
}

}  // namespace

Playback::Playback(PlaybackData data) : data_(std::move(data)) {
  const std::vector<Ps>& at = data_.at;
  const auto not_rising = [](Ps a, Ps b) { return a >= b; };
  if (at.size() < 2 || at.front() != 0 ||
      std::adjacent_find(at.begin(), at.end(), not_rising) != at.end()) {
    throw std::invalid_argument("a recording's points rise from 0 on, and are two at the least");
  }
  if (data_.loop ? data_.length <= at.back() : data_.length != at.back()) {
    throw std::invalid_argument("a recording is as long as its points, a loop longer");
  }
  if (data_.length > pins::ps_max_segment) {
    throw std::invalid_argument("a recording is at most 200 days long");
  }
  if (data_.frequency_nHz <= 0) {
    throw std::invalid_argument("a recording needs a nominal frequency");
  }
  for (const std::vector<double>& channel : data_.values) {
    if (channel.size() != at.size()) {
      throw std::invalid_argument("every channel of a recording has a value for every point");
    }
    double peak = 0;
    for (const double value : channel) {
      if (!std::isfinite(value)) throw std::invalid_argument("a recording's values are numbers");
      peak = std::max(peak, std::abs(value));
    }
    peaks_.push_back(peak);
  }
}

Ps Playback::instant(std::size_t index) const {
  return index < data_.at.size() ? data_.at[index] : data_.length;
}

double Playback::value_at(int channel, std::size_t index) const {
  const std::vector<double>& values = data_.values[static_cast<std::size_t>(channel)];
  return values[index < values.size() ? index : 0];
}

double Playback::value_within(int channel, std::size_t index, Ps rest) const {
  const Ps begin = instant(index);
  if (rest == begin) return value_at(channel, index);
  const double first = value_at(channel, index);
  const double share =
      static_cast<double>(rest - begin) / static_cast<double>(instant(index + 1) - begin);
  return first + share * (value_at(channel, index + 1) - first);
}

Playback::Place Playback::place_of(Int128 t) const {
  Place place{};
  t = clamped(t);
  if (data_.loop) place.loops = floor_div(t, Int128{data_.length});
  place.rest = static_cast<Ps>(t - place.loops * Int128{data_.length});
  const auto next = std::upper_bound(data_.at.begin(), data_.at.end(), place.rest);
  place.index = static_cast<std::size_t>(next - data_.at.begin()) - 1;
  return place;
}

Int128 Playback::clamped(Int128 t) const {
  return data_.loop ? t : std::clamp(t, Int128{0}, Int128{data_.length});
}

double Playback::value(int channel, Int128 t) const {
  if (!data_.loop && (t < 0 || t > Int128{data_.length})) return 0;
  const Place place = place_of(t);
  return value_within(channel, place.index, place.rest);
}

void Playback::write_line(const std::vector<Share>& shares, Int128 origin, Ps start, Ps end,
                          std::vector<pins::Point>& line) const {
  const Place first = place_of(Int128{start} - origin);
  const Place last = place_of(Int128{end} - origin);
  line.resize(2);
  line.front() = {start, 0};
  for (const Share& share : shares) {
    line.front().value += share.weight * value_within(share.channel, first.index, first.rest);
  }
  // Whole parts of repetitions: points begin … until − 1 of the one that `turn` begins.
  std::size_t size = 1;
  std::size_t begin = first.index + 1;
  for (Int128 loop = first.loops; loop <= last.loops; ++loop, begin = 0) {
    std::size_t until = data_.at.size();
    if (loop == last.loops) until = last.index + (last.rest > data_.at[last.index] ? 1 : 0);
    if (until <= begin) continue;
    line.resize(size + until - begin + 1);
    // Modulo 2^64: a repetition may have begun before kernel time 0, none of these points lies
    // there.
    const Ps turn = static_cast<Ps>(origin + loop * Int128{data_.length});
    fill_line(shares, begin, until, turn, line.data() + size);
    size += until - begin;
  }
  line[size] = {end, 0};
  for (const Share& share : shares) {
    line[size].value += share.weight * value_within(share.channel, last.index, last.rest);
  }
}

void Playback::fill_line(const std::vector<Share>& shares, std::size_t begin, std::size_t until,
                         Ps turn, pins::Point* out) const {
  const Ps* at = data_.at.data() + begin;
  const std::size_t count = until - begin;
  bool filled = false;
  for (const Share& share : shares) {
    const double* values = data_.values[static_cast<std::size_t>(share.channel)].data() + begin;
    const double weight = share.weight;
    if (filled) {
      for (std::size_t k = 0; k < count; ++k) out[k].value += weight * values[k];
      continue;
    }
    for (std::size_t k = 0; k < count; ++k) out[k] = {turn + at[k], weight * values[k]};
    filled = true;
  }
}

template <typename Sum, typename Segment>
std::vector<Sum> Playback::running_sums(const Segment& segment) const {
  // Up to point 0, stride, 2·stride …, and up to the end.
  const std::size_t segments = data_.loop ? data_.at.size() : data_.at.size() - 1;
  std::vector<Sum> sums;
  sums.reserve(segments / stride + 2);
  Sum sum{};
  for (std::size_t k = 0; k < segments; ++k) {
    if (k % stride == 0) sums.push_back(sum);
    sum += segment(k);
  }
  sums.push_back(sum);
  return sums;
}

long double Playback::product_segment(int a, int b, std::size_t index, Ps until) const {
  const double seconds = static_cast<double>(until - instant(index)) * s_per_ps;
  const double a0 = value_at(a, index);
  const double b0 = value_at(b, index);
  const double rise_a = value_within(a, index, until) - a0;
  const double rise_b = value_within(b, index, until) - b0;
  return seconds * ((a0 + rise_a / 2) * (b0 + rise_b / 2) + rise_a * rise_b / 12);
}

const std::vector<long double>& Playback::product_sums(int a, int b) const {
  std::vector<long double>& sums = product_sums_[std::minmax(a, b)];
  if (sums.empty()) {
    sums = running_sums<long double>(
        [&](std::size_t k) { return product_segment(a, b, k, instant(k + 1)); });
  }
  return sums;
}

long double Playback::product_until(int a, int b, const Place& place) const {
  long double sum = product_sums(a, b)[place.index / stride];
  for (std::size_t k = place.index / stride * stride; k < place.index; ++k) {
    sum += product_segment(a, b, k, instant(k + 1));
  }
  if (place.rest > instant(place.index)) sum += product_segment(a, b, place.index, place.rest);
  return sum;
}

long double Playback::product(int a, int b, Int128 from, Int128 to) const {
  from = clamped(from);
  to = clamped(to);
  if (to <= from) return 0;
  const Place begin = place_of(from);
  const Place end = place_of(to);
  return static_cast<long double>(end.loops - begin.loops) * product_sums(a, b).back() +
         (product_until(a, b, end) - product_until(a, b, begin));
}

Playback::Complex Playback::moment_segment(int channel, std::int64_t frequency_nHz,
                                           std::size_t index, Ps until) const {
  const Ps begin = instant(index);
  const double seconds = static_cast<double>(until - begin) * s_per_ps;
  const double first = value_at(channel, index);
  const double rise = value_within(channel, index, until) - first;
  const double mean = first + rise / 2;
  if (frequency_nHz == 0) return seconds * mean;
  const double half_angle = two_pi / 2 * static_cast<double>(frequency_nHz) * 1e-9 * seconds;
  const Complex about_middle(mean * sinc(half_angle), rise / 2 * slope_factor(half_angle));
  // Twice the middle is a whole number of picoseconds.
  const Phase middle = phase_of(frequency_nHz, Int128{begin} + Int128{until}) / 2;
  return seconds * about_middle * pointer(middle);
}

const std::vector<Playback::Complex>& Playback::moment_sums(int channel,
                                                            std::int64_t frequency_nHz) const {
  // A ramp of the frequency asks for one after the other; what is asked for again is made anew.
  constexpr std::size_t most_kept = 64;
  if (moment_sums_.size() >= most_kept && moment_sums_.count({channel, frequency_nHz}) == 0) {
    moment_sums_.clear();
  }
  std::vector<Complex>& sums = moment_sums_[{channel, frequency_nHz}];
  if (sums.empty()) {
    sums = running_sums<Complex>(
        [&](std::size_t k) { return moment_segment(channel, frequency_nHz, k, instant(k + 1)); });
  }
  return sums;
}

Playback::Complex Playback::moment_until(int channel, std::int64_t frequency_nHz,
                                         const Place& place) const {
  Complex sum = moment_sums(channel, frequency_nHz)[place.index / stride];
  for (std::size_t k = place.index / stride * stride; k < place.index; ++k) {
    sum += moment_segment(channel, frequency_nHz, k, instant(k + 1));
  }
  if (place.rest > instant(place.index)) {
    sum += moment_segment(channel, frequency_nHz, place.index, place.rest);
  }
  return sum;
}

std::complex<double> Playback::moment(int channel, std::int64_t frequency_nHz, Int128 from,
                                      Int128 to) const {
  from = clamped(from);
  to = clamped(to);
  if (to <= from) return 0;
  const Place begin = place_of(from);
  const Place end = place_of(to);
  // A repetition later the tone is so much further.
  const Phase step = floor_mod(phase_of(frequency_nHz, Int128{data_.length}), one_turn);
  const auto turned = [&](Int128 loops) { return pointer(step * loops); };
  const Complex whole = end.loops == begin.loops
                            ? Complex{}
                            : moment_sums(channel, frequency_nHz).back() *
                                  geometric(step, end.loops - begin.loops) * turned(begin.loops);
  return whole + turned(end.loops) * moment_until(channel, frequency_nHz, end) -
         turned(begin.loops) * moment_until(channel, frequency_nHz, begin);
}

}  // namespace models::recordings
