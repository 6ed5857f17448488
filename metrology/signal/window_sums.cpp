#include "metrology/signal/window_sums.h"

#include "metrology/hal/memory_map.h"
#include "metrology/signal/droop_compensator.h"

namespace metrology::signal {
namespace {

constexpr std::int32_t offset_fraction_bits = 10;
constexpr std::int64_t offset_limit = std::int64_t{hal::adc_code_max / 8} << offset_fraction_bits;
constexpr std::int32_t offset_windows = 16;

void add_samples(SampleSums& sums, const std::int32_t* u, const std::int32_t* i, int begin,
                 int end) {
  SampleSums s = sums;
  for (int n = begin; n < end; ++n) {
    const std::int64_t un = u[n];
    const std::int64_t in = i[n];
    s.u2 += un * un;
    s.i2 += in * in;
    s.ui += un * in;
    s.u += un;
    s.i += in;
  }
  sums = s;
}

// What a boundary between two samples moves from one window to the other. The plain sums are small
// enough to be split without the loss that `split_amount` takes.
SampleSums split(SplitShares shares, std::int64_t u0, std::int64_t i0, std::int64_t u1,
                 std::int64_t i1) {
  return {split_amount(shares, u0 * u0, u1 * u1), split_amount(shares, i0 * i0, i1 * i1),
          split_amount(shares, u0 * i0, u1 * i1), (u0 * shares.before + u1 * shares.after) >> 16,
          (i0 * shares.before + i1 * shares.after) >> 16};
}

// Σ(x - mean)², with the mean rounded to the samples' unit: the rounding enters squared only.
std::int64_t about_mean(std::int64_t sum_of_squares, std::int64_t sum, SampleTime length) {
  const std::int64_t mean = sum * one_sample / length;
  return sum_of_squares - mean * (2 * sum - ((mean * length) >> 16));
}

void learn(VoltageOffset& offset, std::int64_t sum, SampleTime length) {
  constexpr std::int64_t unit = std::int64_t{1}
                                << (offset_fraction_bits - compensator_fraction_bits);
  std::int64_t mean = sum * (unit * one_sample) / length;
  if (mean > offset_limit) mean = offset_limit;
  if (mean < -offset_limit) mean = -offset_limit;
  if (offset.windows < offset_windows) ++offset.windows;
  offset.value += static_cast<std::int32_t>((mean - offset.value) / offset.windows);
}

}  // namespace

void add_block(WindowSumsState& state, const std::int32_t* u, const std::int32_t* i,
               const Boundary* boundaries, int count, SampleSums* closed) {
  int begin = 0;
  for (int k = 0; k < count; ++k) {
    const int end = boundaries[k].first_after;
    add_samples(state.open, u, i, begin, end);
    const bool at_seam = end == 0;
    const SampleSums moved =
        split(split_shares(boundaries[k].fraction), at_seam ? state.last_u : u[end - 1],
              at_seam ? state.last_i : i[end - 1], u[end], i[end]);
    const SampleSums& whole = state.open;
    closed[k] = {whole.u2 + moved.u2, whole.i2 + moved.i2, whole.ui + moved.ui, whole.u + moved.u,
                 whole.i + moved.i};
    state.open = {-moved.u2, -moved.i2, -moved.ui, -moved.u, -moved.i};
    begin = end;
  }
  add_samples(state.open, u, i, begin, hal::block_samples);
  state.last_u = u[hal::block_samples - 1];
  state.last_i = i[hal::block_samples - 1];
}

PhaseSums without_dc(VoltageOffset& offset, const SampleSums& sums, SampleTime length,
                     bool regular) {
  // The offset known before this window: were the window itself in it, a step would leak into p.
  const std::int32_t offset_in_samples_unit =
      offset.value >> (offset_fraction_bits - compensator_fraction_bits);
  PhaseSums result{sums.u2, sums.i2, sums.ui - offset_in_samples_unit * sums.i, 0};
  if (regular) {
    result.u2 = about_mean(sums.u2, sums.u, length);
    result.i2 = about_mean(sums.i2, sums.i, length);
    learn(offset, sums.u, length);
  }
  return result;
}

}  // namespace metrology::signal
