#include "models/grid/tone_sum.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace models::grid {

namespace {

/// Straight between two points, level beyond the ends; 0 without any.
double value_of(const std::vector<pins::Point>& line, pins::Ps t) {
  if (line.empty()) return 0;
  const auto next = std::upper_bound(line.begin(), line.end(), t,
                                     [](pins::Ps at, const pins::Point& p) { return at < p.at; });
  if (next == line.begin()) return next->value;
  const pins::Point& before = *(next - 1);
  if (next == line.end() || next->at == before.at) return before.value;
  const double share =
      static_cast<double>(t - before.at) / static_cast<double>(next->at - before.at);
  return before.value + share * (next->value - before.value);
}

}  // namespace

void add_tone(const pins::Tone& tone, std::vector<pins::Tone>& tones) {
  constexpr double two_pi = 6.283185307179586476925;
  for (pins::Tone& other : tones) {
    if (other.frequency_nHz != tone.frequency_nHz || other.origin != tone.origin) continue;
    const double a = two_pi * other.phase_turns;
    const double b = two_pi * tone.phase_turns;
    const double in_phase = other.amplitude * std::cos(a) + tone.amplitude * std::cos(b);
    const double ahead = other.amplitude * std::sin(a) + tone.amplitude * std::sin(b);
    other.amplitude = std::hypot(in_phase, ahead);
    other.phase_turns = std::atan2(ahead, in_phase) / two_pi;
    return;
  }
  tones.push_back(tone);
}

void add_line(const std::vector<pins::Point>& other, double weight, pins::Ps start, pins::Ps end,
              std::vector<pins::Point>& line) {
  if (other.empty()) return;
  std::vector<pins::Ps> corners{start, end};
  for (const std::vector<pins::Point>* points : {&std::as_const(line), &other}) {
    for (const pins::Point& point : *points) {
      if (point.at > start && point.at < end) corners.push_back(point.at);
    }
  }
  std::sort(corners.begin(), corners.end());
  corners.erase(std::unique(corners.begin(), corners.end()), corners.end());
  std::vector<pins::Point> sum;
  sum.reserve(corners.size());
  for (const pins::Ps at : corners) {
    sum.push_back({at, value_of(line, at) + weight * value_of(other, at)});
  }
  line = std::move(sum);
}

}  // namespace models::grid
