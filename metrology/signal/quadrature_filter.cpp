#include "metrology/signal/quadrature_filter.h"

#include "metrology/hal/saturate.h"

namespace metrology::signal {
namespace {

// The table below is made by the compiler; at run time all is integer.
constexpr double pi = 3.14159265358979323846;

// Taylor's series after reduction to a half turn; good to 1e-16.
constexpr double sine(double angle) {
  while (angle > pi) angle -= 2 * pi;
  double term = angle;
  double sum = angle;
  for (int n = 2; n < 40; n += 2) {
    term *= -angle * angle / (n * (n + 1));
    sum += term;
  }
  return sum;
}

// f in cycles per sample (4096 Hz).
constexpr double path_gain(double f) {
  const double droop = sine(8 * pi * f) / (8 * sine(pi * f));
  double shift = 0;
  for (int k = 0; k < quadrature_half_taps; ++k) {
    shift += 2.0 * quadrature_coefficients[k] * sine(2 * pi * f * quadrature_decimation * (k + 1));
  }
  return shift / unit_gain * (droop * droop) * (droop * droop);
}

// Between knots an eighth of a sample apart a straight line is true to 1.1e-5.
constexpr int shortest_cycle = 64;
constexpr int knots_per_sample = 8;
constexpr int intervals = 32 * knots_per_sample;
constexpr int knot_bits = 13;  // 65536 / knots_per_sample
static_assert(one_sample == SampleTime{knots_per_sample} << knot_bits);

struct GainTable {
  std::int32_t knots[intervals + 1];
};

constexpr GainTable make_table() {
  GainTable table{};
  for (int k = 0; k <= intervals; ++k) {
    const double cycle = shortest_cycle + static_cast<double>(k) / knots_per_sample;
    table.knots[k] = hal::saturating_round<std::int32_t>(unit_gain / path_gain(1 / cycle));
  }
  return table;
}

constexpr GainTable table = make_table();

}  // namespace

std::int32_t gain_correction(SampleTime cycle) {
  const SampleTime beyond = cycle - shortest_cycle * one_sample;
  if (beyond <= 0) return table.knots[0];
  const SampleTime knot = beyond >> knot_bits;
  if (knot >= intervals) return table.knots[intervals];
  const SampleTime rest = beyond - (knot << knot_bits);
  const std::int64_t step = table.knots[knot + 1] - table.knots[knot];
  return table.knots[knot] + static_cast<std::int32_t>((step * rest) >> knot_bits);
}

}  // namespace metrology::signal
