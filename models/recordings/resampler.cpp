#include "models/recordings/resampler.h"

#include <cmath>
#include <cstdint>

namespace models::recordings {

namespace {

constexpr int half_width = 48;
constexpr int taps = 2 * half_width;
/// About 100 dB.
constexpr double kaiser_beta = 10;
constexpr double pi = 3.14159265358979323846;

double coefficient(double distance) {
  if (std::abs(distance) >= half_width) return 0;
  const double x = distance / half_width;
  const double window =
      std::cyl_bessel_i(0, kaiser_beta * std::sqrt(1 - x * x)) / std::cyl_bessel_i(0, kaiser_beta);
  const double angle = pi * distance;
  return window * (std::abs(distance) < 1e-12 ? 1 : std::sin(angle) / angle);
}

/// Weights of the samples from `first` on for a value between them.
struct Place {
  std::int64_t first;
  bool on_a_sample;
  std::vector<double> weights;
};

Place place_at(double position) {
  Place place;
  const double below = std::floor(position);
  place.first = static_cast<std::int64_t>(below) - half_width + 1;
  const double rest = position - below;
  place.on_a_sample = rest == 0;
  double sum = 0;
  for (int k = 0; k < taps; ++k) {
    place.weights.push_back(coefficient(rest + half_width - 1 - k));
    sum += place.weights.back();
  }
  for (double& weight : place.weights) weight /= sum;  // d.c. passes unchanged
  return place;
}

/// The samples with what lies beyond them, `margin` to either side.
std::vector<double> extended(const std::vector<double>& samples, Edges edges, std::size_t margin) {
  const std::size_t n = samples.size();
  std::vector<double> out;
  out.reserve(n + 2 * margin);
  const auto beyond = [&](std::int64_t index) {
    const auto count = static_cast<std::int64_t>(n);
    if (edges == Edges::repeat) {
      const std::int64_t rest = index % count;
      return samples[static_cast<std::size_t>(rest < 0 ? rest + count : rest)];
    }
    // Reflected at an end as often as it takes.
    double offset = 0;
    double sign = 1;
    while (index < 0 || index >= count) {
      const bool before = index < 0;
      offset += sign * 2 * (before ? samples.front() : samples.back());
      sign = -sign;
      index = before ? -index : 2 * (count - 1) - index;
    }
    return offset + sign * samples[static_cast<std::size_t>(index)];
  };
  const auto first = -static_cast<std::int64_t>(margin);
  const auto end = static_cast<std::int64_t>(n + margin);
  for (std::int64_t k = first; k < end; ++k) out.push_back(beyond(k));
  return out;
}

}  // namespace

std::vector<double> resampled(const std::vector<double>& samples, Edges edges, std::size_t multiple,
                              double shift) {
  const std::size_t steps = edges == Edges::repeat ? samples.size() : samples.size() - 1;
  if (samples.size() < 2) return samples;
  std::vector<Place> places;
  for (std::size_t p = 0; p < multiple; ++p) {
    places.push_back(place_at(static_cast<double>(p) / static_cast<double>(multiple) - shift));
  }
  const auto reach = static_cast<std::size_t>(std::ceil(std::abs(shift)));
  const std::size_t margin = taps + reach + 1;
  const std::vector<double> wide = extended(samples, edges, margin);
  std::vector<double> out;
  out.reserve(steps * multiple + 1);
  const auto value = [&](std::size_t step, const Place& place) {
    const double* from = wide.data() + static_cast<std::int64_t>(margin + step) + place.first;
    if (place.on_a_sample) return from[half_width - 1];
    double sum = 0;
    for (std::size_t k = 0; k < taps; ++k) sum += place.weights[k] * from[k];
    return sum;
  };
  for (std::size_t step = 0; step < steps; ++step) {
    for (const Place& place : places) out.push_back(value(step, place));
  }
  if (edges == Edges::reflect) out.push_back(value(steps, places.front()));
  return out;
}

}  // namespace models::recordings
